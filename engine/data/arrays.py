"""Files of NumPy arrays: .npy and .npz. Pickled objects are never opened: they can run code."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.data.columns import choose, listed, numbered, unique_names
from engine.data.dataset import Dataset, dataset_of
from engine.errors import DataError, EngineError

POINT_NAMES = ("points", "X", "data")


def read_array(path: Path, source: str, wanted: Sequence[str] | None) -> Dataset:
    """Read an array of numbers, a row a point; one dimension is read as a single column.

    Args:
        path: A .npy file; or a .npz file with one 2-D array, or one named as in POINT_NAMES. In
            it, a 1-D array of strings called `columns` names the columns.
        source: Its name as the user gave it.
        wanted: Columns by name, or by number from 1; None for all.

    Raises:
        DataError: The file is damaged, or holds no such array.
        OSError: It cannot be read.
    """
    rows, columns = open_rows(path, source)
    if wanted is not None:
        indices = choose(wanted, columns, source)
        rows, columns = rows[:, indices], tuple(columns[index] for index in indices)
    return dataset_of(rows, columns, source)


def open_rows(path: Path, source: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Open the array of a file, which stays on disk if it is a .npy; errors as `read_array`.

    Returns:
        (R, D) numbers, a row a point, and D names.
    """
    try:
        array, names = _opened(path, source)
    except (EngineError, OSError, MemoryError):
        raise
    except Exception as error:  # damage makes NumPy and zipfile raise nearly anything
        raise DataError(_why_unreadable(error, source)) from error
    rows = _as_rows(array, source)
    return rows, _column_names(names, rows.shape[1], source)


def _opened(path: Path, source: str) -> tuple[np.ndarray, np.ndarray | None]:
    """Open a file as what its first bytes say it is."""
    with path.open("rb") as file:
        if file.read(2) == b"PK":
            file.seek(0)
            with np.load(file, allow_pickle=False) as archive:
                return _from_archive(archive, source)
    # The array stays on disk, and only the columns wanted are copied.
    return np.load(path, mmap_mode="r", allow_pickle=False), None


def _from_archive(
    archive: np.lib.npyio.NpzFile, source: str
) -> tuple[np.ndarray, np.ndarray | None]:
    """Find the points among several arrays, and the names of their columns."""
    names = archive.get("columns")
    if names is not None and names.dtype.kind not in "US":
        names = None
    if not archive.files:
        raise DataError(f"{source} holds no array.")
    for name in POINT_NAMES:
        if name in archive:
            return archive[name], names
    if len(archive.files) == 1:
        return archive[archive.files[0]], None
    flat = [array for array in map(archive.__getitem__, archive.files) if array.ndim == 2]
    if len(flat) != 1:
        raise DataError(
            f"{source} holds the arrays {listed(archive.files)}; call the one with the points "
            f"{', '.join(POINT_NAMES[:-1])} or {POINT_NAMES[-1]}."
        )
    return flat[0], names


def _as_rows(array: np.ndarray, source: str) -> np.ndarray:
    """Check that an array is a table of numbers, and give one dimension a second."""
    if array.dtype.kind not in "biuf":
        raise DataError(f"{source} holds {array.dtype} values; only real numbers can be points.")
    if array.ndim not in (1, 2):
        raise DataError(f"{source} has the shape {array.shape}; points need (rows, columns).")
    return np.asarray(array if array.ndim == 2 else array[:, np.newaxis])


def _column_names(names: np.ndarray | None, n_columns: int, source: str) -> tuple[str, ...]:
    if names is None:
        return numbered(n_columns)
    if names.shape != (n_columns,):
        raise DataError(f"{source} has {n_columns} columns of numbers and {names.size} names.")
    return unique_names([str(name) for name in names.astype(str)])


def _why_unreadable(error: Exception, source: str) -> str:
    text = str(error)
    if "Object arrays" in text or "Python objects" in text:
        return f"{source} holds Python objects, which are not opened, since they can run code."
    return f"{source} is damaged, or not a file of NumPy arrays."

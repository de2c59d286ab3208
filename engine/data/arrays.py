"""Files of NumPy arrays: .npy and .npz. Pickled objects are never opened: they can run code."""

import contextlib
import math
import os
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from engine.data.columns import choose, listed, numbered, unique_names
from engine.data.dataset import Dataset, check_some, dataset_of
from engine.data.opening import open_file
from engine.data.rows import FileRows, Header, read_header
from engine.errors import CapacityError, DataError, EngineError
from engine.plain_text import shortened

POINT_NAMES = ("points", "X", "data")
# Each gets a name, and a place in tables and menus.
MOST_COLUMNS = 2**20
_COLUMNS, _SUFFIX = "columns", ".npy"


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
    rows, names = open_rows(path, source)
    indices = None if wanted is None else choose(wanted, names, source)
    names = names if indices is None else tuple(names[index] for index in indices)
    if isinstance(rows, FileRows):
        return dataset_of(rows.whole(indices), names, source)
    return dataset_of(rows if indices is None else rows[:, indices], names, source)


def open_rows(path: Path, source: str) -> tuple[np.ndarray | FileRows, tuple[str, ...]]:
    """Open the array of a file, which stays on disk if it is a .npy; errors as `read_array`.

    Returns:
        (R, D) numbers, a row a point, and D names.
    """
    try:
        rows, names = _opened(path, source)
        return rows, _column_names(names, rows.shape, source)
    except (EngineError, OSError, MemoryError):
        raise
    except Exception as error:  # damage makes NumPy and zipfile raise nearly anything
        raise DataError(f"{source} is damaged, or not a file of NumPy arrays.") from error


def header_of(path: str | Path) -> Header:
    """What a .npy says it holds; an exception of any kind where it is none."""
    with open_file(path) as file:
        return read_header(file, os.fstat(file.fileno()).st_size)


def _opened(path: Path, source: str) -> tuple[np.ndarray | FileRows, np.ndarray | None]:
    """Open a file as what its first bytes say it is."""
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(open_file(path, source))
        is_archive = file.read(2) == b"PK"
        file.seek(0)
        if is_archive:
            with zipfile.ZipFile(file) as archive:
                return _from_archive(archive, source)
        header = read_header(file, os.fstat(file.fileno()).st_size)
        _check(header, source)
        stack.pop_all()  # the rows have the file now
    return FileRows(file, header, source), None


def _from_archive(archive: zipfile.ZipFile, source: str) -> tuple[np.ndarray, np.ndarray | None]:
    """Find the points among several arrays, and the names of their columns.

    What else lies in the archive, a text that explains it for instance, is no array.
    """
    members = {
        info.filename.removesuffix(_SUFFIX): info
        for info in archive.infolist()
        if info.filename.endswith(_SUFFIX)
    }
    headers = {name: _header(archive, info) for name, info in members.items()}
    if not headers:
        raise DataError(f"{source} holds no array.")
    chosen = _which(headers, source)
    _check(headers[chosen], source)
    names = None
    if chosen != _COLUMNS and _COLUMNS in headers and headers[_COLUMNS].dtype.kind in "US":
        names = _array(archive, members[_COLUMNS])
    rows = _array(archive, members[chosen])
    return rows if rows.ndim == 2 else rows[:, np.newaxis], names


def _which(headers: Mapping[str, Header], source: str) -> str:
    """The name of the array that holds the points."""
    for name in POINT_NAMES:
        if name in headers:
            return name
    if len(headers) == 1:
        return next(iter(headers))
    flat = [name for name, header in headers.items() if len(header.shape) == 2]
    if len(flat) != 1:
        raise DataError(
            f"{source} holds the arrays {listed(list(headers))}; call the one with the points "
            f"{', '.join(POINT_NAMES[:-1])} or {POINT_NAMES[-1]}."
        )
    return flat[0]


def _header(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Header:
    with archive.open(info) as member:
        return read_header(member, info.file_size)  # type: ignore[arg-type]


def _array(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> np.ndarray:
    """Read an array whose header has been read; not more than the memory of this machine."""
    if info.file_size > _memory():
        raise MemoryError
    with archive.open(info) as member, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as in `read_header`
        return np.asarray(np.lib.format.read_array(member, allow_pickle=False))


def _memory() -> float:
    """How many bytes this machine has, where it tells."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # on Windows, and where it is not known
        return math.inf


def _check(header: Header, source: str) -> None:
    """Check that an array is a table of numbers, and that there is something in it."""
    dtype, shape = header.dtype, header.shape
    if dtype.hasobject:
        raise DataError(
            f"{source} holds Python objects, which are not opened, since they can run code."
        )
    if dtype.kind not in "biuf":
        raise DataError(
            f"{source} holds {shortened(dtype)} values; only real numbers can be points."
        )
    if len(shape) not in (1, 2):
        raise DataError(f"{source} has the shape {shortened(shape)}; points need (rows, columns).")
    check_some((shape[0], math.prod(shape[1:])), source)
    if math.prod(shape[1:]) > MOST_COLUMNS:
        raise CapacityError(
            f"{source} has {shape[1]:,} columns; at most {MOST_COLUMNS:,} can be clustered."
        )


def _column_names(names: np.ndarray | None, shape: tuple[int, ...], source: str) -> tuple[str, ...]:
    n_columns = shape[1]
    if names is None:
        return numbered(n_columns)
    if names.shape != (n_columns,):
        raise DataError(f"{source} has {n_columns} columns of numbers and {names.size} names.")
    texts = (
        name.decode("utf-8", "replace") if isinstance(name, bytes) else name
        for name in names.tolist()
    )
    return unique_names(list(texts))

"""Files of NumPy arrays: .npy and .npz. Pickled objects are never opened: they can run code."""

import contextlib
import math
import os
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.data.arrays.rows import FileRows, Header, read_header
from engine.data.dataset import Dataset, check_some, dataset_of
from engine.data.opening import open_file
from engine.data.tables import assembly, roles
from engine.data.tables.columns import choose, listed, numbered, unique_names
from engine.data.tables.options import Role, TableOptions
from engine.data.tables.reading import ColumnReading, Kind, Preview, Reading
from engine.errors import CapacityError, DataError, EngineError
from engine.plain_text import shortened

if TYPE_CHECKING:
    import polars as pl

POINT_NAMES = ("points", "X", "data")
# Each column gets a name, and an entry in tables and menus.
MOST_COLUMNS = 2**20
_PREVIEW_ROWS = 10_000
_COLUMNS, _SUFFIX = "columns", ".npy"


def read_array(
    path: Path, source: str, wanted: Sequence[str] | None, options: TableOptions
) -> Dataset:
    """Read an array of numbers, one point for each row; a 1-D array is read as a single column.

    Args:
        path: A .npy file; or a .npz file with a single 2-D array, or with one named as in
            POINT_NAMES. In a .npz file a 1-D array of strings called `columns` names the columns.
        source: The name of the file as the user gave it.
        wanted: Columns by name, or by number from 1; None for those that look like measurements,
            or for all if they have no names.
        options: The roles of columns, and the values that mean missing.

    Raises:
        DataError: The file is damaged, or contains no such array.
        OSError: It cannot be read.
    """
    rows, names = open_rows(path, source)
    is_named = names != numbered(len(names))
    if wanted is not None:
        chosen = choose(wanted, names, source)
    elif is_named or options.roles:
        facts = _facts(_selected(rows, None, options), names)
        readings = roles.assign(facts, options.roles, source)
        chosen = [i for i, each in enumerate(readings) if each.role is Role.CLUSTER]
        if not chosen:
            raise DataError(roles.none_clustered(readings, facts, source))
        return assembly.dataset(
            _selected(rows, chosen, options),
            [names[index] for index in chosen],
            source,
            facts=facts,
            reading=Reading(options=options, columns=tuple(readings), is_text=False),
            left_out=[],
            notes=roles.notes(readings, facts),
        )
    else:
        chosen = None
    columns = names if chosen is None else [names[index] for index in chosen]
    own = set(range(len(names)) if chosen is None else chosen)
    reading = _reading(names, own, options, _kind_of(rows))
    return dataset_of(_selected(rows, chosen, options), columns, source, reading=reading)


def read_typed(path: Path, source: str, options: TableOptions) -> "pl.DataFrame":
    """Read every column of an array; raises what `read_array` raises."""
    import polars as pl

    del options  # values it declares missing are missing only for clustering
    rows, names = open_rows(path, source)
    return pl.from_numpy(_selected(rows, None, TableOptions()), schema=list(names), orient="row")


def preview_array(path: Path, source: str, options: TableOptions) -> Preview:
    """Read the beginning of an array; raises what `read_array` raises."""
    rows, names = open_rows(path, source)
    short = rows[slice(0, _PREVIEW_ROWS)] if len(rows) > _PREVIEW_ROWS else rows[slice(None)]
    found = assembly.preview(_facts(_without(short, options), names), options, source)
    if (
        names == numbered(len(names)) and not options.roles
    ):  # without names all columns are clustered
        every = _reading(names, set(range(len(names))), options, _kind_of(rows))
        found = replace(found, reading=every, problem="")
    return replace(found, is_whole=len(rows) <= _PREVIEW_ROWS)


def _selected(
    rows: np.ndarray | FileRows, columns: Sequence[int] | None, options: TableOptions
) -> np.ndarray:
    """(R, len(columns)): the rows in memory, NaN for what the user declared missing."""
    if isinstance(rows, FileRows):
        return _without(rows.all_rows(columns), options)
    return _without(rows if columns is None else rows[:, columns], options)


def _without(rows: np.ndarray, options: TableOptions) -> np.ndarray:
    """The same rows, NaN for what the user declared missing."""
    if not options.missing:
        return rows
    which = assembly.are_codes(rows, assembly.codes(options.missing))
    wide = rows if rows.dtype.kind == "f" else rows.astype(np.float64)
    return np.where(which, wide.dtype.type(np.nan), wide)


def _facts(rows: np.ndarray, names: Sequence[str]) -> list[roles.Column]:
    return [
        roles.Column(
            name=name,
            kind=_kind_of(rows),
            numbers=np.asarray(column, np.float64),
        )
        for name, column in zip(names, rows.T, strict=True)
    ]


def _kind_of(rows: np.ndarray | FileRows) -> Kind:
    return Kind.TRUTHS if rows.dtype.kind == "b" else Kind.NUMBERS


def _reading(names: Sequence[str], chosen: set[int], options: TableOptions, kind: Kind) -> Reading:
    columns = [
        ColumnReading(
            name=name,
            kind=kind,
            role=Role.CLUSTER if index in chosen else Role.LEAVE_OUT,
        )
        for index, name in enumerate(names)
    ]
    return Reading(options=options, columns=tuple(columns), is_text=False)


def open_rows(path: Path, source: str) -> tuple[np.ndarray | FileRows, tuple[str, ...]]:
    """Open the array of a file, on disk if it is a .npy; raises what `read_array` raises.

    Returns:
        (R, D) numbers, one point for each row, and D names.
    """
    try:
        rows, names = _opened(path, source)
        return rows, _column_names(names, rows.shape, source)
    except (EngineError, OSError, MemoryError):
        raise
    except Exception as error:  # NumPy and zipfile raise all kinds of exceptions on damage
        raise DataError(f"{source} is damaged, or not a file of NumPy arrays.") from error


def header_of(path: str | Path) -> Header:
    """Read the header of a .npy file; raises an exception of any kind if there is none."""
    with open_file(path) as file:
        return read_header(file, os.fstat(file.fileno()).st_size)


def _opened(path: Path, source: str) -> tuple[np.ndarray | FileRows, np.ndarray | None]:
    """Open a file as its first bytes say: an archive, or a single array."""
    with contextlib.ExitStack() as stack:
        file = stack.enter_context(open_file(path, source))
        is_archive = file.read(2) == b"PK"
        file.seek(0)
        if is_archive:
            with zipfile.ZipFile(file) as archive:
                return _from_archive(archive, source)
        header = read_header(file, os.fstat(file.fileno()).st_size)
        _check(header, source)
        stack.pop_all()  # the rows own the file from here on
    return FileRows(file, header, source), None


def _from_archive(archive: zipfile.ZipFile, source: str) -> tuple[np.ndarray, np.ndarray | None]:
    """Find the points among several arrays, and the names of their columns.

    Members of the archive that are not arrays, such as a text file, are ignored.
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
    """Return the name of the array that contains the points."""
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
    """Read an array whose header has been checked; MemoryError if it exceeds the memory."""
    if info.file_size > _memory():
        raise MemoryError
    with archive.open(info) as member, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as in `read_header`
        return np.asarray(np.lib.format.read_array(member, allow_pickle=False))


def _memory() -> float:
    """The memory of this machine in bytes; infinite if it is not known."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # on Windows, for example
        return math.inf


def _check(header: Header, source: str) -> None:
    """Check that an array is a table of numbers, and not empty."""
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

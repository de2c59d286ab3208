"""Reads tables: the reader of each suffix, Parquet, and the errors of any file."""

import contextlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, TypeVar

import numpy as np

from engine.data.arrays import files as arrays
from engine.data.dataset import Dataset
from engine.data.opening import open_file, unreadable
from engine.data.tables import assembly, roles
from engine.data.tables.columns import choose, unique_names
from engine.data.tables.options import Role, TableOptions
from engine.data.tables.reading import Kind, Preview, Reading
from engine.data.text_tables import delimited
from engine.errors import CapacityError, DataError
from engine.plain_text import shortened
from engine.runtime.device import quiet

if TYPE_CHECKING:
    import polars as pl

_Result = TypeVar("_Result")


class Format(NamedTuple):
    """The functions that read one format; each takes the path, and the name as the user gave it.

    Attributes:
        read: Reads the points; also takes the columns wanted, and the options.
        typed: Reads every column; also takes the options.
        preview: Reads the beginning; also takes the options.
    """

    read: Callable[[Path, str, Sequence[str] | None, TableOptions], Dataset]
    typed: "Callable[[Path, str, TableOptions], pl.DataFrame]"
    preview: Callable[[Path, str, TableOptions], Preview]


def read_table(
    path: str | Path,
    columns: Sequence[str] | None = None,
    options: TableOptions | None = None,
) -> Dataset:
    """Read points from a file, one for each row.

    Args:
        path: A file whose suffix is in READERS.
        columns: The columns to use, by name, or by number from 1 if no name matches; None for all
            that look like measurements.
        options: How to read it, as far as that is known.

    Raises:
        DataError: The file does not exist, cannot be read, or contains no such numbers.
        CapacityError: It does not fit in memory.
    """
    chosen = options or TableOptions()
    return _with(path, lambda file, where, source: file.read(where, source, columns, chosen))


def read_typed(path: str | Path, options: TableOptions | None = None) -> "pl.DataFrame":
    """Read every column: numbers as numbers, words as text; raises what `read_table` raises.

    Returns:
        R rows, as `Dataset.n_rows` and `Dataset.kept` count them.
    """
    chosen = options or TableOptions()
    return _with(path, lambda file, where, source: file.typed(where, source, chosen))


def preview(path: str | Path, options: TableOptions | None = None) -> Preview:
    """The beginning of a file, and how it would be read; raises what `read_table` raises."""
    chosen = options or TableOptions()
    return _with(path, lambda file, where, source: file.preview(where, source, chosen))


def _with(path: str | Path, use: Callable[[Format, Path, str], _Result]) -> _Result:
    """Call one of the functions that read a file, and turn errors into sentences about it."""
    source = str(path)
    path = Path(path)
    found = READERS.get(path.suffix.lower())
    try:
        open_file(
            path, source
        ).close()  # a reader could wait for it, or have other words for the error
        if found is None:
            raise DataError(
                f"{source} cannot be opened: its name does not end in {', '.join(READERS)}."
            )
        return use(found, path, source)
    except OSError as error:
        raise unreadable(source, error) from error
    except MemoryError as error:
        raise CapacityError(f"{source} does not fit in memory.") from error


def read_parquet(
    path: Path, source: str, wanted: Sequence[str] | None, options: TableOptions
) -> Dataset:
    """Read the columns of a Parquet file to be clustered; raises what `read_table` raises."""
    table = _parquet(path, source, options)
    facts = table.facts
    readings = roles.assign(facts, options.roles, source)
    if wanted is None:
        chosen = [i for i, each in enumerate(readings) if each.role is Role.CLUSTER]
    else:
        chosen = choose(wanted, table.names, source)
        readings = roles.with_clustered(readings, chosen)
    if bad := [index for index in chosen if facts[index].numbers is None]:
        raise DataError(f'Column "{shortened(facts[bad[0]].name)}" of {source} holds no numbers.')
    if not chosen:
        raise DataError(roles.none_clustered(readings, facts, source))
    numbers = [facts[index].numbers for index in chosen]
    notes = [] if wanted is not None else roles.notes(readings, facts)
    return assembly.dataset(
        np.stack([column for column in numbers if column is not None], axis=1),
        [table.names[index] for index in chosen],
        source,
        facts=facts,
        reading=Reading(options=options, columns=tuple(readings), is_text=False),
        left_out=[] if wanted is not None else roles.left_out(readings),
        notes=notes,
    )


def typed_parquet(path: Path, source: str, options: TableOptions) -> "pl.DataFrame":
    """Every column of a Parquet file; raises what `read_table` raises."""
    del options  # values they declare missing are missing only for clustering
    frame = _reporting_damage(path, source, _whole)
    frame.columns = list(unique_names(frame.columns))
    return frame


def preview_parquet(path: Path, source: str, options: TableOptions) -> Preview:
    """The beginning of a Parquet file; raises what `read_table` raises."""
    table = _parquet(path, source, options)
    return assembly.preview(table.facts, options, source)


class _Parquet(NamedTuple):
    """The columns of a Parquet file.

    Attributes:
        names: The names of all columns.
        facts: What is known about them.
    """

    names: tuple[str, ...]
    facts: list[roles.Column]


def _parquet(path: Path, source: str, options: TableOptions) -> _Parquet:
    frame = _reporting_damage(path, source, _whole)
    names = unique_names(frame.columns)
    given = list(frame.columns)
    columns = frame.get_columns()
    facts = [_fact(*each, options) for each in zip(names, given, columns, strict=True)]
    return _Parquet(names, facts)


def _whole(file: BinaryIO) -> "pl.DataFrame":
    import polars as pl

    return pl.scan_parquet(file, glob=False, hive_partitioning=False).collect(engine="streaming")


def _reporting_damage(
    path: Path, source: str, read: "Callable[[BinaryIO], pl.DataFrame]"
) -> "pl.DataFrame":
    import polars as pl

    # On damage polars can panic, which is not an Exception, and write to stderr.
    damage = (pl.exceptions.PolarsError, pl.exceptions.PanicException)
    with quiet(), open_file(path, source) as file, contextlib.suppress(*damage):
        return read(file)
    raise DataError(f"{source} is damaged, or not a Parquet file.")


def _fact(name: str, given: str, column: "pl.Series", options: TableOptions) -> roles.Column:
    """What is known about a column of a Parquet file."""
    import polars as pl

    dtype = column.dtype
    if dtype.is_numeric() or dtype == pl.Boolean:
        floats = dtype == pl.Float32
        numbers = column.cast(pl.Float32 if floats else pl.Float64).to_numpy().copy()
        if options.missing:
            numbers[assembly.are_codes(numbers, assembly.codes(options.missing))] = np.nan
        kind = Kind.TRUTHS if dtype == pl.Boolean else Kind.NUMBERS
        kind = kind if not len(numbers) or not np.isnan(numbers).all() else Kind.NOTHING
        own = numbers if kind is not Kind.NOTHING else None
        return roles.Column(name=name, is_nameless=not given.strip(), kind=kind, numbers=own)
    if dtype.base_type() in (pl.String, pl.Categorical, pl.Enum):
        words = column.cast(pl.String)
        held = words.drop_nulls()
        kind, why = (Kind.WORDS, "words") if len(held) else (Kind.NOTHING, "")
        return roles.Column(name=name, kind=kind, words=words, why_not=why)
    if column.null_count() == len(column):
        return roles.Column(name=name, kind=Kind.NOTHING)
    return roles.Column(name=name, kind=Kind.WORDS, why_not=str(dtype).partition("(")[0])


_TEXT = Format(delimited.read_delimited, delimited.read_typed, delimited.preview_delimited)
_ARRAYS = Format(arrays.read_array, arrays.read_typed, arrays.preview_array)
# The reader of each suffix.
READERS: dict[str, Format] = {
    ".csv": _TEXT,
    ".tsv": _TEXT,
    ".txt": _TEXT,
    ".parquet": Format(read_parquet, typed_parquet, preview_parquet),
    ".npy": _ARRAYS,
    ".npz": _ARRAYS,
}

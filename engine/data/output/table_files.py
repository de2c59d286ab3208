"""Writes tables to files: .csv, .tsv, .parquet or .npy, by the suffix."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from engine.data.output.formats import TABLE, TEXT_TABLE, check_suffix
from engine.data.output.spreadsheets import defused
from engine.data.output.writing import write_whole
from engine.data.tables.columns import unique_names
from engine.errors import DataError, ParameterError
from engine.plain_text import shortened

if TYPE_CHECKING:
    import polars as pl

_SEPARATORS = {".csv": ",", ".tsv": "\t"}


def frame_of(columns: Iterable[tuple[str, Any]]) -> "pl.DataFrame":
    """Make a table of named columns, each of R values; repeated names are numbered."""
    import polars as pl

    names, values = zip(*columns, strict=True)
    return pl.DataFrame(dict(zip(unique_names(names), values, strict=True)))


def write_table(
    path: str | Path,
    blocks: "pl.DataFrame | Iterable[pl.DataFrame]",
    *,
    header: Sequence[str] | None = None,
    array: np.ndarray | Callable[[], np.ndarray] | None = None,
) -> None:
    """Write a table atomically, in the format of the suffix.

    .csv and .tsv are UTF-8 with a header; a missing value is empty, and text that a spreadsheet
    would run gets a single quote before it (`spreadsheets.defused`). .parquet has typed columns.
    .npy holds `array`, or else all columns as (R, C) float64 with NaN for a missing value.

    Args:
        path: The file, which is replaced.
        blocks: The rows: one table, or several with the same columns, one below the other.
        header: C names for .csv and .tsv, in which a name may be repeated; None for those of the
            table.
        array: What .npy holds instead of all columns.

    Raises:
        ParameterError: The suffix is not that of a table, or it is .npy and the table has text.
        DataError: The file cannot be written.
    """
    import polars as pl

    suffix = check_suffix(path, TABLE)
    tables = [blocks] if isinstance(blocks, pl.DataFrame) else blocks
    if suffix in _SEPARATORS:
        write_whole(path, lambda file: _write_text(file, tables, header, _SEPARATORS[suffix]))
    elif suffix == ".parquet":
        write_whole(path, _parquet(pl.concat(tables)))
    else:
        numbers = array() if callable(array) else array
        if numbers is None:
            table = pl.concat(tables)
            check_format(path, table)
            numbers = _matrix(table)
        write_whole(path, _npy(numbers))


def check_format(path: str | Path, table: "pl.DataFrame") -> str:
    """Check that the table can be written in the format of the suffix, before anything slow begins.

    Returns:
        The suffix.

    Raises:
        ParameterError: The suffix is not that of a table; or it is .npy and a column is not of
            numbers; or it is .csv or .tsv and a column has lists or the like. The message says what
            works.
    """
    import polars as pl

    def is_number(kind: pl.DataType) -> bool:
        return kind.is_numeric() or kind.is_(pl.Boolean) or kind.is_(pl.Null)

    suffix = check_suffix(path, TABLE if all(map(is_number, table.dtypes)) else TEXT_TABLE)
    for name, kind in table.schema.items() if suffix in _SEPARATORS else ():
        if kind.is_nested() or kind.base_type() in (pl.Binary, pl.Duration, pl.Object):
            raise ParameterError(
                f'{path} cannot hold column "{shortened(name, 80)}", whose values are not text '
                f"({str(kind).partition('(')[0]}); let its name end in .parquet."
            )
    return suffix


def _matrix(table: "pl.DataFrame") -> np.ndarray:
    """All columns as (R, C) float64, NaN where a value is missing."""
    import polars as pl

    return table.select(pl.all().cast(pl.Float64).fill_null(np.nan)).to_numpy()


def _parquet(table: "pl.DataFrame") -> Callable[[IO[bytes]], object]:
    """A function that writes a table as Parquet; a full disk becomes an OSError."""
    import polars as pl

    def write(file: IO[bytes]) -> None:
        try:
            table.write_parquet(file)
        except pl.exceptions.PolarsError as error:
            raise OSError(_first_line(error)) from error

    return write


def _npy(numbers: np.ndarray) -> Callable[[IO[bytes]], object]:
    return lambda file: np.save(file, numbers, allow_pickle=False)


def _write_text(
    file: IO[bytes], tables: "Iterable[pl.DataFrame]", header: Sequence[str] | None, separator: str
) -> None:
    import polars as pl

    tables = iter(tables)
    first = next(tables)
    names = [pl.Series(str(n), [name]) for n, name in enumerate(header or first.columns)]
    head = pl.DataFrame(names)
    try:
        for table in chain([head, first], tables):
            _safe(table).write_csv(file, include_header=False, separator=separator)
    except pl.exceptions.PolarsError as error:  # lists and records do not fit in a cell
        raise DataError(f"A column cannot be written as text: {_first_line(error)}.") from error


def _first_line(error: Exception) -> str:
    """The first line of an error message."""
    return str(error).partition("\n")[0].strip(" .")


def _safe(table: "pl.DataFrame") -> "pl.DataFrame":
    """The same table with text that no spreadsheet runs as a formula; categories become text."""
    import polars as pl

    kinds = (pl.String, pl.Categorical, pl.Enum)
    texts = [one for one in table.get_columns() if one.dtype in kinds]
    return table.with_columns([defused(one.cast(pl.String)) for one in texts])

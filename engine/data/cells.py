"""Passes over the cells of a text file by polars, which holds the numbers and never the text.

All cells are read as text first: what a number, or a sign for a missing value, looks like is
decided here. Columns are called "0", "1", ... whatever their names are.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from engine.data.sniffing import MISSING, STRIPPED, Layout

if TYPE_CHECKING:
    import polars as pl

TRUE = ("true", "True", "TRUE")
FALSE = ("false", "False", "FALSE")
DECIMAL_COMMA = r"^[+-]?\d*,\d+([eE][+-]?\d+)?$"


class Others(NamedTuple):
    """How many cells of a column are neither numbers nor missing, and of which kind.

    Attributes:
        total: All of them.
        truths: Those that say true or false.
        commas: Those that are numbers with a decimal comma.
        points: Not among them: the numbers with a decimal point.
    """

    total: int
    truths: int
    commas: int
    points: int


def scan_cells(layout: Layout) -> "pl.LazyFrame":
    """Every cell as text without spaces around it, null where there is nothing."""
    import polars as pl

    scan = pl.scan_csv(
        layout.content,
        separator=layout.separator,
        has_header=False,  # if it has one, polars would rename what is there twice
        skip_rows=layout.blank,
        infer_schema=False,
        new_columns=[str(index) for index in range(len(layout.first_row))],
        glob=False,
    )
    return scan.slice(int(layout.has_header)).with_columns(pl.all().str.strip_chars(STRIPPED))


def read_numbers(cells: "pl.LazyFrame", indices: Sequence[int]) -> "pl.DataFrame":
    """Read columns as float64, null where a cell is no number.

    Returns:
        A frame with "3" and, true where the cell of column 3 is text, "3?", for each index; and
        "gap", true where the last column of the file has nothing.
    """
    import polars as pl

    columns = [pl.col(str(index)) for index in indices]
    numbers = [_number(column) for column in columns]
    texts = [
        (number.is_null() & column.is_not_null()).name.suffix("?")
        for number, column in zip(numbers, columns, strict=True)
    ]
    gap = pl.nth(-1).is_null().alias("gap")
    return cells.select(*numbers, *texts, gap).collect(engine="streaming")


def count_others(
    cells: "pl.LazyFrame", indices: Sequence[int], decimal_comma: bool
) -> list[Others]:
    """Look at the columns that have text in them again, and count what it is."""
    import polars as pl

    sums = []
    for index in indices:
        column = pl.col(str(index))
        other, never = _is_other(column), pl.lit(False)
        fields = [
            other,
            other & column.is_in(TRUE + FALSE),
            other & column.str.contains(DECIMAL_COMMA) if decimal_comma else never,
            _number(column).is_not_null() & column.str.contains(".", literal=True)
            if decimal_comma
            else never,
        ]
        sums += [each.sum().alias(f"{index}/{place}") for place, each in enumerate(fields)]
    totals = cells.select(sums).collect(engine="streaming").row(0)
    return [Others(*totals[start : start + 4]) for start in range(0, len(totals), 4)]


def reread(cells: "pl.LazyFrame", commas: Sequence[int], truths: Sequence[int]) -> "pl.DataFrame":
    """Read columns with a decimal comma, and columns of true and false, as float64."""
    import polars as pl

    numbers = [_number(pl.col(str(i)).str.replace(",", ".", literal=True)) for i in commas]
    for column in (pl.col(str(i)) for i in truths):
        truth = pl.when(column.is_in(TRUE)).then(1.0).when(column.is_in(FALSE)).then(0.0)
        numbers.append(truth.name.keep())
    return cells.select(numbers).collect(engine="streaming")


def first_other(cells: "pl.LazyFrame", index: int) -> str:
    """Say where a column has its first value that is no number, the first row being 1."""
    import polars as pl

    column = cells.select(pl.col(str(index)).alias("cell")).with_row_index("row", offset=1)
    others = column.filter(_is_other(pl.col("cell")))
    row, value = others.head(1).collect(engine="streaming").row(0)
    return f'row {row:,} holds "{value if len(value) <= 40 else value[:39] + "…"}"'


def _number(cell: "pl.Expr") -> "pl.Expr":
    import polars as pl

    return cell.cast(pl.Float64, strict=False)


def _is_other(cell: "pl.Expr") -> "pl.Expr":
    return _number(cell).is_null() & cell.is_not_null() & ~cell.is_in(MISSING)

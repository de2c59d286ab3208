"""Names of points: the column of a table that says in words what each row is."""

from typing import TYPE_CHECKING

from engine.data.sniffing import MISSING

if TYPE_CHECKING:
    import polars as pl

# Beyond so many rows nobody reads names, and they would take more memory than the points.
MAX_NAMED = 100_000
# Of very wide tables only the first columns are looked at.
_MAX_COLUMNS = 50


def names_in(frame: "pl.LazyFrame", n_columns: int, n_rows: int) -> list[str] | None:
    """Find the names of the rows.

    A column of words is taken as names where each row has another one, and as classes where each
    word stands for two rows or more on average. The first such column wins.

    Args:
        frame: Cells as text, null where there is nothing: the columns that may hold names.
        n_columns: How many they are.
        n_rows: How many rows there are; of a longer frame the first ones count.

    Returns:
        A name for each row, empty where there is none; None where no column holds names.
    """
    if not n_columns or n_rows > MAX_NAMED:
        return None
    import polars as pl

    first = pl.nth(list(range(min(n_columns, _MAX_COLUMNS))))  # a name could be taken for a pattern
    cells = frame.select(first).head(n_rows).collect(engine="streaming")
    cells.columns = [str(index) for index in range(cells.width)]
    found = (column for column in cells.get_columns() if _holds_names(column))
    chosen = next(found, None)
    return None if chosen is None else chosen.fill_null("").to_list()


def _holds_names(cells: "pl.Series") -> bool:
    import polars as pl

    words = cells.filter(cells.is_not_null() & ~cells.is_in(MISSING))
    n_numbers = words.cast(pl.Float64, strict=False).is_not_null().sum()
    if not len(words) or n_numbers > len(words) / 2:
        return False
    n_different = words.n_unique()
    return n_different == len(cells) or n_different <= len(words) / 2

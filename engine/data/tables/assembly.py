"""Turns the columns of a table into points with names and classes, or into a preview."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from engine.data.dataset import Dataset, dataset_of
from engine.data.tables import missing_codes, roles
from engine.data.tables.options import Role, TableOptions
from engine.data.tables.reading import Kind, Preview, Reading
from engine.data.tables.roles import MAX_NAMED, Column
from engine.data.text_tables import number_format

if TYPE_CHECKING:
    import polars as pl

# Columns that are left out are explained one by one, up to as many as a sentence names.
MOST_EXPLAINED = 8
_PREVIEW_ROWS, _PREVIEW_CELLS, _LOOKED_AT = 50, 100_000, 10_000


def dataset(
    rows: np.ndarray,
    columns: Sequence[str],
    source: str,
    *,
    facts: Sequence[Column],
    reading: Reading,
    left_out: Sequence[str],
    notes: Sequence[str],
) -> Dataset:
    """Turn the columns that are clustered into points, with the names and classes of the rows.

    Args:
        rows: (R, D) numbers, NaN where a value is missing.
        columns: D names.
        source: The name of the file as the user gave it.
        facts: What is known about all columns of the file.
        reading: The roles of the columns.
        left_out: The names of columns that are not numbers, and were not asked for.
        notes: Sentences to put before those about the rows.

    Raises:
        DataError: Raised by `dataset_of`.
    """
    found = {each.name: each.role for each in reading.columns}
    named = next((f for f in facts if found[f.name] is Role.NAME), None)
    classed = next((f for f in facts if found[f.name] is Role.CLASS), None)
    return dataset_of(
        rows,
        columns,
        source,
        left_out=left_out,
        notes=notes,
        names=None if named is None or len(rows) > MAX_NAMED else texts(named),
        classes=None if classed is None else texts(classed),
        class_column="" if classed is None else classed.name,
        reading=reading,
    )


def texts(column: Column) -> list[str]:
    """(R,) the words of a column, or its numbers as text; empty for missing values."""
    if column.words is not None:
        words = column.words.fill_null("")
        shared = {word: word for word in words.unique().to_list()}  # keeps each word in memory once
        return [shared[word] for word in words.to_list()]
    if column.numbers is None:
        return []
    return [_written(value) for value in column.numbers.tolist()]


def typed(numbers: np.ndarray, kind: Kind) -> "pl.Series":
    """(R,) numbers as a column of a table: integers, booleans or floats; null where missing."""
    import polars as pl

    column = pl.Series(numbers, dtype=pl.Float64, nan_to_null=True)
    held = numbers[~np.isnan(numbers)]
    if kind is Kind.TRUTHS:
        return column.cast(pl.Boolean)
    if len(held) and (np.abs(held) < 2**53).all() and (held == np.rint(held)).all():
        return column.cast(pl.Int64)
    return column


def codes(missing: Sequence[str]) -> np.ndarray:
    """The numbers among the values that the user declared missing: (n,) float32."""
    found = [number_format.number_of(code) for code in missing]
    with np.errstate(over="ignore"):
        return np.array([number for number in found if not np.isnan(number)], np.float32)


def are_codes(numbers: np.ndarray, missing: np.ndarray) -> np.ndarray:
    """Which numbers equal one of (n,) float32 codes, compared as float32: bool."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.isin(numbers.astype(np.float32), missing)


def preview(facts: Sequence[Column], options: TableOptions, source: str) -> Preview:
    """The beginning of a table that is not text; raises what `roles.assign` raises."""
    there = {fact.name for fact in facts}
    own = tuple((name, role) for name, role in options.roles if name in there)
    readings = roles.assign(facts, own, source)
    chosen = [i for i, each in enumerate(readings) if each.role is Role.CLUSTER]
    whole = (facts[index].numbers for index in chosen)
    heads = [column[:_LOOKED_AT] for column in whole if column is not None]
    rows = np.column_stack(heads) if heads else np.zeros((0, 0))
    return Preview(
        reading=Reading(options=options, columns=tuple(readings), is_text=False),
        cells=first_cells(facts),
        lines=(),
        problem="" if chosen else roles.none_clustered(readings, facts, source),
        notes=asked_about(rows, [facts[index].name for index in chosen]),
    )


def asked_about(rows: np.ndarray, columns: Sequence[str]) -> tuple[str, ...]:
    """A question about the beginning of a table: do certain values mean missing?

    Args:
        rows: (R, D) numbers of the columns that are clustered, NaN where a value is missing.
        columns: D names.

    Returns:
        A sentence without counts, or nothing.
    """
    if not columns:
        return ()
    complete = rows[np.isfinite(rows).all(axis=1)].astype(np.float32)
    sample = missing_codes.Streamed(len(columns))
    sample.add(complete)
    return tuple(filter(None, [sample.note(columns)]))


def first_cells(facts: Sequence[Column]) -> tuple[tuple[str, ...], ...]:
    """The first rows as they were read."""
    n_rows = max(1, min(_PREVIEW_ROWS, _PREVIEW_CELLS // max(1, len(facts))))
    columns = [_first(column, n_rows) for column in facts]
    longest = max(map(len, columns), default=0)
    return tuple(
        tuple(column[row] if row < len(column) else "" for column in columns)
        for row in range(longest)
    )


def _first(column: Column, n_rows: int) -> list[str]:
    if column.words is not None:
        return [word or "" for word in column.words.head(n_rows).to_list()]
    if column.numbers is None:
        return []
    return [_written(value) for value in column.numbers[:n_rows].tolist()]


def _written(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.15g}"

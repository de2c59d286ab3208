"""Points ready to be clustered, and what was omitted from their source."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.arrays.moments import Rounding
from engine.data.tables import missing_codes
from engine.data.tables.columns import choose, listed
from engine.data.tables.reading import Reading
from engine.errors import DataError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Description:
    """What the user should know about N points, in memory or on disk.

    Attributes:
        columns: D names, shown on axes.
        source: The recipe in canonical form, or the path of the file as it was given.
        kept: (N,) integers, the row of each point in the source, from 0; None if all rows were
            kept.
        n_rows: Rows in the source, kept or not.
        left_out: Names of columns that were left out because they are not numbers.
        notes: Sentences for the user about what was left out, or looks wrong.
        names: N names, one for each point, from a column of text; None if there is none.
        classes: N words, the class of each point, from a column of text with few values; empty
            where a row has none. None if there is no such column.
        class_column: The name of that column.
        reading: How the table was read; None for points that do not come from a table.
    """

    columns: tuple[str, ...]
    source: str
    kept: np.ndarray | None
    n_rows: int
    left_out: tuple[str, ...]
    notes: tuple[str, ...]
    names: tuple[str, ...] | None = None
    classes: tuple[str, ...] | None = None
    class_column: str = ""
    reading: Reading | None = None

    @property
    def numeric_columns(self) -> tuple[str, ...]:
        """The columns of the source that can be clustered, whether they are or not."""
        return self.columns if self.reading is None else self.reading.numeric

    @property
    def dropped_rows(self) -> int:
        """Rows of the source that are not among the points."""
        return 0 if self.kept is None else self.n_rows - len(self.kept)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dataset(Description):
    """Points in the user's units, in memory.

    Attributes:
        points: (N, D) float32, N and D at least 1; finite, C-contiguous, read-only.
    """

    points: np.ndarray


def dataset_of(
    rows: np.ndarray,
    columns: Sequence[str],
    source: str,
    *,
    left_out: Sequence[str] = (),
    notes: Sequence[str] = (),
    names: Sequence[str] | None = None,
    classes: Sequence[str] | None = None,
    class_column: str = "",
    reading: Reading | None = None,
) -> Dataset:
    """Turn rows of numbers into points; incomplete rows are dropped, and a note says so.

    Args:
        rows: (R, D) integers, booleans or floats of any width, NaN where a value is missing.
        columns: D names.
        source: Where the rows come from, for `Dataset.source` and the sentences.
        left_out: Names of columns that are not among `rows`.
        notes: Sentences to put before those about the rows.
        names: R names, one for each row.
        classes: R words, the class of each row.
        class_column: The name of the column they come from.
        reading: How the table was read.

    Raises:
        DataError: There is no column, no row, or no complete row.
    """
    check_some(rows.shape, source)
    points = rounded(rows)
    complete: np.ndarray = np.logical_and.reduce(np.isfinite(points), axis=1)
    kept = None if complete.all() else np.flatnonzero(complete).astype(np.int64, copy=False)
    if kept is not None:
        _require_some(rows, complete, columns, source)
        points = points[complete]
        kept.flags.writeable = False
        names, classes = _of_rows(names, kept), _of_rows(classes, kept)
    points.flags.writeable = False
    return Dataset(
        points=points,
        columns=tuple(columns),
        source=source,
        kept=kept,
        n_rows=len(rows),
        left_out=tuple(left_out),
        notes=(*notes, *_notes(rows, points, complete, columns)),
        names=None if names is None else tuple(names),
        classes=None if classes is None else tuple(classes),
        class_column=class_column,
        reading=reading,
    )


def _of_rows(texts: Sequence[str] | None, rows: np.ndarray) -> list[str] | None:
    return None if texts is None else [texts[row] for row in rows.tolist()]


def check_some(shape: tuple[int, ...], source: str) -> None:
    """Raise a DataError for a table of shape (rows, columns) without rows or columns."""
    if shape[1] == 0:
        raise DataError(f"{source} has no column of numbers.")
    if shape[0] == 0:
        raise DataError(f"{source} has no rows.")


def select_columns(dataset: Dataset, wanted: Sequence[str]) -> Dataset:
    """Keep some columns of a data set whose rows were all kept; raises what `choose` raises."""
    indices = choose(wanted, dataset.columns, dataset.source)
    names = [dataset.columns[index] for index in indices]
    return dataset_of(
        dataset.points[:, indices],
        names,
        dataset.source,
        names=dataset.names,
        classes=dataset.classes,
        class_column=dataset.class_column,
    )


def rounded(rows: np.ndarray) -> np.ndarray:
    """Copy (R, D) rows to float32 in C order; numbers too large for it become infinite."""
    with np.errstate(over="ignore", invalid="ignore"):
        return rows.astype(np.float32, order="C")


def _require_some(
    rows: np.ndarray, complete: np.ndarray, columns: Sequence[str], source: str
) -> None:
    if not complete.any():
        gaps = (~np.isfinite(rounded(rows))).sum(axis=0)
        raise no_complete_row(gaps, len(rows), columns, source)


def no_complete_row(
    gaps: np.ndarray, n_rows: int, columns: Sequence[str], source: str
) -> DataError:
    """The error that no row is complete; (D,) counts of gaps show which column is the worst."""
    worst = int(gaps.argmax())
    return DataError(
        f"No row of {source} is complete: each has a missing, infinite or too large value, "
        f"{gaps[worst]:,} of {n_rows:,} in column {columns[worst]}."
    )


def _notes(
    rows: np.ndarray, points: np.ndarray, complete: np.ndarray, columns: Sequence[str]
) -> list[str]:
    low, high = points.min(axis=0), points.max(axis=0)
    coarse = _coarse_columns(rows, complete)
    sentences = notes_on(len(rows), len(points), low, high, coarse, columns)
    asked = missing_codes.note(points, columns)
    return [*sentences, asked] if asked else sentences


def notes_on(
    n_rows: int,
    n_points: int,
    low: np.ndarray,
    high: np.ndarray,
    coarse: np.ndarray,
    columns: Sequence[str],
) -> list[str]:
    """Sentences about what was left out, and about columns that look wrong.

    Args:
        n_rows: R, rows in the source.
        n_points: N, the number of complete rows.
        low: (D,), the smallest value of each column among the points.
        high: (D,), the largest.
        coarse: (D,) bool, the columns whose detail was lost in float32.
        columns: D names.

    Returns:
        The sentences; none if there is nothing to report.
    """
    notes = []
    if dropped := n_rows - n_points:
        verbs = ("has", "was") if dropped == 1 else ("have", "were")
        notes.append(
            f"{dropped:,} of {n_rows:,} rows {verbs[0]} a missing, infinite or too large value "
            f"and {verbs[1]} left out."
        )
    if n_points == 1:
        return notes  # a single row has no variance
    constant = (low == high) & ~coarse
    if constant.any():
        notes.append(f"The same value in every row: {_named(columns, constant)}.")
    tiny = coarse & (np.maximum(np.abs(low), np.abs(high)) < np.finfo(np.float32).tiny)
    if tiny.any():
        notes.append(
            f"Too small for 32-bit numbers: {_named(columns, tiny)}. Multiply by a constant first."
        )
    if (coarse & ~tiny).any():
        notes.append(
            "Detail is lost in 32-bit numbers, because the values are far from zero and close "
            f"together: {_named(columns, coarse & ~tiny)}. Subtract an offset first."
        )
    return notes


def _coarse_columns(rows: np.ndarray, complete: np.ndarray) -> np.ndarray:
    """Find the columns that lost their detail in the complete ones of (R, D) rows: (D,) bool.

    Works block by block, so that it needs little memory compared with the rows.
    """
    n_dims = rows.shape[1]
    if np.can_cast(rows.dtype, np.float32):
        return np.zeros(n_dims, bool)
    rounding, n_block, whole = Rounding(n_dims), max(1, 250_000 // n_dims), complete.all()
    for start in range(0, len(rows), n_block):
        block = slice(start, start + n_block)
        rounding.add(rows[block] if whole else rows[block][complete[block]])
    return rounding.coarse


def _named(columns: Sequence[str], which: np.ndarray) -> str:
    return listed([columns[index] for index in np.flatnonzero(which).tolist()])

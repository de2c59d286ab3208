"""Points ready to be clustered, and what was left out on the way to them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.columns import choose, listed
from engine.errors import DataError

# A column whose rounding error is more than this part of its spread has lost its detail.
COARSE = 0.01


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dataset:
    """Points in the user's units, with what the user should know about them.

    Attributes:
        points: (N, D) float32, N and D at least 1; finite, C-contiguous, read-only.
        columns: D names, shown on axes.
        source: The recipe in canonical form, or the file's path as it was given.
        kept: (N,) int64, each point's row in the source, from 0; None when all rows were kept.
        n_rows: Rows in the source, kept or not.
        left_out: Names of columns that were left out because they are not numbers.
        notes: Sentences for the user about what was left out, or looks wrong.
        names: N names, one for each point, from a column of text; None where there is none.
    """

    points: np.ndarray
    columns: tuple[str, ...]
    source: str
    kept: np.ndarray | None
    n_rows: int
    left_out: tuple[str, ...]
    notes: tuple[str, ...]
    names: tuple[str, ...] | None = None

    @property
    def dropped_rows(self) -> int:
        """Rows of the source that are not among the points."""
        return self.n_rows - len(self.points)


def dataset_of(
    rows: np.ndarray,
    columns: Sequence[str],
    source: str,
    *,
    left_out: Sequence[str] = (),
    notes: Sequence[str] = (),
    names: Sequence[str] | None = None,
) -> Dataset:
    """Turn rows of numbers into points: incomplete rows are dropped, and nothing without a word.

    Args:
        rows: (R, D) integers, booleans or floats of any width, NaN where a value is missing.
        columns: D names.
        source: Where the rows come from, for `Dataset.source` and the sentences.
        left_out: Names of columns that are not among `rows`.
        notes: Sentences that go before those about the rows.
        names: R names, one for each row.

    Raises:
        DataError: No column, no row, or no row that is complete.
    """
    if rows.shape[1] == 0:
        raise DataError(f"{source} has no column of numbers.")
    if rows.shape[0] == 0:
        raise DataError(f"{source} has no rows.")
    points = _rounded(rows)
    complete: np.ndarray = np.logical_and.reduce(np.isfinite(points), axis=1)
    kept = None if complete.all() else np.flatnonzero(complete).astype(np.int64, copy=False)
    if kept is not None:
        _require_some(rows, complete, columns, source)
        points = points[complete]
        kept.flags.writeable = False
        names = None if names is None else [names[row] for row in kept.tolist()]
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
    )


def select_columns(dataset: Dataset, wanted: Sequence[str]) -> Dataset:
    """Keep some columns of a data set all of whose rows were kept; DataError as in `choose`."""
    indices = choose(wanted, dataset.columns, dataset.source)
    names = [dataset.columns[index] for index in indices]
    return dataset_of(dataset.points[:, indices], names, dataset.source, names=dataset.names)


def _rounded(rows: np.ndarray) -> np.ndarray:
    """Copy (R, D) rows to float32; what that cannot hold becomes infinite."""
    with np.errstate(over="ignore", invalid="ignore"):
        return rows.astype(np.float32, order="C")


def _require_some(
    rows: np.ndarray, complete: np.ndarray, columns: Sequence[str], source: str
) -> None:
    if complete.any():
        return
    gaps = (~np.isfinite(_rounded(rows))).sum(axis=0)
    worst = int(gaps.argmax())
    raise DataError(
        f"No row of {source} is complete: each has a missing or infinite value, "
        f"{gaps[worst]:,} of {len(rows):,} in column {columns[worst]}."
    )


def _notes(
    rows: np.ndarray, points: np.ndarray, complete: np.ndarray, columns: Sequence[str]
) -> list[str]:
    notes = []
    if dropped := len(rows) - len(points):
        verbs = ("has", "was") if dropped == 1 else ("have", "were")
        notes.append(
            f"{dropped:,} of {len(rows):,} rows {verbs[0]} a missing or infinite value "
            f"and {verbs[1]} left out."
        )
    if len(points) == 1:
        return notes  # one row says nothing about spread
    coarse = _coarse_columns(rows, complete)
    constant = (points.min(axis=0) == points.max(axis=0)) & ~coarse
    if constant.any():
        notes.append(f"The same value in every row: {_named(columns, constant)}.")
    tiny = coarse & (np.abs(points).max(axis=0) < np.finfo(np.float32).tiny)
    if tiny.any():
        notes.append(
            f"Too small for 32-bit numbers: {_named(columns, tiny)}. Multiply by a constant first."
        )
    if (coarse & ~tiny).any():
        notes.append(
            "Detail is lost in 32-bit numbers, for the values are far from zero and close "
            f"together: {_named(columns, coarse & ~tiny)}. Subtract an offset first."
        )
    return notes


def _coarse_columns(rows: np.ndarray, complete: np.ndarray) -> np.ndarray:
    """Find the columns whose float32 rounding error is large beside their standard deviation.

    Args:
        rows: (R, D), before they were rounded.
        complete: (R,) bool, the rows that count; at least one.

    Returns:
        (D,) bool. A block of rows at a time, so that memory stays small beside the rows.
    """
    n_dims = rows.shape[1]
    if np.can_cast(rows.dtype, np.float32):
        return np.zeros(n_dims, bool)
    # Sums of differences to one of the rows: those to zero would cancel where it matters here.
    origin = rows[complete.argmax()].astype(np.float64)
    total, squares, errors = np.zeros((3, n_dims))
    n_block = max(1, 250_000 // n_dims)
    whole = complete.all()
    for start in range(0, len(rows), n_block):
        block = slice(start, start + n_block)
        exact = (rows[block] if whole else rows[block][complete[block]]).astype(np.float64)
        lost = exact - exact.astype(np.float32)
        exact -= origin
        errors += np.einsum("nd,nd->d", lost, lost)
        total += np.einsum("nd->d", exact)
        squares += np.einsum("nd,nd->d", exact, exact)
    n_points = complete.sum()
    variance = np.maximum(squares / n_points - np.square(total / n_points), 0)
    # A constant column has differences of exactly zero, and rounding does it no harm.
    coarse: np.ndarray = (squares > 0) & (errors / n_points > COARSE**2 * variance)
    return coarse


def _named(columns: Sequence[str], which: np.ndarray) -> str:
    return listed([columns[index] for index in np.flatnonzero(which).tolist()])

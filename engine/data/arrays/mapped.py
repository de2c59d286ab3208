"""Points that stay in their file: a .npy too large for the memory is read in chunks."""

import functools
import math
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from engine.data.arrays.files import header_of, open_rows
from engine.data.arrays.moments import Moments, Rounding
from engine.data.arrays.rows import FileRows
from engine.data.dataset import Description, no_complete_row, notes_on, rounded
from engine.data.scaling import Scaling
from engine.data.tables import assembly, missing_codes
from engine.data.tables.columns import choose
from engine.data.tables.options import Role, TableOptions

# Points that would take more bytes than this as float32 are not read into memory.
MOST_BYTES = 2**29
# Values in one chunk: 4 MiB as float32.
CHUNK_VALUES = 2**20


def is_large(source: str, wanted: Sequence[str] | None = None) -> bool:
    """Whether a source is a .npy whose points would take more than `MOST_BYTES` in memory.

    Args:
        source: The source as the user named it. If it cannot be opened, it counts as not large:
            reading it will fail.
        wanted: The columns to take; None for all.
    """
    if not source.lower().endswith(".npy"):
        return False
    try:
        n_rows, *others = header_of(source).shape
        n_columns = math.prod(others)
        n_wanted = n_columns if wanted is None else min(len(wanted), n_columns)
        return 4 * n_rows * n_wanted > MOST_BYTES
    except Exception:  # damage raises all kinds of exceptions, as in `open_rows`
        return False


class MappedPoints:
    """(N, D) float32 points on disk, of which only the requested ones are read into memory.

    Attributes:
        moments: The moments of all points, before scaling.
        scaling: Applied to points as they are read; None for none.
    """

    def __init__(
        self,
        rows: np.ndarray | FileRows,
        columns: Sequence[int] | None,
        kept: np.ndarray | None,
        moments: Moments,
        scaling: Scaling | None = None,
    ) -> None:
        self._rows, self._columns, self._kept = rows, columns, kept
        self.moments, self.scaling = moments, scaling

    def __len__(self) -> int:
        return self.moments.n_rows

    @property
    def shape(self) -> tuple[int, int]:
        """N and D."""
        return len(self), len(self.moments.mean)

    @property
    def largest(self) -> float:
        """The largest absolute value."""
        return float(np.abs(self._out(np.stack([self.moments.low, self.moments.high]))).max())

    def __getitem__(self, which: slice | np.ndarray) -> np.ndarray:
        """(n, D) float32: the points with these numbers."""
        wanted = which if self._kept is None else self._kept[which]
        points = rounded(selected(self._rows, wanted, self._columns))
        return points if self.scaling is None else self.scaling.forward(points)

    def scaled(self, scaling: Scaling) -> "MappedPoints":
        """Return the same points, standardized as they are read."""
        return MappedPoints(self._rows, self._columns, self._kept, self.moments, scaling)

    def _out(self, values: np.ndarray) -> np.ndarray:
        return values if self.scaling is None else (values - self.scaling.mean) / self.scaling.scale


# (N, D) float32, in memory or on disk.
Points = np.ndarray | MappedPoints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MappedDataset(Description):
    """Points in the user's units, on disk.

    Attributes:
        points: (N, D), finite.
    """

    points: MappedPoints


def open_mapped(
    source: str, wanted: Sequence[str] | None = None, options: TableOptions | None = None
) -> Generator[float, None, MappedDataset]:
    """Scan all rows of a .npy file once, and report dropped rows as `dataset_of` does in memory.

    Args:
        source: The path of the file.
        wanted: Columns by name, or by number from 1; None for all.
        options: Values that mean missing, and columns to leave out; None for none.

    Yields:
        After each chunk, the fraction of the rows that has been scanned.

    Returns:
        The points as `read_array` would return them, with the same notes.

    Raises:
        DataError: Raised by `read_array`.
        OSError: The file cannot be read.
    """
    rows, names = open_rows(Path(source), source)
    options = options or TableOptions()
    left = {name for name, role in options.roles if role is not Role.CLUSTER}
    if wanted is None and left & set(names):
        wanted = [name for name in names if name not in left]
    columns = None if wanted is None else choose(wanted, names, source)
    names = names if columns is None else tuple(names[index] for index in columns)
    scan = _Scan(rows, columns, len(names), assembly.codes(options.missing))
    n_chunk = max(1, CHUNK_VALUES // len(names))
    for start in range(0, len(rows), n_chunk):
        scan.add(slice(start, start + n_chunk))
        yield min(1.0, (start + n_chunk) / len(rows))
    if not scan.moments.n_rows:
        raise no_complete_row(scan.gaps, len(rows), names, source)
    return MappedDataset(
        points=MappedPoints(rows, columns, scan.kept, scan.moments),
        columns=names,
        source=source,
        kept=scan.kept,
        n_rows=len(rows),
        left_out=(),
        notes=(_why_mapped(source), *scan.notes(names)),
    )


class _Scan:
    """What the first pass over (R, C) rows gathers from some of the columns."""

    def __init__(
        self,
        rows: np.ndarray | FileRows,
        columns: Sequence[int] | None,
        n_dims: int,
        missing: np.ndarray,
    ) -> None:
        self.rows, self.columns = rows, columns
        self.missing = missing
        self.codes = missing_codes.Streamed(n_dims)
        self.complete = np.zeros(len(rows), bool)
        self.gaps = np.zeros(n_dims, np.int64)
        self.moments = Moments(n_dims)
        self.rounding = None if np.can_cast(rows.dtype, np.float32) else Rounding(n_dims)

    def add(self, which: slice) -> None:
        """Add some of the rows."""
        rows = selected(self.rows, which, self.columns)
        points = rounded(rows)
        finite = np.isfinite(points)
        if len(self.missing):
            finite &= ~assembly.are_codes(rows, self.missing)
        if finite.all():
            self.complete[which] = True
        else:
            self.gaps += (~finite).sum(axis=0)
            complete = self.complete[which] = finite.all(axis=1)
            rows, points = rows[complete], points[complete]
        self.moments.add(points)
        self.codes.add(points)
        if self.rounding:
            self.rounding.add(rows)

    @functools.cached_property
    def kept(self) -> np.ndarray | None:
        """(N,) the numbers of the complete rows, in the smallest dtype; None if all rows are."""
        if self.complete.all():
            return None
        return np.flatnonzero(self.complete).astype(np.min_scalar_type(len(self.rows)))

    def notes(self, names: Sequence[str]) -> list[str]:
        """The notes that `dataset_of` would have for the same rows."""
        coarse = self.rounding.coarse if self.rounding else np.zeros(len(names), bool)
        low, high = self.moments.low, self.moments.high
        asked = self.codes.note(names)
        sentences = notes_on(len(self.rows), self.moments.n_rows, low, high, coarse, names)
        return [*sentences, asked] if asked else sentences


def _why_mapped(source: str) -> str:
    return (
        f"{source} is larger than {MOST_BYTES / 2**20:.0f} MiB: it stays on disk, and every pass "
        "reads it in chunks."
    )


def selected(
    rows: np.ndarray | FileRows, which: slice | np.ndarray, columns: Sequence[int] | None
) -> np.ndarray:
    """(n, D): some rows and columns of an array in memory or on disk; None for all columns."""
    if isinstance(rows, FileRows):
        return rows.selected(which, columns)
    return rows[which] if columns is None else rows[which][:, columns]

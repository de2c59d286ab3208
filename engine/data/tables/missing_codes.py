"""Numbers that stand for a missing value: -999, 9999, 999999, 1e9.

Surveys and instruments write such a code where there is no value. If it is clustered, it pulls a
centroid far from all points, so the user is asked about it.
"""

from collections.abc import Sequence

import numpy as np

from engine.data.tables.columns import listed

# Rows that are examined for the range of the other values.
_SAMPLE = 20_000
_SAMPLE_VALUES = 2_000_000
_MOST_CODES = 2  # in one column, at either end
# How far a code is from the other values, as a multiple of their range.
_FAR, _VERY_FAR = 2.0, 10.0
_MIN_OTHERS = 3
_MOST_NAMED = 4


def suspected(points: np.ndarray) -> dict[float, list[int]]:
    """Find values that may be codes: far from all others of the column, and occurring twice.

    Args:
        points: (N, D) finite numbers.

    Returns:
        For each such value, the indices of its columns.
    """
    n_rows, n_dims = points.shape
    step = max(1, -(-n_rows // min(_SAMPLE, max(1000, _SAMPLE_VALUES // n_dims))))
    low, high = points.min(axis=0), points.max(axis=0)
    found: dict[float, list[int]] = {}
    sample = np.sort(points[::step].astype(np.float64), axis=0)
    likely = _has_gap(sample, low, high)
    for index in np.flatnonzero(likely).tolist():
        column = points[:, index]
        values = np.unique(np.concatenate([sample[:, index], [low[index], high[index]]]))
        for value in _codes(values):
            if np.count_nonzero(column == np.float32(value)) > 1 or _is_nines(value):
                found.setdefault(value, []).append(index)
    return {
        value: columns
        for value, columns in found.items()
        if sum(np.count_nonzero(points[:, index] == np.float32(value)) for index in columns) > 1
    }


def note(points: np.ndarray, columns: Sequence[str]) -> str:
    """A sentence that asks about such values among (N, D) points; empty if there are none."""
    counts = {
        value: (indices, int((points[:, indices] == np.float32(value)).any(axis=1).sum()))
        for value, indices in suspected(points).items()
    }
    parts = []
    for value, (indices, n_rows) in list(counts.items())[:_MOST_NAMED]:
        rows = "1 row" if n_rows == 1 else f"{n_rows:,} rows"
        names = listed([columns[index] for index in indices])
        parts.append(f"{_written(value)} in {rows} of {names}")
    return _asked(list(counts), parts)


class Streamed:
    """The same for points that are never all in memory: it examines a sample of them."""

    def __init__(self, n_dims: int) -> None:
        self._sample = np.empty((0, n_dims), np.float32)
        self._most = max(1000, _SAMPLE_VALUES // n_dims)
        self._step, self._skipped = 1, 0

    def add(self, points: np.ndarray) -> None:
        """Add (n, D) finite points; takes fewer of each chunk as the sample fills up."""
        own = points[self._skipped :: self._step]
        self._skipped = (self._skipped - len(points)) % self._step
        self._sample = np.concatenate([self._sample, own])
        while len(self._sample) > self._most:
            self._sample = self._sample[::2]
            self._step *= 2

    def note(self, columns: Sequence[str]) -> str:
        """The sentence, without counts, because not every row was examined."""
        if not len(self._sample):
            return ""
        found = suspected(self._sample)
        parts = [
            f"{_written(value)} in {listed([columns[index] for index in indices])}"
            for value, indices in list(found.items())[:_MOST_NAMED]
        ]
        return _asked(list(found), parts)


def _asked(values: Sequence[float], parts: Sequence[str]) -> str:
    if not parts:
        return ""
    return (
        f"Far from all other values: {'; '.join(parts)}. If it stands for a missing value, leave "
        f"these rows out (--missing {_written(values[0])}, or Missing values under How was it "
        "read?)."
    )


def _has_gap(sample: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """(D,) bool, whether a gap takes up much of the range of (n, D) sorted values."""
    ends = np.concatenate([low[np.newaxis], sample, high[np.newaxis]]).astype(np.float64)
    widest = np.diff(ends, axis=0).max(axis=0)
    found: np.ndarray = (widest > 0.3 * (ends[-1] - ends[0])) & (ends[-1] > ends[0])
    return found


def _codes(values: np.ndarray) -> list[float]:
    """The values at the ends of ascending ones that are far from the rest; none if few remain."""
    best: list[float] = []
    for n_low in range(_MOST_CODES + 1):
        for n_high in range(_MOST_CODES + 1):
            rest = values[n_low : len(values) - n_high]
            if len(rest) < _MIN_OTHERS or n_low + n_high <= len(best):
                continue
            extent = rest[-1] - rest[0]
            ends = [*values[:n_low].tolist(), *values[len(values) - n_high :].tolist()]
            gaps = [rest[0] - each if each < rest[0] else each - rest[-1] for each in ends]
            if all(
                gap > (_FAR if _is_nines(each) else _VERY_FAR) * extent
                for each, gap in zip(ends, gaps, strict=True)
            ):
                best = ends
    return best


def _is_nines(value: float) -> bool:
    """Whether a number looks like a code: 99, -999.9, 1e9, or the limits of integer types."""
    digits = _written(abs(value)).replace(".", "")
    if len(digits) > 1 and set(digits) == {"9"}:
        return True
    rounded = float(np.float32(abs(value)))
    ends = (2**15 - 1, 2**15, 2**31 - 1, 2**31, 1e9, 1e10, 1e20, 1e30, 1e34)
    return any(rounded == float(np.float32(end)) for end in ends)


def _written(value: float) -> str:
    """The shortest digits of a float32, as an integer if it is one."""
    if value == round(value) and abs(value) < 2**53:
        return str(round(value))
    return str(np.float32(value))

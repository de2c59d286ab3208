"""Mean, variance and range of columns, gathered block by block of rows.

Chan, T. F., Golub, G. H. and LeVeque, R. J. (1983). Algorithms for computing the sample variance:
analysis and recommendations. The American Statistician 37(3), 242-247: deviations are taken from
the mean of each block, so that values far from zero lose no digits.
"""

import numpy as np

# A column whose rounding error is more than this fraction of its standard deviation has lost its
# detail.
COARSE = 0.01
# So has a column in which more than `_MERGED` of the different numbers become equal to the next
# larger one in float32, if `_CROWDED` of them lie, together with a fiftieth of all numbers, within
# `_STEPS` steps of float32. For example, seconds since 1970, in bursts or with some of them unset
# and so 0, have a large standard deviation, but far finer detail.
_MERGED, _CROWDED, _NEIGHBORS, _STEPS = 0.1, 0.25, 50, 8
# Rows of each block, and rows in all, that this is counted on.
_BLOCK_SAMPLE, _SAMPLE = 2**10, 2**12


class Moments:
    """The moments of the rows added so far.

    Attributes:
        n_rows: The number of rows.
        mean: (D,) float64.
        squares: (D,) float64, the sum of the squared deviations from the mean.
        low: (D,), the smallest value of each column; infinite before the first block.
        high: (D,), the largest.
    """

    def __init__(self, n_dims: int) -> None:
        self.n_rows = 0
        self.mean, self.squares = np.zeros((2, n_dims))
        self.low, self.high = np.full(n_dims, np.inf), np.full(n_dims, -np.inf)

    @property
    def variance(self) -> np.ndarray:
        """(D,) float64, the population variance; exactly 0 where all values are the same."""
        return np.where(self.constant, 0, self.squares / self.n_rows)

    @property
    def constant(self) -> np.ndarray:
        """(D,) bool, the columns with one value in all rows."""
        return np.asarray(self.low == self.high)

    def add(self, rows: np.ndarray) -> None:
        """Add (n, D) finite rows; n may be 0."""
        if not len(rows):
            return
        n_rows, before = self.n_rows + len(rows), self.n_rows
        mean = rows.mean(axis=0, dtype=np.float64)
        deviations = rows - mean
        apart = mean - self.mean
        self.squares += np.einsum("nd,nd->d", deviations, deviations)
        self.squares += np.square(apart) * (before * len(rows) / n_rows)
        self.mean = self.mean + apart * (len(rows) / n_rows)
        self.n_rows = n_rows
        self.low = np.minimum(self.low, _reduced(np.minimum, rows))
        self.high = np.maximum(self.high, _reduced(np.maximum, rows))


def _reduced(function: np.ufunc, rows: np.ndarray) -> np.ndarray:
    """The (D,) minima or maxima of (n, D) rows, 64 side by side: NumPy is faster on long rows."""
    n_folded = len(rows) - len(rows) % 64
    folded = rows[:n_folded].reshape(-1, 64 * rows.shape[1])
    whole = [function.reduce(folded).reshape(rows[:64].shape)] if n_folded else []
    return np.asarray(function.reduce(np.concatenate([*whole, rows[n_folded:]])))


class Rounding:
    """How much of each column is lost when its numbers become float32.

    Attributes:
        exact: The moments before rounding.
        errors: (D,) float64, the sum of the squared rounding errors.
    """

    def __init__(self, n_dims: int) -> None:
        self.exact = Moments(n_dims)
        self.errors = np.zeros(n_dims)
        self._sample = np.empty((0, n_dims))

    def add(self, rows: np.ndarray) -> None:
        """Add (n, D) finite rows of any dtype."""
        numbers = rows.astype(np.float64)
        if len(self._sample) < _SAMPLE:
            some = numbers[:: -(-len(numbers) // _BLOCK_SAMPLE) or 1]
            self._sample = np.concatenate([self._sample, some])
        self.exact.add(numbers)
        lost = numbers - numbers.astype(np.float32)
        self.errors += np.einsum("nd,nd->d", lost, lost)

    @property
    def coarse(self) -> np.ndarray:
        """(D,) bool, the columns whose rounding error is large compared with their detail.

        A constant column is not among them, because rounding does it no harm.
        """
        error = self.errors / self.exact.n_rows
        is_large = error > COARSE**2 * self.exact.variance
        merged = _may_be_merged(self._sample)
        for index in np.flatnonzero(merged).tolist():
            merged[index] = _is_merged(self._sample[:, index])
        return np.asarray(~self.exact.constant & (is_large | merged))


def _may_be_merged(rows: np.ndarray) -> np.ndarray:
    """(D,) bool, the columns of (n, D) numbers in which many become equal in float32."""
    numbers = np.sort(rows, axis=0)
    apart = np.diff(numbers, axis=0) > 0
    merged = apart & (np.diff(numbers.astype(np.float32), axis=0) == 0)
    return np.asarray(merged.sum(axis=0) > _MERGED * apart.sum(axis=0))


def _is_merged(column: np.ndarray) -> bool:
    """Whether many of (n,) float64 numbers become equal in float32, and dense groups of them."""
    numbers = np.unique(column)
    rounded = numbers.astype(np.float32)
    if len(numbers) < 3 or np.count_nonzero(np.diff(rounded) == 0) <= _MERGED * len(numbers):
        return False
    n_apart = max(2, len(numbers) // _NEIGHBORS)
    steps = (numbers[n_apart:] - numbers[:-n_apart]) / np.spacing(np.abs(rounded[n_apart:]))
    return bool(np.mean(steps < _STEPS) > _CROWDED)

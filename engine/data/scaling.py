"""Standardising: every column with mean 0 and standard deviation 1, and the way back."""

from dataclasses import dataclass

import numpy as np

from engine.data.arrays.moments import Moments
from engine.frames import sealed


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """A shift and a stretch of each column, that can be undone.

    Attributes:
        mean: (D,) float64, in the user's units.
        scale: (D,) float64, in the user's units; never 0.
    """

    mean: np.ndarray
    scale: np.ndarray

    @classmethod
    def fit(cls, points: np.ndarray) -> "Scaling":
        """Take mean and population standard deviation from (N, D) points, N at least 1.

        A constant column is only shifted: its scale is 1.
        """
        moments = (points.mean(axis=0, dtype=np.float64), points.std(axis=0, dtype=np.float64))
        return cls._of(points.min(axis=0), points.max(axis=0), *moments)

    @classmethod
    def of(cls, moments: Moments) -> "Scaling":
        """As `fit`, of points that were looked at a block at a time."""
        return cls._of(moments.low, moments.high, moments.mean, np.sqrt(moments.variance))

    @classmethod
    def _of(
        cls, low: np.ndarray, high: np.ndarray, mean: np.ndarray, deviation: np.ndarray
    ) -> "Scaling":
        constant = low == high
        # The mean of equal numbers can differ from them in the last bit, and so their deviation
        # from zero: dividing by that would blow rounding up to the size of data.
        mean, scale = np.where(constant, low, mean), np.where(constant, 1.0, deviation)
        return cls(sealed(mean, np.float64), sealed(scale, np.float64))

    @classmethod
    def identity(cls, n_dims: int) -> "Scaling":
        """The scaling that changes nothing."""
        return cls(sealed(np.zeros(n_dims)), sealed(np.ones(n_dims)))

    def forward(self, points: np.ndarray) -> np.ndarray:
        """Bring (N, D) points from the user's units to standard ones, of the same type."""
        standard: np.ndarray = (points - self.mean) / self.scale
        return standard.astype(points.dtype)

    def inverse(self, points: np.ndarray) -> np.ndarray:
        """Bring (N, D) points, or (K, D) centroids, back to the user's units, of the same type."""
        own: np.ndarray = points * self.scale + self.mean
        return own.astype(points.dtype)

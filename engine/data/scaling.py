"""Standardizing: every column gets mean 0 and standard deviation 1; and the inverse."""

from dataclasses import dataclass

import numpy as np

from engine.data.arrays.moments import Moments
from engine.frames import sealed


@dataclass(frozen=True, slots=True, eq=False)
class Scaling:
    """A shift and a scale for each column, which can be inverted.

    Attributes:
        mean: (D,) float64, in the user's units.
        scale: (D,) float64, in the user's units; never 0.
    """

    mean: np.ndarray
    scale: np.ndarray

    @classmethod
    def fit(cls, points: np.ndarray) -> "Scaling":
        """Use the mean and population standard deviation of (N, D) points, N at least 1.

        A constant column is only shifted: its scale is 1.
        """
        moments = (points.mean(axis=0, dtype=np.float64), points.std(axis=0, dtype=np.float64))
        return cls._of(points.min(axis=0), points.max(axis=0), *moments)

    @classmethod
    def of(cls, moments: Moments) -> "Scaling":
        """The same as `fit`, from moments that were gathered block by block."""
        return cls._of(moments.low, moments.high, moments.mean, np.sqrt(moments.variance))

    @classmethod
    def _of(
        cls, low: np.ndarray, high: np.ndarray, mean: np.ndarray, deviation: np.ndarray
    ) -> "Scaling":
        constant = low == high
        # The mean of equal numbers can differ from them in the last bit, so that their standard
        # deviation is not 0: dividing by it would blow up rounding errors to the size of data.
        mean, scale = np.where(constant, low, mean), np.where(constant, 1.0, deviation)
        return cls(sealed(mean, np.float64), sealed(scale, np.float64))

    @classmethod
    def identity(cls, n_dims: int) -> "Scaling":
        """The scaling that changes nothing."""
        return cls(sealed(np.zeros(n_dims)), sealed(np.ones(n_dims)))

    def forward(self, points: np.ndarray) -> np.ndarray:
        """Convert (N, D) points from the user's units to standard ones, in the same dtype."""
        standard: np.ndarray = (points - self.mean) / self.scale
        return standard.astype(points.dtype)

    def inverse(self, points: np.ndarray) -> np.ndarray:
        """Convert (N, D) points or (K, D) centroids back to the user's units, in the same dtype."""
        own: np.ndarray = points * self.scale + self.mean
        return own.astype(points.dtype)

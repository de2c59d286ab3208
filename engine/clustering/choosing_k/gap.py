"""The gap statistic: how much tighter the clusters are than clusters of uniform reference data.

Tibshirani, R., Walther, G. and Hastie, T. (2001). Estimating the number of clusters in a data set
via the gap statistic. Journal of the Royal Statistical Society B 63(2), 411-423.

The references are uniform in a box around the points: along their columns (the paper's choice a) or
along their principal components (choice b), whichever box is smaller. If the points fill a square,
or lie along a slope, the other box is mostly empty, and every k would look too good.
"""

from dataclasses import dataclass

import numpy as np

from engine.clustering.projection import pca

# With more dimensions than this, finding the components would hold up the engine, so the box is
# along the columns.
MAX_ALIGNED = 50


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """The box that references are drawn from; its axes may be rotated against the columns.

    Attributes:
        low, high: (D,) float64.
    """

    low: np.ndarray
    high: np.ndarray

    @classmethod
    def around(cls, points: np.ndarray) -> "Box":
        """Return the box around (N, D) points that has the smaller volume."""
        centred = points - points.mean(0, dtype=np.float64)
        own = cls(centred.min(0), centred.max(0))
        if points.shape[1] > MAX_ALIGNED:
            return own
        turned = pca(points, points.shape[1]).projected
        aligned = cls(turned.min(0), turned.max(0))
        return min(own, aligned, key=Box.log_volume)

    def log_volume(self) -> float:
        """Natural logarithm of the volume; a flat side counts as a very small length."""
        sides = self.high - self.low
        return float(np.log(np.maximum(sides, 1e-9 * sides.max())).sum())

    def draw(self, n_points: int, rng: np.random.Generator) -> np.ndarray:
        """Draw (N, D) float32 points uniformly."""
        return rng.uniform(self.low, self.high, (n_points, len(self.low))).astype(np.float32)


def gaps(inertias: np.ndarray, references: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Compare inertias with those of reference data sets.

    Args:
        inertias: (M,) of the points, one for each k.
        references: (B, M) of B reference data sets.

    Returns:
        The gaps and their standard errors, which include the simulation error; both (M,) float64.
        NaN if an inertia is 0 or missing, and if there are no references.
    """
    n_references = len(references)
    if n_references == 0:
        return np.full(len(inertias), np.nan), np.full(len(inertias), np.nan)
    logs = _logarithms(references)
    errors = logs.std(0) * np.sqrt(1 + 1 / n_references)
    found = logs.mean(0) - _logarithms(inertias)
    return found, np.where(np.isnan(found), np.nan, errors)


def _logarithms(inertias: np.ndarray) -> np.ndarray:
    positive = inertias > 0
    return np.where(positive, np.log(np.where(positive, inertias, 1)), np.nan)

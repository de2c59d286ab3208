"""The gap statistic: how much tighter the clusters are than those of points spread evenly.

Tibshirani, R., Walther, G. and Hastie, T. (2001). Estimating the number of clusters in a data set
via the gap statistic. Journal of the Royal Statistical Society B 63(2), 411-423.

The references are uniform in a box around the points: along their columns (the paper's choice a)
or along their principal components (choice b), whichever is smaller. Where points fill a square, or
lie along a slope, one of the two is empty for the most part, and every k would look too good.
"""

from dataclasses import dataclass

import numpy as np

from engine.clustering.projection import pca

# Beyond so many dimensions finding the components would hold the engine up: along the columns.
MAX_ALIGNED = 50


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """Where references are drawn: its axes may be turned against those of the points.

    Attributes:
        low, high: (D,) float64.
    """

    low: np.ndarray
    high: np.ndarray

    @classmethod
    def around(cls, points: np.ndarray) -> "Box":
        """The smaller box of (N, D) points, by its volume."""
        centred = points - points.mean(0, dtype=np.float64)
        own = cls(centred.min(0), centred.max(0))
        if points.shape[1] > MAX_ALIGNED:
            return own
        turned = pca(points, points.shape[1]).projected
        aligned = cls(turned.min(0), turned.max(0))
        return min(own, aligned, key=Box.log_volume)

    def log_volume(self) -> float:
        """Natural logarithm of the volume; a side that is flat counts as hardly anything."""
        sides = self.high - self.low
        return float(np.log(np.maximum(sides, 1e-9 * sides.max())).sum())

    def draw(self, n_points: int, rng: np.random.Generator) -> np.ndarray:
        """Draw (N, D) float32 points, each place being as likely."""
        return rng.uniform(self.low, self.high, (n_points, len(self.low))).astype(np.float32)


def gaps(inertias: np.ndarray, references: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Compare inertias with those of references.

    Args:
        inertias: (M,) of the points, one a k.
        references: (B, M) of B references.

    Returns:
        The gaps and their standard errors, which count the chance of the simulation too; (M,)
        float64 both. NaN where an inertia is 0 or missing, and where there are no references.
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

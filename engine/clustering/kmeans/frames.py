"""The frames of k-means."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from engine.clustering.frames import Clustered, Phase, Stop


class EmptyPolicy(StrEnum):
    """What a centroid without points does in an update.

    KEEP: it stays where it is.
    FARTHEST: it jumps to the point that is farthest from its own centroid.
    """

    KEEP = "keep"
    FARTHEST = "farthest"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KMeansFrame(Clustered):
    """One half-step of Lloyd's algorithm, or one centroid of its seeding.

    Attributes:
        iteration: The number of completed updates; 0 while seeding and at the first assignment.
        phase: Which half-step this is.
        centroids: (K, D) float64, in the units of the points; while seeding, those found so far,
            which are points and therefore float32.
        labels: (N,) unsigned, the smallest type that holds K: the index of each point's centroid.
        sizes: (K,) int64, the number of points with each label.
        inertias: (K,) float64, squared distances from points to their own centroid, summed over
            each cluster.
        changed: How many labels differ from the frame before.
        shift: The largest distance that a centroid moved; 0 unless this is an update.
        empty_policy: What the centroids named in `empty` do at the next update.
        seed: The seed of the best of several runs, if this is its frame; None for a single run.
        stop: Why the run ends here; None while it goes on.
    """

    iteration: int
    phase: Phase
    centroids: np.ndarray
    labels: np.ndarray
    sizes: np.ndarray
    inertias: np.ndarray
    changed: int
    shift: float = 0.0
    empty_policy: EmptyPolicy = EmptyPolicy.KEEP
    seed: int | None = None
    stop: Stop | None = None

    @property
    def inertia(self) -> float:
        """Sum of squared distances from all points to their own centroids."""
        return float(self.inertias.sum())

    @property
    def converged(self) -> bool:
        """Whether the run ends here because nothing is left to move."""
        return self.stop in (Stop.LABELS, Stop.TOLERANCE, Stop.PLATEAU)

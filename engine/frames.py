"""The records that cross threads: one frozen frame for each visible step of an algorithm.

NumPy only: the window imports this module before TensorFlow is loaded. Frames cross from the
engine thread to the GUI thread, so everything in them is immutable.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt


class Phase(StrEnum):
    """The half-step of k-means that a frame shows."""

    SEED = "seed"
    ASSIGN = "assign"
    UPDATE = "update"


class EmptyPolicy(StrEnum):
    """What a centroid without points does at the update.

    KEEP: it stays where it is.
    FARTHEST: it jumps to the point that is farthest from its own centroid.
    """

    KEEP = "keep"
    FARTHEST = "farthest"


class Stop(StrEnum):
    """Why a run ended."""

    LABELS = "no label changed"
    TOLERANCE = "no centroid moved farther than the tolerance"
    MAX_ITER = "the largest number of iterations was reached"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KMeansFrame:
    """One half-step of Lloyd's algorithm, or one centroid of its seeding.

    Attributes:
        iteration: Completed updates; 0 while seeding and at the first assignment.
        phase: Which half-step this is.
        centroids: (K, D) float32, in the units of the points; while seeding, those found so far.
        labels: (N,) unsigned, the smallest type that holds K: the index of each point's centroid.
        sizes: (K,) int64, how many points have each label.
        inertias: (K,) float64, squared distances from points to their own centroid, summed over
            each cluster.
        changed: How many labels differ from the frame before.
        shift: The longest way that a centroid moved in this half-step, 0 unless an update.
        empty_policy: What the centroids named in `empty` do at the next update.
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
    stop: Stop | None = None

    @property
    def inertia(self) -> float:
        """Sum of squared distances from all points to their own centroids."""
        return float(self.inertias.sum())

    @property
    def iterations(self) -> int:
        """`iteration`, under the name it has in a result."""
        return self.iteration

    @property
    def empty(self) -> tuple[int, ...]:
        """Indices of the centroids that have no points."""
        return tuple(np.flatnonzero(self.sizes == 0).tolist())

    @property
    def converged(self) -> bool:
        """Whether the run ends here because there is nothing left to move."""
        return self.stop in (Stop.LABELS, Stop.TOLERANCE)

    def distances(self, point: np.ndarray) -> np.ndarray:
        """Distance from a point, (D,) in the units of the frame, to each centroid: (K,)."""
        return np.asarray(np.linalg.norm(self.centroids - point, axis=1))


def sealed(values: npt.ArrayLike, dtype: npt.DTypeLike | None = None) -> np.ndarray:
    """Copy a tensor or an array into a read-only array that any thread may hold."""
    array = np.array(values, dtype)
    array.flags.writeable = False
    return array


def label_dtype(n_clusters: int) -> np.dtype:
    """The smallest unsigned type that holds the labels of `n_clusters` clusters."""
    return np.min_scalar_type(max(n_clusters - 1, 0))

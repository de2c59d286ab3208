"""What the frames of all clustering algorithms share: phases, stop reasons, labels."""

from enum import StrEnum

import numpy as np


class Phase(StrEnum):
    """What a frame shows: a half-step of k-means, or a stage of mean shift."""

    SEED = "seed"
    ASSIGN = "assign"
    UPDATE = "update"
    START = "start"
    SHIFT = "shift"
    MERGE = "merge"
    COUNT = "count"
    GROW = "grow"


class Stop(StrEnum):
    """Why a run ended."""

    LABELS = "no label changed"
    TOLERANCE = "no centroid moved farther than the tolerance"
    MAX_ITER = "the largest number of iterations was reached"
    PLATEAU = "the inertia of the batches no longer fell"
    GROWN = "no cluster can grow any further"
    NO_SHIFT = "nothing moved farther than a thousandth of the bandwidth"


class Clustered:
    """What every frame with centroids has."""

    __slots__ = ()
    iteration: int
    centroids: np.ndarray
    sizes: np.ndarray

    @property
    def iterations(self) -> int:
        """`iteration`, under the name it has in results."""
        return self.iteration

    @property
    def empty(self) -> tuple[int, ...]:
        """Indices of the centroids, or modes, that have no points."""
        return tuple(np.flatnonzero(self.sizes == 0).tolist())

    def distances(self, point: np.ndarray) -> np.ndarray:
        """Distance from a point, (D,) in the units of the frame, to each centroid: (K,)."""
        return np.asarray(np.linalg.norm(self.centroids - point, axis=1))


def label_dtype(n_clusters: int) -> np.dtype:
    """The smallest unsigned type that holds the labels of `n_clusters` clusters."""
    return np.min_scalar_type(max(n_clusters - 1, 0))

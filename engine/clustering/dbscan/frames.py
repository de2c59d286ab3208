"""The frames of DBSCAN, and a note on the last one."""

from dataclasses import dataclass

import numpy as np

from engine.clustering.frames import Phase, Stop
from engine.numbers import counted

# The note warns if the fraction of noise, or of the largest cluster, is at least this.
_NEARLY_ALL_NOISE, _NEARLY_ALL_IN_ONE = 0.9, 0.95


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DbscanFrame:
    """Neighbours counted, or clusters grown so far.

    A core point has at least `min_points` neighbours, including itself. A border point is not a
    core point but has one among its neighbours. All others are noise.

    Attributes:
        iteration: How often clusters have grown, by one ring of neighbours each time.
        phase: COUNT while neighbours are counted, GROW after that.
        eps: Points at most this far apart are neighbours, in the units of the points.
        min_points: The least number of neighbours of a core point, including itself.
        n_neighbors: (N,) int32, the neighbours of each point, including itself; 0 until it has been
            counted.
        labels: (N,) int32, the cluster of each point; -1 for noise, and for points not reached yet.
        reached: (R,) int64, the points that have joined a cluster since the frame before.
        sizes: (K,) int64, the points in each cluster. The last cluster may still grow.
        n_core: (K,) int64, the core points in each cluster.
        coincide: Whether all points are in the same place.
        stop: Why the run ends here; None while it goes on.
    """

    iteration: int
    phase: Phase
    eps: float
    min_points: int
    n_neighbors: np.ndarray
    labels: np.ndarray
    reached: np.ndarray
    sizes: np.ndarray
    n_core: np.ndarray
    coincide: bool = False
    stop: Stop | None = None

    @property
    def converged(self) -> bool:
        """Whether the run is complete."""
        return self.stop is not None

    @property
    def is_core(self) -> np.ndarray:
        """(N,) bool, whether each point is known to be a core point."""
        return np.asarray(self.n_neighbors >= self.min_points)

    @property
    def n_clusters(self) -> int:
        """The number of clusters so far."""
        return len(self.sizes)

    @property
    def n_unassigned(self) -> int:
        """The number of points in no cluster; in the last frame, the noise."""
        return len(self.labels) - int(self.sizes.sum())


def note(frame: DbscanFrame) -> str:
    """Return a warning about the last frame of a run, with advice; empty if there is none."""
    n_points = len(frame.labels)
    if frame.min_points > n_points:  # so no eps would help
        return (
            f"A core point needs {frame.min_points:,} points within eps, but there are no more "
            f"than {counted(n_points, 'point')}, so everything is noise. Choose fewer minimum "
            "points."
        )
    if frame.n_unassigned >= _NEARLY_ALL_NOISE * n_points:
        have = "few have" if frame.n_clusters else "none has"
        return (
            f"{frame.n_unassigned:,} of {n_points:,} points are noise: {have} "
            f"{frame.min_points:,} points within {frame.eps:.3g}. Choose a larger eps, or fewer "
            "minimum points."
        )
    if frame.n_clusters == 1 and frame.sizes[0] >= max(2, _NEARLY_ALL_IN_ONE * n_points):
        if frame.coincide:
            return f"All {n_points:,} points are in the same place, so no eps can separate them."
        return (
            f"{frame.sizes[0]:,} of {n_points:,} points are in one cluster. If you expect more, "
            f"choose an eps smaller than {frame.eps:.3g}, or more minimum points."
        )
    return ""

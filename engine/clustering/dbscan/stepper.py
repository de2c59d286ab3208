"""DBSCAN as frames: counts the neighbours of all points, then grows one cluster after another.

Ester, M., Kriegel, H.-P., Sander, J. and Xu, X. (1996). A density-based algorithm for discovering
clusters in large spatial databases with noise. KDD, 226-231.

A cluster begins at the first core point that has none yet, in the order of the points. It takes the
neighbours of its core points, ring by ring, until there are no more; then the next one begins. So a
border point belongs to the first cluster that reaches it, and labels are those of scikit-learn.

The engine holds points as float32, and compares those values. Decimal fractions such as 0.1 are
rounded to float32 before, so points that are exactly eps apart in a table may fall on either side.
A computation on float64 values then differs: iris with eps 0.3 has 94 noise points here, and 96 in
scikit-learn on float64.
"""

from collections.abc import Generator, Iterator

import numpy as np

from engine.clustering.checks import check
from engine.clustering.dbscan.estimation import estimated_eps
from engine.clustering.dbscan.frames import DbscanFrame
from engine.clustering.dbscan.neighbors import Neighbors
from engine.clustering.dbscan.options import DbscanOptions
from engine.clustering.frames import Phase, Stop
from engine.frames import sealed

# A frame labels at least one point in this many, so a run has at most this many frames of growth.
_FRAMES = 300


def dbscan(points: np.ndarray, options: DbscanOptions) -> Generator[DbscanFrame, None, None]:
    """Find the clusters.

    Args:
        points: (N, D) float32.
        options: What to do.

    Yields:
        Frames of phase COUNT, one for each chunk of points; then of GROW, whenever a few more
        points have been reached. The last says why the run stopped.

    Raises:
        DataError: The points cannot be clustered.
        CapacityError: eps gives so many neighbours that the run would take minutes.
    """
    check(points, points[:1])
    eps = options.eps or estimated_eps(points, options.min_points)
    neighbors = Neighbors(points, eps, options.min_points)
    growth = _Growth(neighbors, eps, options.min_points, coincide=not np.ptp(points, 0).any())
    for _ in neighbors.count():
        yield growth.frame(Phase.COUNT)
    for _ in growth.rings():
        if growth.n_new * _FRAMES >= len(points):
            yield growth.frame(Phase.GROW)
    yield growth.frame(Phase.GROW, Stop.GROWN)


class _Growth:
    """The clusters so far."""

    def __init__(
        self, neighbors: Neighbors, eps: float, min_points: int, *, coincide: bool
    ) -> None:
        self._neighbors, self._eps, self._min_points = neighbors, eps, min_points
        self._coincide = coincide
        self._labels = np.full(len(neighbors.counts), -1, np.int32)
        self._sizes: list[int] = []
        self._n_core: list[int] = []
        self._new: list[np.ndarray] = []
        self._iteration = 0
        self.n_new = 0

    def rings(self) -> Iterator[None]:
        """Grow all clusters, yielding after each part of a ring."""
        cores = np.flatnonzero(self._neighbors.counts >= self._min_points)
        for seed in cores:
            if self._labels[seed] < 0:
                self._sizes.append(0)
                self._n_core.append(0)
                frontier = self._add(np.array([seed]))
                while len(frontier):
                    self._iteration += 1
                    cores_reached = []
                    for near in self._neighbors.reached(frontier, self._labels):
                        cores_reached.append(self._add(near))
                        yield
                    frontier = np.concatenate(cores_reached)

    def _add(self, points: np.ndarray) -> np.ndarray:
        """Add points to the last cluster; returns the core points among them."""
        self._labels[points] = len(self._sizes) - 1
        cores = points[self._neighbors.counts[points] >= self._min_points]
        self._sizes[-1] += len(points)
        self._n_core[-1] += len(cores)
        self._new.append(points)
        self.n_new += len(points)
        return np.asarray(cores)

    def frame(self, phase: Phase, stop: Stop | None = None) -> DbscanFrame:
        """Return a frame of the current state, and start a new list of reached points."""
        reached = np.concatenate([np.empty(0, np.int64), *self._new])
        self._new, self.n_new = [], 0
        return DbscanFrame(
            iteration=self._iteration,
            phase=phase,
            eps=self._eps,
            min_points=self._min_points,
            n_neighbors=sealed(self._neighbors.counts),
            labels=sealed(self._labels),
            reached=sealed(reached),
            sizes=sealed(self._sizes, np.int64),
            n_core=sealed(self._n_core, np.int64),
            coincide=self._coincide,
            stop=stop,
        )

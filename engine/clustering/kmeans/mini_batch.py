"""Mini-batch k-means: each iteration looks at a few points drawn at random, not at all of them.

Sculley, D. (2010). Web-scale k-means clustering. WWW, 1177-1178. A centroid moves towards each of
its points in the batch by 1 / v of the distance, v being the number of points it was ever given
(Algorithm 1). Taken one after the other, such moves end at the mean of all of those points,
so a batch is summed at once.

The paper does a given number of iterations. We stop earlier as scikit-learn's MiniBatchKMeans does:
when an exponentially weighted mean of the batches' inertia has had no new low for a while.
"""

from collections.abc import Generator
from typing import NamedTuple

import numpy as np

from engine.clustering.chunks import Progress
from engine.clustering.frames import Stop
from engine.clustering.kmeans.backends.base import Goal
from engine.clustering.kmeans.backends.streamed import Streamed
from engine.clustering.kmeans.driver import make_frame, told
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import MiniBatchOptions
from engine.data.arrays.mapped import Points

# The weight of a batch in the mean: about the last 200 count.
_WEIGHT = 0.01
# Batches without a new low of the mean, after which nothing more is expected.
_PATIENCE = 50


class Seen(NamedTuple):
    """What one more batch has done.

    Attributes:
        iteration: How many batches were seen.
        inertia: The mean squared distance from a point to its centroid, over the last batches.
        batch: (B,) int64, sorted, the indices of the points that were drawn.
        centroids: (K, D) float64, shifted as the backend shifts points: where they are now.
        stop: Why there are no more batches; None if there are.
    """

    iteration: int
    inertia: float
    batch: np.ndarray
    centroids: np.ndarray
    stop: Stop | None


class _Plateau:
    """A smoothed curve, and how long ago it had its minimum."""

    def __init__(self) -> None:
        self.mean, self.low, self.waited = np.inf, np.inf, 0

    def add(self, value: float) -> bool:
        """Take one more value; returns whether nothing more is expected."""
        first = not np.isfinite(self.mean)
        self.mean = value if first else self.mean + _WEIGHT * (value - self.mean)
        self.waited = 0 if self.mean < self.low else self.waited + 1
        self.low = min(self.low, self.mean)
        return self.waited >= _PATIENCE


def fit_in_chunks(
    points: Points, centroids: np.ndarray, options: MiniBatchOptions
) -> Generator[Seen | Progress, None, KMeansFrame]:
    """Move centroids batch by batch, then assign all points once; errors as `driver.fit`.

    Args:
        points: (N, D), in memory or in their file.
        centroids: (K, D), where the centroids start.
        options: How many points a batch has, how many batches there are at most, and the seed.

    Yields:
        After each batch what was seen, then how far the last assignment is.

    Returns:
        The assignment of all points, whose iterations are the batches.
    """
    backend = Streamed(points, centroids)
    moved, n_batches, stop = backend.start, 0, Stop.MAX_ITER
    for seen in batches(backend, options):
        moved, n_batches, stop = seen.centroids, seen.iteration, seen.stop or stop
        yield seen
    assignment = yield from told(backend.assign(moved, None, Goal()), n_batches)
    yield Progress(n_batches)
    making = make_frame(backend, assignment, n_batches, changed=assignment.changed, stop=stop)
    return (yield from told(making, n_batches))


def batches(
    backend: Streamed, options: MiniBatchOptions, first: int = 0
) -> Generator[Seen, None, None]:
    """Move the centroids of the start by one batch after another.

    Args:
        backend: The points, and where the centroids start.
        options: How many points a batch has, how many batches there are at most, and the seed.
        first: How many batches were seen before: they are not drawn again.

    Yields:
        What each batch has done; the last says why there are no more.
    """
    rng = _draws(options.seed, first)
    n_points, curve = len(backend.points), _Plateau()
    n_batch = min(options.batch_size, n_points)
    means, counts = backend.start, np.zeros((len(backend.start), 1))
    for n_batches in range(first + 1, options.max_batches + 1):
        rows = np.sort(rng.integers(n_points, size=n_batch))  # a file is read from front to back
        batch = backend.points[rows]
        labels, totals, sizes = backend.summarize(batch, means)
        inertia = backend.own_distances(batch, labels, means).sum()
        sizes = sizes[:, np.newaxis]
        counts += sizes
        means = means + (totals - sizes * means) / np.maximum(counts, 1)
        stop = Stop.PLATEAU if curve.add(inertia / n_batch) else None
        if stop is None and n_batches == options.max_batches:
            stop = Stop.MAX_ITER
        yield Seen(n_batches, curve.mean, rows, means, stop)
        if stop:
            return


def _draws(seed: int, first: int) -> np.random.Generator:
    """The random numbers of the batches after the first ones; not those of the seeding again."""
    return np.random.default_rng([seed, 1, first] if first else [seed, 1])

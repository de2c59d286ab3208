"""Mini-batch k-means: each iteration uses a few points drawn at random instead of all of them.

Sculley, D. (2010). Web-scale k-means clustering. WWW, 1177-1178. A centroid moves towards each of
its points in the batch by 1 / v of the distance, where v is the number of points it has ever been
given (Algorithm 1). One after another, such moves end at the mean of all of those points, so a
batch is summed at once.

The paper makes a given number of iterations. Like scikit-learn's MiniBatchKMeans, we stop earlier:
when an exponentially weighted mean of the batches' inertia has had no new minimum for a while.
"""

from collections.abc import Generator
from typing import NamedTuple

import numpy as np

from engine.clustering.chunks import Progress
from engine.clustering.frames import Stop
from engine.clustering.kmeans.backends.base import Goal
from engine.clustering.kmeans.backends.streamed import Streamed
from engine.clustering.kmeans.driver import make_frame, with_progress
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import MiniBatchOptions
from engine.data.arrays.mapped import Points

# The weight of a batch in the mean: effectively the last 200 count.
_WEIGHT = 0.01
# Stop after this many batches without a new minimum of the mean.
_PATIENCE = 50


class Seen(NamedTuple):
    """The result of one batch.

    Attributes:
        iteration: How many batches have been processed.
        inertia: The mean squared distance from a point to its centroid, over the last batches.
        batch: (B,) int64, sorted, the indices of the points that were drawn.
        centroids: (K, D) float64, shifted as the backend shifts points: where they are now.
        stop: Why there are no more batches; None if there are more.
    """

    iteration: int
    inertia: float
    batch: np.ndarray
    centroids: np.ndarray
    stop: Stop | None


class _Plateau:
    """A smoothed curve, and how long ago it reached its minimum."""

    def __init__(self) -> None:
        self.mean, self.low, self.waited = np.inf, np.inf, 0

    def add(self, value: float) -> bool:
        """Add one more value; returns whether the curve has reached a plateau."""
        first = not np.isfinite(self.mean)
        self.mean = value if first else self.mean + _WEIGHT * (value - self.mean)
        self.waited = 0 if self.mean < self.low else self.waited + 1
        self.low = min(self.low, self.mean)
        return self.waited >= _PATIENCE


def fit_in_chunks(
    points: Points, centroids: np.ndarray, options: MiniBatchOptions
) -> Generator[Seen | Progress, None, KMeansFrame]:
    """Move centroids batch by batch, then assign all points once; raises what `driver.fit` raises.

    Args:
        points: (N, D), in memory or in their file.
        centroids: (K, D), the initial centroids.
        options: The batch size, the largest number of batches, and the seed.

    Yields:
        The result of each batch, then the progress of the last assignment.

    Returns:
        The frame of the last assignment; its iterations are the number of batches.
    """
    backend = Streamed(points, centroids)
    moved, n_batches, stop = backend.start, 0, Stop.MAX_ITER
    for seen in batches(backend, options):
        moved, n_batches, stop = seen.centroids, seen.iteration, seen.stop or stop
        yield seen
    assignment = yield from with_progress(backend.assign(moved, None, Goal()), n_batches)
    yield Progress(n_batches)
    making = make_frame(backend, assignment, n_batches, changed=assignment.changed, stop=stop)
    return (yield from with_progress(making, n_batches))


def batches(
    backend: Streamed, options: MiniBatchOptions, first: int = 0
) -> Generator[Seen, None, None]:
    """Move the initial centroids by one batch after another.

    Args:
        backend: The points, and the initial centroids.
        options: The batch size, the largest number of batches, and the seed.
        first: How many batches were processed before: they are not drawn again.

    Yields:
        The result of each batch; the last says why there are no more.
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
    """Return the random numbers for the batches from `first` on, different from the seeding's."""
    return np.random.default_rng([seed, 1, first] if first else [seed, 1])

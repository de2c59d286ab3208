"""Mini-batch k-means: each iteration looks at a few points drawn at random, not at all of them.

Sculley, D. (2010). Web-scale k-means clustering. WWW, 1177-1178. A centroid moves towards each of
its points in the batch by one part in the number of points it was ever given (Algorithm 1, the
learning rate 1 / v). Taken one after the other, such moves end at the mean of all of those points,
so a batch is summed at once.

The paper does a given number of iterations. We stop earlier as scikit-learn's MiniBatchKMeans does:
when an exponentially weighted mean of the batches' inertia has had no new low for a while.
"""

from collections.abc import Generator
from typing import NamedTuple

import numpy as np

from engine.clustering.checks import check, check_range, check_shapes
from engine.clustering.frames import Stop, label_dtype
from engine.clustering.kmeans.backends.half_steps import own_distances
from engine.clustering.kmeans.backends.passes import Passes, Reached
from engine.clustering.kmeans.backends.summaries import summarize
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import MiniBatchOptions
from engine.data.arrays.mapped import MappedPoints, Points
from engine.frames import sealed
from engine.runtime.backend import tf

# The weight of a batch in the mean: about the last 200 count.
_WEIGHT = 0.01
# Batches without a new low of the mean, after which nothing more is expected.
_PATIENCE = 50


class Seen(NamedTuple):
    """How far the batches are.

    Attributes:
        iteration: How many were seen.
        inertia: Of a point of the last few, the mean squared distance to its centroid.
    """

    iteration: int
    inertia: float


class _Plateau:
    """A smoothed curve, and how long ago it had its low."""

    def __init__(self) -> None:
        self.mean, self.low, self.waited = np.inf, np.inf, 0

    def add(self, value: float) -> bool:
        """Take one more value; returns whether nothing more is expected."""
        first = not np.isfinite(self.mean)
        self.mean = value if first else self.mean + _WEIGHT * (value - self.mean)
        self.waited = 0 if self.mean < self.low else self.waited + 1
        self.low = min(self.low, self.mean)
        return self.waited >= _PATIENCE


def fit_in_slices(
    points: Points, centroids: np.ndarray, options: MiniBatchOptions
) -> Generator[Seen | Reached, None, KMeansFrame]:
    """Move centroids batch by batch, then assign all points once; errors as `kmeans.fit`.

    Args:
        points: (N, D), in memory or in their file.
        centroids: (K, D), where the centroids start.
        options: How many points a batch has, how many batches there are at most, and the seed.

    Yields:
        After each batch what was seen, then how far the last assignment is.

    Returns:
        The assignment of all points, whose iterations are the batches.
    """
    _check(points, centroids)
    passes = Passes(points, centroids)
    current, iteration, stop = yield from _moved(passes, options)
    labels = np.zeros(len(points), label_dtype(len(centroids)))
    found = yield from passes.assign(current, labels, iteration)
    rest = {"sizes": sealed(found.sizes), "changed": len(points), "stop": stop}
    return (yield from passes.last_frame(current, labels, iteration, **rest))


def _check(points: Points, centroids: np.ndarray) -> None:
    if isinstance(points, MappedPoints):
        check_shapes(points.shape, centroids)
        check_range(np.maximum(points.largest, np.abs(centroids).max()))
    else:
        check(points, centroids)


def _moved(
    passes: Passes, options: MiniBatchOptions
) -> Generator[Seen, None, tuple[np.ndarray, int, Stop]]:
    """Move the (K, D) of the start; returns them, how many batches, and why there are no more."""
    rng = np.random.default_rng([options.seed, 1])  # not the draws of the seeding again
    n_points, curve = len(passes.points), _Plateau()
    n_batch = min(options.batch_size, n_points)
    means, counts = passes.start.copy(), np.zeros((passes.n_clusters, 1))
    for iteration in range(1, options.max_batches + 1):
        batch = np.sort(rng.integers(n_points, size=n_batch))  # a file is read from front to back
        shifted = passes.shifted(batch)
        labels, totals, sizes = summarize(shifted, means)
        inertia = own_distances(tf.cast(shifted, tf.float64), labels, means).numpy().sum()
        sizes = sizes.numpy()[:, np.newaxis]
        counts += sizes
        means += (totals.numpy() - sizes * means) / np.maximum(counts, 1)
        done = curve.add(inertia / n_batch)
        yield Seen(iteration, curve.mean)
        if done:
            return means, iteration, Stop.PLATEAU
    return means, options.max_batches, Stop.MAX_ITER

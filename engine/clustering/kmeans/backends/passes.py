"""One pass over points that are read a chunk at a time: what k-means asks of all of them.

Only a chunk is on the device. Sums and counts of the chunks add up to those of all points.
"""

from collections.abc import Generator, Iterator
from typing import Any, NamedTuple

import numpy as np

from engine.clustering.frames import Phase
from engine.clustering.kmeans.backends.half_steps import own_distances
from engine.clustering.kmeans.backends.packing import shift_origin
from engine.clustering.kmeans.backends.summaries import summarize
from engine.clustering.kmeans.frames import KMeansFrame
from engine.data.arrays import mapped
from engine.data.arrays.mapped import Points
from engine.frames import sealed
from engine.runtime.backend import tf

# Multiplications of one chunk, so that a run can be left after some 50 ms on two cores.
_CHUNK_WORK = 2**28


class Reached(NamedTuple):
    """How far a computation is that goes over all points again and again.

    Attributes:
        number: Iterations done, or centroids found.
        share: The part of the points that this pass has seen, from 0 to 1.
    """

    number: int
    share: float

    @property
    def percent(self) -> str:
        """The share as a person reads it."""
        return f"{100 * self.share:.0f} %"


class Summary(NamedTuple):
    """What an assignment found.

    Attributes:
        changed: How many labels it changed.
        totals: (K, D) float64, the sum of the points of each centroid.
        sizes: (K,) int64, how many they are.
    """

    changed: int
    totals: np.ndarray
    sizes: np.ndarray


def parts(points: Points, n_clusters: int) -> Iterator[slice]:
    """Cut (N, D) points into chunks of one size, but for the last, to compare with K centroids."""
    n_dims = points.shape[1]
    n_rows = max(1, min(mapped.CHUNK_VALUES, _CHUNK_WORK // n_clusters) // n_dims)
    return (slice(start, start + n_rows) for start in range(0, len(points), n_rows))


class Passes:
    """Points that are gone over again and again, shifted by a place near them, `origin`.

    Attributes:
        start: (K, D) float64, the centroids given, shifted too.
    """

    def __init__(self, points: Points, centroids: np.ndarray) -> None:
        self.points, self.n_clusters = points, len(centroids)
        self.origin = shift_origin(points)
        self.start = centroids - self.origin

    def shifted(self, which: slice | np.ndarray) -> tf.Tensor:
        """Some of the points on the device: (n, D) float32."""
        points = self.points[which]
        shifted = np.empty(points.shape, np.float32)
        # Subtracted in float64 without an array of it.
        np.subtract(points, self.origin, out=shifted, casting="same_kind")
        return tf.constant(shifted)

    def chunks(self, number: int) -> Iterator[tuple[slice, tf.Tensor, Reached]]:
        """All points, a chunk at a time: which they are, they, and how far that is."""
        n_points = len(self.points)
        for part in parts(self.points, self.n_clusters):
            yield part, self.shifted(part), Reached(number, min(1.0, part.stop / n_points))

    def assign(
        self, centroids: np.ndarray, labels: np.ndarray, number: int
    ) -> Generator[Reached, None, Summary]:
        """Write to (N,) `labels` which of (K, D) float64 centroids each point is nearest to."""
        changed = 0
        totals, sizes = np.zeros(centroids.shape), np.zeros(len(centroids))
        for part, points, reached in self.chunks(number):
            found, total, size = (each.numpy() for each in summarize(points, centroids))
            changed += int(np.count_nonzero(labels[part] != found))
            labels[part] = found
            totals += total
            sizes += size
            yield reached
        return Summary(changed, totals, sizes.astype(np.int64))

    def inertias(
        self, centroids: np.ndarray, labels: np.ndarray, number: int
    ) -> Generator[Reached, None, np.ndarray]:
        """(K,) float64, the squared distances of each centroid's points to it, summed."""
        inertias = np.zeros(len(centroids))
        for part, points, reached in self.chunks(number):
            own = labels[part]
            distances = _own_distances(points, own, centroids)
            inertias += np.bincount(own, weights=distances, minlength=len(centroids))
            yield reached
        return inertias

    def last_frame(
        self, centroids: np.ndarray, labels: np.ndarray, iteration: int, **rest: Any
    ) -> Generator[Reached, None, KMeansFrame]:
        """Measure an assignment in one more pass: the frame of it. The labels become read-only."""
        inertias = yield from self.inertias(centroids, labels, iteration)
        labels.flags.writeable = False
        return KMeansFrame(
            iteration=iteration,
            phase=Phase.ASSIGN,
            centroids=sealed(centroids + self.origin),
            labels=labels,
            inertias=sealed(inertias),
            **rest,
        )

    def farthest(
        self, centroids: np.ndarray, labels: np.ndarray, n_wanted: int, number: int
    ) -> Generator[Reached, None, np.ndarray]:
        """(n, D), the points farthest from their own centroids; none that stands on its own."""
        best = np.zeros(0)
        found = np.zeros((0, self.points.shape[1]), np.float32)
        for part, points, reached in self.chunks(number):
            distances = _own_distances(points, labels[part], centroids)
            floor = best[-1] if len(best) == n_wanted else 0
            far = np.flatnonzero(distances > floor)
            best = np.concatenate([best, distances[far]])
            order = np.argsort(-best, kind="stable")[:n_wanted]
            best, found = best[order], np.concatenate([found, points.numpy()[far]])[order]
            yield reached
        return found


def _own_distances(points: tf.Tensor, labels: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    wide = tf.cast(points, tf.float64)
    return np.asarray(own_distances(wide, labels.astype(np.int32), centroids))

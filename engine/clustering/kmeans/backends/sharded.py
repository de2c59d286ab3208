"""The sharded backend: points on several devices, or in several processes.

Each replica holds a shard of the points and summarizes it: sums and counts for each cluster, and
how many labels changed. These add up to those of all points, so that all replicas move the
centroids alike. In each iteration K numbers for each dimension pass between the replicas, and the
points never do.
"""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.clustering.checks import check
from engine.clustering.frames import label_dtype
from engine.clustering.kmeans.backends import packing, tiled
from engine.clustering.kmeans.backends.base import Assignment, Goal, Move, Work
from engine.clustering.kmeans.backends.compiled.summaries import summarize, unpacked
from engine.clustering.kmeans.backends.half_steps import centroid_shift, own_distances
from engine.clustering.kmeans.backends.packing import Shape
from engine.clustering.kmeans.backends.relocation import Farthest, farthest_first
from engine.errors import DataError
from engine.frames import sealed
from engine.runtime.backend import tf

_NO_LABEL = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ShardedAssignment(Assignment):
    """Labels on the replicas, and the sums over all shards.

    Attributes:
        totals: (K, D) float64, the sum of the points of each centroid.
        counts: (K,) float64, the number of points.
    """

    totals: tf.Tensor
    counts: tf.Tensor


class Sharded:
    """Points in shards, in the order of rows, one on each replica; every process passes all points.

    Args:
        strategy: A `tf.distribute.MirroredStrategy` or `MultiWorkerMirroredStrategy`.
        points: (N, D).
        centroids: (K, D), the initial centroids.
        options: Other options, which must be the same in each process.

    Raises:
        DataError: The points cannot be clustered; or another process has different points,
            centroids or options.
        ParameterError: The centroids do not fit the points.
    """

    def __init__(
        self, strategy: Any, points: np.ndarray, centroids: np.ndarray, options: str = ""
    ) -> None:
        check(points, centroids)
        _check_alike(strategy, points, centroids, options)
        self._strategy, self._n_points, self._n_clusters = strategy, len(points), len(centroids)
        self.origin = packing.shift_origin(points)
        self.start = self.to_device(centroids - self.origin)
        self._tiles = self._distribute(lambda rows: tf.constant(self._packed(points[rows])))
        self._no_labels = self._distribute(lambda rows: tf.fill([len(points[rows])], _NO_LABEL))

    def _packed(self, points: np.ndarray) -> np.ndarray:
        n_points, n_dims = points.shape
        return packing.packed(points, self.origin, Shape.of(n_points, n_dims, self._n_clusters))[0]

    def _distribute(self, shard: Callable[[slice], tf.Tensor]) -> Any:
        """Put a shard of the rows on each device of this process."""
        n_replicas = self._strategy.num_replicas_in_sync
        devices = self._strategy.extended.worker_devices

        def on_device(context: Any) -> tf.Tensor:
            index = context.replica_id_in_sync_group
            rows = slice(*(self._n_points * each // n_replicas for each in (index, index + 1)))
            with tf.device(devices[index % len(devices)]):
                return shard(rows)

        return self._strategy.experimental_distribute_values_from_function(on_device)

    def assign(
        self, centroids: tf.Tensor, before: ShardedAssignment | None, goal: Goal
    ) -> Work[ShardedAssignment]:
        """See `Backend.assign`; makes one assignment."""
        yield from ()
        last = before.labels if before else self._no_labels
        labels, *sums = _assign(self._strategy, self._tiles, last, centroids)
        totals, counts, changed = self._local(sums)
        return ShardedAssignment(
            centroids=centroids,
            labels=labels,
            sizes=sealed(counts, np.int64),
            changed=int(changed),
            shift=goal.shift,
            totals=totals,
            counts=counts,
        )

    def update(self, assignment: ShardedAssignment) -> Move:
        """See `Backend.update`; needs the sums, not the points."""
        mean = tiled.mean(assignment.totals, assignment.counts)
        moved = tiled.moved(mean, assignment.counts, assignment.centroids)
        return Move(moved, float(centroid_shift(assignment.centroids, moved)))

    def farthest(self, assignment: ShardedAssignment, n_points: int) -> Work[Farthest]:
        """See `Backend.farthest`; chooses among the K farthest of each replica."""
        yield from ()
        found = _farthest(self._strategy, self._tiles, assignment.labels, assignment.centroids)
        squared, places = (each.numpy() for each in self._local(found))
        chosen = farthest_first(squared, n_points)
        return Farthest(squared[chosen], places[chosen])

    def inertias(self, assignment: ShardedAssignment, centroids: tf.Tensor) -> Work[np.ndarray]:
        """See `Backend.inertias`."""
        yield from ()
        found = _inertias(self._strategy, self._tiles, assignment.labels, centroids)
        (sums,) = self._local([found])
        return np.asarray(sums)

    def host_labels(self, assignment: ShardedAssignment) -> np.ndarray:
        """See `Backend.host_labels`; gathers them from the replicas."""
        (labels,) = self._local([_gather(self._strategy, assignment.labels)])
        return sealed(labels, label_dtype(self._n_clusters))

    def to_host(self, centroids: tf.Tensor) -> np.ndarray:
        """See `Backend.to_host`."""
        return np.asarray(centroids)

    def to_device(self, centroids: np.ndarray) -> tf.Tensor:
        """See `Backend.to_device`."""
        return tf.constant(centroids, tf.float64)

    def _local(self, values: Any) -> tuple[tf.Tensor, ...]:
        """Return the local copy of values that are the same on all replicas."""
        return tuple(self._strategy.experimental_local_results(each)[0] for each in values)


@tf.function
def _assign(strategy: Any, tiles: Any, labels: Any, centroids: tf.Tensor) -> Any:
    def on_replica(tiles: tf.Tensor, before: tf.Tensor) -> tuple[tf.Tensor, ...]:
        labels, *sums = summarize(tiles, before.shape[0], centroids)
        changed = tf.math.count_nonzero(labels != before, dtype=tf.float64)
        context = tf.distribute.get_replica_context()
        return labels, *context.all_reduce("sum", [*sums, changed])

    return strategy.run(on_replica, (tiles, labels))


@tf.function
def _inertias(strategy: Any, tiles: Any, labels: Any, centroids: tf.Tensor) -> Any:
    def on_replica(tiles: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        squared = own_distances(_points(tiles, labels, centroids), labels, centroids)
        sums = tf.math.unsorted_segment_sum(squared, labels, centroids.shape[0])
        return tf.distribute.get_replica_context().all_reduce("sum", sums)

    return strategy.run(on_replica, (tiles, labels))


@tf.function
def _farthest(strategy: Any, tiles: Any, labels: Any, centroids: tf.Tensor) -> Any:
    def on_replica(tiles: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, ...]:
        points = _points(tiles, labels, centroids)
        n_chosen = min(points.shape[0], centroids.shape[0])
        squared, rows = tf.math.top_k(own_distances(points, labels, centroids), n_chosen)
        return _gathered(squared), _gathered(tf.gather(points, rows))

    return strategy.run(on_replica, (tiles, labels))


@tf.function
def _gather(strategy: Any, value: Any) -> Any:
    return strategy.run(_gathered, (value,))


def _points(tiles: tf.Tensor, labels: tf.Tensor, centroids: tf.Tensor) -> tf.Tensor:
    """Return (n, D) float64, the points of a shard."""
    n_clusters, n_dims = centroids.shape
    return tf.cast(unpacked(tiles, labels.shape[0], n_dims, n_clusters), tf.float64)


def _gathered(value: tf.Tensor) -> tf.Tensor:
    """Concatenate the values of all replicas."""
    # An argument of a function is on no device until it is copied to that of the replica.
    return tf.distribute.get_replica_context().all_gather(tf.identity(value), axis=0)


def _check_alike(strategy: Any, points: np.ndarray, centroids: np.ndarray, options: str) -> None:
    """Check that all processes compute the same run: otherwise they would wait for each other.

    Raises:
        DataError: Another process has different points, centroids or options.
    """
    if len(strategy.extended.worker_devices) == strategy.num_replicas_in_sync:
        return  # there is one process
    seen = zlib.crc32(repr((points.shape, centroids.shape, options)).encode())
    for array in (points, centroids):
        seen = zlib.crc32(array.tobytes(), seen)
    gathered = _of_all(strategy, tf.constant([seen], tf.int64))
    if (strategy.experimental_local_results(gathered)[0].numpy() != seen).any():
        raise DataError(
            "The workers have different points or different options; start all of them "
            "with the same command line and the same file."
        )


@tf.function
def _of_all(strategy: Any, value: tf.Tensor) -> Any:
    return strategy.run(lambda: _gathered(value))

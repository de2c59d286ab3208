"""Lloyd's k-means over shards of the points: on several devices, or by several processes.

Each replica holds a part of the points, and summarizes it: sums and counts a cluster, and how many
labels changed. These add up to those of all points, so that all replicas move the centroids alike.
K numbers a dimension cross between the replicas in each iteration, and the points never do.
"""

import zlib
from collections.abc import Callable
from typing import Any

import numpy as np

from engine.clustering.checks import check
from engine.clustering.frames import Phase, label_dtype
from engine.clustering.kmeans.backends import tiled
from engine.clustering.kmeans.backends.half_steps import longest_shift, own_distances
from engine.clustering.kmeans.backends.packing import shift_origin
from engine.clustering.kmeans.backends.summaries import summarize
from engine.clustering.kmeans.frames import EmptyPolicy, KMeansFrame
from engine.clustering.kmeans.lloyd import why_stop
from engine.clustering.kmeans.options import MAX_ITER
from engine.errors import DataError
from engine.frames import sealed
from engine.runtime.backend import tf

_NO_LABEL = -1


class Shards:
    """The points, a part on each replica, in the order of rows, and the start; as of `Passes`."""

    def __init__(self, strategy: Any, points: np.ndarray, centroids: np.ndarray) -> None:
        self.strategy, self.n_points = strategy, len(points)
        self.origin = shift_origin(points)
        self.start = centroids - self.origin
        self.points = self._spread(lambda rows: tf.constant(points[rows] - self.origin, tf.float32))
        self.labels = self._spread(lambda rows: tf.fill([rows.stop - rows.start], _NO_LABEL))

    def _spread(self, part: Callable[[slice], tf.Tensor]) -> Any:
        """Put a part of the rows on each device of this process."""
        n_replicas = self.strategy.num_replicas_in_sync
        devices = self.strategy.extended.worker_devices

        def on_device(context: Any) -> tf.Tensor:
            index = context.replica_id_in_sync_group
            rows = slice(*(self.n_points * each // n_replicas for each in (index, index + 1)))
            with tf.device(devices[index % len(devices)]):
                return part(rows)

        return self.strategy.experimental_distribute_values_from_function(on_device)

    def assign(self, centroids: tf.Tensor) -> tuple[tf.Tensor, ...]:
        """Assign all points to (K, D) centroids, and keep their labels.

        Returns:
            (K, D) float64 sums of the points of each centroid; (K,) float64, how many they are;
            () float64, how many labels changed.
        """
        self.labels, *totals = _assign(self.strategy, self.points, self.labels, centroids)
        return self._local(totals)

    def result(self, centroids: tf.Tensor) -> tuple[tf.Tensor, ...]:
        """Of all points in order: (N,) int32 labels, and (N,) float64 own squared distances."""
        return self._local(_result(self.strategy, self.points, self.labels, centroids))

    def farthest(self, centroids: tf.Tensor) -> tuple[tf.Tensor, ...]:
        """The points that are farthest from their own centroids: K of each replica at most.

        Returns:
            Their squared distances, (M,) float64, and their places, (M, D) float32, the farthest
            of one replica after the farthest of another.
        """
        return self._local(_farthest(self.strategy, self.points, self.labels, centroids))

    def _local(self, values: Any) -> tuple[tf.Tensor, ...]:
        """One copy of values that are the same on all replicas."""
        return tuple(self.strategy.experimental_local_results(each)[0] for each in values)


@tf.function
def _assign(strategy: Any, points: Any, labels: Any, centroids: tf.Tensor) -> Any:
    def on_replica(points: tf.Tensor, before: tf.Tensor) -> tuple[tf.Tensor, ...]:
        labels, *totals = _summarize(points, centroids)
        changed = tf.math.count_nonzero(labels != before, dtype=tf.float64)
        context = tf.distribute.get_replica_context()
        return labels, *context.all_reduce("sum", [*totals, changed])

    return strategy.run(on_replica, (points, labels))


def _summarize(points: tf.Tensor, centroids: tf.Tensor) -> Any:
    """Labels, sums and counts, also of no points: a replica may have none."""
    if points.shape[0] == 0:
        nothing = tiled.nothing(centroids)
        return tf.zeros([0], tf.int32), nothing, nothing[:, 0]
    return summarize(points, centroids)


@tf.function
def _result(strategy: Any, points: Any, labels: Any, centroids: tf.Tensor) -> Any:
    def on_replica(points: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        return _gathered(labels, _own_distances(points, labels, centroids))

    return strategy.run(on_replica, (points, labels))


@tf.function
def _farthest(strategy: Any, points: Any, labels: Any, centroids: tf.Tensor) -> Any:
    def on_replica(points: tf.Tensor, labels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        n_taken = min(len(points), len(centroids))
        distances, rows = tf.math.top_k(_own_distances(points, labels, centroids), n_taken)
        return _gathered(distances, tf.gather(points, rows))

    return strategy.run(on_replica, (points, labels))


def _own_distances(points: tf.Tensor, labels: tf.Tensor, centroids: tf.Tensor) -> tf.Tensor:
    return own_distances(tf.cast(points, tf.float64), labels, centroids)


def _gathered(*parts: tf.Tensor) -> tuple[tf.Tensor, ...]:
    """The parts of all replicas, one after the other."""
    context = tf.distribute.get_replica_context()
    # What was given to a function stands on no device, until it is copied to that of the replica.
    return tuple(context.all_gather(tf.identity(part), axis=0) for part in parts)


def fit(
    strategy: Any,
    points: np.ndarray,
    centroids: np.ndarray,
    *,
    max_iter: int = MAX_ITER,
    tol: float = 0.0,
    empty: EmptyPolicy = EmptyPolicy.KEEP,
    progress: Callable[[int], object] | None = None,
) -> KMeansFrame:
    """As `kmeans.fit`, on all replicas of a strategy; each process gives all points.

    Args:
        strategy: A `tf.distribute.MirroredStrategy` or `MultiWorkerMirroredStrategy`.
        points: (N, D).
        centroids: (K, D), where the centroids start.
        max_iter: The iteration after which to stop, converged or not.
        tol: Stop when no centroid moves farther than this; 0 goes on until no label changes.
        empty: What a centroid without points does.
        progress: Called after each iteration with how many are done.

    Returns:
        The last frame of `kmeans.lloyd`, in every process.

    Raises:
        DataError: As `kmeans.fit`; or another process has other points, or another start.
        ParameterError: As `kmeans.fit`.
    """
    check(points, centroids)
    _check_alike(strategy, points, centroids, f"{max_iter} {tol} {empty}")
    shards = Shards(strategy, points, centroids)
    current = tf.constant(shards.start)
    totals, counts, changed = shards.assign(current)
    shift, iteration = 0.0, 0
    while not (stop := why_stop(int(changed), shift, tol, iteration >= max_iter)):
        moved = tiled.moved(tiled.mean(totals, counts), counts, current)
        if empty is EmptyPolicy.FARTHEST:
            moved = _relocated(shards, counts, current, moved)
        shift, current, iteration = float(longest_shift(current, moved)), moved, iteration + 1
        totals, counts, changed = shards.assign(current)
        if progress:
            progress(iteration)
    return _frame(
        shards, current, iteration=iteration, changed=int(changed), stop=stop, empty_policy=empty
    )


def _relocated(
    shards: Shards, counts: tf.Tensor, current: tf.Tensor, moved: tf.Tensor
) -> tf.Tensor:
    """Let centroids without points jump, as `half_steps.relocate` does."""
    vacant = np.flatnonzero(counts.numpy() == 0)
    if not len(vacant):
        return moved
    distances, places = (each.numpy() for each in shards.farthest(current))
    result, order = moved.numpy(), np.argsort(-distances, kind="stable")
    for cluster, farthest in zip(vacant, order, strict=False):
        if distances[farthest] > 0:
            result[cluster] = places[farthest]
    return tf.constant(result)


def _frame(shards: Shards, centroids: tf.Tensor, **rest: Any) -> KMeansFrame:
    n_clusters = len(centroids)
    device_labels, distances = shards.result(centroids)
    labels = sealed(device_labels, label_dtype(n_clusters))
    return KMeansFrame(
        phase=Phase.ASSIGN,
        centroids=sealed(centroids.numpy() + shards.origin),
        labels=labels,
        sizes=sealed(np.bincount(labels, minlength=n_clusters)),
        inertias=sealed(np.bincount(labels, weights=distances, minlength=n_clusters)),
        **rest,
    )


def _check_alike(strategy: Any, points: np.ndarray, centroids: np.ndarray, options: str) -> None:
    """Refuse processes that would not compute the same run: they would wait for each other.

    Raises:
        DataError: Another process has other points, centroids or options.
    """
    if len(strategy.extended.worker_devices) == strategy.num_replicas_in_sync:
        return  # there is one process
    seen = zlib.crc32(repr((points.shape, centroids.shape, options)).encode())
    for array in (points, centroids):
        seen = zlib.crc32(array.tobytes(), seen)
    gathered = _of_all(strategy, tf.constant([seen], tf.int64))
    if (strategy.experimental_local_results(gathered)[0].numpy() != seen).any():
        raise DataError(
            "The workers have other points or other options than each other; start all of them "
            "with the same command line, and the same file."
        )


@tf.function
def _of_all(strategy: Any, value: tf.Tensor) -> Any:
    return strategy.run(lambda: _gathered(value)[0])

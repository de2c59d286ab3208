"""Distances of points to their own centroids, as one compiled program over packed tiles."""

import functools
from typing import Any

from engine.clustering.kmeans.backends.compiled.sweep import is_point, specs
from engine.clustering.kmeans.backends.packing import Shape
from engine.runtime.backend import tf
from engine.runtime.programs import Program


@functools.lru_cache(maxsize=64)
def measuring(shape: Shape, packed_shape: tuple[int, ...]) -> Any:
    """Build the program that computes squared distances from points to their own centroids.

    Args:
        shape: What it is compiled for, as for `iterate.iterating`.
        packed_shape: The shape of the packed points.

    Returns:
        A function of the points, the shares and the centroids as in `iterate.iterating`; () N; and
        labels, (tiles, rows) for each share. It returns as many distances, float64 if the shape is
        has `float64_sums` and float32 otherwise, and (K,) float64, their sums over each cluster.
    """
    is_alone = shape.n_shares == 1
    dtype = tf.float64 if shape.float64_sums else tf.float32

    def measure(points: Any, share: Any, centroids: Any, n_points: Any, labels: Any) -> Any:
        first, count = tf.unstack(share)
        places = tf.cast(centroids, dtype)

        def body(index: Any, sums: Any, written: Any) -> tuple[Any, Any, Any]:
            tile, label = points[first + index], tf.cast(labels[index], tf.int32)
            own = tf.gather(places, label)  # (rows, D)
            if shape.is_low_dimensional:
                tile = tf.transpose(tile[: shape.n_dims])
            tile = tf.cast(tile, dtype)
            distances = tf.reduce_sum(tf.math.squared_difference(tile, own), 1)
            label = tf.where(is_point(first + index, n_points, shape), label, -1)
            added = tf.cast(distances, tf.float64)
            sums += tf.math.unsorted_segment_sum(added, label, shape.n_clusters)
            return index + 1, sums, written.write(index, distances)

        written = tf.TensorArray(dtype, shape.n_tiles, element_shape=(shape.n_rows,))
        state = 0, tf.zeros(shape.n_clusters, tf.float64), written
        _, sums, written = tf.while_loop(lambda index, *_: index < count, body, state)
        return written.stack(), sums

    of_share = measure if is_alone else Program(measure, shape)

    def measure_all(points: Any, shares: Any, centroids: Any, n_points: Any, labels: Any) -> Any:
        measured = [
            of_share(points, shares[share], centroids, n_points, labels[share])
            for share in range(shape.n_shares)
        ]
        return [distances for distances, _ in measured], tf.add_n([sums for _, sums in measured])

    labels = [tf.TensorSpec((shape.n_tiles, shape.n_rows), shape.dtype)] * shape.n_shares
    n_points = tf.TensorSpec((), tf.int32)
    signature = [*specs(shape, packed_shape), n_points, labels]
    return Program(measure_all, shape, signature, compiled=is_alone)

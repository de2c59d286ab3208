"""Assignment and sums in one compiled pass over the points, in tiles that stay in the cache.

A point's label is that of the smallest |c|^2 / 2 - x.c, kept as a running minimum over the
centroids, so that no (N, K) array is made. With few dimensions the points are packed as a structure
of arrays, one point in each vector lane, and the product is written out; with many it is a matrix
product for each tile. While a tile is assigned, the one before it is summed: XLA would otherwise
compute labels again for each sum. Every core processes its share of the tiles.

Scores are float32. If that may be too coarse, the second smallest score is stored as well, and a
tile with a point whose margin is within the rounding error is assigned again, by squared float64
differences from centroids that are float64 throughout. `precision` says when.

The ideas are those of scikit-learn's `_k_means_lloyd.pyx` (tiles in cache, a share for each thread)
and, for a GPU, of flash-kmeans (svg-project).

A program is compiled for a class of shapes, which `Shape` defines, not for one shape.
"""

import functools
from typing import Any, NamedTuple

import numpy as np

from engine.clustering.kmeans.backends.packing import Shape
from engine.clustering.kmeans.precision import is_doubtful, nearest_by_differences, rounding
from engine.runtime.backend import tf
from engine.runtime.programs import Program

# The score of padding centroids.
_FAR = np.float32(3e38)
# Lanes of float64 sums; one lane for each row would not fit in the cache.
_WIDE_LANES = 64
# Numbers in a vector.
_LANES = 16
# If at most one in this many rows is doubtful, only those are assigned again; else the tile.
_FEW_ROWS = 16


def is_point(index: tf.Tensor, n_points: tf.Tensor, shape: Shape) -> tf.Tensor:
    """Return (rows,) bool: whether each row of a tile is a point, not padding."""
    return index * shape.n_rows + tf.range(shape.n_rows) < n_points


class _Nearest(NamedTuple):
    """The two smallest scores so far, (rows,) each, and the centroid of the smallest."""

    least: tf.Tensor
    label: tf.Tensor
    second: tf.Tensor

    def take(self, scores: list[tf.Tensor], first: Any, shape: Shape) -> "_Nearest":
        """Compare with more centroids, one after another.

        The second smallest score is updated only if the program has exact labels.
        """
        least, label, second = self
        for index, score in enumerate(scores):
            nearer = score < least
            label = tf.where(nearer, first + index, label)
            if shape.exact_labels:
                second = tf.minimum(second, tf.maximum(score, least))
            least = tf.where(nearer, score, least)
        return _Nearest(least, label, second)


def _written_out(tile: tf.Tensor, centroids: tf.Tensor, offsets: tf.Tensor) -> list[tf.Tensor]:
    scores = []
    for cluster in range(centroids.shape[0]):
        score = offsets[cluster]
        for dim in range(centroids.shape[1]):
            score = score - tile[dim] * centroids[cluster, dim]
        scores.append(score)
    return scores


def _assign(
    tile: tf.Tensor, centroids: tf.Tensor, offsets: tf.Tensor, k: tf.Tensor, shape: Shape
) -> tf.Tensor:
    """Compute the labels of a tile, (rows,) int32; centroids from `k` on are padding.

    If the program has exact labels, a doubtful point, whose label may be wrong, gets the label K,
    one more than the largest. Label and mark are one array, so that XLA computes them together.
    """
    n_block, n_blocks = shape.n_block, shape.n_clusters // shape.n_block
    if shape.is_low_dimensional:
        blocks = tf.reshape(centroids, (n_blocks, n_block, -1))
        of_blocks = tf.reshape(offsets, (n_blocks, n_block))

        def scores(block: Any) -> list[tf.Tensor]:
            return _written_out(tile, blocks[block], of_blocks[block])
    else:
        products = offsets[:, tf.newaxis] - tf.matmul(centroids, tile, transpose_b=True)
        products = tf.reshape(products, (n_blocks, n_block, shape.n_rows))

        def scores(block: Any) -> list[tf.Tensor]:
            return list(tf.unstack(products[block]))

    far = tf.fill((shape.n_rows,), _FAR)
    nearest = _Nearest(far, tf.zeros((shape.n_rows,), tf.int32), far)
    if n_blocks == 1:
        return _marked(nearest.take(scores(0), 0, shape), tile, shape)
    n_used = -(-k // n_block)

    def body(block: Any, nearest: _Nearest) -> tuple[Any, _Nearest]:
        return block + 1, _Nearest(*nearest).take(scores(block), block * n_block, shape)

    _, nearest = tf.while_loop(lambda block, _: block < n_used, body, (0, nearest))
    return _marked(_Nearest(*nearest), tile, shape)


def _marked(nearest: _Nearest, tile: tf.Tensor, shape: Shape) -> tf.Tensor:
    if not shape.exact_labels:
        return nearest.label
    squares = tf.reduce_sum(tf.square(tile), 0 if shape.is_low_dimensional else 1)
    doubtful = is_doubtful(squares, nearest.least, nearest.second, rounding(shape.n_dims))
    return tf.where(doubtful, shape.n_clusters, nearest.label)


def _assign_again(tile: tf.Tensor, centroids: tf.Tensor, k: tf.Tensor, shape: Shape) -> tf.Tensor:
    """Assign a tile by squared float64 differences; a tie goes to the lower index."""
    tile = tf.cast(tile, tf.float64)

    def squares(cluster: Any) -> tf.Tensor:
        if not shape.is_low_dimensional:
            return tf.reduce_sum(tf.math.squared_difference(tile, centroids[cluster]), 1)
        total = tf.zeros((shape.n_rows,), tf.float64)
        for dim in range(shape.n_dims):
            total += tf.math.squared_difference(tile[dim], centroids[cluster, dim])
        return total

    return nearest_by_differences(squares, shape.n_rows, k)


def _assign_rows_again(
    tile: tf.Tensor, labels: tf.Tensor, centroids: tf.Tensor, k: tf.Tensor, shape: Shape
) -> tf.Tensor:
    """Assign the doubtful rows of a (rows, D) tile again, one by one."""
    is_used, rows = tf.range(shape.n_clusters) < k, tf.range(shape.n_rows)

    def last_doubtful(labels: tf.Tensor) -> tf.Tensor:
        return tf.reduce_max(tf.where(labels == shape.n_clusters, rows, -1))

    def body(labels: tf.Tensor) -> tf.Tensor:
        row = last_doubtful(labels)
        point = tf.cast(tf.gather(tile, row), tf.float64)
        distances = tf.reduce_sum(tf.math.squared_difference(point, centroids), 1)
        distances = tf.where(is_used, distances, tf.constant(np.inf, tf.float64))
        label = tf.argmin(distances, output_type=tf.int32)
        return (tf.where(rows == row, label, labels),)

    (labels,) = tf.while_loop(lambda labels: last_doubtful(labels) >= 0, body, (labels,))
    return labels


def _decided(
    tile: tf.Tensor, labels: tf.Tensor, centroids: tf.Tensor, k: tf.Tensor, shape: Shape
) -> tf.Tensor:
    """Return the labels of a tile after deciding the doubtful ones.

    They are decided before they are summed, so that equal labels have equal sums to the last digit,
    and the centroids stop moving.
    """
    if not shape.exact_labels:
        return labels

    def whole_tile() -> tf.Tensor:
        return _assign_again(tile, centroids, k, shape)

    def some_rows() -> tf.Tensor:
        return _assign_rows_again(tile, labels, centroids, k, shape)

    def again() -> tf.Tensor:
        if shape.is_low_dimensional:
            return whole_tile()
        n_doubtful = tf.math.count_nonzero(labels == shape.n_clusters, dtype=tf.int32)
        return tf.cond(n_doubtful > shape.n_rows // _FEW_ROWS, whole_tile, some_rows)

    # In two steps: XLA would do both at once without vector instructions.
    largest = tf.reduce_max(tf.reshape(labels, (-1, min(_LANES, shape.n_rows))), 0)
    return tf.cond(tf.reduce_max(largest) == shape.n_clusters, again, lambda: labels)


def _no_sums(shape: Shape) -> tf.Tensor:
    if shape.sums_per_lane:
        n_lanes = min(_WIDE_LANES, shape.n_rows) if shape.float64_sums else shape.n_rows
        lanes = shape.n_clusters, shape.n_dims + 1, n_lanes
        return tf.zeros(lanes, tf.float64 if shape.float64_sums else tf.float32)
    return tf.zeros((shape.n_clusters, shape.n_dims + 1), tf.float64)


def _add(sums: tf.Tensor, tile: tf.Tensor, labels: tf.Tensor, is_point: Any, shape: Shape) -> Any:
    """Add the points of a tile, and their number, to the sums of their clusters."""
    if shape.float64_sums:
        tile = tf.cast(tile, tf.float64)
    if shape.sums_per_lane:
        own = labels[tf.newaxis] == tf.range(shape.n_clusters)[:, tf.newaxis]
        added = tf.where(own[:, tf.newaxis], tile[tf.newaxis], tf.zeros((), tile.dtype))
        if shape.float64_sums:
            added = tf.reshape(added, (*added.shape[:2], -1, sums.shape[2]))
            added = tf.reduce_sum(added, 2)
        return sums + added
    labels = tf.where(is_point, labels, -1)
    if shape.is_low_dimensional:
        totals = tf.math.unsorted_segment_sum(tf.transpose(tile), labels, shape.n_clusters)
    else:
        totals = tf.math.unsorted_segment_sum(tile, labels, shape.n_clusters)
        ones = tf.ones((shape.n_rows, 1), tile.dtype)
        counts = tf.math.unsorted_segment_sum(ones, labels, shape.n_clusters)
        totals = tf.concat([totals, counts], 1)
    return sums + tf.cast(totals, tf.float64)


@functools.lru_cache(maxsize=64)
def sweeping(shape: Shape) -> Any:
    """Build the program that passes over a share of the tiles once; see `uncompiled_sweep`."""
    return Program(uncompiled_sweep(shape), shape)


def uncompiled_sweep(shape: Shape) -> Any:
    """Build the same function without compiling it, for use inside another program."""

    def sweep(
        points: Any, n_points: Any, share: Any, centroids: Any, k: Any
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Assign and sum a share of the tiles: returns labels, and (K, D + 1) sums and counts."""
        first, count = tf.unstack(share)
        is_used = tf.range(shape.n_clusters) < k
        squares = tf.reduce_sum(tf.square(centroids), 1) / 2
        offsets = tf.where(is_used, tf.cast(squares, tf.float32), _FAR)
        narrow = tf.cast(centroids, tf.float32)

        def values_of(tile: tf.Tensor) -> tf.Tensor:
            return tile[: shape.n_dims] if shape.is_low_dimensional else tile

        def labels_of(index: Any) -> tf.Tensor:
            # After the last tile, the last one again.
            tile = points[tf.minimum(first + index, points.shape[0] - 1)]
            return _assign(values_of(tile), narrow, offsets, k, shape)

        def body(index: Any, labels: Any, sums: Any, written: Any) -> tuple[Any, ...]:
            tile, own = points[first + index], is_point(first + index, n_points, shape)
            labels = _decided(values_of(tile), labels, centroids, k, shape)
            sums = _add(sums, tile, labels, own, shape)
            written = written.write(index, tf.cast(labels, shape.dtype))
            return index + 1, labels_of(index + 1), sums, written

        written = tf.TensorArray(shape.dtype, shape.n_tiles, element_shape=(shape.n_rows,))
        state = (0, labels_of(0), _no_sums(shape), written)
        _, _, sums, written = tf.while_loop(lambda index, *_: index < count, body, state)
        if shape.sums_per_lane:
            sums = tf.reduce_sum(tf.cast(sums, tf.float64), 2)
        return written.stack(), sums

    return sweep


def specs(shape: Shape, packed_shape: tuple[int, ...]) -> list[tf.TensorSpec]:
    """Return the signature of a program's points, shares and centroids."""
    return [
        tf.TensorSpec(packed_shape, tf.float32),
        tf.TensorSpec((shape.n_shares, 2), tf.int32),
        tf.TensorSpec((shape.n_clusters, shape.n_dims), tf.float64),
    ]

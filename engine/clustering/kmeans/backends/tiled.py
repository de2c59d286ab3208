"""The operations of the fast formulation: matrix products over tiles of points.

`half_steps` calls them inside its loops over tiles, in one graph on the device; the live line
executes and lists the same operations one by one. `row` counts the points in one tile.
"""

from engine.clustering.operations.operations import operation
from engine.runtime.backend import tf


@operation("offset[cluster] = half of the sum over dim of centroid[cluster, dim]²")
def offset(centroid: tf.Tensor) -> tf.Tensor:
    """(K, D) to (K,)."""
    return tf.reduce_sum(tf.square(centroid), 1) / 2


@operation("tile[row, dim] = point[start + row, dim]")
def tile(point: tf.Tensor, start: tf.Tensor, n_rows: tf.Tensor) -> tf.Tensor:
    """(N, D) to at most (n_rows, D)."""
    return point[start : start + n_rows]


@operation(
    "score[row, cluster] = sum over dim of tile[row, dim] centroid[cluster, dim] - offset[cluster]"
)
def score(tile: tf.Tensor, centroid: tf.Tensor, offset: tf.Tensor) -> tf.Tensor:
    """(n_rows, D) times (D, K) is (n_rows, K): the nearest centroid has the largest score."""
    return tf.matmul(tile, centroid, transpose_b=True) - offset


@operation("nearest[row] = argmax over cluster of score[row, cluster]")
def nearest(score: tf.Tensor) -> tf.Tensor:
    """(n_rows, K) to (n_rows,)."""
    return tf.argmax(score, 1, output_type=tf.int32)


@operation("label[point] = nearest[row] of one tile after the other")
def label(tiles: tf.TensorArray) -> tf.Tensor:
    """(n_rows,) of every tile to (N,)."""
    return tiles.concat()


@operation("count[cluster] = number of points with label[point] = cluster")
def count(label: tf.Tensor, centroid: tf.Tensor) -> tf.Tensor:
    """(N,) to (K,)."""
    counts = tf.math.bincount(label, minlength=tf.shape(centroid)[0], dtype=tf.int32)
    return tf.cast(counts, tf.float64)


@operation("total[cluster, dim] = 0")
def nothing(centroid: tf.Tensor) -> tf.Tensor:
    """(K, D)."""
    return tf.zeros_like(centroid)


@operation("own[row] = label[start + row]")
def own(label: tf.Tensor, start: tf.Tensor, n_rows: tf.Tensor) -> tf.Tensor:
    """(N,) to at most (n_rows,)."""
    return label[start : start + n_rows]


@operation(
    "total[cluster, dim] = total[cluster, dim] + sum of tile[row, dim] of own[row] = cluster"
)
def total(total: tf.Tensor, tile: tf.Tensor, own: tf.Tensor, centroid: tf.Tensor) -> tf.Tensor:
    """(n_rows, D) to (K, D)."""
    return total + tf.math.unsorted_segment_sum(tile, own, tf.shape(centroid)[0])


@operation("mean[cluster, dim] = total[cluster, dim] / count[cluster]")
def mean(total: tf.Tensor, count: tf.Tensor) -> tf.Tensor:
    """(K, D) divided by (K, 1)."""
    return tf.math.divide_no_nan(total, count[:, tf.newaxis])


@operation("moved[cluster, dim] = mean[cluster, dim], or centroid[cluster, dim] where empty")
def moved(mean: tf.Tensor, count: tf.Tensor, centroid: tf.Tensor) -> tf.Tensor:
    """(K, D)."""
    return tf.where(count[:, tf.newaxis] > 0, mean, centroid)

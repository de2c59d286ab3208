"""The half-steps of k-means on the device, for any number of points, clusters and dimensions.

Points are processed in tiles, so that no (N, K) array is ever made for large N. Each function is
traced once, for any k. All is float64, so that nothing is lost far from the origin.
"""

from engine.clustering.kmeans.backends import tiled
from engine.clustering.kmeans.precision import UNIT_64, is_doubtful, nearest_by_differences
from engine.runtime.backend import tf

_POINTS = tf.TensorSpec([None, None], tf.float64)
_LABELS = tf.TensorSpec([None], tf.int32)
# The scores of one tile: 32 MiB.
_TILE_SCORES = 2**22
# Rows that are summed at once.
_TILE_ROWS = 2**16


def rows_scored(n_clusters: tf.Tensor) -> tf.Tensor:
    """Return how many points are compared with () centroids at once: a () integer, at least 1."""
    return tf.maximum(_TILE_SCORES // n_clusters, 1)


def rows_summed(_: tf.Tensor) -> int:
    """Return how many points are summed at once, whatever the number of centroids."""
    return _TILE_ROWS


@tf.function(input_signature=[_POINTS, _POINTS])
def assign(points: tf.Tensor, centroids: tf.Tensor) -> tf.Tensor:
    """Give each point to its nearest centroid.

    |x - c|^2 = |x|^2 - 2 (x.c - |c|^2 / 2), and |x|^2 is the same for all centroids: the nearest
    one has the largest x.c - |c|^2 / 2, which is a matrix product. Where the two largest are within
    its rounding error, differences decide.

    Args:
        points: (N, D) float64.
        centroids: (K, D) float64.

    Returns:
        labels: (N,) int32; a tie goes to the lower index.
    """
    offsets = tiled.offset(centroids)  # (K,)
    n_rows = rows_scored(tf.shape(centroids)[0])
    n_tiles = -(-tf.shape(points)[0] // n_rows)
    labels = tf.TensorArray(tf.int32, n_tiles, infer_shape=False, element_shape=[None])
    for tile in tf.range(n_tiles):
        rows = tiled.tile(points, tile * n_rows, n_rows)
        scores = tiled.score(rows, centroids, offsets)  # (n_rows, K)
        nearest = tiled.nearest(scores)
        doubtful = tf.reshape(tf.where(_doubtful(rows, scores, nearest)), [-1])
        if tf.size(doubtful) > 0:
            certain = _nearest_by_differences(tf.gather(rows, doubtful), centroids)
            nearest = tf.tensor_scatter_nd_update(nearest, doubtful[:, tf.newaxis], certain)
        labels = labels.write(tile, nearest)
    return tiled.label(labels)


def _doubtful(rows: tf.Tensor, scores: tf.Tensor, nearest: tf.Tensor) -> tf.Tensor:
    """Return (n_rows,) bool: where rounding may have decided between the two largest scores."""
    own = tf.one_hot(nearest, tf.shape(scores)[1], on_value=True, off_value=False, dtype=tf.bool)
    best = tf.reduce_max(scores, 1)
    second = tf.reduce_max(tf.where(own, scores.dtype.min, scores), 1)
    lost = UNIT_64 * (1 + tf.cast(tf.shape(rows)[1], scores.dtype))
    return is_doubtful(tf.reduce_sum(tf.square(rows), 1), -best, -second, lost)


def _nearest_by_differences(rows: tf.Tensor, centroids: tf.Tensor) -> tf.Tensor:
    """Assign by squared differences: (n_rows,) int32; a tie goes to the lower index."""

    def squares(cluster: tf.Tensor) -> tf.Tensor:
        return tf.reduce_sum(tf.math.squared_difference(rows, centroids[cluster]), 1)

    return nearest_by_differences(squares, tf.shape(rows)[0], tf.shape(centroids)[0])


@tf.function(input_signature=[_POINTS, _LABELS, _POINTS])
def update(points: tf.Tensor, labels: tf.Tensor, centroids: tf.Tensor) -> tf.Tensor:
    """Move each centroid to the mean of its points.

    Args:
        points: (N, D) float64.
        labels: (N,) int32.
        centroids: (K, D) float64, where those without points stay.

    Returns:
        (K, D) float64.
    """
    counts = tiled.count(labels, centroids)  # (K,)
    totals = tiled.nothing(centroids)  # (K, D)
    n_rows = rows_summed(tf.shape(centroids)[0])
    for start in tf.range(0, tf.shape(points)[0], n_rows):
        rows, own = tiled.tile(points, start, n_rows), tiled.own(labels, start, n_rows)
        totals = tiled.total(totals, rows, own, centroids)
    return tiled.moved(tiled.mean(totals, counts), counts, centroids)


@tf.function(input_signature=[_POINTS, _LABELS, _POINTS])
def own_distances(points: tf.Tensor, labels: tf.Tensor, centroids: tf.Tensor) -> tf.Tensor:
    """Compute squared distances from points to their own centroids, as (N,) float64.

    Args:
        points: (N, D) float64.
        labels: (N,) int32.
        centroids: (K, D) float64.
    """
    n_points = tf.shape(points)[0]
    distances = tf.TensorArray(
        tf.float64, -(-n_points // _TILE_ROWS), infer_shape=False, element_shape=[None]
    )
    for tile in tf.range(-(-n_points // _TILE_ROWS)):
        which = slice(tile * _TILE_ROWS, (tile + 1) * _TILE_ROWS)
        rows, own = points[which], tf.gather(centroids, labels[which])
        distances = distances.write(tile, tf.reduce_sum(tf.math.squared_difference(rows, own), 1))
    return distances.concat()


def centroid_shift(centroids: tf.Tensor, moved: tf.Tensor) -> tf.Tensor:
    """Return the largest distance that one of (K, D) centroids moves: () of their type."""
    return tf.sqrt(tf.reduce_max(tf.reduce_sum(tf.math.squared_difference(moved, centroids), 1)))

"""The half-steps of k-means on the device, for any number of points, clusters and dimensions.

Points are worked on in tiles, so that no (N, K) array is ever made for large N. Each function is
traced once: another k computes at once.
"""

from engine.backend import tf
from engine.clustering import tiled

_POINTS = tf.TensorSpec([None, None], tf.float32)
_LABELS = tf.TensorSpec([None], tf.int32)
# Scores of one tile: 16 MiB.
_TILE_SCORES = 2**22
# Rows summed at once.
_TILE_ROWS = 2**16


def rows_scored(n_clusters: tf.Tensor) -> tf.Tensor:
    """How many points are compared with () centroids at once, as a () integer: one at least."""
    return tf.maximum(_TILE_SCORES // n_clusters, 1)


def rows_summed(_: tf.Tensor) -> int:
    """How many points are summed at once, whatever the number of centroids."""
    return _TILE_ROWS


@tf.function(input_signature=[_POINTS, _POINTS])
def assign(points: tf.Tensor, centroids: tf.Tensor) -> tf.Tensor:
    """Give each point to its nearest centroid.

    |x - c|^2 = |x|^2 - 2 (x.c - |c|^2 / 2), and |x|^2 is the same for all centroids: the nearest
    one has the largest x.c - |c|^2 / 2, which is a matrix product.

    Args:
        points: (N, D) float32.
        centroids: (K, D) float32.

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
        labels = labels.write(tile, tiled.nearest(scores))
    return tiled.label(labels)


@tf.function(input_signature=[_POINTS, _LABELS, _POINTS])
def update(points: tf.Tensor, labels: tf.Tensor, centroids: tf.Tensor) -> tf.Tensor:
    """Move each centroid to the mean of its points.

    Args:
        points: (N, D) float32.
        labels: (N,) int32.
        centroids: (K, D) float32, where those without points stay.

    Returns:
        (K, D) float32.
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
    """Squared distance from each point to its own centroid, as (N,) float32."""
    return tf.reduce_sum(tf.math.squared_difference(points, tf.gather(centroids, labels)), 1)


@tf.function(input_signature=[_POINTS, _LABELS, _POINTS, _POINTS])
def relocate(
    points: tf.Tensor, labels: tf.Tensor, centroids: tf.Tensor, moved: tf.Tensor
) -> tf.Tensor:
    """Let each centroid without points jump to a point that is far from its own centroid.

    The first empty one takes the farthest point, the next the second farthest. Where all points
    stand on their centroids there is nothing to gain, and it stays.

    Args:
        points: (N, D) float32.
        labels: (N,) int32.
        centroids: (K, D) float32, before the update.
        moved: (K, D) float32, after it.

    Returns:
        (K, D) float32, `moved` with the empty ones relocated.
    """
    n_clusters = tf.shape(centroids)[0]
    empty = tf.math.bincount(labels, minlength=n_clusters) == 0
    distances, farthest = tf.math.top_k(own_distances(points, labels, centroids), n_clusters)
    rank = tf.maximum(tf.cumsum(tf.cast(empty, tf.int32)) - 1, 0)
    jumps = empty & (tf.gather(distances, rank) > 0)
    targets = tf.gather(points, tf.gather(farthest, rank))
    return tf.where(jumps[:, tf.newaxis], targets, moved)


def longest_shift(centroids: tf.Tensor, moved: tf.Tensor) -> tf.Tensor:
    """The longest way that one of (K, D) centroids moved, as a () float32."""
    return tf.sqrt(tf.reduce_max(tf.reduce_sum(tf.math.squared_difference(moved, centroids), 1)))

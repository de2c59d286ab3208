"""What an iteration needs of some points, which may be a part of all: parts are added up."""

from engine.clustering.kmeans.backends import fused
from engine.clustering.kmeans.backends import packing as layout
from engine.clustering.kmeans.backends.packing import Shape
from engine.runtime.backend import tf


@tf.function(autograph=False)
def summarize(points: tf.Tensor, centroids: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Assign points and sum them, in one pass of the fused program.

    It is traced for each number of points, and compiled for their `Shape`.

    Args:
        points: (N, D) float32, near the origin, N at least 1.
        centroids: (K, D) float64.

    Returns:
        (N,) int32 labels; (K, D) float64 sums of the points of each centroid; (K,) float64, how
        many they are.
    """
    (n_points, n_dims), n_clusters = points.shape, centroids.shape[0]
    shape = Shape.of(n_points, n_dims, n_clusters)
    laid, shares = _laid_out(points, shape), layout.shares(n_points, shape)
    filled = tf.pad(centroids, [[0, shape.n_clusters - n_clusters], [0, 0]])
    numbers = tf.constant(n_points), tf.constant(n_clusters)
    swept = [
        fused.sweeping(shape)(laid, numbers[0], tf.constant(share), filled, numbers[1])
        for share in shares
    ]
    tiles = [labels[:count] for (labels, _), (_, count) in zip(swept, shares, strict=True)]
    labels = tf.cast(tf.reshape(tf.concat(tiles, 0), [-1])[:n_points], tf.int32)
    sums = tf.add_n([each for _, each in swept])[:n_clusters]
    return labels, sums[:, :-1], sums[:, -1]


def _laid_out(points: tf.Tensor, shape: Shape) -> tf.Tensor:
    """As `layout.laid_out`, on the device."""
    n_points = points.shape[0]
    n_tiles = shape.n_parts * shape.n_tiles
    n_missing = n_tiles * shape.n_rows - n_points
    weighted = tf.concat([points, tf.ones((n_points, 1))], 1) if shape.few else points
    filled = tf.pad(weighted, [[0, n_missing], [0, 0]])
    tiles = tf.reshape(filled, (n_tiles, shape.n_rows, -1))
    return tf.transpose(tiles, (0, 2, 1)) if shape.few else tiles

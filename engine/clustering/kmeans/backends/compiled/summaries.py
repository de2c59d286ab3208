"""Assigns some of the points; the resulting sums and counts add up to those of all points."""

from engine.clustering.kmeans.backends import packing
from engine.clustering.kmeans.backends.compiled.sweep import sweeping
from engine.clustering.kmeans.backends.packing import Shape
from engine.runtime.backend import tf


@tf.function(autograph=False)
def summarize(
    tiles: tf.Tensor, n_points: int, centroids: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Assign points and sum them, in one pass of the fused program.

    It is traced for each number of points and compiled for their `Shape`.

    Args:
        tiles: N points near the origin, as `packing.packed` for the `Shape` of N, D and K.
        n_points: N, at least 0.
        centroids: (K, D) float64.

    Returns:
        (N,) int32 labels; (K, D) float64 sums of the points of each centroid; (K,) float64, their
        numbers.
    """
    n_clusters, n_dims = centroids.shape
    shape = Shape.of(n_points, n_dims, n_clusters)
    shares = packing.shares(n_points, shape)
    padded = tf.pad(centroids, [[0, shape.n_clusters - n_clusters], [0, 0]])
    numbers = tf.constant(n_points), tf.constant(n_clusters)
    swept = [
        sweeping(shape)(tiles, numbers[0], tf.constant(share), padded, numbers[1])
        for share in shares
    ]
    used = [labels[:count] for (labels, _), (_, count) in zip(swept, shares, strict=True)]
    labels = tf.cast(tf.reshape(tf.concat(used, 0), [-1])[:n_points], tf.int32)
    sums = tf.add_n([each for _, each in swept])[:n_clusters]
    return labels, sums[:, :-1], sums[:, -1]


def unpacked(tiles: tf.Tensor, n_points: int, n_dims: int, n_clusters: int) -> tf.Tensor:
    """Return (N, D) float32 points from `packing.packed` tiles for the `Shape` of N, D and K."""
    if Shape.of(n_points, n_dims, n_clusters).is_low_dimensional:
        tiles = tf.transpose(tiles, (0, 2, 1))
    return tf.reshape(tiles, (-1, tiles.shape[-1]))[:n_points, :n_dims]

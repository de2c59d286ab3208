"""k-means as it is taught: the broadcast formulation, readable as a slide.

Every point is compared with every centroid in one (K, N, D) array. Tests hold the fast
formulation against this one; `lloyd(..., formulation=Formulation.LECTURE)` runs it on small data.
"""

from engine.backend import tf
from engine.errors import CapacityError

MAX_BYTES = 2**30


def assign(points: tf.Tensor, centroids: tf.Tensor) -> tf.Tensor:
    """Give each point to its nearest centroid.

    Args:
        points: (N, D) float32.
        centroids: (K, D) float32.

    Returns:
        labels: (N,) int32; a tie goes to the lower index.
    """
    one_by_points = tf.expand_dims(points, 0)  # (1, N, D)
    centroids_by_one = tf.expand_dims(centroids, 1)  # (K, 1, D)
    differences = tf.math.squared_difference(one_by_points, centroids_by_one)  # (K, N, D)
    distances = tf.reduce_sum(differences, 2)  # (K, N)
    return tf.argmin(distances, 0, output_type=tf.int32)  # (N,)


def update(points: tf.Tensor, labels: tf.Tensor, centroids: tf.Tensor) -> tf.Tensor:
    """Move each centroid to the mean of its points.

    Args:
        points: (N, D) float32.
        labels: (N,) int32.
        centroids: (K, D) float32, where those without points stay.

    Returns:
        (K, D) float32.
    """
    clusters = tf.dynamic_partition(points, labels, len(centroids))  # K of (n, D)
    means = tf.stack([tf.reduce_mean(cluster, 0) for cluster in clusters])  # (K, D)
    return tf.where(tf.math.is_nan(means), centroids, means)  # the mean of nothing is not a number


def check_capacity(n_clusters: int, n_points: int, n_dims: int) -> None:
    """Refuse what would not fit before TensorFlow tries it.

    Raises:
        CapacityError: The (K, N, D) array would take more than `MAX_BYTES`.
    """
    needed = 4 * n_clusters * n_points * n_dims
    if needed > MAX_BYTES:
        raise CapacityError(
            f"The lecture's formulation would fill an array of {n_clusters:,} clusters x "
            f"{n_points:,} points x {n_dims:,} dimensions, {needed / 2**30:.1f} GiB, and is "
            f"limited to {MAX_BYTES / 2**30:.0f} GiB; choose the formulation auto, or fewer points."
        )

"""k-means as it is taught: the broadcast formulation, in code that fits on a slide.

Every point is compared with every centroid in one (K, N, D) array. Tests compare the fast
formulations with this one; `lloyd(..., formulation=Formulation.LECTURE)` runs it on small data. The
live line lists the two tables as they are executed.
"""

from engine.clustering.operations.operations import operation, run
from engine.errors import CapacityError
from engine.runtime.backend import tf

MAX_BYTES = 2**30


@operation("difference[cluster, point, dim] = point[point, dim] - centroid[cluster, dim]")
def difference(point: tf.Tensor, centroid: tf.Tensor) -> tf.Tensor:
    """(1, N, D) minus (K, 1, D) is (K, N, D)."""
    return tf.expand_dims(point, 0) - tf.expand_dims(centroid, 1)


@operation("square[cluster, point, dim] = difference[cluster, point, dim]²")
def square(difference: tf.Tensor) -> tf.Tensor:
    """(K, N, D)."""
    return tf.square(difference)


@operation("distance[cluster, point] = sum over dim of square[cluster, point, dim]")
def distance(square: tf.Tensor) -> tf.Tensor:
    """(K, N, D) to (K, N)."""
    return tf.reduce_sum(square, 2)


@operation("label[point] = argmin over cluster of distance[cluster, point]")
def label(distance: tf.Tensor) -> tf.Tensor:
    """(K, N) to (N,)."""
    return tf.argmin(distance, 0, output_type=tf.int32)


@operation("subset[point, dim] = point[point, dim], partitioned by label[point]")
def subset(point: tf.Tensor, label: tf.Tensor, centroid: tf.Tensor) -> list[tf.Tensor]:
    """(N, D) to K of (n, D)."""
    return list(tf.dynamic_partition(point, label, len(centroid)))


@operation("mean[cluster, dim] = mean over point of the subset of each cluster")
def mean(subset: list[tf.Tensor]) -> tf.Tensor:
    """K of (n, D) to (K, D)."""
    return tf.stack([tf.reduce_mean(points, 0) for points in subset])


@operation("moved[cluster, dim] = mean[cluster, dim], or centroid[cluster, dim] where empty")
def moved(mean: tf.Tensor, centroid: tf.Tensor) -> tf.Tensor:
    """(K, D)."""
    return tf.where(tf.math.is_nan(mean), centroid, mean)  # the mean of no points is NaN


ASSIGN = (difference, square, distance, label)
UPDATE = (subset, mean, moved)


def assign(points: tf.Tensor, centroids: tf.Tensor) -> tf.Tensor:
    """Give each point to its nearest centroid.

    Args:
        points: (N, D) float64.
        centroids: (K, D) float64.

    Returns:
        labels: (N,) int32; a tie goes to the lower index.
    """
    return run(ASSIGN, point=points, centroid=centroids)


def update(points: tf.Tensor, labels: tf.Tensor, centroids: tf.Tensor) -> tf.Tensor:
    """Move each centroid to the mean of its points.

    Args:
        points: (N, D) float64.
        labels: (N,) int32.
        centroids: (K, D) float64, where those without points stay.

    Returns:
        (K, D) float64.
    """
    return run(UPDATE, point=points, label=labels, centroid=centroids)


def check_capacity(n_clusters: int, n_points: int, n_dims: int, limit: int | None = None) -> None:
    """Raise an error if the arrays would not fit, before TensorFlow tries to make them.

    Args:
        n_clusters: K.
        n_points: N.
        n_dims: D.
        limit: The most bytes that the (K, N, D) array may take, `MAX_BYTES` by default; a second
            one, of the squares, takes as many.

    Raises:
        CapacityError: It would take more.
    """
    needed, limit = 8 * n_clusters * n_points * n_dims, limit or MAX_BYTES
    if needed > limit:
        raise CapacityError(
            f"The lecture's formulation would fill an array of {n_clusters:,} clusters x "
            f"{n_points:,} points x {n_dims:,} dimensions, {_amount(needed)}, and is "
            f"limited to {_amount(limit)}; choose another formulation, or fewer points."
        )


def _amount(n_bytes: int) -> str:
    return f"{n_bytes / 2**30:.1f} GiB" if n_bytes >= 2**30 else f"{n_bytes / 2**20:.0f} MiB"

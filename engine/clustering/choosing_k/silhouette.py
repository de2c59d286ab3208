"""The silhouette: whether points are closer to their own cluster than to the next.

Rousseeuw, P. J. (1987). Silhouettes: a graphical aid to the interpretation and validation of
cluster analysis. Journal of Computational and Applied Mathematics 20, 53-65.

All N * N distances are needed, but never at once: rows are processed in tiles, and only the sums
over the clusters of each tile are stored. One pass serves several labelings.
"""

from collections.abc import Generator, Sequence

import numpy as np

from engine.runtime.backend import tf

# Multiplications in a tile: about 25 ms on two cores.
_TILE_WORK = 2**27
# The most clusters, over all labelings, in one pass: they make an (N, C) matrix.
_MOST_COLUMNS = 256


@tf.function(
    input_signature=[
        tf.TensorSpec([None, None], tf.float64),
        tf.TensorSpec([None, None], tf.float64),
        tf.TensorSpec([None, None], tf.float32),
    ]
)
def _distance_sums(rows: tf.Tensor, points: tf.Tensor, members: tf.Tensor) -> tf.Tensor:
    """Sum the distances from (R, D) rows to the points of each cluster.

    Args:
        rows: (R, D) float64.
        points: (N, D) float64.
        members: (N, C) float32, 1 where a point belongs to a cluster.

    Returns:
        (R, C) float32.
    """
    lengths = tf.reduce_sum(tf.square(points), 1)
    squared = tf.reduce_sum(tf.square(rows), 1)[:, tf.newaxis] + lengths
    squared -= 2 * tf.matmul(rows, points, transpose_b=True)  # (R, N)
    distances = tf.sqrt(tf.maximum(squared, 0))
    return tf.matmul(tf.cast(distances, tf.float32), members)


def mean_silhouettes(
    points: np.ndarray, labelings: Sequence[np.ndarray]
) -> Generator[float, None, np.ndarray]:
    """Compute the mean silhouettes of several clusterings of the same points.

    The silhouette of a point alone in its cluster is 0, as in the paper.

    Args:
        points: (N, D).
        labelings: L arrays of (N,) labels; a label without points is ignored.

    Yields:
        The fraction done, from 0 to 1.

    Returns:
        (L,) float64, the mean silhouette from -1 to 1; NaN for fewer than two clusters.
    """
    exact = points - points.mean(0, dtype=np.float64)
    compact = [np.unique(labels, return_inverse=True)[1] for labels in labelings]
    found: list[float] = []
    while len(found) < len(compact):
        group = _group(compact[len(found) :])
        totals = np.zeros(len(group))
        for n_rows, widths in _tiles(exact, group):
            totals += widths
            part = n_rows / len(points) * len(group)
            yield (len(found) + part) / len(compact)
        found += (totals / len(points)).tolist()
    return np.array(found)


def _group(labelings: Sequence[np.ndarray]) -> Sequence[np.ndarray]:
    """Return as many of the first labelings as fit in one pass, but at least one."""
    n_columns = np.cumsum([labels.max() + 1 for labels in labelings])
    return labelings[: max(1, int(np.count_nonzero(n_columns <= _MOST_COLUMNS)))]


def _tiles(
    points: np.ndarray, labelings: Sequence[np.ndarray]
) -> Generator[tuple[int, np.ndarray], None, None]:
    """Make one pass; yields how many rows are done, and (L,) silhouettes of a tile, summed."""
    members = [np.eye(labels.max() + 1, dtype=np.float32)[labels] for labels in labelings]
    sizes = [np.bincount(labels) for labels in labelings]
    on_device = tf.constant(points), tf.constant(np.concatenate(members, 1))
    ends = np.cumsum([each.shape[1] for each in members])
    n_rows = max(1, _TILE_WORK // (len(points) * (points.shape[1] + int(ends[-1]))))
    for start in range(0, len(points), n_rows):
        tile = slice(start, start + n_rows)
        sums = np.split(_distance_sums(points[tile], *on_device).numpy(), ends[:-1], axis=1)
        parts = zip(sums, labelings, sizes, strict=True)
        widths = [_widths(part, labels[tile], size).sum() for part, labels, size in parts]
        yield min(start + n_rows, len(points)), np.array(widths)


def _widths(sums: np.ndarray, own: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Compute the silhouette of each point.

    Args:
        sums: (R, K) summed distances to the points of each cluster.
        own: (R,) labels.
        sizes: (K,) points in each cluster, at least one.

    Returns:
        (R,) float64; NaN if there is only one cluster.
    """
    if len(sizes) == 1:
        return np.full(len(own), np.nan)
    rows = np.arange(len(own))
    within = sums[rows, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / sizes
    means[rows, own] = np.inf
    beside = means.min(1)
    largest = np.maximum(within, beside)
    counts = (sizes[own] > 1) & (largest > 0)
    return np.where(counts, (beside - within) / np.where(largest > 0, largest, 1), 0.0)

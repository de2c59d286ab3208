"""Estimates eps from the points if none is chosen."""

import numpy as np

# The fraction of the points that may be noise, or the border of a cluster.
_NOISE = 0.05
# The sample size; smaller if finding the neighbours takes long.
_SAMPLE, _MIN_SAMPLE = 256, 64
# Differences of columns: about 10 ms for a step, and less than a second in all.
_AT_ONCE, _MOST = 2**20, 2**24


def estimated_eps(points: np.ndarray, min_points: int) -> float:
    """Return an eps with which all but a twentieth of the points are core points.

    Ester et al. (1996, section 4.2) sort the distances of all points to their k-th nearest
    neighbour, and choose the eps above which the expected fraction of noise lies. Here k counts the
    point itself, like `min_points`, and the fraction is 5 %. Only a sample of the points is used,
    always the same one.

    Args:
        points: (N, D) float32.
        min_points: The least number of neighbours of a core point, including itself.

    Returns:
        The eps, more than 0.
    """
    n_points = len(points)
    nth = min(min_points, n_points) - 1
    columns = np.ascontiguousarray(points.T, np.float64)
    n_sampled = min(_SAMPLE, max(_MIN_SAMPLE, _MOST // points.size))
    sample = np.random.default_rng(0).permutation(n_points)[:n_sampled]
    parts = np.array_split(sample, -(-len(sample) * points.size // _AT_ONCE))
    distances = np.concatenate([_distances_to_nth(columns, part, nth) for part in parts])
    eps = np.quantile(distances, 1 - _NOISE, method="inverted_cdf")
    if eps == 0:  # nearly all points have others in the same place
        eps = min(distances[distances > 0].tolist(), default=1.0)
    return float(np.nextafter(eps, np.inf))  # its square is not below the squared distance


def _distances_to_nth(columns: np.ndarray, some: np.ndarray, nth: int) -> np.ndarray:
    """(S,) distances of sampled points to their nth neighbour; the 0th is the point itself."""
    squared = np.zeros((len(some), columns.shape[1]))
    for column in columns:
        squared += np.square(column[some, np.newaxis] - column)
    return np.asarray(np.sqrt(np.partition(squared, nth, axis=1)[:, nth]))

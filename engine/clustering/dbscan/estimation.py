"""An eps for points, where none is chosen."""

import numpy as np

# The part of the points that is taken for noise, or the rim of a cluster.
_NOISE = 0.05
# The neighbours of so many points are looked at, of fewer where that takes long.
_SAMPLE, _MIN_SAMPLE = 256, 64
# Differences of columns: some 10 ms, and less than a second.
_AT_ONCE, _MOST = 2**20, 2**24


def estimated_eps(points: np.ndarray, min_points: int) -> float:
    """An eps with which all but a twentieth of the points are core points.

    Ester et al. (1996, section 4.2) sort the distances of all points to their k-th nearest
    neighbour, and let eps be the one above which lies the expected part of noise. Here k counts as
    `min_points` does, and that part is 5 %. Only a sample of the points is looked at, always
    the same.

    Args:
        points: (N, D) float32.
        min_points: How many neighbours a core point has at least, itself included.

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
    return float(np.nextafter(eps, np.inf))  # its square is no less than the one it is the root of


def _distances_to_nth(columns: np.ndarray, some: np.ndarray, nth: int) -> np.ndarray:
    """(S,) distances of some points to their nth neighbour, from 0, which is the point itself."""
    squared = np.zeros((len(some), columns.shape[1]))
    for column in columns:
        squared += np.square(column[some, np.newaxis] - column)
    return np.asarray(np.sqrt(np.partition(squared, nth, axis=1)[:, nth]))

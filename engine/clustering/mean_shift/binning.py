"""Grids over points: starting positions of climbs, and means that represent many points."""

import numpy as np

from engine.errors import ParameterError

# Cells of the fine grid in a bandwidth: points are this close to the mean that represents them.
_FINE = 8
# With more cells than this, float32 cannot tell neighbouring ones apart.
_MAX_CELLS = 2.0**22


def check_reach(points: np.ndarray, bandwidth: float) -> None:
    """Check that the bandwidth is not too small for the range of (N, D) points.

    Raises:
        ParameterError: float32 could not tell the positions apart.
    """
    extent = float(np.ptp(points.astype(np.float64), 0).max())
    if extent > bandwidth * _MAX_CELLS / _FINE:
        raise ParameterError(
            f"A bandwidth of {bandwidth:.3g} is too small for points that are {extent:.3g} apart; "
            f"choose {extent * _FINE / _MAX_CELLS:.3g} or more."
        )


def bin_seeds(points: np.ndarray, bandwidth: float) -> np.ndarray:
    """Return the centre of each grid cell that has points, like scikit-learn's `get_bin_seeds`.

    Args:
        points: (N, D) of a float type.
        bandwidth: The width of a cell.

    Returns:
        (M, D) of the same type; the points themselves if there would be as many cells.
    """
    grid = np.round(points.astype(np.float64) / bandwidth)
    first, _, _ = _cells(grid)
    return points if len(first) == len(points) else (grid[first] * bandwidth).astype(points.dtype)


def condensed(points: np.ndarray, bandwidth: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Replace the points in each cell of a fine grid by their mean.

    Args:
        points: (N, D) of a float type.
        bandwidth: Eight cells wide.

    Returns:
        (C, D) means of the same type; (C,) float32, how many points each represents; and (N,) the
        index of the mean that represents each point.
    """
    _, cell, counts = _cells(np.floor(points.astype(np.float64) * (_FINE / bandwidth)))
    sums = [np.bincount(cell, weights=column) for column in points.T.astype(np.float64)]
    means = np.stack(sums, 1) / counts[:, np.newaxis]
    return means.astype(points.dtype), counts.astype(np.float32), cell


def _cells(grid: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Number the distinct rows of (N, D) integers.

    Returns:
        (C,) the first row of each, (N,) the number of each row, (C,) how often it occurs.
    """
    low = grid.min(0)
    sizes = grid.max(0) - low + 1
    if np.prod(sizes) < 2.0**62:  # then one integer identifies a cell
        keys = np.zeros(len(grid), np.int64)
        for column, start, size in zip(grid.T, low, sizes, strict=True):
            keys = keys * int(size) + (column - start).astype(np.int64)
        found = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    else:
        found = np.unique(grid, axis=0, return_index=True, return_inverse=True, return_counts=True)
    _, first, inverse, counts = found
    return first, inverse.reshape(-1), counts

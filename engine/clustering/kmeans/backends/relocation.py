"""Centroids without points jump to the points that are farthest from their own centroids."""

from typing import NamedTuple

import numpy as np


class Farthest(NamedTuple):
    """Points that are far from their own centroids, the farthest first.

    Attributes:
        squared: (M,) float64, squared distances.
        points: (M, D), shifted.
    """

    squared: np.ndarray
    points: np.ndarray


def farthest_first(squared: np.ndarray, n_points: int) -> np.ndarray:
    """Indices of the largest of (N,) values, the largest first, and the first of equal ones."""
    return np.argsort(-squared, kind="stable")[:n_points]


def relocate(centroids: np.ndarray, sizes: np.ndarray, farthest: Farthest) -> np.ndarray:
    """Let each centroid without points jump to a point that is far from its own centroid.

    The first empty one takes the farthest point, the next the second farthest. Where all points
    stand on their centroids there is nothing to gain, and it stays.

    Args:
        centroids: (K, D) float64, after the update.
        sizes: (K,), how many points each has.
        farthest: As many points as there are empty centroids, or all that there are.

    Returns:
        (K, D) float64, with the empty ones relocated.
    """
    empty = np.flatnonzero(sizes == 0)[: len(farthest.squared)]
    jumps = farthest.squared[: len(empty)] > 0
    relocated = centroids.copy()
    relocated[empty[jumps]] = farthest.points[: len(empty)][jumps]
    return relocated

"""Moves centroids without points to the points that are farthest from their own centroids."""

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
    """Return the indices of the largest of (N,) values, in descending order; ties by index."""
    return np.argsort(-squared, kind="stable")[:n_points]


def relocate(centroids: np.ndarray, sizes: np.ndarray, farthest: Farthest) -> np.ndarray:
    """Move each centroid without points to a point that is far from its own centroid.

    The first empty one takes the farthest point, the next the second farthest. If all points are at
    their centroids, nothing can improve and it stays.

    Args:
        centroids: (K, D) float64, after the update.
        sizes: (K,), the number of points of each.
        farthest: One point for each empty centroid, or all points if there are fewer.

    Returns:
        (K, D) float64, with the empty ones relocated.
    """
    empty = np.flatnonzero(sizes == 0)[: len(farthest.squared)]
    jumps = farthest.squared[: len(empty)] > 0
    relocated = centroids.copy()
    relocated[empty[jumps]] = farthest.points[: len(empty)][jumps]
    return relocated

"""What a scatter plot shows: the picture of one frame, and which of its parts."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What one frame looks like in the plane of the plot.

    Attributes:
        centroids: (K, 2) where the discs are.
        labels: (N,) for the colours, or None.
        trails: K paths, (M, 2) each, oldest first; empty for none.
        empty: Which centroids have no points.
        climbs: (C, M, 2) the ways of what climbs, oldest place first; None in k-means. Then the
            centroids are modes: they cannot be dragged, and nearness makes no regions.
        of_climbs: (C,) the labels of what climbs.
    """

    centroids: np.ndarray
    labels: np.ndarray | None
    trails: list[np.ndarray]
    empty: tuple[int, ...]
    climbs: np.ndarray | None = None
    of_climbs: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """Which parts are on screen: the toggles above the plot and in the View menu."""

    regions: bool = True
    lines: bool = False
    trails: bool = True
    shapes: bool = False

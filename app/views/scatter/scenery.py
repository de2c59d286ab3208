"""What a scatter plot shows: the scene of one frame, and which layers of it."""

from dataclasses import dataclass

import numpy as np

# Labels that are none: of a point that has no cluster yet, and of one that belongs to none.
NO_LABEL, NOISE = -1, -2


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """One frame in the plane of the plot.

    Attributes:
        centroids: (K, 2) the positions of the discs.
        labels: (N,) for the colours, `NO_LABEL` or `NOISE` for a point without; None if no point
            has one.
        trails: K paths, (M, 2) each, oldest first; empty for none.
        empty: Which centroids have no points.
        climbs: (C, M, 2) the paths of the climbing points, oldest first; None where nothing climbs.
        of_climbs: (C,) the labels of the climbing points.
        has_regions: Whether a position belongs to the cluster of the nearest centroid.
        can_drag: Whether centroids can be dragged.
    """

    centroids: np.ndarray
    labels: np.ndarray | None
    trails: list[np.ndarray]
    empty: tuple[int, ...]
    climbs: np.ndarray | None = None
    of_climbs: np.ndarray | None = None
    has_regions: bool = True
    can_drag: bool = True


@dataclass(frozen=True, slots=True)
class Shown:
    """Which layers are shown: the toggles above the plot and in the View menu."""

    regions: bool = True
    lines: bool = False
    trails: bool = True
    shapes: bool = False

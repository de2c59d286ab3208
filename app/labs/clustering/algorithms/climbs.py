"""Climbs of mean shift as they are drawn: which of them, and along which paths."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np

from engine.clustering.mean_shift.frames import MeanShiftFrame

Frame = TypeVar("Frame")

# More would make the plot slow, and hard to read.
MAX_CLIMBS, MAX_MODES, _MAX_PLACES = 200, 100, 40


def drawn(n_climbs: int) -> np.ndarray:
    """Which climbs are drawn: `MAX_CLIMBS` at most, spread evenly over the data."""
    return np.unique(np.linspace(0, n_climbs - 1, min(n_climbs, MAX_CLIMBS)).round().astype(int))


def thinned(frames: Sequence[Frame], most: int) -> list[Frame]:
    """Some of the frames, the first and the last among them; the later the fewer.

    Args:
        frames: Oldest first.
        most: How many.
    """
    steps = np.geomspace(1, len(frames), min(len(frames), most)).round().astype(int)
    return [frames[step - 1] for step in np.unique(steps).tolist()]


def paths(
    frames: Sequence[MeanShiftFrame], of_places: Callable[[np.ndarray], np.ndarray]
) -> np.ndarray:
    """Where the climbs drawn were in each of the frames, (C, M, 2), oldest first.

    The later frames of many are thinned out: most of a path is covered in the first ones.

    Args:
        frames: Those up to the one on screen.
        of_places: Brings (..., D) places of a frame to the plot.
    """
    chosen = drawn(len(frames[0].positions))
    places = np.stack([frame.positions[chosen] for frame in thinned(frames, _MAX_PLACES)])
    return of_places(places).transpose(1, 0, 2)


def labels(frame: MeanShiftFrame) -> np.ndarray:
    """(C,) the mode within a bandwidth of each climb drawn, the nearest; -1 for none."""
    places = frame.positions[drawn(len(frame.positions))]
    if not len(frame.centroids):
        return np.full(len(places), -1)
    modes = frame.centroids[:MAX_MODES]
    squared = np.square(places[:, np.newaxis] - modes).sum(2)
    is_near = squared.min(1) <= frame.bandwidth**2
    return np.where(is_near, squared.argmin(1), -1)

"""Finds the point nearest to the pointer among any number of points.

Points are sorted into strips of equal numbers from left to right, and upwards in each strip: the
packing of Leutenegger, S. et al. (1997), STR: a simple and efficient algorithm for R-tree packing.
Strips adapt to the points, so that outliers and clumps cost nothing.
"""

from bisect import bisect_right
from itertools import pairwise

import numpy as np

_N_STRIPS = 256


def nearest(xy: np.ndarray, at: np.ndarray, unit: np.ndarray, reach: float) -> int:
    """Return the index of the point nearest to a position, by looking at each.

    Args:
        xy: (N, 2) the points.
        at: (2,) the position.
        unit: (2,) the length of a pixel on each axis.
        reach: How far a point may be, in pixels.

    Returns:
        The last of the nearest points, which is drawn on top; -1 if none is within reach.
    """
    place, distance = _nearest(xy[:, 0], xy[:, 1], at, unit)
    return place if distance <= reach else -1


def _nearest(x: np.ndarray, y: np.ndarray, at: np.ndarray, unit: np.ndarray) -> tuple[int, float]:
    """Return the last of the nearest points, and its distance in pixels."""
    if not len(x):
        return -1, np.inf
    squared = np.square((x - at[0]) / unit[0]) + np.square((y - at[1]) / unit[1])
    place = len(squared) - 1 - int(squared[::-1].argmin())
    return place, float(np.sqrt(squared[place]))


class Strips:
    """Points sorted so that the nearest one is found by looking at only a few.

    Holds the two coordinates of each point, and 4 bytes for its index.
    """

    def __init__(self, xy: np.ndarray) -> None:
        """Sort (N, 2) points, N at least 1."""
        order = np.argsort(xy[:, 0], kind="stable").astype(np.int32)
        edges = np.linspace(0, len(xy), min(_N_STRIPS, len(xy)) + 1).astype(int).tolist()
        self._strips = list(pairwise(edges))
        self._lowest = [float(xy[order[start], 0]) for start, _ in self._strips]
        self._highest = [float(xy[order[end - 1], 0]) for _, end in self._strips]
        for start, end in self._strips:
            strip = order[start:end]
            order[start:end] = strip[np.argsort(xy[strip, 1], kind="stable")]
        self._order, self._x, self._y = order, xy[order, 0], xy[order, 1]

    def nearest(self, at: np.ndarray, unit: np.ndarray, reach: float) -> int:
        """Return the index of a nearest point; see the function `nearest`."""
        middle = max(bisect_right(self._lowest, at[0]) - 1, 0)
        found = -1
        for strips in (range(middle, -1, -1), range(middle + 1, len(self._strips))):
            for strip in strips:
                gap = max(self._lowest[strip] - at[0], at[0] - self._highest[strip], 0) / unit[0]
                if gap > reach:
                    break
                some = self._within(strip, at[1] - reach * unit[1], at[1] + reach * unit[1])
                place, distance = _nearest(self._x[some], self._y[some], at, unit)
                if distance < reach or (found < 0 and distance == reach):
                    found, reach = some.start + place, distance
        return int(self._order[found]) if found >= 0 else -1

    def _within(self, strip: int, low: float, high: float) -> slice:
        """Return the points of a strip between two heights."""
        start, end = self._strips[strip]
        heights = self._y[start:end]
        first = heights.searchsorted(heights.dtype.type(low), "left")
        last = heights.searchsorted(heights.dtype.type(high), "right")
        return slice(start + int(first), start + int(last))

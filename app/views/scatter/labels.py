"""Where the names of points go, so that they cover neither each other nor other points."""

import numpy as np

# From a point to the middle of its name, in halves of the name's size.
_SIDES = np.array(
    [(1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1)], np.float64
)
_RINGS = (1.0, 1.8, 2.6)
# What part of a name may lie on others, at most, so that it is still read.
_HIDDEN = 0.03


def placed(
    points: np.ndarray, sizes: np.ndarray, gap: float, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Find a place for each name, one after the other, as free as can be had near its point.

    A name that finds no room beside those before it, and within the plot, is left out.

    Args:
        points: (N, 2) in pixels.
        sizes: (N, 2) width and height of each name.
        gap: Between a point and its name, in pixels.
        low: (2,), one corner of the plot; a name that crosses its border cannot be read.
        high: (2,), the other one.

    Returns:
        (N, 2), the middle of each name, and (N,) whether it found room.
    """
    middles, found = np.empty((len(points), 2)), np.zeros(len(points), bool)
    for index, (point, size) in enumerate(zip(points, sizes, strict=True)):
        tried = np.concatenate([point + _SIDES * (size / 2 + gap) * ring for ring in _RINGS])
        others = np.delete(points, index, 0)
        before = np.flatnonzero(found[:index])
        taken = _overlaps(tried, size, middles[before], sizes[before])
        marks = _overlaps(tried, size, others, np.full_like(others, 2 * gap))
        out = ((tried - size / 2 < low) | (tried + size / 2 > high)).any(1)
        far = np.hypot(*(tried - point).T)
        best = np.argmin(100 * (taken + out) + 10 * marks + far / size.max())
        middles[index], found[index] = tried[best], taken[best] + out[best] <= _HIDDEN
    return middles, found


def _overlaps(
    tried: np.ndarray, size: np.ndarray, others: np.ndarray, sizes: np.ndarray
) -> np.ndarray:
    """What part of a name at each of (M, 2) places lies on other rectangles: (M,)."""
    if not len(others):
        return np.zeros(len(tried))
    apart = np.abs(tried[:, np.newaxis] - others)
    shared = np.clip((size + sizes) / 2 - apart, 0, np.minimum(size, sizes))
    parts: np.ndarray = shared.prod(2).sum(1) / size.prod()
    return parts


def leaders(points: np.ndarray, middles: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Where lines from (N, 2) points to their names end: at the border of each, (N, 2)."""
    way = points - middles
    reach = np.min(sizes / 2 / np.maximum(np.abs(way), 1e-9), 1)
    ends: np.ndarray = middles + way * np.minimum(reach, 1)[:, np.newaxis]
    return ends

"""Places the names of points, so that they cover neither each other nor other points."""

import numpy as np

# Offsets from a point to the centre of its name, in halves of the name's size.
_SIDES = np.array(
    [(1, 0), (-1, 0), (0, -1), (0, 1), (1, -1), (-1, -1), (1, 1), (-1, 1)], np.float64
)
_RINGS = (1.0, 1.8, 2.6)
# The largest fraction of a name that may overlap others and still be readable.
_HIDDEN = 0.03


def placed(
    points: np.ndarray, sizes: np.ndarray, gap: float, low: np.ndarray, high: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Find the freest place near its point for each name, one after another.

    A name that does not fit beside those before it, or within the plot, is left out.

    Args:
        points: (N, 2) in pixels.
        sizes: (N, 2) width and height of each name.
        gap: The distance between a point and its name, in pixels.
        low: (2,), one corner of the plot; no name crosses its border.
        high: (2,), the other one.

    Returns:
        (N, 2), the centre of each name, and (N,) whether it fits.
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
    """Return the fraction (M,) of a name, at each of (M, 2) places, that overlaps rectangles."""
    if not len(others):
        return np.zeros(len(tried))
    apart = np.abs(tried[:, np.newaxis] - others)
    shared = np.clip((size + sizes) / 2 - apart, 0, np.minimum(size, sizes))
    fractions: np.ndarray = shared.prod(2).sum(1) / size.prod()
    return fractions


def leaders(points: np.ndarray, middles: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Return the ends (N, 2) of lines from (N, 2) points to the borders of their names."""
    offsets = points - middles
    reach = np.min(sizes / 2 / np.maximum(np.abs(offsets), 1e-9), 1)
    ends: np.ndarray = middles + offsets * np.minimum(reach, 1)[:, np.newaxis]
    return ends

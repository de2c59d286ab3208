"""Draws points as discs of several pixels: spreads the value of a pixel over its neighbours."""

import numpy as np


def spread(values: np.ndarray, side: int) -> np.ndarray:
    """Sum values over a disc around each pixel.

    Args:
        values: (h, w).
        side: The diameter of the disc, in pixels.

    Returns:
        (h - side + 1, w - side + 1): the pixels whose whole disc lies within.
    """
    if side == 1:
        return values
    height, width = values.shape[0] - side + 1, values.shape[1] - side + 1
    total = np.zeros((height, width), values.dtype)
    rows = np.zeros((values.shape[0], width), values.dtype)
    widths, reached = _disc(side), 0
    for wide in sorted(set(widths)):
        for column in _new_columns(side, reached, wide):
            rows += values[:, column : column + width]
        reached = wide
        for row in np.flatnonzero(np.equal(widths, wide)).tolist():
            total += rows[row : row + height]
    return total


def _disc(side: int) -> list[int]:
    """Return the width of each row of a disc in pixels: all even or all odd, like the side."""
    heights = np.arange(side) - (side - 1) / 2
    chords = 2 * np.sqrt((side / 2) ** 2 - heights**2)
    return [max(side - 2 * round((side - chord) / 2), side % 2) for chord in chords.tolist()]


def _new_columns(side: int, reached: int, wide: int) -> list[int]:
    """Return the columns of the disc's square that are added where its rows get wider."""
    start, before = (side - wide) // 2, (side - reached) // 2
    if not reached:
        return list(range(start, start + wide))
    return [*range(start, before), *range(before + reached, start + wide)]

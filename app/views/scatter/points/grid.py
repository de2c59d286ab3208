"""The pixels of a view of a plot, and in which of them points fall."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QTransform

# What a raster reaches beyond the plot, in pixels: for a while it can be panned.
_MARGIN = 48


@dataclass(frozen=True, slots=True)
class Grid:
    """The pixels of a screen that lie over a part of the plot.

    Attributes:
        left: Where the left edge is, in the units of the plot.
        top: Where the upper edge is.
        across: How many pixels a unit is; negative where the axis runs to the left.
        down: The same; negative where the axis runs upwards.
        width: Pixels.
        height: Pixels.
        ratio: Pixels of the screen in one of Qt's.
    """

    left: float
    top: float
    across: float
    down: float
    width: int
    height: int
    ratio: float = 1.0

    @staticmethod
    def over(area: QRectF, transform: QTransform, ratio: float) -> "Grid":
        """The pixels over an area, and a margin.

        Args:
            area: In the pixels of the painter.
            transform: From the units of the plot to them.
            ratio: As in the attributes.
        """
        left, top = (np.floor(edge * ratio) - _MARGIN for edge in (area.left(), area.top()))
        right, bottom = (np.ceil(edge * ratio) + _MARGIN for edge in (area.right(), area.bottom()))
        m11, m22 = transform.m11(), transform.m22()
        return Grid(
            float(left / ratio - transform.dx()) / m11,
            float(top / ratio - transform.dy()) / m22,
            m11 * ratio,
            m22 * ratio,
            int(right - left),
            int(bottom - top),
            ratio,
        )

    @property
    def n_pixels(self) -> int:
        """How many there are."""
        return self.width * self.height

    def rect(self, inset: int, width: int, height: int) -> QRectF:
        """Where some of the pixels are, in the units of the plot.

        Args:
            inset: How many are left out on the left, and above.
            width: How many there are from there.
            height: The same.
        """
        left, top = self.left + inset / self.across, self.top + inset / self.down
        corner = QPointF(left + width / self.across, top + height / self.down)
        return QRectF(QPointF(left, top), corner).normalized()

    def pixels(self, xy: np.ndarray) -> NDArray[np.int32]:
        """(N,) int32, in which pixel each of (N, 2) points falls; `n_pixels` outside."""
        column = _along(xy[:, 0], self.left, self.across, self.width)
        row = _along(xy[:, 1], self.top, self.down, self.height)
        outside = (column < 0) | (column == self.width) | (row < 0) | (row == self.height)
        found = row * np.int32(self.width) + column
        np.putmask(found, outside, np.int32(self.n_pixels))
        return found


def _along(values: np.ndarray, edge: float, scale: float, n_pixels: int) -> NDArray[np.int32]:
    """(N,) int32, how many pixels from an edge; -1 is before it, `n_pixels` beyond the other.

    First the edge is taken off and then the units are made pixels, or float32 would not be enough
    for points far from zero.
    """
    near = values.dtype.type(edge)
    places = (values - near) * values.dtype.type(scale)
    places += values.dtype.type((float(near) - edge) * scale)
    return np.asarray(np.floor(places.clip(-1, n_pixels)), np.int32)

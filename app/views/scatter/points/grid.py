"""The pixels of a view of a plot, and the pixel of each point."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QTransform

# The margin of a raster around the plot, in pixels: it allows some panning.
_MARGIN = 48


@dataclass(frozen=True, slots=True)
class Grid:
    """The pixels of a screen over a rectangle of the plot.

    Attributes:
        left: The left edge, in the units of the plot.
        top: The upper edge, in the units of the plot.
        across: Pixels per unit; negative if the axis runs to the left.
        down: Pixels per unit; negative if the axis runs upwards.
        width: The width in pixels.
        height: The height in pixels.
        ratio: Pixels of the screen in one device-independent pixel.
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
        """Return the pixels over an area, and a margin.

        Args:
            area: The area, in the pixels of the painter.
            transform: Converts the units of the plot to these pixels.
            ratio: See the attributes.
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
        """The number of pixels."""
        return self.width * self.height

    def rect(self, inset: int, width: int, height: int) -> QRectF:
        """Return the rectangle of some of the pixels, in the units of the plot.

        Args:
            inset: How many are omitted on the left and at the top.
            width: How many columns there are from there.
            height: How many rows there are from there.
        """
        left, top = self.left + inset / self.across, self.top + inset / self.down
        corner = QPointF(left + width / self.across, top + height / self.down)
        return QRectF(QPointF(left, top), corner).normalized()

    def pixels(self, xy: np.ndarray) -> NDArray[np.int32]:
        """Return (N,) int32, the pixel index of each of (N, 2) points; `n_pixels` outside."""
        column = _along(xy[:, 0], self.left, self.across, self.width)
        row = _along(xy[:, 1], self.top, self.down, self.height)
        outside = (column < 0) | (column == self.width) | (row < 0) | (row == self.height)
        found = row * np.int32(self.width) + column
        np.putmask(found, outside, np.int32(self.n_pixels))
        return found


def _along(values: np.ndarray, edge: float, scale: float, n_pixels: int) -> NDArray[np.int32]:
    """Return (N,) int32 distances from an edge in pixels; -1 before it, `n_pixels` past the other.

    The edge is subtracted before units are converted to pixels: otherwise float32 would not be
    enough for points far from zero.
    """
    near = values.dtype.type(edge)
    places = (values - near) * values.dtype.type(scale)
    places += values.dtype.type((float(near) - edge) * scale)
    return np.asarray(np.floor(places.clip(-1, n_pixels)), np.int32)

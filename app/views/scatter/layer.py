"""A layer of a scatter plot in data coordinates, with a theme and the bounds of what it draws."""

import numpy as np
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QPolygonF
from pyqtgraph import GraphicsObject

from app.theme import Theme, current


class Layer(GraphicsObject):
    """The common base of regions, lines and trails."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = current()
        self._bounds = QRectF()

    def set_look(self, theme: Theme) -> None:
        """Choose the theme."""
        self._theme = theme
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def cover(self, *places: np.ndarray) -> None:
        """Set the bounds to those of (M, 2) positions, which are drawn from now on."""
        self.prepareGeometryChange()
        self._bounds = rect_around(np.concatenate([np.empty((0, 2)), *places]))
        self.update()


def rect_around(xy: np.ndarray) -> QRectF:
    """Return the bounds of (N, 2) positions; empty if there are none."""
    if not len(xy):
        return QRectF()
    # One column at a time: NumPy takes a hundred times as long for both at once.
    low, high = (QPointF(*(float(f(xy[:, axis])) for axis in (0, 1))) for f in (np.min, np.max))
    return QRectF(low, high)


def polygon(corners: np.ndarray) -> QPolygonF:
    """Convert (M, 2) corners to a polygon of Qt."""
    return QPolygonF([QPointF(x, y) for x, y in corners.tolist()])

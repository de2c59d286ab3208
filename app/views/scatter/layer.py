"""Part of a scatter plot in data coordinates: what has a theme, and bounds around what it draws."""

import numpy as np
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QPolygonF
from pyqtgraph import GraphicsObject

from app.theme import LIGHT, Theme


class Layer(GraphicsObject):
    """What regions, lines and trails have in common."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._bounds = QRectF()

    def set_look(self, theme: Theme) -> None:
        """Choose the theme."""
        self._theme = theme
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def cover(self, *places: np.ndarray) -> None:
        """Say that (M, 2) places are what is drawn from now on."""
        self.prepareGeometryChange()
        self._bounds = rect_around(np.concatenate([np.empty((0, 2)), *places]))
        self.update()


def rect_around(xy: np.ndarray) -> QRectF:
    """What (N, 2) places fill; nothing if there are none."""
    if not len(xy):
        return QRectF()
    # A column at a time: NumPy takes a hundred times as long for both at once.
    low, high = (QPointF(*(float(f(xy[:, axis])) for axis in (0, 1))) for f in (np.min, np.max))
    return QRectF(low, high)


def polygon(corners: np.ndarray) -> QPolygonF:
    """(M, 2) corners as Qt has them."""
    return QPolygonF([QPointF(x, y) for x, y in corners.tolist()])

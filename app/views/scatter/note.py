"""What is said of the point under the mouse: a ring around it, and some lines beside it."""

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPoint

from app.text import RichLabel
from app.theme import Theme

_AWAY, _EDGE = 16, 4


class Ring:
    """A ring around a point, as large at any zoom."""

    def __init__(self, plot: pg.PlotWidget) -> None:
        self._item = pg.ScatterPlotItem(pxMode=True)
        self._item.setZValue(6)
        plot.addItem(self._item, ignoreBounds=True)

    def show_at(self, point: np.ndarray, size: int, width: float, theme: Theme) -> None:
        """Mark a point.

        Args:
            point: (2,) in the units of the plot.
            size: Of the ring, in pixels.
            width: Of its line, in pixels of a desk.
            theme: For its colour.
        """
        pen = pg.mkPen(theme.ink, width=width * theme.scale)
        self._item.setData(pos=point[np.newaxis], size=size, pen=pen, brush=None)

    def take_away(self) -> None:
        """Mark none."""
        self._item.clear()


class PointNote(RichLabel):
    """A label that floats over a plot, within its borders."""

    def __init__(self, plot: pg.PlotWidget) -> None:
        super().__init__(parent=plot)
        self.setObjectName("hover")
        self._plot = plot
        self._ring = Ring(plot)
        self.hide()

    def show_at(self, point: np.ndarray, place: QPoint, text: str, size: int, theme: Theme) -> None:
        """Mark a point and say something beside it.

        Args:
            point: (2,) in the units of the plot.
            place: Where it is in the plot's widget.
            text: What is said, in HTML.
            size: Of the ring, in pixels.
            theme: For its colour.
        """
        self._ring.show_at(point, size, 2, theme)
        self.setText(text)
        self.adjustSize()
        width, height = self.width(), self.height()
        right = place.x() + _AWAY
        fits = right + width + _EDGE <= self._plot.width()
        x = right if fits else max(_EDGE, place.x() - _AWAY - width)
        y = min(max(place.y() + _AWAY, _EDGE), self._plot.height() - height - _EDGE)
        self.move(x, y)
        self.show()

    def take_away(self) -> None:
        """Say nothing."""
        self._ring.take_away()
        self.hide()

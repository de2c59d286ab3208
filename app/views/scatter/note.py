"""Notes over a plot: a text beside a position, and a ring around the point it is about."""

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPoint

from app.text import RichLabel
from app.theme import Theme

_AWAY, _EDGE = 16, 4


class Ring:
    """A ring around a point, of constant size on screen."""

    def __init__(self, plot: pg.PlotWidget) -> None:
        self._item = pg.ScatterPlotItem(pxMode=True)
        self._item.setZValue(6)
        plot.addItem(self._item, ignoreBounds=True)

    def show_at(self, point: np.ndarray, size: int, width: float, theme: Theme) -> None:
        """Mark a point.

        Args:
            point: (2,) in the units of the plot.
            size: The diameter of the ring, in pixels.
            width: The width of its line, in pixels at scale 1.
            theme: Gives its colour.
        """
        pen = pg.mkPen(theme.ink, width=width * theme.scale)
        self._item.setData(pos=point[np.newaxis], size=size, pen=pen, brush=None)

    def remove(self) -> None:
        """Remove the ring."""
        self._item.clear()


class Note(RichLabel):
    """A text over a plot, beside a place and within its borders."""

    def __init__(self, plot: pg.PlotWidget) -> None:
        super().__init__(parent=plot)
        self.setObjectName("hover")
        self._plot = plot
        self.hide()

    def show_beside(self, place: QPoint, text: str) -> None:
        """Show a text.

        Args:
            place: What it is about, in the plot's widget.
            text: In HTML.
        """
        self._fit(text)
        width, height = self.width(), self.height()
        right = place.x() + _AWAY
        fits = right + width + _EDGE <= self._plot.width()
        x = right if fits else max(_EDGE, place.x() - _AWAY - width)
        y = max(_EDGE, min(place.y() + _AWAY, self._plot.height() - height - _EDGE))
        self.move(x, y)
        self.show()

    def _fit(self, text: str) -> None:
        """Take a text, with its lines wrapped where they are wider than the plot."""
        self.setWordWrap(False)
        self.setText(text)
        self.adjustSize()
        widest = self._plot.width() - 2 * _EDGE
        if self.width() > widest:
            self.setWordWrap(True)
            self.resize(widest, self.heightForWidth(widest))


class PointNote(Note):
    """A note about a point, with a ring around it."""

    def __init__(self, plot: pg.PlotWidget) -> None:
        super().__init__(plot)
        self._ring = Ring(plot)

    def show_at(self, point: np.ndarray, place: QPoint, text: str, size: int, theme: Theme) -> None:
        """Mark a point, with a text beside it.

        Args:
            point: (2,) in the units of the plot.
            place: Its position in the plot's widget.
            text: The text, in HTML.
            size: The diameter of the ring, in pixels.
            theme: Gives its colour.
        """
        self._ring.show_at(point, size, 2, theme)
        self.show_beside(place, text)

    def remove(self) -> None:
        """Remove the note."""
        self._ring.remove()
        self.hide()

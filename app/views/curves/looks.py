"""Lines and points distinguished by colour and shape, and a legend beside them."""

from collections.abc import Sequence

import pyqtgraph as pg
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QTransform
from pyqtgraph.graphicsItems.ScatterPlotItem import Symbols

from app.text import rich
from app.theme import COLOR_NAMES, SHAPE_NAMES, Theme

# pyqtgraph's names for `SHAPE_NAMES`.
_SYMBOLS = ("o", "s", "t1", "d", "+", "star")
# Factors that make all shapes look equally large.
_GROWTH = (1.0, 0.95, 1.2, 1.3, 1.25, 1.4)
_ROOM = 24


def symbol(look: int) -> str:
    """Return pyqtgraph's name for the marker of a look."""
    return _SYMBOLS[look % len(_SYMBOLS)]


def marker_size(look: int, size: float) -> float:
    """Return the size of a marker that looks as large as a disc of this size."""
    return size * _GROWTH[look % len(_GROWTH)]


def in_words(look: int) -> str:
    """Return colour and marker in words."""
    return f"{COLOR_NAMES[look % len(COLOR_NAMES)]} {SHAPE_NAMES[look % len(SHAPE_NAMES)]}"


def swatch(look: int, theme: Theme) -> QIcon:
    """Return the marker in its colour."""
    size = theme.px(16)
    path = QTransform.fromScale(0.75 * size, 0.75 * size).map(Symbols[symbol(look)])
    return icon(path, size, theme.cluster_color(look), QPen(Qt.PenStyle.NoPen))


def icon(path: QPainterPath, size: int, fill: QColor, pen: QPen) -> QIcon:
    """Draw a shape around (0, 0) as a square icon."""
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(QPointF(size / 2, size / 2))
    painter.setPen(pen)
    painter.setBrush(fill)
    painter.drawPath(path)
    painter.end()
    return QIcon(pixmap)


class Legend(pg.LegendItem):
    """Names beside their markers, at the right edge of a plot."""

    def __init__(self, plot: pg.PlotWidget) -> None:
        super().__init__(offset=(-6, 6))
        self._plot = plot.getPlotItem()
        self._is_empty = True
        self.setParentItem(self._plot.getViewBox())

    def draw(self, names: Sequence[tuple[str, int]], theme: Theme) -> None:
        """Show other names, each with the index of its look."""
        self.clear()
        self.setLabelTextColor(QColor(theme.ink))
        self.setLabelTextSize(f"{10 * theme.scale:.1f}pt")
        for name, look in names:
            self.addItem(_sample(look, theme), rich(name))
        self._is_empty = not names

    def range_beside(self, low: float, high: float) -> tuple[float, float]:
        """Return the range of the horizontal axis that shows low to high left of the legend.

        In a plot of very little height there is no legend.
        """
        box = self._plot.getViewBox()
        self.setVisible(not self._is_empty and self.boundingRect().height() <= box.height())
        width = box.width()
        fraction = (
            (self.boundingRect().width() + _ROOM) / max(width, 1) if self.isVisible() else 0.0
        )
        fraction = min(fraction, 0.5)
        return low, low + (high - low) / (1 - fraction)

    def mouseDragEvent(self, event: object) -> None:
        """Ignore drags: the legend stays where it is."""


def _sample(look: int, theme: Theme) -> pg.ScatterPlotItem:
    color, size = theme.cluster_color(look), marker_size(look, theme.px(11))
    return pg.ScatterPlotItem(symbol=symbol(look), size=size, brush=color, pen=None)

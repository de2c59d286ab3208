"""Names beside the points of a plot, as many as fit."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, QTimer
from PyQt6.QtGui import QColor, QFontMetricsF

from app.text import SHORT, shown
from app.theme import Theme, current, follow
from app.views.scatter.labels import leaders, placed

MAX_NAMES = 150
_LEADER_PIXELS = 12
_FONT = 0.9


class PointNames:
    """The names of a plot's points; they are placed again when the range changes."""

    def __init__(self, plot: pg.PlotWidget) -> None:
        self._plot = plot
        self._theme = current()
        self._xy = np.empty((0, 2))
        self._names: tuple[str, ...] = ()
        self.labels: list[pg.TextItem] = []
        # Lines from a point to its name if that is not close.
        self._leaders = pg.PlotCurveItem(connect="pairs")
        self._leaders.setZValue(-1)
        plot.addItem(self._leaders, ignoreBounds=True)
        self._rest = QTimer(plot)
        self._rest.setSingleShot(True)
        self._rest.setInterval(0)
        self._rest.timeout.connect(self.place)
        plot.getPlotItem().getViewBox().sigRangeChanged.connect(lambda *_: self._rest.start())
        follow(plot, self.restyle)

    def draw(self, names: Sequence[str], xy: np.ndarray) -> None:
        """Write other names.

        Args:
            names: N names; none removes all.
            xy: (N, 2), the positions of the points.
        """
        self._names = tuple(shown(name, SHORT) for name in names)
        self._xy = xy[: len(names)]
        self._write()

    def restyle(self, theme: Theme) -> None:
        """Write in another theme."""
        self._theme = theme
        self._write()

    def _write(self) -> None:
        for label in self.labels:
            self._plot.removeItem(label)
        self.labels = []
        for name in self._names:
            label = pg.TextItem(name, color=QColor(self._theme.ink), anchor=(0.5, 0.5))
            label.setFont(self._theme.font(_FONT))
            self.labels.append(label)
            self._plot.addItem(label, ignoreBounds=True)
        self.place()

    def place(self) -> None:
        """Place each name."""
        if not self._names:
            self._leaders.clear()
            return
        box, theme = self._plot.getPlotItem().getViewBox(), self._theme
        places = [box.mapViewToScene(QPointF(*point)) for point in self._xy.tolist()]
        metrics = QFontMetricsF(theme.font(_FONT))
        sizes = np.array(
            [(metrics.horizontalAdvance(name), 0.8 * metrics.height()) for name in self._names]
        )
        points = np.array([(place.x(), place.y()) for place in places])
        corners = np.array(box.sceneBoundingRect().getCoords()).reshape(2, 2)
        middles, found = placed(points, sizes, theme.px(7), *corners)
        ends = leaders(points, middles, sizes)
        for label, middle, is_read in zip(self.labels, self._in_view(middles), found, strict=True):
            label.setPos(*middle)
            label.setVisible(bool(is_read))
        away = found & (np.hypot(*(ends - points).T) > theme.px(_LEADER_PIXELS))
        drawn = self._in_view(np.stack([points, ends], 1)[away].reshape(-1, 2))
        self._leaders.setData(drawn[:, 0], drawn[:, 1], pen=pg.mkPen(theme.muted, width=1))

    def _in_view(self, places: np.ndarray) -> np.ndarray:
        """Convert (M, 2) positions in the scene to the units of the plot."""
        box = self._plot.getPlotItem().getViewBox()
        found = [box.mapSceneToView(QPointF(*place)) for place in places]
        return np.array([(place.x(), place.y()) for place in found]).reshape(-1, 2)

"""The curve of the inertia: a line for each branch, with the current position marked."""

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, Qt, pyqtSignal
from PyQt6.QtWidgets import QWidget

from app.theme import Theme, current, follow
from app.views.curves.axes import MeasureAxis, keep_still, name_axis, style_axes, widened

_REACH_PIXELS = 40


class _IterationAxis(pg.AxisItem):
    """An axis with ticks at whole numbers only."""

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        levels = super().tickSpacing(low, high, size)
        return [level for level in levels if level[0] >= 1] or [(1.0, 0.0)]


class CurveView(pg.PlotWidget):
    """Draws one curve for each branch of a history.

    Signals:
        picked: The index of a branch and of the clicked position on it.
    """

    picked = pyqtSignal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        axes = {"bottom": _IterationAxis("bottom"), "left": MeasureAxis("left")}
        super().__init__(parent, axisItems=axes)
        self._theme = current()
        self.curves: list[np.ndarray] = []
        self._current = 0
        self._place = -1
        self._lines: list[pg.PlotDataItem] = []
        self._mark = pg.ScatterPlotItem(pxMode=True)
        self._mark.setZValue(10)
        self._now = pg.InfiniteLine(angle=90, movable=False)
        plot = self.getPlotItem()
        plot.addItem(self._now, ignoreBounds=True)
        plot.addItem(self._mark)
        self.name_measure("Inertia", "iteration")
        keep_still(plot)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.scene().sigMouseClicked.connect(self._on_click)
        follow(self, self.restyle)

    def name_measure(self, name: str, step: str) -> None:
        """Name what is drawn.

        Args:
            name: The measure: Inertia, or Shift.
            step: What is counted across: iteration, or batch.
        """
        self.setAccessibleName(f"{name} by {step}")
        name_axis(self.getPlotItem(), "bottom", step)

    def draw(self, curves: list[np.ndarray], current: int, place: int) -> None:
        """Draw all branches.

        Args:
            curves: For each branch (M, 2), x and y of its frames; NaN without a measure.
            current: Which branch is on screen.
            place: The index of the current frame in it.
        """
        self.curves, self._current, self._place = curves, current, place
        plot = self.getPlotItem()
        while len(self._lines) > len(curves):
            plot.removeItem(self._lines.pop())
        while len(self._lines) < len(curves):
            self._lines.append(plot.plot())
        for line, curve in zip(self._lines, curves, strict=True):
            finite = curve[np.isfinite(curve).all(1)]
            line.setData(finite[:, 0], finite[:, 1])
        self._style_lines()
        self._fit_range()
        here = curves[current][place] if curves else np.full(2, np.nan)
        on_curve = bool(np.isfinite(here).all())
        self._mark.setVisible(on_curve)
        self._now.setVisible(on_curve)
        if on_curve:
            self._mark.setData(pos=here[np.newaxis])
            self._now.setValue(here[0])
        self.scene().prepareForPaint()  # otherwise it would cause a second painting

    def _fit_range(self) -> None:
        """Show all curves; an axis without numbers if there are none."""
        plot = self.getPlotItem()
        places = np.concatenate([np.empty((0, 2)), *self.curves])
        places = places[np.isfinite(places).all(1)]
        for name in ("bottom", "left"):
            plot.getAxis(name).setStyle(showValues=len(places) > 0)
        if len(places):
            # Otherwise the plot would compute it while painting, and paint everything again.
            (x1, y1), (x2, y2) = places.min(0), places.max(0)
            plot.setRange(xRange=widened(x1, x2), yRange=widened(y1, y2))

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.setBackground(theme.card)
        style_axes(self.getPlotItem(), theme)
        self.getPlotItem().showGrid(x=False, y=True, alpha=0.15)
        self._mark.setSize(theme.px(11))
        self._mark.setBrush(pg.mkBrush(theme.clusters[1]))
        self._mark.setPen(pg.mkPen(theme.card, width=theme.px(2)))
        self._now.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DotLine))
        self._style_lines()

    def _style_lines(self) -> None:
        """Draw the branch on screen in the first colour with marks, the others faintly."""
        theme = self._theme
        for index, line in enumerate(self._lines):
            current = index == self._current
            color = theme.cluster_color(0) if current else theme.muted
            style = Qt.PenStyle.SolidLine if current else Qt.PenStyle.DashLine
            line.setPen(pg.mkPen(color, width=2.2 * theme.scale, style=style))
            line.setZValue(5 if current else 1)
            many = len(self.curves[index]) > 60
            line.setSymbol("o" if current and not many else None)
            line.setSymbolSize(theme.px(5))
            line.setSymbolBrush(color)
            line.setSymbolPen(None)

    def _on_click(self, event: object) -> None:
        found = self._place_at(event.scenePos())  # type: ignore[attr-defined]
        if found is not None:
            self.picked.emit(*found)

    def _place_at(self, place: QPointF) -> tuple[int, int] | None:
        """Return branch and index nearest to a scene position, None if all are far."""
        box = self.getPlotItem().getViewBox()
        at, unit = box.mapSceneToView(place), box.viewPixelSize()
        best, found = float(self._theme.px(_REACH_PIXELS)), None
        for branch, curve in enumerate(self.curves):
            pixels = np.hypot(*((curve - (at.x(), at.y())) / unit).T)
            if len(pixels) and not np.isnan(pixels).all() and np.nanmin(pixels) < best:
                best, found = float(np.nanmin(pixels)), (branch, int(np.nanargmin(pixels)))
        return found

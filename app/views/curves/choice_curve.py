"""The measure of one method for every k, and the k it chooses; a click selects a k."""

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QResizeEvent
from PyQt6.QtWidgets import QWidget

from app.keys import WALKED_BY
from app.text import as_tip
from app.theme import Theme, current, follow
from app.views.curves.axes import MeasureAxis, keep_still, name_axis, style_axes, widened

_TICK_PIXELS = 24
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_OPENED_BY = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class ChoiceCurveView(pg.PlotWidget):
    """Draws one curve over k, with a ring at the chosen k and a line at the selected one.

    Signals:
        picked: The index of the k that was clicked, or reached with the arrow keys.
        opened: The selected k was clicked again, or Enter was pressed.
    """

    picked = pyqtSignal(int)
    opened = pyqtSignal()

    def __init__(self, name: str, axis: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, axisItems={"left": MeasureAxis("left")})
        self._theme = current()
        self.ks = np.empty(0, int)
        self.values = np.empty(0)
        self._spread = np.empty(0)
        self.at = -1
        self.chosen: int | None = None
        self._line = self.getPlotItem().plot()
        self._errors = pg.ErrorBarItem(beam=0.25)
        self._ring = pg.ScatterPlotItem(pxMode=True)
        self._ring.setZValue(10)
        self._number = pg.TextItem(anchor=(0.5, 1.4))
        self._at = pg.InfiniteLine(angle=90, movable=False)
        self._dress(name, axis)
        follow(self, self.restyle)

    def draw(
        self,
        ks: np.ndarray,
        values: np.ndarray,
        chosen: int | None,
        errors: np.ndarray | None = None,
    ) -> None:
        """Draw another curve.

        Args:
            ks: (M,) in ascending order.
            values: (M,), NaN where nothing is known.
            chosen: The k that the method chooses, None if it cannot choose.
            errors: (M,), drawn to both sides; NaN where the value is.
        """
        self.ks, self.values, self.chosen = ks, values, chosen
        self._spread = np.zeros(len(ks)) if errors is None else errors
        known = np.isfinite(values)
        self._line.setData(ks[known], values[known])
        self._errors.setVisible(errors is not None and bool(known.any()))
        if errors is not None and known.any():
            self._errors.setData(x=ks[known], y=values[known], height=2 * errors[known])
        self._draw_ring()
        self._fit_range()

    def look_at(self, index: int) -> None:
        """Select a k; -1 for none."""
        self.at = index
        self._at.setVisible(0 <= index < len(self.ks))
        if self._at.isVisible():
            self._at.setValue(self.ks[index])

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        color, choice = theme.cluster_color(0), QColor(theme.clusters[1])
        self.setBackground(theme.card)
        style_axes(self.getPlotItem(), theme)
        self.getPlotItem().showGrid(x=False, y=True, alpha=0.15)
        self._line.setPen(pg.mkPen(color, width=2.2 * theme.scale))
        self._line.setSymbol("o")
        self._line.setSymbolSize(theme.px(6))
        self._line.setSymbolBrush(color)
        self._line.setSymbolPen(None)
        self._errors.setOpts(pen=pg.mkPen(color, width=1.2 * theme.scale))
        self._ring.setSize(theme.px(16))
        self._ring.setPen(pg.mkPen(choice, width=3 * theme.scale))
        self._ring.setBrush(None)
        self._number.setColor(choice)
        self._number.setFont(theme.font(1.1, bold=True))
        self._fit_range()
        self._at.setPen(pg.mkPen(theme.ink, width=1.5 * theme.scale, style=Qt.PenStyle.DotLine))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Go from k to k, or open the selected one."""
        if event is None:
            return
        if event.key() in _OPENED_BY:
            self.opened.emit()
        elif event.key() in _STEPS and len(self.ks):
            index = self.at + _STEPS[Qt.Key(event.key())]
            self.picked.emit(min(max(index, 0), len(self.ks) - 1))
        else:
            super().keyPressEvent(event)

    def _dress(self, name: str, axis: str) -> None:
        plot = self.getPlotItem()
        for item in (self._errors, self._ring, self._number, self._at):
            plot.addItem(item, ignoreBounds=True)
        name_axis(plot, "bottom", "k")
        name_axis(plot, "left", axis)
        keep_still(plot)
        self.setAccessibleName(f"{name} by number of clusters")
        tip = "Click a k to see its clusters; click it again, or press Enter, to open it."
        self.setToolTip(as_tip(tip))
        self.setAccessibleDescription(f"{tip} The arrow keys move from k to k.")
        self.setProperty(WALKED_BY, (*_STEPS, *_OPENED_BY))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.scene().sigMouseClicked.connect(self._on_click)
        self.look_at(-1)
        self._draw_ring()

    def _draw_ring(self) -> None:
        where = np.flatnonzero(self.ks == (-1 if self.chosen is None else self.chosen))
        shown = len(where) > 0 and bool(np.isfinite(self.values[where[0]]))
        self._ring.setVisible(shown)
        self._number.setVisible(shown)
        if shown:
            place = float(self.ks[where[0]]), float(self.values[where[0]])
            self._ring.setData(pos=[place])
            self._number.setText(str(self.chosen))
            self._number.setPos(*place)

    def _fit_range(self) -> None:
        """Show the whole range of k and of the known values; no numbers if nothing is known."""
        plot, known = self.getPlotItem(), np.isfinite(self.values)
        for side in ("bottom", "left"):
            plot.getAxis(side).setStyle(showValues=bool(known.any()))
        if not len(self.ks):
            return
        plot.setXRange(self.ks[0] - 0.5, self.ks[-1] + 0.5, padding=0)
        self._draw_ticks()
        if known.any():
            values, spread = self.values[known], self._spread[known]
            low, high = widened(float((values - spread).min()), float((values + spread).max()))
            # Space for the number above the ring.
            above = min(1.0, self._theme.px(36) / max(self.height() - self._theme.px(70), 1))
            plot.setYRange(low - 0.08 * (high - low), high + above * (high - low), padding=0)

    def _draw_ticks(self) -> None:
        """Label as many values of k as fit."""
        room = max(1, self.width() // self._theme.px(_TICK_PIXELS) - 3)
        every = max(1, -(-len(self.ks) // room))
        ticks = [(k, str(k)) for k in self.ks[::every].tolist()]
        self.getPlotItem().getAxis("bottom").setTicks([ticks])

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Choose the ticks for the new width."""
        super().resizeEvent(event)
        if hasattr(self, "_spread"):  # pyqtgraph resizes in its constructor
            self._fit_range()

    def _on_click(self, event: object) -> None:
        box = self.getPlotItem().getViewBox()
        place = event.scenePos()  # type: ignore[attr-defined]
        if not len(self.ks) or not box.sceneBoundingRect().contains(place):
            return
        index = int(np.abs(self.ks - box.mapSceneToView(place).x()).argmin())
        if index == self.at:
            self.opened.emit()
        else:
            self.picked.emit(index)

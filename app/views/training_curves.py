"""The curves of a training: loss above, the parts that are right below, over the same steps."""

from collections.abc import Mapping

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.theme import LIGHT, Theme
from app.views.axes import style_axes

_PERCENT = 100.0
# Each curve by its name: its plot, its colour, and what it is called in the legend.
_LOSS = {
    "losses": (0, "a step's loss"),
    "means": (0, "its running mean"),
    "loss": (1, "on other words"),
}
_RIGHT = {"rights": (0, "letters, training"), "letters": (2, "letters"), "words": (1, "words")}
_DOTS = ("loss", "letters", "words")


class TrainingCurves(QWidget):
    """Draws loss and accuracy as they grow, and those of the shipped speller as dashed lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self.loss, self.right = pg.PlotWidget(), pg.PlotWidget()
        self.curves: dict[str, pg.PlotDataItem] = {}
        self._now: list[pg.InfiniteLine] = []
        self.shipped: dict[str, pg.InfiniteLine] = {}
        self._set_up(self.loss, "Loss by step", "loss, nats a letter", _LOSS, ("loss",))
        self._set_up(self.right, "Right by step", "right, %", _RIGHT, ("letters", "words"))
        self.loss.getAxis("bottom").setStyle(showValues=False)
        self.right.getPlotItem().setLabel("bottom", "step")
        self.right.setXLink(self.loss)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.loss, 1)
        layout.addWidget(self.right, 1)

    def draw(self, lines: Mapping[str, np.ndarray], dots: np.ndarray, n_steps: int) -> None:
        """Draw a training so far.

        Args:
            lines: (P, 2) steps and values of `losses`, `means` and `rights`.
            dots: (M, 4) step, loss, letters right and words right of the validations.
            n_steps: Of the whole training.
        """
        for name, line in lines.items():
            factor = _PERCENT if name == "rights" else 1.0
            self.curves[name].setData(line[:, 0], line[:, 1] * factor)
        for column, name in enumerate(_DOTS, 1):
            factor = 1.0 if name == "loss" else _PERCENT
            self.curves[name].setData(dots[:, 0], dots[:, column] * factor)
        last = max([line[-1, 0] for line in lines.values() if len(line)] or [1])
        # Room to grow into, without the curve being a dot in the corner of it.
        self.loss.setXRange(0, min(max(1.25 * last, 20), max(n_steps, 1)), padding=0.01)

    def mark(self, step: int) -> None:
        """Mark the step on screen; 0 for none."""
        for line in self._now:
            line.setVisible(step > 0)
            line.setValue(step)

    def show_shipped(self, loss: float, letters: float, words: float) -> None:
        """Draw what the shipped speller reaches; NaN takes the lines away."""
        values = {"loss": loss, "letters": letters * _PERCENT, "words": words * _PERCENT}
        for name, value in values.items():
            self.shipped[name].setVisible(bool(np.isfinite(value)))
            if np.isfinite(value):
                self.shipped[name].setValue(value)

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        for plot in (self.loss, self.right):
            plot.setBackground(theme.card)
            item = plot.getPlotItem()
            style_axes(item, theme)
            item.showGrid(x=False, y=True, alpha=0.15)
            item.getAxis("left").setWidth(theme.px(54))
            item.legend.setLabelTextColor(theme.muted)
            item.legend.setLabelTextSize(f"{9 * theme.scale:.1f}pt")
        for name, (color, _) in (_LOSS | _RIGHT).items():
            self._style(name, color)
        for line in self._now:
            line.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DotLine))

    def _style(self, name: str, color: int) -> None:
        theme, curve = self._theme, self.curves[name]
        thin = name in ("losses", "rights")
        width = (1.0 if thin else 2.2) * theme.scale
        curve.setPen(pg.mkPen(theme.cluster_color(color, 0.4 if thin else 1.0), width=width))
        if name not in _DOTS:
            return
        curve.setSymbolBrush(theme.cluster_color(color))
        curve.setSymbolPen(None)
        curve.scatter.setBrush(theme.cluster_color(color))  # the legend's, before the first dot
        curve.scatter.setPen(None)
        curve.setSymbolSize(theme.px(7))
        pen = pg.mkPen(
            theme.cluster_color(color), width=1.5 * theme.scale, style=Qt.PenStyle.DashLine
        )
        line = self.shipped[name]
        line.setPen(pen)
        line.label.setColor(theme.cluster_color(color))
        line.label.textItem.setFont(theme.font(0.85))

    def _set_up(
        self,
        plot: pg.PlotWidget,
        name: str,
        axis: str,
        curves: Mapping[str, tuple[int, str]],
        dotted: tuple[str, ...],
    ) -> None:
        item = plot.getPlotItem()
        item.setMenuEnabled(False)
        item.hideButtons()
        item.setMouseEnabled(x=False, y=False)
        item.setLabel("left", axis)
        for side in ("left", "bottom"):
            item.getAxis(side).enableAutoSIPrefix(False)
        item.addLegend(offset=(-8, 6 if plot is self.loss else -6), colCount=3)
        for key, (_, text) in curves.items():
            symbol = "o" if key in dotted else None
            self.curves[key] = item.plot([], [], name=text, symbol=symbol)
        for key in dotted:
            line = pg.InfiniteLine(angle=0, label="shipped", labelOpts={"position": 0.06})
            line.setVisible(False)
            item.addItem(line)
            self.shipped[key] = line
        now = pg.InfiniteLine(angle=90, movable=False)
        now.setVisible(False)
        item.addItem(now, ignoreBounds=True)
        self._now.append(now)
        plot.setAccessibleName(name)
        plot.setMinimumHeight(90)

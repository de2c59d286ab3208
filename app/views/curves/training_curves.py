"""The curves of a training: loss above, accuracy below, over the same steps."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.theme import Theme, follow
from app.views.curves.axes import keep_still, name_axis, style_axes
from app.widgets import label

_PERCENT = 100.0
_FAINT = 0.4
_ROOM = 0.03  # padding above and below, relative to the height: no curve lies on the edge


class _Look(NamedTuple):
    """How a curve is drawn: the index of its colour, its name, and what it measures.

    A measure of every step is a thin line; a measure of the validations is a line with dots.
    """

    color: int
    text: str
    thin: bool = False
    dotted: bool = False


_LOSS = {
    "losses": _Look(0, "a step's loss", thin=True),
    "means": _Look(0, "its running mean"),
    "loss": _Look(1, "on other words", dotted=True),
}
_RIGHT = {
    "rights": _Look(0, "letters, training", thin=True),
    "letters": _Look(2, "letters", dotted=True),
    "words": _Look(1, "words", dotted=True),
}
_MOST_DOTS = 60
_DOTS = ("loss", "letters", "words")


class _Plot(QWidget):
    """Some curves over the steps, with a legend above."""

    def __init__(self, axis: str, looks: Mapping[str, _Look], empty: str) -> None:
        super().__init__()
        self._looks = looks
        self.plot, self.key = pg.PlotWidget(), label("", "muted", is_rich=True)
        self.key.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.key.setWordWrap(True)
        self.item = self.plot.getPlotItem()
        self.curves = {name: self._curve(look) for name, look in looks.items()}
        self.shipped = {name: self._shipped() for name, look in looks.items() if look.dotted}
        self.now = pg.InfiniteLine(angle=90, movable=False)
        self.empty = pg.TextItem(empty, anchor=(0.5, 0.5))
        for part in (self.now, self.empty):
            self.item.addItem(part, ignoreBounds=True)
        self._set_up(axis)
        follow(self, self.restyle)

    def fit(self, top: float) -> None:
        """Show everything from zero to the top; without a top, say what will be shown."""
        self.empty.setVisible(not top)
        self.item.getAxis("left").setStyle(showValues=bool(top))
        self.item.setYRange(0, top or 1.0, padding=_ROOM)
        self.empty.setPos(self.item.getViewBox().viewRect().center())

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self.plot.setBackground(theme.card)
        style_axes(self.item, theme)
        self.item.showGrid(x=False, y=True, alpha=0.15)
        self.item.getAxis("left").setWidth(theme.px(54))
        for name, look in self._looks.items():
            self._style(self.curves[name], look, theme)
        for name, line in self.shipped.items():
            self._style_shipped(line, theme.cluster_color(self._looks[name].color), theme)
        self.now.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DotLine))
        self.empty.setColor(theme.muted)
        self.empty.setFont(theme.font())
        self.key.setText(" &nbsp;".join(_key(look, theme) for look in self._looks.values()))

    def _set_up(self, axis: str) -> None:
        item = self.item
        keep_still(item)
        name_axis(item, "left", axis)
        self.now.setVisible(False)
        self.plot.setMinimumHeight(90)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.key)
        layout.addWidget(self.plot, 1)

    def _curve(self, look: _Look) -> pg.PlotDataItem:
        return self.item.plot([], [], symbol="o" if look.dotted else None)

    def _shipped(self) -> pg.InfiniteLine:
        # The name ends at the right edge, where the curves have not arrived yet.
        label_at = {"position": 0.99, "anchors": [(1, 0), (1, 1)]}
        line = pg.InfiniteLine(angle=0, label="shipped", labelOpts=label_at)
        line.setVisible(False)
        self.item.addItem(line)
        return line

    def _style(self, curve: pg.PlotDataItem, look: _Look, theme: Theme) -> None:
        color = theme.cluster_color(look.color, _FAINT if look.thin else 1.0)
        curve.setPen(pg.mkPen(color, width=(1.0 if look.thin else 2.2) * theme.scale))
        if look.dotted:
            curve.setSymbolBrush(color)
            curve.setSymbolPen(None)
            curve.setSymbolSize(theme.px(7))

    def _style_shipped(self, line: pg.InfiniteLine, color: object, theme: Theme) -> None:
        line.setPen(pg.mkPen(color, width=1.5 * theme.scale, style=Qt.PenStyle.DashLine))
        line.label.setColor(color)
        line.label.textItem.setFont(theme.font(0.85))


class TrainingCurves(QWidget):
    """Draws loss and accuracy during training; those of the shipped speller are dashed lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.loss = _Plot("loss, nats a letter", _LOSS, "Loss, once it trains")
        self.right = _Plot("right, %", _RIGHT, "Accuracy, once it trains")
        self.loss.plot.setAccessibleName("Loss by step")
        self.right.plot.setAccessibleName("Accuracy by step")
        self.curves = self.loss.curves | self.right.curves
        self.shipped = self.loss.shipped | self.right.shipped
        self.loss.item.getAxis("bottom").setStyle(showValues=False)
        name_axis(self.right.item, "bottom", "step")
        self.right.item.setXLink(self.loss.item)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.loss, 1)
        layout.addWidget(self.right, 1)

    def draw(self, lines: Mapping[str, np.ndarray], dots: np.ndarray, n_steps: int) -> None:
        """Draw a training so far.

        Args:
            lines: (P, 2) steps and values of `losses`, `means` and `rights`.
            dots: (M, 4) step, loss, accuracy in letters and in words of the validations.
            n_steps: The number of steps of the whole training.
        """
        columns = {name: dots[:, [0, at]] for at, name in enumerate(_DOTS, 1)}
        for name, line in (dict(lines) | columns).items():
            self.curves[name].setData(line[:, 0], line[:, 1] * _factor(name))
        for name in _DOTS:  # many would hide the line
            self.curves[name].setSymbol("o" if len(dots) <= _MOST_DOTS else None)
        # Space to grow into, but the curve is never just a dot in the corner.
        last = max(lines["losses"][:, 0].max(initial=1), dots[:, 0].max(initial=1))
        self.loss.item.setXRange(0, min(max(1.25 * last, 20), max(n_steps, 1)), padding=0.01)
        highest = max(lines["losses"][:, 1].max(initial=0), dots[:, 1].max(initial=0))
        self.loss.fit(highest)
        self.right.fit(_PERCENT if highest else 0.0)
        self.right.item.getAxis("bottom").setStyle(showValues=bool(highest))

    def mark(self, step: int) -> None:
        """Mark the step on screen; 0 for none."""
        for plot in (self.loss, self.right):
            plot.now.setVisible(step > 0)
            plot.now.setValue(step)

    def show_shipped(self, loss: float, letters: float, words: float) -> None:
        """Draw the values of the shipped speller; NaN removes the lines."""
        for name, value in {"loss": loss, "letters": letters, "words": words}.items():
            self.shipped[name].setVisible(bool(np.isfinite(value)))
            if np.isfinite(value):
                self.shipped[name].setValue(value * _factor(name))


def _factor(name: str) -> float:
    return _PERCENT if name in _RIGHT else 1.0


def _key(look: _Look, theme: Theme) -> str:
    """Draw a piece of the curve, with its name, as rich text."""
    sign = "●" if look.dotted else "─" if look.thin else "━"
    color = theme.cluster_color(look.color).name()
    text = look.text.replace(" ", "&nbsp;")  # no line break within a name
    return f"<span style='color:{color}'>{sign}</span>&nbsp;{text}"

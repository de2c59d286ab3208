"""Accuracy in words by word length: the figure of the lecture, one line for each speller."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QWidget

from app.text import rich
from app.theme import Theme, current, follow
from app.views.curves.axes import keep_still, name_axis, style_axes
from app.views.curves.looks import Legend, marker_size, symbol
from app.views.scatter.note import PointNote
from engine.spelling.evaluation.answers import LengthFigures

_REACH_PIXELS = 30
_SMALLEST, _GROWTH = 6, 9  # pixels: the area of a point grows with its number of words


@dataclass(frozen=True, slots=True)
class Line:
    """The accuracy of one speller by word length.

    Attributes:
        name: The name of the speller.
        look: The index of its colour and marker.
        lengths: Its accuracy for each length.
    """

    name: str
    look: int
    lengths: tuple[LengthFigures, ...]


class AccuracyView(pg.PlotWidget):
    """Draws a line for each speller; larger points stand for more words.

    Signals:
        picked: A speller and a number of letters: a point was clicked.
    """

    picked = pyqtSignal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current()
        self._fair = False
        self.lines: tuple[Line, ...] = ()
        self.points: list[np.ndarray] = []
        self._items: list[pg.PlotDataItem] = []
        self.legend = Legend(self)
        self.note = PointNote(self)
        plot = self.getPlotItem()
        name_axis(plot, "bottom", "letters in the word")
        keep_still(plot)
        self.setAccessibleName("Accuracy by number of letters, one line for each speller")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the lists below offer all that a click does
        self.scene().sigMouseClicked.connect(self._on_click)
        self.scene().sigMouseMoved.connect(self._on_mouse)
        self._label()
        follow(self, self.restyle)

    def draw(self, lines: Sequence[Line], fair: bool) -> None:
        """Show other lines.

        Args:
            lines: One for each speller.
            fair: Whether every spelling that the dictionary lists for the phonemes counts.
        """
        self.lines, self._fair = tuple(lines), fair
        self._label()
        self.note.remove()
        self.points = [
            np.array([(f.n_letters, _percent(f, fair)) for f in line.lengths]).reshape(-1, 2)
            for line in self.lines
        ]
        self._draw_lines()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.setBackground(theme.card)
        style_axes(self.getPlotItem(), theme)
        self.getPlotItem().showGrid(x=False, y=True, alpha=0.15)
        self._draw_lines()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Keep the space of the legend."""
        super().resizeEvent(event)
        if hasattr(self, "legend"):  # pyqtgraph resizes in its constructor
            self._fit_range()

    def describe(self, line: int, index: int) -> str:
        """Return the text about a point."""
        named, figures = self.lines[line], self.lines[line].lengths[index]
        n_right = figures.n_fair if self._fair else figures.n_exact
        return (
            f"<b>{rich(named.name)}</b>, {figures.n_letters} letters<br>"
            f"{n_right:,} of {figures.n_words:,} words right: {_percent(figures, self._fair):.1f} %"
        )

    def _label(self) -> None:
        what = "right or fair (%)" if self._fair else "words right (%)"
        name_axis(self.getPlotItem(), "left", what)

    def _draw_lines(self) -> None:
        """Draw with the existing items: making new ones takes most of the time."""
        while len(self._items) > len(self.lines):
            self.getPlotItem().removeItem(self._items.pop())
        while len(self._items) < len(self.lines):
            self._items.append(self.getPlotItem().plot())
        most = max((f.n_words for line in self.lines for f in line.lengths), default=1)
        for item, line, points in zip(self._items, self.lines, self.points, strict=True):
            item.setData(points[:, 0], points[:, 1], **self._look(line, most))
        self.legend.draw([(line.name, line.look) for line in self.lines], self._theme)
        self._fit_range()

    def _look(self, line: Line, most: int) -> dict[str, Any]:
        """How a line is drawn if the largest point stands for `most` words."""
        theme, color = self._theme, self._theme.cluster_color(line.look)
        return {
            "pen": pg.mkPen(color, width=2 * theme.scale),
            "symbol": symbol(line.look),
            "symbolSize": [
                marker_size(line.look, theme.px(_SMALLEST + _GROWTH * (f.n_words / most) ** 0.5))
                for f in line.lengths
            ],
            "symbolBrush": color,
            "symbolPen": pg.mkPen(theme.card, width=theme.scale),
        }

    def _fit_range(self) -> None:
        """Show all lengths that occur, and percents from 0 to the next ten above the best."""
        plot = self.getPlotItem()
        known = np.concatenate(self.points) if self.points else np.empty((0, 2))
        low, high = (known[:, 0].min(), known[:, 0].max()) if len(known) else (5, 15)
        top = min(100, 10 * np.ceil((known[:, 1].max() + 1) / 10)) if len(known) else 100
        plot.setYRange(0, top, padding=0.03)
        plot.setXRange(*self.legend.range_beside(low - 0.5, high + 0.5), padding=0)
        lengths = range(int(low), int(high) + 1)
        plot.getAxis("bottom").setTicks([[(length, str(length)) for length in lengths]])

    def _on_click(self, event: object) -> None:
        found = self._point_at(event.scenePos())  # type: ignore[attr-defined]
        if found is not None:
            line, index = found
            self.picked.emit(self.lines[line].name, self.lines[line].lengths[index].n_letters)

    def _on_mouse(self, place: QPointF) -> None:
        found = self._point_at(place)
        self.setCursor(
            Qt.CursorShape.ArrowCursor if found is None else Qt.CursorShape.PointingHandCursor
        )
        if found is None:
            self.note.remove()
            return
        line, index = found
        point = self.points[line][index]
        box = self.getPlotItem().getViewBox()
        at = self.mapFromScene(box.mapViewToScene(QPointF(*point)))
        text, theme = self.describe(line, index), self._theme
        self.note.show_at(point, at, text, theme.px(_SMALLEST + _GROWTH + 8), theme)

    def leaveEvent(self, event: object) -> None:
        """Hide the note when the pointer leaves."""
        self.note.remove()
        super().leaveEvent(event)

    def _point_at(self, place: QPointF) -> tuple[int, int] | None:
        """Return line and index of the point nearest to a scene position, None if all are far."""
        box = self.getPlotItem().getViewBox()
        at, unit = box.mapSceneToView(place), box.viewPixelSize()
        best, found = float(self._theme.px(_REACH_PIXELS)), None
        for line, points in enumerate(self.points):
            pixels = np.hypot(*((points - (at.x(), at.y())) / unit).T)
            if len(pixels) and pixels.min() < best:
                best, found = float(pixels.min()), (line, int(pixels.argmin()))
        return found


def _percent(figures: LengthFigures, fair: bool) -> float:
    return 100 * (figures.n_fair if fair else figures.n_exact) / figures.n_words

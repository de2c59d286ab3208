"""Phonemes in a plane: each kind has a colour and a marker, each point a name."""

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPoint, QPointF, Qt
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QWidget

from app.theme import Theme, current, follow
from app.views.attention.chips import phoneme_in_words
from app.views.curves.axes import keep_still, name_axis, style_axes, widened
from app.views.curves.looks import Legend, marker_size, symbol
from app.views.scatter.names import PointNames
from app.views.scatter.note import PointNote
from engine.spelling.vocabulary import KINDS

_REACH_PIXELS = 14
_KINDS = tuple(KINDS)
_KIND_OF = {phoneme: kind for kind, phonemes in KINDS.items() for phoneme in phonemes}


class PhonemeMapView(pg.PlotWidget):
    """Draws phonemes at the positions that a projection gives."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current()
        self.phonemes: tuple[str, ...] = ()
        self.xy = np.empty((0, 2))
        self._marks: list[pg.ScatterPlotItem] = []
        self.names = PointNames(self)
        self.legend = Legend(self)
        self.note = PointNote(self)
        plot = self.getPlotItem()
        keep_still(plot)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the list beside it is for the keyboard
        self.setAccessibleName("Map of the phonemes")
        self.scene().sigMouseMoved.connect(self._on_mouse)
        follow(self, self.restyle)

    def draw(self, phonemes: Sequence[str], xy: np.ndarray, explained: np.ndarray) -> None:
        """Show other points.

        Args:
            phonemes: N names; vowels with or without stress.
            xy: (N, 2).
            explained: (2,), the explained variance ratio of each axis.
        """
        self.phonemes, self.xy = tuple(phonemes), xy
        plot = self.getPlotItem()
        names = ("bottom", "first"), ("left", "second")
        for (side, which), part in zip(names, explained.tolist(), strict=True):
            name_axis(plot, side, f"{which} component: {100 * part:.0f} % of the variance")
        self.names.draw(self.phonemes, xy)
        self._draw_items()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.setBackground(theme.card)
        plot = self.getPlotItem()
        style_axes(plot, theme)
        plot.showGrid(x=True, y=True, alpha=0.12)
        self._draw_items()

    def point_out(self, index: int) -> None:
        """Describe a point; -1 for none."""
        if index < 0:
            self.note.remove()
            return
        point, theme = self.xy[index], self._theme
        text = describe(self.phonemes[index])
        self.note.show_at(point, self._pixel(point), text, theme.px(18), theme)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Place the names again."""
        super().resizeEvent(event)
        if hasattr(self, "note"):  # pyqtgraph resizes in its constructor
            self.note.remove()
            self._fit()

    def leaveEvent(self, event: object) -> None:
        """Hide the note when the pointer leaves."""
        self.point_out(-1)
        super().leaveEvent(event)

    def _draw_items(self) -> None:
        theme, plot = self._theme, self.getPlotItem()
        for mark in self._marks:
            plot.removeItem(mark)
        self.note.remove()
        self._marks = []
        looks = np.array([look_of(phoneme) for phoneme in self.phonemes], int)
        for look in np.unique(looks).tolist():
            mark = pg.ScatterPlotItem(
                pos=self.xy[looks == look],
                symbol=symbol(look),
                size=marker_size(look, theme.px(11)),
                brush=theme.cluster_color(look),
                pen=pg.mkPen(theme.card, width=theme.scale),
            )
            self._marks.append(mark)
            plot.addItem(mark)
        shown = [(kind, look) for look, kind in enumerate(_KINDS)] if self.phonemes else []
        self.legend.draw(shown, theme)
        self._fit()

    def _fit(self) -> None:
        """Show all points on the left of the legend, each with its name."""
        if not len(self.xy):
            return
        plot = self.getPlotItem()
        low, high = np.array([widened(*span) for span in zip(*_ends(self.xy), strict=True)]).T
        room = 0.06 * (high - low)
        x = self.legend.range_beside(low[0] - room[0], high[0] + room[0])
        plot.setXRange(*x, padding=0)
        plot.setYRange(low[1] - room[1], high[1] + room[1], padding=0)
        self.names.place()

    def _on_mouse(self, place: QPointF) -> None:
        box = self.getPlotItem().getViewBox()
        index = -1
        if len(self.xy) and box.sceneBoundingRect().contains(place):
            at, unit = box.mapSceneToView(place), box.viewPixelSize()
            pixels = np.hypot(*((self.xy - (at.x(), at.y())) / unit).T)
            nearest = int(pixels.argmin())
            index = nearest if pixels[nearest] <= self._theme.px(_REACH_PIXELS) else -1
        self.point_out(index)

    def _pixel(self, point: np.ndarray) -> QPoint:
        box = self.getPlotItem().getViewBox()
        place: QPoint = self.mapFromScene(box.mapViewToScene(QPointF(*point)))
        return place


def look_of(phoneme: str) -> int:
    """Return the index of a phoneme's colour and marker, which are those of its kind."""
    return _KINDS.index(_KIND_OF[phoneme.rstrip("012")])


def describe(phoneme: str) -> str:
    """Describe a phoneme, as rich text."""
    kind = _KIND_OF[phoneme.rstrip("012")].removesuffix("s")
    kind = kind.replace("liquids and glide", "liquid or glide")
    return f"<b>{phoneme_in_words(phoneme)}</b><br>{kind}"


def _ends(xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return xy.min(0), xy.max(0)

"""The start lottery as a histogram of the final inertia, one row for each seeding."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QPointF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFocusEvent, QKeyEvent
from PyQt6.QtWidgets import QWidget

from app.keys import WALKED_BY
from app.numbers import counted, shortened
from app.theme import Theme, current, follow
from app.views.curves.axes import keep_still, name_axis, style_axes
from app.views.scatter.note import PointNote
from engine.clustering.choosing_k.choices import LotteryRun
from engine.clustering.kmeans.options import Seeding

N_BINS = 30
_BAR_HEIGHT = 0.75  # of a row; the rest is for text
_MOST_NAMED = 6
# Inertias that differ by this fraction count as equal, and the range shown around them.
_EQUAL, _AROUND = 1e-6, 1e-2
_OPENED_BY = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ALONG = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
_ACROSS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


@dataclass(frozen=True, slots=True)
class Bar:
    """Runs of one seeding with about the same final inertia.

    Attributes:
        row: The index of the seeding, from the top.
        low, high: The range of the inertia.
        runs: The best first.
    """

    row: int
    low: float
    high: float
    runs: tuple[LotteryRun, ...]


def bars_of(runs: Sequence[LotteryRun], seedings: Sequence[Seeding]) -> list[Bar]:
    """Sort runs into bins, the same for all seedings, by row and from left to right."""
    if not runs:
        return []
    inertias = np.array([run.inertia for run in runs])
    low, high = float(inertias.min()), float(inertias.max())
    if high - low <= _EQUAL * high:  # they differ only by rounding: one bar in the middle
        middle, half = (low + high) / 2, _AROUND * high or _AROUND
        low, high = middle - half, middle + half
    edges = np.linspace(low, high, N_BINS + 1)
    places = np.clip(np.searchsorted(edges, inertias, side="right") - 1, 0, N_BINS - 1)
    found: dict[tuple[int, int], list[LotteryRun]] = {}
    for run, place in zip(runs, places.tolist(), strict=True):
        found.setdefault((seedings.index(run.options.seeding), place), []).append(run)
    bars = []
    for (row, place), own in sorted(found.items()):
        best_first = tuple(sorted(own, key=lambda run: run.inertia))
        bars.append(Bar(row, float(edges[place]), float(edges[place + 1]), best_first))
    return bars


def summary(runs: Sequence[LotteryRun], best: float) -> str:
    """Describe the result of one seeding.

    Args:
        runs: Its runs, at least one.
        best: The smallest inertia of all seedings.
    """
    inertias = np.array([run.inertia for run in runs])
    n_best = int(np.count_nonzero(inertias <= best * (1 + 1e-4)))
    iterations = np.median([run.iterations for run in runs])
    return (
        f"median {shortened(float(np.median(inertias)))}, {iterations:g} iterations; "
        f"{n_best} of {len(runs)} as good as the best"
    )


class LotteryView(pg.PlotWidget):
    """Draws a row of bars for each seeding.

    Signals:
        picked: A run of the bar that was clicked; each click picks the next one.
    """

    picked = pyqtSignal(LotteryRun)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current()
        self.bars: list[Bar] = []
        self.at = -1
        self._names: tuple[str, ...] = ()
        self._runs: tuple[LotteryRun, ...] = ()
        self._turns: dict[tuple[int, float], int] = {}
        self._items: list[pg.GraphicsObject] = []
        self._texts: list[pg.TextItem] = []
        self.note = PointNote(self)
        self._dress()
        follow(self, self.restyle)

    def draw(
        self, runs: Sequence[LotteryRun], seedings: Sequence[Seeding], names: Sequence[str]
    ) -> None:
        """Show other runs.

        Args:
            runs: In any order.
            seedings: One for each row, from the top.
            names: The names of the seedings.
        """
        if not runs or runs[: len(self._runs)] != self._runs:
            self._turns = {}
        self._runs, self._names = tuple(runs), tuple(names)
        self.bars = bars_of(runs, list(seedings))
        self.look_at(-1)
        self._draw_items()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.setBackground(theme.card)
        style_axes(self.getPlotItem(), theme)
        self._draw_items()

    def look_at(self, index: int) -> None:
        """Describe a bar; -1 for none."""
        self.at = index
        if index < 0:
            self.note.remove()
            return
        bar, box = self.bars[index], self.getPlotItem().getViewBox()
        top = np.array([(bar.low + bar.high) / 2, self._base(bar.row) + self._height(bar)])
        place = self.mapFromScene(box.mapViewToScene(QPointF(*top.tolist())))
        theme = self._theme
        self.note.show_at(top, place, describe(bar, self._names[bar.row]), theme.px(12), theme)

    def pick(self, index: int) -> None:
        """Pick the next run of a bar."""
        bar = self.bars[index]
        key = (bar.row, bar.low)
        turn = self._turns.get(key, 0)
        self._turns[key] = turn + 1
        self.picked.emit(bar.runs[turn % len(bar.runs)])

    # Keys and mouse

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Go from bar to bar, or pick a run of the current one."""
        if event is None:
            return
        if event.key() in _OPENED_BY and self.at >= 0:
            self.pick(self.at)
        elif event.key() in (*_ALONG, *_ACROSS) and self.bars:
            self.look_at(self._beside(Qt.Key(event.key())))
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent | None) -> None:
        """Hide the note when the focus leaves."""
        self.look_at(-1)
        super().focusOutEvent(event)

    def leaveEvent(self, event: object) -> None:
        """Hide the note when the pointer leaves."""
        self.look_at(-1)
        super().leaveEvent(event)

    def _beside(self, key: Qt.Key) -> int:
        """Return the bar in the direction of an arrow key."""
        if self.at < 0:
            return 0
        here = self.bars[self.at]
        if key in _ALONG:
            index = min(max(self.at + _ALONG[key], 0), len(self.bars) - 1)
            return index if self.bars[index].row == here.row else self.at
        rows = [bar.row for bar in self.bars]
        if here.row + _ACROSS[key] not in rows:
            return self.at
        others = [i for i, row in enumerate(rows) if row == here.row + _ACROSS[key]]
        return min(others, key=lambda i: abs(self.bars[i].low - here.low))

    def _on_click(self, event: object) -> None:
        index = self._bar_at(event.scenePos())  # type: ignore[attr-defined]
        if index >= 0:
            self.pick(index)

    def _on_mouse(self, place: QPointF) -> None:
        index = self._bar_at(place)
        cursors = Qt.CursorShape
        self.setCursor(cursors.ArrowCursor if index < 0 else cursors.PointingHandCursor)
        if index != self.at:
            self.look_at(index)

    def _bar_at(self, place: QPointF) -> int:
        """Return the bar in whose column a scene position lies, -1 for none."""
        box = self.getPlotItem().getViewBox()
        if not box.sceneBoundingRect().contains(place):
            return -1
        at = box.mapSceneToView(place)
        for index, bar in enumerate(self.bars):
            base = self._base(bar.row)
            if bar.low <= at.x() < bar.high and base <= at.y() < base + _BAR_HEIGHT:
                return index
        return -1

    # Drawing

    def _base(self, row: int) -> int:
        return len(self._names) - 1 - row

    def _height(self, bar: Bar) -> float:
        return _BAR_HEIGHT * len(bar.runs) / max(len(other.runs) for other in self.bars)

    def _draw_items(self) -> None:
        plot, theme = self.getPlotItem(), self._theme
        for item in (*self._items, *self._texts):
            plot.removeItem(item)
        self._items, self._texts = [], []
        ticks = [(self._base(row) + 0.4, name) for row, name in enumerate(self._names)]
        plot.getAxis("left").setTicks([ticks])
        plot.getAxis("bottom").setStyle(showValues=bool(self.bars))
        if not self.bars:
            return
        low, high = min(bar.low for bar in self.bars), max(bar.high for bar in self.bars)
        plot.setXRange(low, high, padding=0.02)
        plot.setYRange(-0.05, len(self._names), padding=0)
        best = min(run.inertia for run in self._runs)
        for row in range(len(self._names)):
            own = [bar for bar in self.bars if bar.row == row]
            if own:
                self._draw_row(row, own, theme)
                runs = [run for bar in own for run in bar.runs]
                self._write(summary(runs, best), high, self._base(row) + 0.97)

    def _draw_row(self, row: int, bars: Sequence[Bar], theme: Theme) -> None:
        item = pg.BarGraphItem(
            x0=[bar.low for bar in bars],
            x1=[bar.high for bar in bars],
            y0=self._base(row),
            height=[self._height(bar) for bar in bars],
            brush=theme.cluster_color(row),
            pen=pg.mkPen(theme.card, width=1),
        )
        ground = pg.InfiniteLine(self._base(row), angle=0, pen=pg.mkPen(theme.line, width=1))
        for part in (item, ground):
            self._items.append(part)
            self.getPlotItem().addItem(part, ignoreBounds=True)

    def _write(self, text: str, x: float, y: float) -> None:
        item = pg.TextItem(text, color=QColor(self._theme.muted), anchor=(1, 0))
        item.setFont(self._theme.font(0.9))
        item.setPos(x, y)
        self._texts.append(item)
        self.getPlotItem().addItem(item, ignoreBounds=True)

    def _dress(self) -> None:
        plot = self.getPlotItem()
        name_axis(plot, "bottom", "inertia at the end of a run")
        keep_still(plot)
        self.setAccessibleName("Runs by their final inertia, one row for each seeding")
        self.setAccessibleDescription(
            "The arrow keys move from bar to bar; Enter replays one of its runs."
        )
        self.setProperty(WALKED_BY, (*_ALONG, *_ACROSS, *_OPENED_BY))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.scene().sigMouseClicked.connect(self._on_click)
        self.scene().sigMouseMoved.connect(self._on_mouse)


def describe(bar: Bar, name: str) -> str:
    """Describe a bar, as rich text."""
    seeds = [str(run.options.seed) for run in bar.runs[:_MOST_NAMED]]
    more = "" if len(bar.runs) <= _MOST_NAMED else f" and {len(bar.runs) - _MOST_NAMED} more"
    return (
        f"<b>{name}</b>: {counted(len(bar.runs), 'run')}<br>"
        f"inertia {shortened(bar.low)} to {shortened(bar.high)}<br>"
        f"seed{'s' if len(bar.runs) > 1 else ''} {', '.join(seeds)}{more}<br>"
        "Click to replay one of them"
    )

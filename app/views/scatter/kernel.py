"""The neighbourhood of the pointer: a ring, and points highlighted by their weights."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.theme import follow
from app.views.scatter.layer import Layer, polygon
from app.views.scatter.note import Note
from app.views.scatter.view import ScatterView
from engine.clustering.mean_shift.frames import Kernel

# If there are more points, only every second, third, ... one is highlighted.
MAX_LIT = 20_000
_LEVELS = 12
_FAINTEST = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class Neighborhood:
    """The points near a place that count for it.

    Attributes:
        kernel: Weighs them.
        radius: The radius of the ring, in units of distance.
        shows_mean: Whether an arrow leads to their weighted mean.
        rests_on_points: Whether the ring is around the point under the pointer, if there is one,
            and not around the pointer.
        caption: What to say at a place that is not a point, as HTML, if so many points are in the
            ring; None for nothing.
    """

    kernel: Kernel
    radius: float
    shows_mean: bool = True
    rests_on_points: bool = False
    caption: Callable[[int], str] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Lit:
    """The kernel at one position.

    Attributes:
        at: (2,) the position.
        mean: (2,) the weighted mean of the points: the next position of a climb.
        weights: (N,) from 0 to 1.
        n_within: How many points are in the ring.
    """

    at: np.ndarray
    mean: np.ndarray
    weights: np.ndarray
    n_within: int


def lit(
    xy: np.ndarray, at: np.ndarray, metric: np.ndarray, kernel: Kernel, bandwidth: float
) -> Lit:
    """Weight (N, 2) points around a position.

    Args:
        xy: The points in the plot.
        at: (2,) the position.
        metric: (2,) the length of a unit of distance on each axis.
        kernel: Gives the weights.
        bandwidth: In units of distance.
    """
    offsets = (xy - at) / metric
    squared = np.einsum("nd,nd->n", offsets, offsets)
    weights = kernel.weights(squared, bandwidth)
    total = float(weights.sum())
    mean = weights @ xy / total if total > 0 else at
    return Lit(at, mean, weights, int(np.count_nonzero(squared <= bandwidth**2)))


class KernelItem(Layer):
    """Draws the ring, the highlighted points, and optionally an arrow to their mean."""

    def __init__(self) -> None:
        super().__init__()
        self._levels: list[tuple[float, QPolygonF]] = []
        self._ring = self._arrow = QPolygonF()
        self.setZValue(6)

    def show_lit(
        self, xy: np.ndarray, found: Lit, radii: np.ndarray, shows_mean: bool = True
    ) -> None:
        """Show the kernel at a position.

        Args:
            xy: (N, 2) the points.
            found: Their weights.
            radii: (2,) the bandwidth on each axis of the plot.
            shows_mean: Whether an arrow leads to the mean of the points.
        """
        level = np.ceil(found.weights * _LEVELS).astype(np.int64)
        level[found.weights < _FAINTEST] = 0
        self._levels = [
            (each / _LEVELS, polygon(xy[level == each]))
            for each in range(1, _LEVELS + 1)
            if (level == each).any()
        ]
        angles = np.linspace(0, 2 * np.pi, 73)
        ring = found.at + radii * np.stack([np.cos(angles), np.sin(angles)], 1)
        arrow = np.stack([found.at, found.mean])[: 2 * shows_mean]
        self._ring, self._arrow = polygon(ring), polygon(arrow)
        self.cover(ring, xy[level > 0], arrow)

    def remove(self) -> None:
        """Show nothing."""
        self._levels, self._ring, self._arrow = [], QPolygonF(), QPolygonF()
        self.cover()

    def paint(self, painter: QPainter, *_: object) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = QColor(self._theme.clusters[6])
        for part, places in self._levels:
            color.setAlphaF(0.1 + 0.9 * part)
            painter.setPen(self._pen(color, 7))
            painter.drawPoints(places)
        if self._ring.isEmpty():
            return
        painter.setPen(self._pen(QColor(self._theme.ink), 2.2))
        painter.drawPolyline(self._ring)
        if self._arrow.isEmpty():
            return
        painter.drawPolyline(self._arrow)
        painter.setPen(self._pen(QColor(self._theme.ink), 9))
        painter.drawPoint(self._arrow[1])

    def _pen(self, color: QColor, width: float) -> QPen:
        pen = QPen(color, width * self._theme.scale)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setCosmetic(True)
        return pen


class KernelAtPointer(QObject):
    """Moves the neighbourhood with the pointer over a scatter view.

    Attributes:
        lit: What it is now; None while there is none.
        caption: What is said of it.
    """

    def __init__(self, scatter: ScatterView) -> None:
        super().__init__(scatter)
        self.item = KernelItem()
        self.lit: Lit | None = None
        self.caption = Note(scatter)
        self._scatter = scatter
        self._near: Neighborhood | None = None
        self._hovered = -1
        scatter.addItem(self.item, ignoreBounds=True)
        scatter.hovered.connect(self._on_hovered)
        scatter.pointed.connect(self._on_pointed)
        # Elsewhere in the view it would be in the wrong place.
        scatter.getPlotItem().getViewBox().sigRangeChanged.connect(lambda: self.caption.hide())
        follow(scatter, self.item.set_look)

    def use(self, near: Neighborhood | None) -> None:
        """Choose what is shown at the pointer; None for nothing."""
        self._near = near
        if near is None:
            self._on_pointed(None)

    def _on_hovered(self, point: int) -> None:
        self._hovered = point

    def _on_pointed(self, at: np.ndarray | None) -> None:
        near, metric, xy = self._near, self._scatter.unit_of_distance, self._scatter.xy
        if at is None or near is None or metric is None or not len(xy):
            self.lit = None
            self.item.remove()
            self.caption.hide()
            return
        if near.rests_on_points and self._hovered >= 0:
            at = np.asarray(xy[self._hovered], np.float64)
        stride = -(-len(xy) // MAX_LIT)
        self.lit = lit(xy[::stride], at, metric, near.kernel, near.radius)
        self.item.show_lit(xy[::stride], self.lit, near.radius * metric, near.shows_mean)
        # Where not every point was looked at, they cannot be counted.
        caption = near.caption if stride == 1 else None
        self._say("" if caption is None else caption(self.lit.n_within))

    def _say(self, text: str) -> None:
        """Say something of the neighbourhood; at a point, the note about that has the place."""
        if text and self.lit is not None and self._hovered < 0:
            self.caption.show_beside(self._scatter.pixel_of(self.lit.at), text)
        else:
            self.caption.hide()

"""The kernel at the pointer: a ring of the bandwidth, and points lit by their weights."""

from dataclasses import dataclass, replace

import numpy as np
from PyQt6.QtCore import QObject, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.theme import follow
from app.views.scatter.layer import Layer, polygon
from app.views.scatter.view import ScatterView
from engine.clustering.mean_shift.frames import Kernel

# If there are more points, only every second, third, ... one is lit.
MAX_LIT = 20_000
_LEVELS = 12
_FAINTEST = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class Lit:
    """The kernel at one place.

    Attributes:
        at: (2,) the position.
        mean: (2,) the weighted mean of the points: the next position of a climb.
        weights: (N,) from 0 to 1.
    """

    at: np.ndarray
    mean: np.ndarray
    weights: np.ndarray


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
    ways = (xy - at) / metric
    weights = kernel.weights(np.einsum("nd,nd->n", ways, ways), bandwidth)
    total = float(weights.sum())
    return Lit(at, weights @ xy / total if total > 0 else at, weights)


class KernelItem(Layer):
    """Draws the ring, the lit points, and an arrow to their mean."""

    def __init__(self) -> None:
        super().__init__()
        self._levels: list[tuple[float, QPolygonF]] = []
        self._ring = self._arrow = QPolygonF()
        self.setZValue(6)

    def show_lit(self, xy: np.ndarray, found: Lit, radii: np.ndarray) -> None:
        """Show the kernel at a position.

        Args:
            xy: (N, 2) the points.
            found: Their weights.
            radii: (2,) the bandwidth on each axis of the plot.
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
        self._ring, self._arrow = polygon(ring), polygon(np.stack([found.at, found.mean]))
        self.cover(ring, xy[level > 0], found.mean[np.newaxis])

    def take_away(self) -> None:
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
        painter.drawPolyline(self._arrow)
        painter.setPen(self._pen(QColor(self._theme.ink), 9))
        painter.drawPoint(self._arrow[1])

    def _pen(self, color: QColor, width: float) -> QPen:
        pen = QPen(color, width * self._theme.scale)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setCosmetic(True)
        return pen


class KernelAtPointer(QObject):
    """Moves the kernel with the pointer over a scatter view."""

    def __init__(self, scatter: ScatterView) -> None:
        super().__init__(scatter)
        self.item = KernelItem()
        self.lit: Lit | None = None
        self._scatter = scatter
        self._kernel, self._bandwidth, self._shows_mean = Kernel.GAUSSIAN, 0.0, True
        scatter.addItem(self.item, ignoreBounds=True)
        scatter.pointed.connect(self._on_pointed)
        follow(scatter, self.item.set_look)

    def use(self, kernel: Kernel, bandwidth: float, shows_mean: bool = True) -> None:
        """Choose the kernel at the pointer.

        Args:
            kernel: Weighs the points around it.
            bandwidth: Of the kernel, in units of distance; 0 shows nothing.
            shows_mean: Whether an arrow leads to their weighted mean.
        """
        self._kernel, self._bandwidth, self._shows_mean = kernel, bandwidth, shows_mean
        if not bandwidth:
            self._on_pointed(None)

    def _on_pointed(self, at: np.ndarray | None) -> None:
        metric, xy = self._scatter.unit_of_distance, self._scatter.xy
        if at is None or metric is None or not self._bandwidth or not len(xy):
            self.lit = None
            self.item.take_away()
            return
        some = xy[:: -(-len(xy) // MAX_LIT)]
        self.lit = lit(some, at, metric, self._kernel, self._bandwidth)
        if not self._shows_mean:
            self.lit = replace(self.lit, mean=at)
        self.item.show_lit(some, self.lit, self._bandwidth * metric)

"""Centroids as numbered discs that can be dragged, their trails, and lines to their points."""

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QLineF, QObject, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF
from PyQt6.QtWidgets import QGraphicsItem
from pyqtgraph import GraphicsObject
from pyqtgraph.GraphicsScene.mouseEvents import HoverEvent, MouseDragEvent

from app.theme import Theme, current
from app.views.scatter.layer import Layer, polygon

_RADIUS = 12
# How far beyond the disc the pointer can grab it, for touch screens and unsteady hands.
_GRIP = 5


class CentroidItem(GraphicsObject):
    """One centroid: a numbered disc of constant size on screen; a fixed one cannot be dragged.

    Signals:
        dragging: It is being dragged, and is now at x, y.
        dropped: It was dropped at x, y.
    """

    dragging = pyqtSignal(float, float)
    dropped = pyqtSignal(float, float)

    def __init__(self, label: int) -> None:
        super().__init__()
        self.label = label
        self.held = self.fixed = False
        self._empty = False
        self._hovered = False
        self._theme = current()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setZValue(10)

    def set_look(self, theme: Theme, empty: bool) -> None:
        """Choose the theme, and whether the centroid has no points: it is then dashed."""
        self.prepareGeometryChange()
        self._theme, self._empty = theme, empty
        self.update()

    def boundingRect(self) -> QRectF:
        reach = self._theme.px(_RADIUS) + self._theme.px(_GRIP)
        return QRectF(-reach, -reach, 2 * reach, 2 * reach)

    def paint(self, painter: QPainter, *_: object) -> None:
        theme = self._theme
        radius = theme.px(_RADIUS)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._hovered or self.held:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.cluster_color(self.label, 0.45))
            painter.drawEllipse(self.boundingRect())
        style = Qt.PenStyle.DashLine if self._empty else Qt.PenStyle.SolidLine
        painter.setPen(QPen(QColor(theme.ink), 2.2 * theme.scale, style))
        painter.setBrush(QColor(theme.card))
        painter.drawEllipse(QPointF(0, 0), radius, radius)
        painter.setFont(theme.font(1.0 if self.label < 10 else 0.85, bold=True))
        disc = QRectF(-radius, -radius, 2 * radius, 2 * radius)
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(self.label))

    def hoverEvent(self, event: HoverEvent) -> None:
        """Show that the disc can be grabbed."""
        if self.fixed:
            return
        self._hovered = not event.isExit() and event.acceptDrags(Qt.MouseButton.LeftButton)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.update()

    def mouseDragEvent(self, event: MouseDragEvent) -> None:
        """Follow the pointer, and emit the position."""
        if self.fixed or event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        event.accept()
        place = self.mapToParent(event.pos())
        self.held = not event.isFinish()
        self.setPos(place)
        (self.dragging if self.held else self.dropped).emit(place.x(), place.y())


class Discs(QObject):
    """The discs of all centroids of a plot.

    Signals:
        dragging: One is being dragged; its label and position.
        dropped: One was dropped; its label and position.
    """

    dragging = pyqtSignal(int, float, float)
    dropped = pyqtSignal(int, float, float)

    def __init__(self, plot: pg.PlotWidget) -> None:
        super().__init__(plot)
        self._plot = plot
        self._discs: list[CentroidItem] = []

    def draw(
        self, centroids: np.ndarray, empty: tuple[int, ...], fixed: bool, theme: Theme
    ) -> None:
        """Put a disc at each centroid; one that is being dragged stays at the pointer.

        Args:
            centroids: (K, 2) in data coordinates.
            empty: Which of them have no points.
            fixed: Whether none can be dragged.
            theme: Gives their colours.
        """
        while len(self._discs) > len(centroids):
            disc = self._discs.pop()
            disc.blockSignals(True)  # it may be dragged, and then keeps the mouse
            self._plot.removeItem(disc)
        while len(self._discs) < len(centroids):
            self._discs.append(self._new_disc(len(self._discs)))
        for disc, (x, y) in zip(self._discs, centroids.tolist(), strict=True):
            disc.set_look(theme, disc.label in empty)
            disc.fixed = fixed
            if not disc.held:
                disc.setPos(x, y)

    def _new_disc(self, label: int) -> CentroidItem:
        disc = CentroidItem(label)
        disc.dragging.connect(lambda x, y: self.dragging.emit(label, x, y))
        disc.dropped.connect(lambda x, y: self.dropped.emit(label, x, y))
        self._plot.addItem(disc, ignoreBounds=True)
        return disc


class TrailsItem(Layer):
    """The paths of the centroids so far, dashed."""

    def __init__(self) -> None:
        super().__init__()
        self._paths: list[QPolygonF] = []
        self.setZValue(5)

    def set_trails(self, trails: list[np.ndarray]) -> None:
        """Show one path for each label, (M, 2) in data coordinates, oldest first."""
        self._paths = [polygon(trail) for trail in trails]
        self.cover(*trails)

    def paint(self, painter: QPainter, *_: object) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for label, path in enumerate(self._paths):
            color = self._theme.cluster_color(label)
            color = color.lighter(130) if self._theme.dark else color.darker(170)
            pen = QPen(color, 2.0 * self._theme.scale, Qt.PenStyle.DashLine)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawPolyline(path)


class LinesItem(Layer):
    """A thin line from each point to its centroid."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[list[QLineF]] = []

    def set_lines(self, xy: np.ndarray, labels: np.ndarray, centroids: np.ndarray) -> None:
        """Draw lines from (N, 2) points to the (K, 2) centroids given by their (N,) labels."""
        self._lines = [
            [QLineF(x, y, cx, cy) for x, y in xy[labels == label].tolist()]
            for label, (cx, cy) in enumerate(centroids.tolist())
        ]
        self.cover(xy, centroids)

    def paint(self, painter: QPainter, *_: object) -> None:
        for label, lines in enumerate(self._lines):
            pen = QPen(self._theme.cluster_color(label, 0.5), 1)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawLines(lines)  # type: ignore[call-overload]

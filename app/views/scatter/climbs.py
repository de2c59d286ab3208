"""The climbing points of mean shift, and their paths."""

import numpy as np
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.views.scatter.layer import Layer, polygon


class ClimbsItem(Layer):
    """A dot for each climb that is drawn, at the end of a thin path."""

    def __init__(self) -> None:
        super().__init__()
        self._paths: list[QPolygonF] = []
        self._labels: list[int] = []
        self._trails = True
        self.setZValue(4)

    def set_climbs(self, paths: np.ndarray, labels: np.ndarray, trails: bool) -> None:
        """Show climbs.

        Args:
            paths: (C, M, 2) in data coordinates, oldest first.
            labels: (C,) for the colours; -1 for a climb that has no mode yet.
            trails: Whether their paths are drawn.
        """
        self._paths = [polygon(path) for path in paths]
        self._labels, self._trails = labels.tolist(), trails
        self.cover(*paths)

    def paint(self, painter: QPainter, *_: object) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for path, label in zip(self._paths, self._labels, strict=True):
            color = self._color(label)
            if self._trails:
                color.setAlphaF(0.45)
                painter.setPen(self._pen(color, 1.2))
                painter.drawPolyline(path)
            color.setAlphaF(0.9)
            painter.setPen(self._pen(color, 5))
            painter.drawPoint(QPointF(path[path.count() - 1]))

    def _color(self, label: int) -> QColor:
        theme = self._theme
        color = theme.cluster_color(label) if label >= 0 else QColor(theme.accent)
        if label < 0 and not theme.dark:
            return color
        return color.lighter(130) if theme.dark else color.darker(170)

    def _pen(self, color: QColor, width: float) -> QPen:
        pen = QPen(color, width * self._theme.scale)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setCosmetic(True)
        return pen

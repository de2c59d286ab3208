"""Voronoi regions: for each centroid, exactly the area of the plot that is nearest to it."""

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.views.scatter.layer import Layer, polygon

_ALPHA = 0.14
# The margin around a moving view, relative to its width, and the largest total size.
_MORE, _MOST = 0.5, 20


def voronoi(centroids: np.ndarray, low: np.ndarray, high: np.ndarray) -> list[np.ndarray]:
    """Cut a rectangle into the regions nearest to each centroid.

    Each region starts as the rectangle and is cut by the perpendicular bisector to every other
    centroid, nearest first. Centroids more than twice as far away as the farthest corner cannot
    cut it any more.

    Args:
        centroids: (K, 2).
        low: (2,) lower left corner of the rectangle.
        high: (2,) upper right corner.

    Returns:
        K polygons, (M, 2) each, without the first corner repeated. If two centroids are at
        the same position, the second has no region: (0, 2).
    """
    corners = np.array([low, [high[0], low[1]], high, [low[0], high[1]]], np.float64)
    regions = []
    for index, centroid in enumerate(np.asarray(centroids, np.float64)):
        distances = np.hypot(*(centroids - centroid).T)
        region = corners
        for other in np.argsort(distances, kind="stable"):
            if other == index:
                continue
            if distances[other] == 0:
                if other < index:
                    region = np.empty((0, 2))
                    break
                continue
            if distances[other] > 2 * np.hypot(*(region - centroid).T).max(initial=0):
                break
            region = _cut(region, centroid, np.asarray(centroids[other], np.float64))
        regions.append(region)
    return regions


def _cut(region: np.ndarray, near: np.ndarray, far: np.ndarray) -> np.ndarray:
    """Clip a convex polygon to the points nearer to `near` than to `far`."""
    beyond = (region - (near + far) / 2) @ (far - near)  # positive on the far side
    if (beyond <= 0).all():
        return region
    kept = []
    for here, there, corner, following in zip(
        beyond, np.roll(beyond, -1), region, np.roll(region, -1, 0), strict=True
    ):
        if here <= 0:
            kept.append(corner)
        if (here <= 0) != (there <= 0):
            kept.append(corner + (following - corner) * (here / (here - there)))
    return np.array(kept).reshape(-1, 2)


class RegionsItem(Layer):
    """The regions of the centroids on screen, in faint colours."""

    def __init__(self) -> None:
        super().__init__()
        self._polygons: list[QPolygonF] = []
        self._centroids, self._metric = np.empty((0, 2)), np.ones(2)
        self._covered = QRectF()

    def show_near(self, centroids: np.ndarray, metric: np.ndarray, view: QRectF) -> None:
        """Show the region of each centroid.

        While the plot is panned or zoomed, regions cover more than the view and are kept.

        Args:
            centroids: (K, 2) in data coordinates.
            metric: (2,) the length of a unit of distance on each axis.
            view: The rectangle in which regions are shown.
        """
        same = np.array_equal(centroids, self._centroids) and np.array_equal(metric, self._metric)
        if same and self._covered.contains(view) and self._covered.width() < _MOST * view.width():
            return
        more = QPointF(view.width(), view.height()) * (_MORE if same else 0)
        self._covered = view.adjusted(-more.x(), -more.y(), more.x(), more.y())
        self._centroids, self._metric = centroids, metric
        low = np.array([self._covered.left(), self._covered.top()]) / metric
        high = np.array([self._covered.right(), self._covered.bottom()]) / metric
        regions = [region * metric for region in voronoi(centroids / metric, low, high)]
        self._polygons = [polygon(region) for region in regions]
        self.cover(*regions)

    def paint(self, painter: QPainter, *_: object) -> None:
        # No antialiasing: it takes ten times as long for large areas, and seams cover the edges.
        painter.setPen(Qt.PenStyle.NoPen)
        for label, region in enumerate(self._polygons):
            painter.setBrush(self._theme.cluster_color(label, _ALPHA))
            painter.drawPolygon(region)
        seam = QPen(QColor(self._theme.card), 2 * self._theme.scale)
        seam.setCosmetic(True)
        painter.setPen(seam)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for region in self._polygons:
            painter.drawPolygon(region)

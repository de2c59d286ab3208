"""Voronoi regions: for each centroid, exactly the area of the plot that is nearest to it."""

import math
from collections.abc import Iterable

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.views.scatter.layer import Layer, polygon

_Place = tuple[float, float]

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
    (left, bottom), (right, top) = low.tolist(), high.tolist()
    corners = [(left, bottom), (right, bottom), (right, top), (left, top)]
    centroids = np.asarray(centroids, np.float64)
    places: list[_Place] = list(map(tuple, centroids.tolist()))
    regions = []
    for index, centroid in enumerate(centroids):
        distances = np.hypot(*(centroids - centroid).T)
        order = np.argsort(distances, kind="stable")
        others = zip(order.tolist(), distances[order].tolist(), strict=True)
        region = _region(index, places, others, corners)
        regions.append(np.array(region, np.float64).reshape(-1, 2))
    return regions


def _region(
    index: int,
    places: list[_Place],
    others: Iterable[tuple[int, float]],
    corners: list[_Place],
) -> list[_Place]:
    """What is left of a convex polygon for the centroid of an index.

    Args:
        index: Which centroid.
        places: Where all centroids are.
        others: Index and distance of each centroid, nearest first.
        corners: Of the polygon.
    """
    region, reach = corners, _reach(corners, places[index])
    for other, distance in others:
        if distance > 2 * reach:
            break
        if distance == 0:
            if other < index:
                return []
            continue
        cut = _cut(region, places[index], places[other])
        if cut is not region:
            region, reach = cut, _reach(cut, places[index])
    return region


def _reach(region: list[_Place], place: _Place) -> float:
    """The distance from a place to the farthest corner; 0 if there is no corner."""
    return max((math.dist(place, corner) for corner in region), default=0.0)


def _cut(region: list[_Place], near: _Place, far: _Place) -> list[_Place]:
    """Clip a convex polygon to the points nearer to `near` than to `far`; itself if all are.

    In plain numbers: for so few corners an array operation takes ten times as long.
    """
    across, up = far[0] - near[0], far[1] - near[1]
    middle = (near[0] + far[0]) / 2, (near[1] + far[1]) / 2
    beyond = [(x - middle[0]) * across + (y - middle[1]) * up for x, y in region]
    if all(here <= 0 for here in beyond):  # positive on the far side
        return region
    kept = []
    for number, (here, corner) in enumerate(zip(beyond, region, strict=True)):
        before, previous = beyond[number - 1], region[number - 1]
        if (before <= 0) != (here <= 0):
            share = before / (before - here)
            x, y = previous
            kept.append((x + (corner[0] - x) * share, y + (corner[1] - y) * share))
        if here <= 0:
            kept.append(corner)
    return kept


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

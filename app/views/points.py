"""The points of a scatter, drawn so that recolouring all of them is cheap.

Up to `MAX_MARKERS` points are markers: one pixmap holds a picture for each label, and Qt copies
them all in one call. Above it every point is a small square written into an image by NumPy.
"""

from functools import lru_cache

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPixmap, QPolygonF, QTransform
from pyqtgraph import GraphicsObject
from pyqtgraph.Qt.internals import PrimitiveArray

from app.theme import COLOR_NAMES, LIGHT, N_COLORS, SHAPE_NAMES, Theme

MAX_MARKERS = 20_000
# Below this lightness a colour is hard to see on a dark ground.
_DIM = 0.3
_NO_LABEL = -1
_LOOKS = N_COLORS * len(SHAPE_NAMES)


class PointsItem(GraphicsObject):
    """All points of a scatter, in data coordinates, each with a label."""

    def __init__(self) -> None:
        super().__init__()
        self._xy = np.empty((0, 2))
        self._labels: np.ndarray | None = None
        self._bounds = QRectF()
        self._theme = LIGHT
        self._shapes = False
        self._fragments = PrimitiveArray(QPainter.PixmapFragment, 10)
        self._raster: tuple[tuple[object, ...], QImage] | None = None

    def set_points(self, xy: np.ndarray) -> None:
        """Show other points, without labels.

        Args:
            xy: (N, 2), where they lie in the plot.
        """
        self.prepareGeometryChange()
        self._xy, self._labels = np.asarray(xy, np.float64), None
        self._bounds = QRectF()
        if len(self._xy):
            low, high = self._xy.min(0), self._xy.max(0)
            self._bounds = QRectF(QPointF(*low.tolist()), QPointF(*high.tolist()))
        self._fragments.resize(len(xy) if len(xy) <= MAX_MARKERS else 0)
        self._redraw()

    def set_labels(self, labels: np.ndarray | None) -> None:
        """Colour the points.

        Args:
            labels: (N,) indices, -1 for a point that has none yet; None where no point has one.
        """
        if labels is not self._labels:
            self._labels = labels
            self._redraw()

    def set_look(self, theme: Theme, shapes: bool) -> None:
        """Choose the theme, and whether labels have marker shapes too."""
        self._theme, self._shapes = theme, shapes
        self._redraw()

    def marker_size(self) -> int:
        """The side of a marker in pixels: smaller where there are more points."""
        n_points = max(len(self._xy), 1)
        if n_points > MAX_MARKERS:
            return self._theme.px(3 if n_points <= 300_000 else 2 if n_points <= 2_000_000 else 1)
        return self._theme.px(9 if n_points <= 2_000 else 7 if n_points <= 6_000 else 5)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, *_: object) -> None:
        if not len(self._xy):
            return
        transform = painter.transform()
        painter.resetTransform()
        if len(self._xy) <= MAX_MARKERS:
            self._paint_markers(painter, transform)
        else:
            self._paint_raster(painter, transform)

    def _redraw(self) -> None:
        self._raster = None
        self.update()

    def _looks(self) -> np.ndarray:
        """(N,) which picture each point has: colour first, then shape."""
        if self._labels is None:
            return np.full(len(self._xy), _NO_LABEL)
        labels = self._labels.astype(np.int64)
        shapes = shape_of(labels, self._shapes)
        looks = shapes % len(SHAPE_NAMES) * N_COLORS + labels % N_COLORS
        return np.where(labels < 0, _NO_LABEL, looks)

    def _paint_markers(self, painter: QPainter, transform: QTransform) -> None:
        size = self.marker_size() + 2
        fragments = self._fragments.ndarray()
        fragments[:, 0], fragments[:, 1] = _mapped(transform, self._xy)
        fragments[:, 2] = (self._looks() + 1) * size
        fragments[:, 3] = 0
        fragments[:, 4:6] = size
        fragments[:, 6:8] = 1
        fragments[:, 8] = 0
        fragments[:, 9] = 1
        # pyqtgraph hands over the array itself, which PyQt6's stubs do not know.
        painter.drawPixmapFragments(*self._fragments.drawargs(), _markers(self._theme, size))  # type: ignore[call-arg]

    def _paint_raster(self, painter: QPainter, transform: QTransform) -> None:
        device = painter.device()
        assert device is not None
        ratio = device.devicePixelRatioF()
        width, height = round(device.width() * ratio), round(device.height() * ratio)
        key = (transform.m11(), transform.m22(), transform.dx(), transform.dy(), width, height)
        if self._raster is None or self._raster[0] != key:
            x, y = _mapped(transform, self._xy)
            image = self._rasterized(x * ratio, y * ratio, width, height)
            image.setDevicePixelRatio(ratio)
            self._raster = key, image
        painter.drawImage(QPointF(0, 0), self._raster[1])

    def _rasterized(self, x: np.ndarray, y: np.ndarray, width: int, height: int) -> QImage:
        side = self.marker_size()
        left, top = np.floor(x - side / 2).astype(np.int32), np.floor(y - side / 2).astype(np.int32)
        inside = (left > -side) & (left < width) & (top > -side) & (top < height)
        if self._labels is None:
            colors = np.array(QColor(self._theme.muted).rgba(), np.uint32)
        else:
            labels = self._labels[inside]
            if labels.dtype.kind == "i":  # only these can be -1, or many
                labels = np.where(labels < 0, -1, labels % (10 * N_COLORS))
            colors = _raster_colors(self._theme)[labels]
        # A margin around the picture, so that squares at its edge need no special case.
        pixels = np.zeros((height + 2 * side, width + 2 * side), np.uint32)
        place = (top[inside] + side) * pixels.shape[1] + left[inside] + side
        for row in range(side):
            for column in range(side):
                pixels.ravel()[place + row * pixels.shape[1] + column] = colors
        shown = np.ascontiguousarray(pixels[side : side + height, side : side + width])
        format_ = QImage.Format.Format_ARGB32_Premultiplied
        image = QImage(shown.data, width, height, 4 * width, format_)  # type: ignore[call-overload]
        return QImage(image.copy())  # the array goes


def _mapped(transform: QTransform, xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Plot coordinates to pixels; the axes of a plot are never turned."""
    return (
        xy[:, 0] * transform.m11() + transform.dx(),
        xy[:, 1] * transform.m22() + transform.dy(),
    )


@lru_cache(maxsize=4)
def _raster_colors(theme: Theme) -> np.ndarray:
    """(257,) the colours of 256 labels, and at the end that of points without one."""
    colors = [theme.cluster_color(label) for label in range(256)]
    return np.array([color.rgba() for color in [*colors, QColor(theme.muted)]], np.uint32)


@lru_cache(maxsize=8)
def _markers(theme: Theme, size: int) -> QPixmap:
    """A row of pictures: the point without a label, then each shape in each colour."""
    pixmap = QPixmap(size * (1 + _LOOKS), size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for look in range(_NO_LABEL, _LOOKS):
        color = QColor(theme.muted) if look == _NO_LABEL else theme.cluster_color(look)
        outline = _outline(color, theme)
        color.setAlphaF(0.8)
        outline.setAlphaF(0.7)
        painter.setBrush(color)
        painter.setPen(QPen(outline, 0.8 * theme.scale))
        painter.save()
        painter.translate((look + 1.5) * size, 0.5 * size)
        painter.drawPath(shape_path(max(look, 0) // N_COLORS, size / 2 - 1))
        painter.restore()
    painter.end()
    return pixmap


def _outline(color: QColor, theme: Theme) -> QColor:
    """What sets a marker off: from the card where it is pale or dark, else from its neighbours."""
    if not theme.dark:
        return color.darker(135)
    return QColor(theme.card) if color.lightnessF() > _DIM else color.lighter(160)


def shape_of(labels: np.ndarray, shapes: bool) -> np.ndarray:
    """Which marker each label has: another one each, or only where colours come round again."""
    return labels if shapes else labels // len(COLOR_NAMES)


def shape_path(shape: int, radius: float) -> QPainterPath:
    """The outline of a marker around the origin, all shapes of about the same area.

    Args:
        shape: Index into `SHAPE_NAMES`.
        radius: Of the disc, in pixels.
    """
    path = QPainterPath()
    name = SHAPE_NAMES[shape % len(SHAPE_NAMES)]
    if name == "disc":
        path.addEllipse(QPointF(0, 0), radius, radius)
        return path
    shapes: dict[str, list[tuple[float, float]]] = {
        "square": [(-0.85, -0.85), (0.85, -0.85), (0.85, 0.85), (-0.85, 0.85)],
        "triangle": [(0, -1.15), (1.1, 0.85), (-1.1, 0.85)],
        "diamond": [(0, -1.2), (1, 0), (0, 1.2), (-1, 0)],
        "cross": _turned([(0.4, -0.4), (1.1, -0.4), (1.1, 0.4), (0.4, 0.4)], 4),
        "star": _turned([(0.35, -0.45), (1.25, 0)], 5),
    }
    corners = shapes[name]
    path.addPolygon(QPolygonF([QPointF(x * radius, y * radius) for x, y in corners]))
    path.closeSubpath()
    return path


def _turned(corners: list[tuple[float, float]], times: int) -> list[tuple[float, float]]:
    """Repeat a piece of outline around the origin."""
    angles = 2 * np.pi * np.arange(times) / times
    return [
        (x * np.cos(angle) - y * np.sin(angle), x * np.sin(angle) + y * np.cos(angle))
        for angle in angles
        for x, y in corners
    ]

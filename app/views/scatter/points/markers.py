"""Markers of points: a small picture for each colour and shape."""

from functools import lru_cache

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, QSizeF, Qt
from PyQt6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPixmap, QPolygonF
from pyqtgraph.Qt.internals import PrimitiveArray

from app.theme import COLOR_NAMES, N_COLORS, SHAPE_NAMES, Theme
from app.views.scatter.scenery import NOISE

# Below this lightness a colour is hard to see on a dark background.
_DIM = 0.3
NO_LOOK = -1
N_LOOKS = N_COLORS * len(SHAPE_NAMES)
NOISE_LOOK = N_LOOKS
# Noise is a ring that is smaller than a marker.
_NOISE_SIZE, _NOISE_LINE = 0.62, 1.3
# Files have up to this many markers as outlines; more become a picture, this many times finer.
MAX_STROKES, _FINE = 5_000, 3


def looks(labels: np.ndarray | None, n_points: int, shapes: bool) -> np.ndarray:
    """Return (N,) picture indices, counted from the first with a label: colour, then shape.

    Args:
        labels: (N,) as in `Scene`.
        n_points: N.
        shapes: Whether each label has its own shape.
    """
    if labels is None:
        return np.full(n_points, NO_LOOK)
    whole = labels.astype(np.int64)
    found = shape_of(whole, shapes) % len(SHAPE_NAMES) * N_COLORS + whole % N_COLORS
    found[whole < 0] = NO_LOOK
    found[whole == NOISE] = NOISE_LOOK
    return np.asarray(found)


@lru_cache(maxsize=8)
def markers(theme: Theme, size: int, fine: int = 1) -> QPixmap:
    """Draw a strip of pictures: the point without a label, each shape in each colour, and noise.

    Args:
        theme: Gives the colours.
        size: The side of each picture, in pixels.
        fine: How many device pixels there are for one of these pixels.
    """
    pixmap = QPixmap(fine * size * (2 + N_LOOKS), fine * size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.scale(fine, fine)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for look in range(NO_LOOK, NOISE_LOOK + 1):
        path = _take_up(painter, theme, look, size)
        painter.drawPath(path.translated((look + 1.5) * size, 0.5 * size))
    painter.end()
    return pixmap


def draw_copies(
    painter: QPainter,
    pictures: QPixmap,
    xy: np.ndarray,
    of: np.ndarray,
    fragments: PrimitiveArray | None = None,
) -> None:
    """Draw markers as copies of their pictures, in one call.

    Args:
        painter: The painter, in pixels.
        pictures: What `markers` returns.
        xy: (N, 2), their positions; later ones are drawn on top.
        of: (N,) the index of the picture of each, from `looks`.
        fragments: An array to fill and use again; None for a new one.
    """
    array = PrimitiveArray(QPainter.PixmapFragment, 10) if fragments is None else fragments
    array.resize(len(xy))
    filled, size = array.ndarray(), pictures.height()
    filled[:, :2] = xy
    filled[:, 2] = (of + 1) * size
    filled[:, 3] = 0
    filled[:, 4:6] = size
    filled[:, 6:8] = 1
    filled[:, 8] = 0
    filled[:, 9] = 1
    # pyqtgraph passes the array itself, which the stubs of PyQt6 do not know.
    painter.drawPixmapFragments(*array.drawargs(), pictures)  # type: ignore[call-arg]


def draw_for_file(
    painter: QPainter,
    theme: Theme,
    size: int,
    xy: np.ndarray,
    of: np.ndarray,
    area: QRectF | None = None,
) -> None:
    """Draw markers as outlines, for a file with vector graphics.

    More than `MAX_STROKES` are drawn as one picture: a file with that many outlines would be slow
    to write and to view.

    Args:
        painter: The painter, in pixels.
        theme: Gives the colours.
        size: The side of the picture of a marker, in pixels, as for `markers`.
        xy: (N, 2), their positions; later ones are drawn on top.
        of: (N,) the index of the picture of each, from `looks`.
        area: The visible rectangle; markers outside are omitted. None if all are visible.
    """
    if area is None:
        _stroke(painter, theme, size, xy, of)
        return
    area = area.adjusted(-size, -size, size, size)
    x1, y1, x2, y2 = area.getCoords()
    seen = (xy >= [x1, y1]).all(1) & (xy <= [x2, y2]).all(1)
    if seen.sum() <= MAX_STROKES:
        _stroke(painter, theme, size, xy[seen], of[seen])
        return
    image = QImage((area.size() * _FINE).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    inner = QPainter(image)
    places = _FINE * (xy[seen] - [x1, y1])
    draw_copies(inner, markers(theme, size, _FINE), places, of[seen])
    inner.end()
    painter.drawImage(QRectF(area.topLeft(), QSizeF(image.size()) / _FINE), image)


def _stroke(painter: QPainter, theme: Theme, size: int, xy: np.ndarray, of: np.ndarray) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    before: int | None = None
    for (x, y), look in zip(xy.tolist(), of.tolist(), strict=True):
        if look != before:
            path, before = _take_up(painter, theme, look, size), look
        painter.drawPath(path.translated(x, y))


def _take_up(painter: QPainter, theme: Theme, look: int, size: int) -> QPainterPath:
    """Set the pen and the brush of a marker; returns its outline around the origin."""
    if look == NOISE_LOOK:
        painter.setPen(noise_pen(theme))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        return noise_path(size / 2 - 1)
    color = QColor(theme.muted) if look == NO_LOOK else theme.cluster_color(look)
    edge = outline(color, theme)
    color.setAlphaF(0.8)
    edge.setAlphaF(0.7)
    painter.setBrush(color)
    painter.setPen(QPen(edge, 0.8 * theme.scale))
    return shape_path(max(look, 0) // N_COLORS, size / 2 - 1)


def noise_pen(theme: Theme) -> QPen:
    """The line of a point of noise, which has no other colour."""
    return QPen(QColor(theme.muted), _NOISE_LINE * theme.scale)


def noise_path(radius: float) -> QPainterPath:
    """The outline of a point of noise around the origin, where markers have some radius."""
    return shape_path(0, _NOISE_SIZE * radius)


def outline(color: QColor, theme: Theme) -> QColor:
    """Return the outline colour, which sets a marker off from the card and from its neighbours."""
    if not theme.dark:
        return color.darker(135)
    return QColor(theme.card) if color.lightnessF() > _DIM else color.lighter(160)


def shape_of(labels: np.ndarray, shapes: bool) -> np.ndarray:
    """Return the marker of each label: a different one each, or only when colours repeat."""
    return labels if shapes else labels // len(COLOR_NAMES)


def shape_path(shape: int, radius: float) -> QPainterPath:
    """Return the outline of a marker around the origin; all shapes have about the same area.

    Args:
        shape: An index into `SHAPE_NAMES`.
        radius: The radius of the disc, in pixels.
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

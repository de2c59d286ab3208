"""Markers of points: a picture for each colour and shape."""

from functools import lru_cache

import numpy as np
from PyQt6.QtCore import QPointF, Qt
from PyQt6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from app.theme import COLOR_NAMES, N_COLORS, SHAPE_NAMES, Theme

# Below this lightness a colour is hard to see on a dark ground.
_DIM = 0.3
NO_LOOK = -1
N_LOOKS = N_COLORS * len(SHAPE_NAMES)


def looks(labels: np.ndarray | None, n_points: int, shapes: bool) -> np.ndarray:
    """(N,) which picture each point has, counted from the first with a label: colour, then shape.

    Args:
        labels: (N,) -1 for a point that has none; None where no point has one.
        n_points: N.
        shapes: Whether each label has another shape.
    """
    if labels is None:
        return np.full(n_points, NO_LOOK)
    whole = labels.astype(np.int64)
    found = shape_of(whole, shapes) % len(SHAPE_NAMES) * N_COLORS + whole % N_COLORS
    return np.where(whole < 0, NO_LOOK, found)


@lru_cache(maxsize=8)
def markers(theme: Theme, size: int) -> QPixmap:
    """A row of pictures: the point without a label, then each shape in each colour.

    Args:
        theme: For the colours.
        size: Of each picture, in pixels.
    """
    pixmap = QPixmap(size * (1 + N_LOOKS), size)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for look in range(NO_LOOK, N_LOOKS):
        color = QColor(theme.muted) if look == NO_LOOK else theme.cluster_color(look)
        edge = outline(color, theme)
        color.setAlphaF(0.8)
        edge.setAlphaF(0.7)
        painter.setBrush(color)
        painter.setPen(QPen(edge, 0.8 * theme.scale))
        painter.save()
        painter.translate((look + 1.5) * size, 0.5 * size)
        painter.drawPath(shape_path(max(look, 0) // N_COLORS, size / 2 - 1))
        painter.restore()
    painter.end()
    return pixmap


def outline(color: QColor, theme: Theme) -> QColor:
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

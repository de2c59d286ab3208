"""The points of a scatter plot, drawn so that recolouring all of them is cheap.

Up to `MAX_MARKERS` points are markers: one pixmap holds a picture for each label, and Qt copies
them all in one call. More points are a raster, which is made in the background; meanwhile the
previous raster is moved and stretched with the plot.
"""

from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QPointF, QRectF
from PyQt6.QtGui import QImage, QPaintEngine, QPainter, QTransform
from pyqtgraph import GraphicsObject
from pyqtgraph.Qt.internals import PrimitiveArray

from app.theme import Theme, current
from app.views.scatter.points.background import Latest
from app.views.scatter.points.grid import Grid
from app.views.scatter.points.markers import draw_copies, draw_for_file, looks, markers
from app.views.scatter.points.raster import MAX_MARKERS, Drawn, PointRaster

# The engines that paint files with vector graphics.
_OF_STROKES = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf)


@dataclass(frozen=True, slots=True, eq=False)
class _Request:
    """A raster to draw."""

    raster: PointRaster
    grid: Grid
    labels: np.ndarray | None
    theme: Theme

    def is_like(self, other: "_Request | None") -> bool:
        """Whether the pictures would be the same."""
        return (
            other is not None
            and self.raster is other.raster
            and self.labels is other.labels
            and self.grid == other.grid
            and self.theme == other.theme
        )

    def drawn(self) -> Drawn:
        """Draw the raster."""
        return self.raster.draw(self.grid, self.labels, self.theme)


class PointsItem(GraphicsObject):
    """All points of a scatter plot, in data coordinates, each with a label.

    Attributes:
        waits: Whether painting waits for the raster, as it must for a file.
    """

    def __init__(self) -> None:
        super().__init__()
        self.waits = False
        self._xy = np.empty((0, 2))
        self._labels: np.ndarray | None = None
        self._bounds = QRectF()
        self._theme = current()
        self._shapes = False
        self._fragments = PrimitiveArray(QPainter.PixmapFragment, 10)
        self._raster: PointRaster | None = None
        self._asked: _Request | None = None
        self._drawn: Drawn | None = None
        self._image = QImage()
        self._latest = Latest()
        self._latest.came.connect(self._on_drawn)

    def set_points(self, xy: np.ndarray, bounds: QRectF, stay: bool = False) -> None:
        """Show other points, without labels.

        Args:
            xy: (N, 2), their positions in the plot.
            bounds: The rectangle around them.
            stay: Whether the previous points stay on screen until these can be drawn.
        """
        self.prepareGeometryChange()
        self._xy, self._labels, self._bounds = xy, None, bounds
        self._raster = PointRaster(xy) if len(xy) > MAX_MARKERS else None
        if self._raster is None or not stay:
            self._drawn = None
        self.update()

    def set_labels(self, labels: np.ndarray | None) -> None:
        """Colour the points.

        Args:
            labels: (N,) as in `Scene`.
        """
        if labels is not self._labels:
            self._labels = labels
            self.update()

    def set_look(self, theme: Theme, shapes: bool) -> None:
        """Choose the theme, and whether labels have marker shapes too."""
        self._theme, self._shapes = theme, shapes
        self.update()

    @property
    def sharp(self) -> bool:
        """Whether the raster on screen is the one requested last, for the current points."""
        if self._raster is None:
            return True
        drawn = self._drawn
        return drawn is not None and drawn.raster is self._raster and not self._latest.busy

    def marker_size(self) -> int:
        """The side of a marker in pixels: smaller if there are more points."""
        if self._raster is None:
            return _marker_size(len(self._xy), self._theme)
        drawn = self._drawn
        if drawn is None or drawn.few is not None:
            n_points = 0 if drawn is None or drawn.few is None else len(drawn.few)
            return _marker_size(n_points, self._theme)
        return round(drawn.side / drawn.grid.ratio)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(self, painter: QPainter, *_: object) -> None:
        if not len(self._xy):
            return
        transform = painter.transform()
        if self._raster is None:
            self._paint_markers(painter, self._xy, self._labels)
            return
        self._ask(_Request(self._raster, self._grid(painter), self._labels, self._theme))
        if self._drawn is not None and self._drawn.few is not None:
            self._paint_markers(painter, self._drawn.few, self._drawn.labels)
        elif self._drawn is not None:
            self._paint_raster(painter, transform, self._drawn)

    def _grid(self, painter: QPainter) -> Grid:
        """The pixels of the plot."""
        transform, device, box = painter.transform(), painter.device(), self.getViewBox()
        assert device is not None
        if box is None:
            area = QRectF(0, 0, device.width(), device.height())
        else:
            area = transform.mapRect(box.viewRect())
        return Grid.over(area, transform, device.devicePixelRatioF())

    def _ask(self, request: _Request) -> None:
        """Ask for a raster, unless it exists or was asked for; wait for it if `waits`."""
        if self.waits:
            self._latest.drop()
            self._asked = request
            self._take(request.drawn())
        elif not request.is_like(self._asked):
            self._asked = request
            self._latest.ask(request.drawn)

    def _on_drawn(self, drawn: Drawn) -> None:
        if drawn.raster is self._raster:
            self._take(drawn)
            self.update()

    def _take(self, drawn: Drawn) -> None:
        self._drawn, self._image = drawn, QImage()
        if drawn.pixels is not None:
            height, width = drawn.pixels.shape
            format_ = QImage.Format.Format_ARGB32_Premultiplied
            # `drawn` keeps the array alive.
            self._image = QImage(drawn.pixels.data, width, height, 4 * width, format_)  # type: ignore[call-overload]

    def _paint_raster(self, painter: QPainter, transform: QTransform, drawn: Drawn) -> None:
        """Draw the raster at its current position, pixel by pixel if the scale is the same."""
        area, grid = transform.mapRect(drawn.area), drawn.grid
        scale = transform.m11() * grid.ratio / grid.across, transform.m22() * grid.ratio / grid.down
        painter.resetTransform()
        if np.allclose(scale, 1, atol=1e-6):
            self._image.setDevicePixelRatio(grid.ratio)
            painter.drawImage(QPointF(area.left(), area.top()), self._image)
        else:
            self._image.setDevicePixelRatio(1)
            painter.drawImage(area, self._image)

    def _paint_markers(self, painter: QPainter, xy: np.ndarray, labels: np.ndarray | None) -> None:
        size = _marker_size(len(xy), self._theme) + 2
        which = looks(labels, len(xy), self._shapes)
        transform, engine = painter.transform(), painter.paintEngine()
        places = np.column_stack(_mapped(transform, xy))
        painter.resetTransform()
        if engine is not None and engine.type() in _OF_STROKES:
            box = self.getViewBox()
            area = None if box is None else transform.mapRect(box.viewRect())
            draw_for_file(painter, self._theme, size, places, which, area)
        else:
            draw_copies(painter, markers(self._theme, size), places, which, self._fragments)


def _marker_size(n_points: int, theme: Theme) -> int:
    return theme.px(9 if n_points <= 2_000 else 7 if n_points <= 6_000 else 5)


def _mapped(transform: QTransform, xy: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Convert plot coordinates to pixels; the axes of a plot are never rotated."""
    return (
        xy[:, 0] * np.float64(transform.m11()) + transform.dx(),
        xy[:, 1] * np.float64(transform.m22()) + transform.dy(),
    )

"""What is on screen as a file: PNG, JPEG, SVG or PDF, all painted in the same way."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PyQt6.QtCore import QBuffer, QIODevice, QMarginsF, QPoint, QRect, QSize, QSizeF
from PyQt6.QtGui import QColor, QImage, QPageSize, QPainter, QPdfWriter, QPixmap
from PyQt6.QtSvg import QSvgGenerator
from PyQt6.QtWidgets import QGraphicsView, QWidget

from app.views.scatter.snapshot import finished

_DPI, _POINTS = 96, 72  # pixels of a screen and points of a page per inch
_JPEG_QUALITY = 95
# The options of pyqtgraph for drawing outlines instead of copies of a pixmap.
_STROKES = {"antialias": True, "resolutionScale": 1.0}


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture that can be painted repeatedly.

    Attributes:
        title: A description, stored in SVG and PDF.
        size: The size in device-independent pixels.
        ground: The colour behind it.
        paint: Paints everything; called on the GUI thread.
        ratio: Pixels of a PNG or JPEG file for each pixel of `size`.
    """

    title: str
    size: QSize
    ground: QColor
    paint: Callable[[QPainter], object]
    ratio: float = 1.0

    def pixmap(self) -> QPixmap:
        """The picture as pixels, for the clipboard."""
        return QPixmap.fromImage(_image(self))


def figure_of(widget: QWidget, title: str) -> Figure:
    """Make a figure of a widget and its children; scatter plots are drawn completely."""

    def paint(painter: QPainter) -> None:
        with finished(widget):
            if isinstance(painter.device(), QImage):
                widget.render(painter)
                return
            with _in_strokes(widget):
                widget.render(painter)

    ground = widget.palette().color(widget.backgroundRole())
    return Figure(title, widget.size(), ground, paint, widget.devicePixelRatioF())


def encoder(figure: Figure, suffix: str) -> Callable[[], bytes]:
    """Paint a figure for the format of a suffix.

    Args:
        figure: The figure, which is painted immediately.
        suffix: One of `formats.PICTURE`.

    Returns:
        A function that returns the bytes of the file. It may take long, and may be called on
        another thread.
    """
    if suffix in (".svg", ".pdf"):
        found = _svg(figure) if suffix == ".svg" else _pdf(figure)
        return lambda: found
    image = _image(figure)
    return lambda: _encoded(image, "PNG" if suffix == ".png" else "JPG")


def _svg(figure: Figure) -> bytes:
    buffer, frame = QBuffer(), QRect(QPoint(), figure.size)
    # Version 1.2 Tiny, the default, has no clipping: points outside a plot would cover its axes.
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setResolution(_DPI)
    generator.setSize(figure.size)
    generator.setViewBox(frame)
    generator.setTitle(figure.title)
    _paint(QPainter(generator), figure)
    return bytes(buffer.data().data())


def _pdf(figure: Figure) -> bytes:
    """Make a PDF with one page of the size of the figure."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(_DPI)
    writer.setTitle(figure.title)
    points = QSizeF(figure.size) * _POINTS / _DPI
    exact = QPageSize.SizeMatchPolicy.ExactMatch
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, figure.title, exact))
    writer.setPageMargins(QMarginsF())
    _paint(QPainter(writer), figure)
    return bytes(buffer.data().data())


def _image(figure: Figure) -> QImage:
    image = QImage(figure.size * figure.ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(figure.ratio)
    _paint(QPainter(image), figure)
    return image


def _paint(painter: QPainter, figure: Figure) -> None:
    painter.fillRect(QRect(QPoint(), figure.size), figure.ground)
    figure.paint(painter)
    painter.end()


def _encoded(image: QImage, kind: str) -> bytes:
    buffer = QBuffer()
    image.save(buffer, kind, _JPEG_QUALITY if kind == "JPG" else -1)
    return bytes(buffer.data().data())


@contextmanager
def _in_strokes(widget: QWidget) -> Iterator[None]:
    """Have plots draw markers and backgrounds as outlines, not as copies of pixmaps."""
    found = [widget, *widget.findChildren(QGraphicsView)]
    views = [view for view in found if isinstance(view, QGraphicsView)]
    caches = [view.cacheMode() for view in views]
    items = [item for view in views for item in view.items() if hasattr(item, "setExportMode")]
    for view in views:
        view.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)
    for item in items:
        item.setExportMode(True, _STROKES)
    try:
        yield
    finally:
        for item in items:
            item.setExportMode(False)
        for view, cache in zip(views, caches, strict=True):
            view.setCacheMode(cache)

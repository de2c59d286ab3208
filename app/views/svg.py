"""What is painted by hand as an SVG file."""

from collections.abc import Callable

from PyQt6.QtCore import QBuffer, QRect, QSize
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtSvg import QSvgGenerator


def svg(title: str, size: QSize, ground: str, paint: Callable[[QPainter], None]) -> bytes:
    """Let something paint itself into an SVG file.

    Args:
        title: Of the picture, for who cannot see it.
        size: Of the picture in pixels.
        ground: The colour behind it.
        paint: Paints everything.
    """
    buffer, frame = QBuffer(), QRect(0, 0, size.width(), size.height())
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(size)
    generator.setViewBox(frame)
    generator.setTitle(title)
    painter = QPainter(generator)
    painter.fillRect(frame, QColor(ground))
    paint(painter)
    painter.end()
    return bytes(buffer.data().data())

"""A picture scaled to its widget, and its colours as a bar."""

import numpy as np
from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.numbers import percent
from app.text import as_tip
from app.theme import Theme, current, follow
from engine.data.images import hex_of

_BAR_HEIGHT = 34


class PictureView(QWidget):
    """Draws an array of colours as large as possible, below a line of text."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self._theme, self._title = current(), title
        self._image = QImage()
        self.setAccessibleName(title)
        self.setMinimumSize(120, 120)
        follow(self, self.restyle)

    def draw(self, pixels: np.ndarray | None) -> None:
        """Show other pixels, (h, w, 3) uint8, or none."""
        self._image = QImage()
        if pixels is not None:
            height, width = pixels.shape[:2]
            data = np.ascontiguousarray(pixels).tobytes()
            form = QImage.Format.Format_RGB888
            self._image = QImage(data, width, height, 3 * width, form).copy()
        self.update()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.update()

    def paintEvent(self, _: QPaintEvent | None) -> None:
        painter, head = QPainter(self), self._theme.px(24)
        painter.setPen(QColor(self._theme.muted))
        painter.setFont(self._theme.font())
        top = QRectF(0, 0, self.width(), head)
        painter.drawText(top, Qt.AlignmentFlag.AlignLeft, self._title)
        if self._image.isNull():
            return
        room = QRectF(0, head, self.width(), self.height() - head)
        size = self._image.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(room.topLeft(), QRectF(0, 0, size.width(), size.height()).size())
        place.moveLeft((self.width() - size.width()) / 2)
        smooth = size.width() < 4 * self._image.width()  # few pixels are drawn as squares
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(place, self._image)


class PaletteBar(QWidget):
    """The colours of a picture, each as wide as its share, the most frequent first."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = current()
        self.colors: list[str] = []
        self.shares: list[float] = []
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow(self, self.restyle)

    def draw(self, palette: np.ndarray, shares: np.ndarray) -> None:
        """Show other colours.

        Args:
            palette: (K, 3) uint8.
            shares: (K,) fractions of the picture; their sum is 1.
        """
        order = np.argsort(-shares, kind="stable")
        self.colors = [hex_of(palette[index]) for index in order]
        self.shares = shares[order].tolist()
        descriptions = (self.describe(index) for index in range(len(self.colors)))
        self.setAccessibleDescription("; ".join(descriptions))
        self.update()

    def clear(self) -> None:
        """Show no colours."""
        self.draw(np.empty((0, 3), np.uint8), np.empty(0))

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.setAccessibleName("Palette")
        self.setFixedHeight(theme.px(_BAR_HEIGHT))
        self.update()

    def describe(self, index: int) -> str:
        """Describe a colour and its share."""
        return f"{self.colors[index]} · {percent(self.shares[index], 1)}"

    def at(self, x: float) -> int:
        """Return the index of the colour at a position of the bar, -1 for none."""
        edges = np.cumsum(self.shares) * self.width()
        index = int(np.searchsorted(edges, x, side="right"))
        return index if 0 <= index < len(self.colors) else -1

    def paintEvent(self, _: QPaintEvent | None) -> None:
        painter, left = QPainter(self), 0.0
        for color, share in zip(self.colors, self.shares, strict=True):
            width = share * self.width()
            # One pixel wider, so that there is no seam between two.
            painter.fillRect(
                QRectF(QPointF(left, 0), QPointF(left + width + 1, self.height())), QColor(color)
            )
            left += width
        painter.setPen(QColor(self._theme.muted))  # shows where white ends on a white card
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None:
            index = self.at(event.position().x())
            self.setToolTip(as_tip(self.describe(index) if index >= 0 else ""))

"""A word drawn as a row of tiles: letters and phonemes are tinted, highlighted and picked alike."""

import numpy as np
from PyQt6.QtCore import QEvent, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.text import as_tip
from app.theme import Theme, current, follow


class TilesView(QWidget):
    """The common base of letters and chips; a subclass places its tiles and paints them.

    Signals:
        hovered: The position of the tile under the pointer, -1 for none.
        picked: The number of a tile that was chosen.
    """

    hovered = pyqtSignal(int)
    picked = pyqtSignal(int)

    def __init__(self) -> None:
        super().__init__()
        self._theme = current()
        self._lit = -1
        self._tints: np.ndarray | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        follow(self, self.restyle)

    def light(self, place: int, weights: np.ndarray | None = None) -> None:
        """Highlight a position, or all positions by their weights; -1 and None for none."""
        self._lit, self._tints = place, weights
        self.update()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    # For subclasses to implement

    def boxes(self) -> list[QRectF]:
        """Return the rectangles of the tiles that can be pointed at."""
        raise NotImplementedError

    def _place(self, index: int) -> int:
        """Return what `hovered` emits for a tile."""
        return index

    def _pick(self, index: int) -> int:
        """Return what `picked` emits for a tile."""
        return index

    def _tip(self, index: int) -> str:
        raise NotImplementedError

    # Painting

    def _fill(self, place: int, plain: QColor) -> QColor:
        """Return the colour of a position: by its weight if there are weights, else plain."""
        if self._tints is None or not 0 <= place < len(self._tints):
            return plain
        fill = QColor(self._theme.clusters[4])
        fill.setAlphaF(min(1.0, 0.04 + 0.96 * float(self._tints[place])))
        return fill

    def _pen(self, place: int) -> QPen:
        """Return the outline of a position: bold if it is highlighted."""
        theme = self._theme
        if 0 <= place == self._lit:
            return QPen(QColor(theme.clusters[4]), theme.px(3))
        return QPen(QColor(theme.line), 1)

    # Mouse

    def _at(self, place: QPointF) -> int:
        found = (index for index, box in enumerate(self.boxes()) if box.contains(place))
        return next(found, -1)

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        index = self._at(event.position())
        self.setToolTip(as_tip(self._tip(index) if index >= 0 else ""))
        self.hovered.emit(self._place(index) if index >= 0 else -1)

    def leaveEvent(self, event: QEvent | None) -> None:
        self.hovered.emit(-1)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        index = self._at(event.position()) if event is not None else -1
        if index >= 0:
            self.picked.emit(self._pick(index))


def write_fitting(
    painter: QPainter,
    rect: QRectF,
    text: str,
    font: QFont,
    flags: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter,
) -> None:
    """Write a text on one line, smaller if the rectangle is too narrow for it."""
    # With hinting, the letters of a small font are wider than their size suggests.
    width = 1.08 * QFontMetricsF(font).horizontalAdvance(text)
    if width > rect.width():
        font = QFont(font)
        font.setPointSizeF(max(1.0, font.pointSizeF() * rect.width() / width))
    painter.setFont(font)
    painter.drawText(rect, flags, text)

"""A word drawn part by part: letters and phonemes are tinted, lit, hovered and picked alike."""

import numpy as np
from PyQt6.QtCore import QEvent, QPointF, QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.text import as_tip
from app.theme import LIGHT, Theme


class PartsView(QWidget):
    """What letters and phonemes have in common; a view says where its parts are, and paints them.

    Signals:
        hovered: The place of the part under the pointer, -1 for none.
        picked: The number of a part that was chosen.
    """

    hovered = pyqtSignal(int)
    picked = pyqtSignal(int)

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        self._lit = -1
        self._tints: np.ndarray | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def light(self, place: int, weights: np.ndarray | None = None) -> None:
        """Light a place, or all of them by weights, one each; -1 and None for none."""
        self._lit, self._tints = place, weights
        self.update()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    # What a view says of its parts

    def boxes(self) -> list[QRectF]:
        """Where the parts are that can be pointed at."""
        raise NotImplementedError

    def _place(self, part: int) -> int:
        """What `hovered` says of a part."""
        return part

    def _pick(self, part: int) -> int:
        """What `picked` says of a part."""
        return part

    def _tip(self, part: int) -> str:
        raise NotImplementedError

    # Painting

    def _fill(self, place: int, plain: QColor) -> QColor:
        """The colour of a place: by its weight where there are weights, else plain."""
        if self._tints is None or not 0 <= place < len(self._tints):
            return plain
        fill = QColor(self._theme.clusters[4])
        fill.setAlphaF(min(1.0, 0.04 + 0.96 * float(self._tints[place])))
        return fill

    def _pen(self, place: int) -> QPen:
        """The outline of a place: bold where it is lit."""
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
        part = self._at(event.position())
        self.setToolTip(as_tip(self._tip(part) if part >= 0 else ""))
        self.hovered.emit(self._place(part) if part >= 0 else -1)

    def leaveEvent(self, event: QEvent | None) -> None:
        self.hovered.emit(-1)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        part = self._at(event.position()) if event is not None else -1
        if part >= 0:
            self.picked.emit(self._pick(part))


def write_fitting(
    painter: QPainter,
    rect: QRectF,
    text: str,
    font: QFont,
    flags: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignCenter,
) -> None:
    """Write a text on one line, smaller where its rectangle is narrower."""
    # Hinted, the letters of a small font are wider than in proportion.
    width = 1.08 * QFontMetricsF(font).horizontalAdvance(text)
    if width > rect.width():
        font = QFont(font)
        font.setPointSizeF(max(1.0, font.pointSizeF() * rect.width() / width))
    painter.setFont(font)
    painter.drawText(rect, flags, text)

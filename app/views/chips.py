"""What was typed, phoneme by phoneme, as chips; the one that is wrong is marked."""

from collections.abc import Sequence

import numpy as np
from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.theme import LIGHT, Theme
from engine.data.phonemes import Token
from engine.seq2seq.vocabulary import EXAMPLES, bare

_HEIGHT, _GAP, _PADDING = 34, 6, 10
_STRESS = {"1": "main stress", "2": "second stress", "0": "no stress"}


def phoneme_in_words(phoneme: str) -> str:
    """A phoneme with a word that has it, and its stress."""
    (name,) = bare([phoneme])
    stress = _STRESS.get(phoneme[len(name) :])
    return f"{name} as in {EXAMPLES[name]}" + (f", {stress}" if stress else "")


class ChipsView(QWidget):
    """Draws the tokens of the field; a token that stands for several phonemes gives several chips.

    Signals:
        hovered: The place of the phoneme under the pointer, -1 for none.
        picked: The index of the token that was clicked.
    """

    hovered = pyqtSignal(int)
    picked = pyqtSignal(int)

    def __init__(self) -> None:
        super().__init__()
        self._theme = LIGHT
        # Of each chip: its text, its token, and the place of its phoneme, -1 where it is wrong.
        self._chips: list[tuple[str, int, int]] = []
        self._tokens: Sequence[Token] = ()
        self._lit = -1
        self._tints: np.ndarray | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Phonemes")

    @property
    def texts(self) -> list[str]:
        """What stands on the chips."""
        return [text for text, _, _ in self._chips]

    @property
    def wrong(self) -> list[str]:
        """What stands on those that are marked."""
        return [text for text, _, place in self._chips if place < 0]

    def draw(self, tokens: Sequence[Token]) -> None:
        """Show other tokens."""
        self._tokens, self._chips, self._tints, self._lit = tokens, [], None, -1
        place = 0
        for index, token in enumerate(tokens):
            if token.problem:
                self._chips.append((token.text, index, -1))
            for phoneme in token.phonemes:
                self._chips.append((phoneme, index, place))
                place += 1
        self.setAccessibleDescription(", ".join(self.texts))
        self.updateGeometry()
        self.update()

    def light(self, place: int, weights: np.ndarray | None = None) -> None:
        """Light a phoneme, or all of them by (T,) weights."""
        self._lit, self._tints = place, weights
        self.update()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        boxes = self._boxes(width)
        return int(boxes[-1].bottom()) + 2 if boxes else self._theme.px(_HEIGHT) + 2

    def sizeHint(self) -> QSize:
        return QSize(300, self.heightForWidth(max(self.width(), 300)))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.heightForWidth(max(self.width(), 100)))

    def resizeEvent(self, _: object) -> None:
        self.updateGeometry()

    def box(self, chip: int) -> QRectF:
        """Where a chip is drawn."""
        return self._boxes(self.width())[chip]

    def _boxes(self, room: int) -> list[QRectF]:
        px, boxes = self._theme.px, []
        metrics = self.fontMetrics()
        x, y, height = 0.0, 1.0, float(px(_HEIGHT))
        for text, _place, _token in self._chips:
            width = 1.1 * metrics.horizontalAdvance(text) + 2 * px(_PADDING)
            if x and x + width > room:
                x, y = 0.0, y + height + px(_GAP)
            boxes.append(QRectF(x, y, width, height))
            x += width + px(_GAP)
        return boxes

    def _at(self, place: QPointF) -> int:
        for index, box in enumerate(self._boxes(self.width())):
            if box.contains(place):
                return index
        return -1

    def paintEvent(self, event: QPaintEvent | None) -> None:  # noqa: ARG002
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        painter.setFont(theme.font(1.1))
        for (text, _, place), box in zip(self._chips, self._boxes(self.width()), strict=True):
            fill, pen = QColor(theme.ground), QPen(QColor(theme.line), 1)
            if place < 0:
                fill, pen = QColor(theme.warning), QPen(QColor(theme.clusters[1]), theme.px(2))
            elif self._tints is not None and place < len(self._tints):
                fill = QColor(theme.clusters[4])
                fill.setAlphaF(min(1.0, 0.04 + 0.96 * float(self._tints[place])))
            if 0 <= place == self._lit:
                pen = QPen(QColor(theme.clusters[4]), theme.px(3))
            painter.setPen(pen)
            painter.setBrush(fill)
            radius = box.height() / 2
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius)
            painter.setPen(QColor(theme.ink))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()

    # Mouse

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        index = self._at(event.position())
        tip, place = "", -1
        if index >= 0:
            text, token, place = self._chips[index]
            tip = phoneme_in_words(text) if place >= 0 else self._tokens[token].problem
        self.setToolTip(tip)
        self.hovered.emit(place)

    def leaveEvent(self, event: QEvent | None) -> None:
        self.hovered.emit(-1)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        index = self._at(event.position()) if event is not None else -1
        if index >= 0:
            self.picked.emit(self._chips[index][1])

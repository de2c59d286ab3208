"""The typed phonemes as chips; an invalid one is marked."""

from collections.abc import Sequence

from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QPainter, QPaintEvent, QPen

from app.views.attention.tiles import TilesView
from engine.spelling.notation.phonemes import Token
from engine.spelling.vocabulary import EXAMPLES, bare

_HEIGHT, _GAP, _PADDING = 34, 6, 10
_STRESS = {"1": "main stress", "2": "second stress", "0": "no stress"}


def phoneme_in_words(phoneme: str) -> str:
    """Describe a phoneme: a word that contains it, and its stress."""
    (name,) = bare([phoneme])
    stress = _STRESS.get(phoneme[len(name) :])
    return f"{name} as in {EXAMPLES[name]}" + (f", {stress}" if stress else "")


class ChipsView(TilesView):
    """Draws the tokens of the field; a token for several phonemes becomes several chips.

    `hovered` emits the position of a phoneme, -1 for an invalid one; `picked` emits a token.
    """

    def __init__(self) -> None:
        super().__init__()
        # For each chip: its text, its token, and the position of its phoneme, -1 if it is invalid.
        self._chips: list[tuple[str, int, int]] = []
        self._tokens: Sequence[Token] = ()
        self.setAccessibleName("Phonemes")

    @property
    def texts(self) -> list[str]:
        """The texts of the chips."""
        return [text for text, _, _ in self._chips]

    @property
    def wrong(self) -> list[str]:
        """The texts of the chips that are marked."""
        return [text for text, _, place in self._chips if place < 0]

    def draw(self, tokens: Sequence[Token]) -> None:
        """Show other tokens."""
        self._tokens, self._chips = tokens, []
        place = 0
        for index, token in enumerate(tokens):
            if token.problem:
                self._chips.append((token.text, index, -1))
            for phoneme in token.phonemes:
                self._chips.append((phoneme, index, place))
                place += 1
        self.setAccessibleDescription(", ".join(self.texts))
        self.updateGeometry()
        self.light(-1)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        boxes = self._boxes(width)
        return int(boxes[-1].bottom()) + 2 if boxes else self._theme.px(_HEIGHT) + 2

    def box_to_see(self) -> QRectF:
        """The rectangle of the first chip that is marked, or of the last chip if none is."""
        boxes = self.boxes()
        marked = (box for box, chip in zip(boxes, self._chips, strict=True) if chip[2] < 0)
        return next(marked, boxes[-1] if boxes else QRectF())

    def height_of(self, n_rows: int) -> int:
        """Return the height of some rows of chips, in pixels."""
        px = self._theme.px
        return n_rows * px(_HEIGHT) + (n_rows - 1) * px(_GAP) + 3

    def sizeHint(self) -> QSize:
        return QSize(300, self.heightForWidth(max(self.width(), 300)))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, self.heightForWidth(max(self.width(), 100)))

    def resizeEvent(self, _: object) -> None:
        self.updateGeometry()

    def boxes(self) -> list[QRectF]:
        """The rectangles of the chips."""
        return self._boxes(self.width())

    def _boxes(self, room: int) -> list[QRectF]:
        px, boxes = self._theme.px, []
        metrics = self.fontMetrics()
        x, y, height = 0.0, 1.0, float(px(_HEIGHT))
        for text in self.texts:
            width = 1.1 * metrics.horizontalAdvance(text) + 2 * px(_PADDING)
            if x and x + width > room:
                x, y = 0.0, y + height + px(_GAP)
            boxes.append(QRectF(x, y, width, height))
            x += width + px(_GAP)
        return boxes

    def _place(self, index: int) -> int:
        return self._chips[index][2]

    def _pick(self, index: int) -> int:
        return self._chips[index][1]

    def _tip(self, index: int) -> str:
        text, token, place = self._chips[index]
        return phoneme_in_words(text) if place >= 0 else self._tokens[token].problem

    def paintEvent(self, _: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._theme.font(1.1))
        for (text, _token, place), box in zip(self._chips, self.boxes(), strict=True):
            self._paint_chip(painter, box, text, place)
        painter.end()

    def _paint_chip(self, painter: QPainter, box: QRectF, text: str, place: int) -> None:
        theme, radius = self._theme, box.height() / 2
        fill, pen = self._fill(place, QColor(theme.ground)), self._pen(place)
        if place < 0:
            fill, pen = QColor(theme.warning), QPen(QColor(theme.clusters[1]), theme.px(2))
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), radius, radius)
        painter.setPen(QColor(theme.ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

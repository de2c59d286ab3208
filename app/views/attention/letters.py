"""A word as a row of tiles: each letter with its probability as a tint and as a number."""

import numpy as np
from PyQt6.QtCore import QRectF, QSize, Qt
from PyQt6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy

from app.keys import WALKED_BY
from app.numbers import percent
from app.views.attention.heatmap import END, letter_name
from app.views.attention.tiles import TilesView, write_fitting

_TILE, _HEIGHT, _GAP = 54, 62, 4
_NAME = 96
_NUMBER = 20
_MOVES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class LettersView(TilesView):
    """Draws a word, or the letters written so far; a click or an arrow key picks one."""

    def __init__(self, small: bool = False) -> None:
        super().__init__()
        self._small = small
        self._name = ""
        self._letters = ""
        self._probabilities = np.zeros(0)
        self._selected = self._differs = -1
        self._allowed = _HEIGHT
        self.n_written = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setProperty(WALKED_BY, list(_MOVES))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if small else Qt.FocusPolicy.TabFocus)

    def draw(
        self,
        name: str,
        letters: str,
        probabilities: np.ndarray,
        n_written: int,
        differs: int = -1,
    ) -> None:
        """Show a word.

        Args:
            name: The name of the speller.
            letters: All L letters, including the end mark.
            probabilities: (L,) the probability of each letter, given those before it.
            n_written: How many letters are written; the other tiles stay empty.
            differs: The first place where it differs from the word beside it, or -1.
        """
        self._name, self._letters, self._probabilities = name, letters, probabilities
        self.n_written, self._differs = n_written, differs
        written = letters[:n_written].rstrip("_")
        self.setAccessibleName(f"Word of {name}: {' '.join(written) or 'nothing yet'}")
        self.setAccessibleDescription(
            ", ".join(
                f"{letter_name(letter)} {probability:.0%}"
                for letter, probability in zip(letters[:n_written], probabilities, strict=False)
            )
        )
        self.updateGeometry()
        self.update()

    def select(self, place: int) -> None:
        """Mark the letter whose alternatives are shown."""
        self._selected = place
        self.update()

    def allow(self, height: int) -> None:
        """Limit the height of the tiles, because large text must leave space for the heat map."""
        self._allowed = max(height, _HEIGHT)
        self.updateGeometry()

    def _up_to(self, size: float, scale: float = 1.0) -> float:
        """Return a length that grows with the text up to `scale`."""
        return size * min(self._theme.scale, scale)

    @property
    def _height(self) -> float:
        return (0.6 if self._small else 1.0) * min(self._theme.px(_HEIGHT), self._allowed)

    def sizeHint(self) -> QSize:
        return QSize(300, round(self._height) + 4)

    def minimumSizeHint(self) -> QSize:
        # Small enough to make a window small again that large text has enlarged.
        return QSize(200, min(self.sizeHint().height(), _HEIGHT + 4))

    def tile(self, place: int) -> QRectF:
        """The rectangle of the letter at a place."""
        left = self._up_to(_NAME)
        room = max(1, self.width() - left) / max(len(self._letters), 1)
        width = min(room, self._up_to(_TILE, 1.3) + _GAP)
        return QRectF(left + place * width, 2, width - _GAP, self._height)

    def boxes(self) -> list[QRectF]:
        """The rectangles of the letters that are written."""
        return [self.tile(place) for place in range(self.n_written)]

    def _tip(self, index: int) -> str:
        name, probability = letter_name(self._letters[index]), float(self._probabilities[index])
        return f"{name}: {probability:.1%}, given the letters before it"

    # Painting

    def paintEvent(self, _: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QColor(self._theme.muted))
        first = self.tile(0)
        rect = QRectF(0, first.top(), first.left() - 8, first.height())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        write_fitting(painter, rect, self._name, self._theme.font(0.95), flags)
        for place in range(len(self._letters)):
            self._paint_tile(painter, place)
        painter.end()

    def _paint_tile(self, painter: QPainter, place: int) -> None:
        theme, rect = self._theme, self.tile(place)
        radius = min(theme.px(6), rect.width() / 4)
        if place >= self.n_written:
            painter.setPen(QPen(QColor(theme.line), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect, radius, radius)
            return
        probability = float(self._probabilities[place])
        tint = QColor(theme.accent)
        tint.setAlphaF(0.08 + 0.5 * probability)
        painter.setPen(self._pen(place))
        painter.setBrush(self._fill(place, tint))
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)
        self._paint_letter(painter, rect, letter_name(self._letters[place]), probability)

    def _pen(self, place: int) -> QPen:
        theme = self._theme
        if place == self._differs:
            return QPen(QColor(theme.clusters[1]), theme.px(3))
        if place == self._selected != self._lit:
            return QPen(QColor(theme.ink), theme.px(2))
        return super()._pen(place)

    def _paint_letter(self, painter: QPainter, rect: QRectF, name: str, probability: float) -> None:
        theme = self._theme
        painter.setPen(QColor(theme.ink))
        inner = rect.adjusted(2, 2, -2, -2)
        number = 0.0 if self._small else self._up_to(_NUMBER, 1.2)
        upper = inner.adjusted(0, 0, 0, -number)
        # Limited by the height: a line of text is about 1.9 pixels high for each point of its font.
        size = min(1.1 if self._small else 2.0, upper.height() / theme.font().pointSizeF() / 1.9)
        font = theme.font(0.5 * size if name == END else size, bold=name != END)
        write_fitting(painter, upper, name, font)
        if not self._small:
            lower = QRectF(inner.left(), upper.bottom(), inner.width(), number)
            text = (
                percent(probability)
                if rect.width() > theme.px(42)
                else percent(probability).rstrip(" %")
            )
            write_fitting(painter, lower, text, theme.font(0.8))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None or event.key() not in _MOVES or not self.n_written:
            super().keyPressEvent(event)
            return
        place = self._selected + _MOVES[Qt.Key(event.key())]
        self.picked.emit(min(max(place, 0), self.n_written - 1))

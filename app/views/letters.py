"""A word as a row of tiles: each letter with its probability as a tint and as a number."""

import numpy as np
from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.keys import WALKED_BY
from app.numbers import percent
from app.theme import LIGHT, Theme
from app.views.heatmap import END, letter_name

_TILE, _HEIGHT, _GAP = 54, 62, 4
_NAME = 96
_MOVES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class LettersView(QWidget):
    """Draws a word, or as much of it as is written.

    Signals:
        hovered: The place of the letter under the pointer, -1 for none.
        picked: The place of a letter that was chosen, by a click or with Enter.
    """

    hovered = pyqtSignal(int)
    picked = pyqtSignal(int)

    def __init__(self, small: bool = False) -> None:
        super().__init__()
        self._theme = LIGHT
        self._small = small
        self._name = ""
        self._letters = ""
        self._probabilities = np.zeros(0)
        self._tints: np.ndarray | None = None
        self._selected = self._differs = self._lit = -1
        self.n_written = 0
        self.setMouseTracking(True)
        self.setProperty(WALKED_BY, list(_MOVES))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if small else Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

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
            name: Whose it is.
            letters: All L places, the end mark among them.
            probabilities: (L,) of each, given those before it.
            n_written: How many are there already; the others leave their places empty.
            differs: The first place at which it is another word than the one beside it, or -1.
        """
        self._name, self._letters, self._probabilities = name, letters, probabilities
        self.n_written, self._differs = n_written, differs
        written = letters[:n_written].rstrip("_")
        self.setAccessibleName(f"Word of {name}: {' '.join(written) or 'nothing yet'}")
        self.setAccessibleDescription(
            ", ".join(
                f"{letter_name(letter)} {part:.0%}"
                for letter, part in zip(letters[:n_written], probabilities, strict=False)
            )
        )
        self.updateGeometry()
        self.update()

    def select(self, place: int) -> None:
        """Mark the letter whose alternatives are on screen."""
        self._selected = place
        self.update()

    def light(self, place: int, weights: np.ndarray | None = None) -> None:
        """Light a letter, or all of them by (L,) weights."""
        self._lit, self._tints = place, weights
        self.update()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.updateGeometry()
        self.update()

    @property
    def _factor(self) -> float:
        """Of its size; what is large already need not grow as fast as its text."""
        return (0.6 if self._small else 1.0) * min(1.0, 1.3 / self._theme.scale)

    def sizeHint(self) -> QSize:
        return QSize(300, self._theme.px(_HEIGHT * self._factor + 4))

    def minimumSizeHint(self) -> QSize:
        return QSize(200, self.sizeHint().height())

    def tile(self, place: int) -> QRectF:
        """Where the letter at a place is drawn."""
        px, factor = self._theme.px, self._factor
        left = px(_NAME * min(1.0, 1.4 / self._theme.scale))
        room = max(1, self.width() - left) / max(len(self._letters), 1)
        width = min(room, px(_TILE * factor) + px(_GAP))
        return QRectF(left + place * width, 2, width - px(_GAP), px(_HEIGHT * factor))

    def _at(self, place: QPointF) -> int:
        for index in range(self.n_written):
            if self.tile(index).contains(place):
                return index
        return -1

    def paintEvent(self, _: QPaintEvent | None) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._theme
        painter.setFont(theme.font(0.95))
        painter.setPen(QColor(theme.muted))
        first = self.tile(0)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(
            QRectF(0, first.top(), first.left() - theme.px(8), first.height()), flags, self._name
        )
        for place in range(len(self._letters)):
            self._paint_tile(painter, place)
        painter.end()

    def _paint_tile(self, painter: QPainter, place: int) -> None:
        theme, rect = self._theme, self.tile(place)
        round_ = theme.px(6)
        if place >= self.n_written:
            painter.setPen(QPen(QColor(theme.line), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect, round_, round_)
            return
        part = float(self._probabilities[place])
        tint = QColor(theme.accent)
        tint.setAlphaF(0.08 + 0.5 * part)
        if self._tints is not None:
            tint = QColor(theme.clusters[4])
            tint.setAlphaF(min(1.0, 0.05 + 0.95 * float(self._tints[place])))
        pen = QPen(QColor(theme.line), 1)
        if place == self._differs:
            pen = QPen(QColor(theme.clusters[1]), theme.px(3))
        elif place == self._lit:
            pen = QPen(QColor(theme.clusters[4]), theme.px(3))
        elif place == self._selected:
            pen = QPen(QColor(theme.ink), theme.px(2))
        painter.setPen(pen)
        painter.setBrush(tint)
        painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), round_, round_)
        self._paint_letter(painter, rect, letter_name(self._letters[place]), part)

    def _paint_letter(self, painter: QPainter, rect: QRectF, name: str, part: float) -> None:
        theme = self._theme
        size = 1.1 if self._small else 2.0
        size *= min(1.0, max(0.3, rect.width() / theme.px(30)))
        painter.setFont(theme.font(0.5 * size if name == END else size, bold=name != END))
        painter.setPen(QColor(theme.ink))
        if self._small:
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, name)
            return
        upper = rect.adjusted(0, 0, 0, -theme.px(18))
        painter.drawText(upper, Qt.AlignmentFlag.AlignCenter, name)
        lower = QRectF(rect.left(), rect.bottom() - theme.px(22), rect.width(), theme.px(20))
        painter.setFont(theme.font(0.8))
        text = percent(part) if rect.width() > theme.px(38) else percent(part).rstrip(" %")
        painter.drawText(lower, Qt.AlignmentFlag.AlignCenter, text)

    # Mouse and keys

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is None:
            return
        place = self._at(event.position())
        tip = ""
        if place >= 0:
            part = float(self._probabilities[place])
            tip = f"{letter_name(self._letters[place])}: {part:.1%}, given the letters before it"
        self.setToolTip(tip)
        self.hovered.emit(place)

    def leaveEvent(self, event: QEvent | None) -> None:
        self.hovered.emit(-1)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent | None) -> None:
        place = self._at(event.position()) if event is not None else -1
        if place >= 0:
            self.picked.emit(place)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None or event.key() not in _MOVES or not self.n_written:
            super().keyPressEvent(event)
            return
        place = self._selected + _MOVES[Qt.Key(event.key())]
        self.picked.emit(min(max(place, 0), self.n_written - 1))

"""The alignment as a heat map: letters down, phonemes across, each row summing to one.

Painted by hand, because every cell, label and outline is one of at most a thousand, and because
the same strokes make the picture on screen, the PNG and the SVG.
"""

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QBuffer, QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtSvg import QSvgGenerator
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.keys import WALKED_BY
from app.theme import LIGHT, Theme
from engine.seq2seq.vocabulary import PADDING

# Lightness falls evenly from near white to blue; the same in both themes.
# Kovesi, P. (2015). Good Colour Maps: How to Design Them. arXiv:1509.03700
_RAMP = pg.colormap.get("CET-L12")
END = "end"
_SMALLEST_SHOWN = 0.005
_WIDEST, _HIGHEST = 84, 52
_KEY = Qt.Key
_MOVES = {
    _KEY.Key_Left: (0, -1),
    _KEY.Key_Right: (0, 1),
    _KEY.Key_Up: (-1, 0),
    _KEY.Key_Down: (1, 0),
}


def letter_name(symbol: str) -> str:
    """A letter as it is shown: the mark that ends a word has a name."""
    return END if symbol == PADDING else symbol


class HeatmapView(QWidget):
    """Draws one alignment.

    Signals:
        hovered: The row and the column under the pointer; -1 for none, as in a heading.
    """

    hovered = pyqtSignal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._columns: tuple[str, ...] = ()
        self._rows = ""
        self._weights = np.zeros((0, 0))
        self._whole_word = False
        self._current = -1
        self._n_places = 0
        self.lit = (-1, -1)
        self.setMouseTracking(True)
        self.setProperty(WALKED_BY, list(_MOVES))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Heat map: how much each letter looked at each sound")

    @property
    def columns(self) -> tuple[str, ...]:
        """The T phonemes shown."""
        return self._columns

    @property
    def weights(self) -> np.ndarray:
        """(L, T) the numbers shown."""
        return self._weights

    def draw(
        self,
        phonemes: tuple[str, ...],
        letters: str,
        weights: np.ndarray,
        whole_word: bool = False,
        current: int = -1,
        n_places: int = 0,
    ) -> None:
        """Show an alignment.

        Args:
            phonemes: T names of columns; of a speller that sees the whole word at once all are
                written above its one column.
            letters: L letters, the end mark among them.
            weights: (L, T) float32, or (L, 1).
            whole_word: Whether there is one column, for the whole word.
            current: The row to outline; -1 for none.
            n_places: How many rows to keep room for, so that cells stay as large as they are.
        """
        self._n_places = n_places
        self._columns, self._rows, self._weights = phonemes, letters, weights
        self._whole_word, self._current = whole_word, current
        self.setAccessibleDescription(self._in_words())
        self.update()

    def light(self, row: int, column: int) -> None:
        """Light a row, a column, or a cell; -1 for none."""
        self.lit = (row, column)
        self.update()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, 300)

    def minimumSizeHint(self) -> QSize:
        return QSize(140, 150)

    # Geometry

    @property
    def _shape(self) -> tuple[int, int]:
        return len(self._rows), self._weights.shape[1] if self._weights.ndim == 2 else 0

    def _grid(self) -> tuple[QRectF, float, float]:
        """Where the cells are, and how wide and high each is."""
        px, (n_rows, n_columns) = self._theme.px, self._shape
        left, top, right = px(46), px(30), px(64)
        room_x = max(1, self.width() - left - right)
        room_y = max(1, self.height() - top - px(6))
        widest = px(_WIDEST) * (2.2 if self._whole_word else 1)
        cell_w = min(room_x / max(n_columns, 1), widest)
        cell_h = min(room_y / max(n_rows, self._n_places, 1), px(_HIGHEST))
        x = left + max(0.0, (room_x - cell_w * n_columns) / 2)
        return QRectF(x, top, cell_w * n_columns, cell_h * n_rows), cell_w, cell_h

    def cell(self, row: int, column: int) -> QRectF:
        """Where a cell is drawn."""
        grid, width, height = self._grid()
        return QRectF(grid.left() + column * width, grid.top() + row * height, width, height)

    def _at(self, place: QPointF) -> tuple[int, int]:
        """The row and the column at a place; -1 where there is none. Headings count as theirs."""
        grid, width, height = self._grid()
        n_rows, n_columns = self._shape
        if not n_rows or place.x() > grid.right() or place.y() > grid.bottom():
            return -1, -1
        row = int((place.y() - grid.top()) // height) if place.y() >= grid.top() else -1
        column = int((place.x() - grid.left()) // width) if place.x() >= grid.left() else -1
        return min(row, n_rows - 1), min(column, n_columns - 1)

    # Painting

    def paintEvent(self, _: QPaintEvent | None) -> None:
        painter = QPainter(self)
        self.paint(painter)
        painter.end()

    def paint(self, painter: QPainter) -> None:
        """Draw everything, on the screen or into a file."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._shape[0]:
            return
        self._paint_cells(painter)
        self._paint_headings(painter)
        self._paint_outlines(painter)
        self._paint_scale(painter)

    def _paint_cells(self, painter: QPainter) -> None:
        colors = _RAMP.map(np.clip(self._weights, 0, 1).ravel(), mode="qcolor")
        n_rows, n_columns = self._shape
        _, width, height = self._grid()
        # Larger cells have larger numbers, for those who sit at the back.
        by_room = min(width / self._theme.px(44), height / self._theme.px(26))
        painter.setFont(self._theme.font(min(max(0.85 * by_room, 0.75), 1.3)))
        metrics = painter.fontMetrics()
        fits = width > metrics.horizontalAdvance("0.00") + 4 and height > 0.9 * metrics.height()
        for row in range(n_rows):
            for column in range(n_columns):
                rect, value = self.cell(row, column), float(self._weights[row, column])
                color = colors[row * n_columns + column]
                painter.fillRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), color)
                if fits and value >= _SMALLEST_SHOWN and not self._whole_word:
                    painter.setPen(QColor("#ffffff" if value > 0.6 else "#0f172a"))
                    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, f"{value:.2f}")
        if self._whole_word:
            self._paint_repeated(painter)

    def _paint_repeated(self, painter: QPainter) -> None:
        """What a speller without attention sees: for every letter the same vector."""
        grid, _, _ = self._grid()
        painter.setPen(QColor("#ffffff"))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        said = "one vector, the same for every letter"
        painter.drawText(painter.boundingRect(grid, int(flags), said), flags, said)

    def _paint_headings(self, painter: QPainter) -> None:
        theme, (row_lit, column_lit) = self._theme, self.lit
        grid, width, height = self._grid()
        names = ("whole word",) if self._whole_word else self._columns
        factor = min(1.15, 1.15 * width / max(theme.px(44), 1)) if not self._whole_word else 1.0
        for column, name in enumerate(names[: self._shape[1]]):
            lit = column == column_lit
            painter.setFont(theme.font(max(factor, 0.6), bold=lit))
            painter.setPen(QColor(theme.accent if lit and not theme.dark else theme.ink))
            rect = QRectF(grid.left() + column * width, 0, width, grid.top() - theme.px(4))
            painter.drawText(
                rect, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom, name
            )
        high = min(1.0, max(0.3, height / theme.px(22)))
        for row, symbol in enumerate(self._rows):
            cell, lit = self.cell(row, 0), row in (row_lit, self._current)
            name = letter_name(symbol)
            painter.setFont(theme.font((0.95 if name == END else 1.25) * high, bold=lit))
            painter.setPen(QColor(theme.muted if name == END else theme.ink))
            rect = QRectF(0, cell.top(), grid.left() - theme.px(9), cell.height())
            painter.drawText(
                rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name
            )

    def _paint_outlines(self, painter: QPainter) -> None:
        theme, (row, column) = self._theme, self.lit
        grid, _, _ = self._grid()
        n_rows, n_columns = self._shape
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if 0 <= self._current < n_rows:
            painter.setPen(QPen(QColor(theme.clusters[1]), theme.px(3)))
            painter.drawRect(
                _united(self.cell(self._current, 0), self.cell(self._current, n_columns - 1))
            )
        painter.setPen(QPen(QColor(theme.clusters[4]), theme.px(2)))
        if 0 <= row < n_rows:
            painter.drawRect(_united(self.cell(row, 0), self.cell(row, n_columns - 1)))
        if 0 <= column < n_columns:
            painter.drawRect(_united(self.cell(0, column), self.cell(n_rows - 1, column)))
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawRect(grid)

    def _paint_scale(self, painter: QPainter) -> None:
        """The colours of 0 to 1, right of the cells."""
        theme, (grid, _, _) = self._theme, self._grid()
        if self._whole_word:
            return
        height = min(max(grid.height(), self.height() / 2), theme.px(150))
        bar = QRectF(grid.right() + theme.px(14), grid.top(), theme.px(12), height)
        n_steps = 40
        colors = _RAMP.map(np.linspace(1, 0, n_steps), mode="qcolor")
        for step, color in enumerate(colors):
            top = bar.top() + step * height / n_steps
            painter.fillRect(QRectF(bar.left(), top, bar.width(), height / n_steps + 0.5), color)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawRect(bar)
        painter.setPen(QColor(theme.muted))
        painter.setFont(theme.font(0.8))
        for part, text in ((0.0, "1"), (0.5, "0.5"), (1.0, "0")):
            y = bar.top() + part * height
            rect = QRectF(bar.right() + theme.px(4), y - theme.px(9), theme.px(34), theme.px(18))
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, text)

    # Mouse and keys

    def mouseMoveEvent(self, event: QMouseEvent | None) -> None:
        if event is not None:
            self.hovered.emit(*self._at(event.position()))

    def leaveEvent(self, event: QEvent | None) -> None:
        self.hovered.emit(-1, -1)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        if event is None or event.key() not in _MOVES or not self._shape[0]:
            super().keyPressEvent(event)
            return
        down, right = _MOVES[_KEY(event.key())]
        n_rows, n_columns = self._shape
        row, column = self.lit
        self.hovered.emit(
            min(max(row + down, 0), n_rows - 1), min(max(column + right, 0), n_columns - 1)
        )

    def svg(self) -> bytes:
        """The picture as an SVG file, on the ground of a card."""
        buffer = QBuffer()
        generator = QSvgGenerator()
        generator.setOutputDevice(buffer)
        generator.setSize(self.size())
        generator.setViewBox(self.rect())
        generator.setTitle("Alignment of letters to phonemes")
        painter = QPainter(generator)
        painter.fillRect(self.rect(), QColor(self._theme.card))
        self.paint(painter)
        painter.end()
        return bytes(buffer.data().data())

    def _in_words(self) -> str:
        """What a screen reader says: where each letter looked most."""
        if self._whole_word:
            return "One vector for the whole word, the same for every letter."
        said = [
            f"{letter_name(symbol)} at {self._columns[int(row.argmax())]}, {row.max():.2f}"
            for symbol, row in zip(self._rows, self._weights, strict=True)
        ]
        return "; ".join(said)


def _united(first: QRectF, last: QRectF) -> QRectF:
    return first.united(last)

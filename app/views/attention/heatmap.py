"""The alignment as a heat map: letters down, phonemes across, each row summing to one.

Painted without a plotting library: there are at most a thousand cells, and the same strokes make
the screen, the PNG and the SVG.
"""

import numpy as np
from PyQt6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.keys import WALKED_BY
from app.theme import Theme, current, follow
from app.views.attention import heat_colors
from app.views.attention.tiles import write_fitting
from engine.spelling.vocabulary import PADDING

END = "end"
_SMALLEST_SHOWN = 0.005
_SMALLEST_FONT = 0.75  # of a number, at scale 1
_WIDEST, _HIGHEST = 84, 52
_KEY = Qt.Key
_MOVES = {
    _KEY.Key_Left: (0, -1),
    _KEY.Key_Right: (0, 1),
    _KEY.Key_Up: (-1, 0),
    _KEY.Key_Down: (1, 0),
}


def letter_name(symbol: str) -> str:
    """Return the name of a letter as it is shown; the end mark has its own name."""
    return END if symbol == PADDING else symbol


class HeatmapView(QWidget):
    """Draws one alignment.

    Signals:
        hovered: The row and the column under the pointer; -1 for none, as in a heading.
    """

    hovered = pyqtSignal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = current()
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
        follow(self, self.restyle)

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
            phonemes: T names of columns. If the speller sees the whole word at once, there is one
                column; all names are written above it.
            letters: L letters, including the end mark.
            weights: (L, T) float32, or (L, 1).
            whole_word: Whether there is one column, for the whole word.
            current: The row to outline; -1 for none.
            n_places: How many rows to reserve space for, so that the cells keep their size.
        """
        self._n_places = n_places
        self._columns, self._rows, self._weights = phonemes, letters, weights
        self._whole_word, self._current = whole_word, current
        self.setAccessibleDescription(self._in_words())
        self.update()

    def light(self, row: int, column: int) -> None:
        """Highlight a row, a column, or a cell; -1 for none."""
        self.lit = (row, column)
        self.update()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(360, 300)

    def minimumSizeHint(self) -> QSize:
        return QSize(140, 140)

    # Geometry

    @property
    def _shape(self) -> tuple[int, int]:
        return len(self._rows), self._weights.shape[1] if self._weights.ndim == 2 else 0

    def _grid(self) -> tuple[QRectF, float, float]:
        """The rectangle of all cells, and the width and height of each."""
        px, (n_rows, n_columns) = self._theme.px, self._shape
        # The one column of a whole word has no scale beside it.
        left, top, right = px(38), px(22), px(6 if self._whole_word else 50)
        room_x = max(1, self.width() - left - right)
        room_y = max(1, self.height() - top - px(6))
        widest = px(_WIDEST) * (2.2 if self._whole_word else 1)
        cell_w = min(room_x / max(n_columns, 1), widest)
        cell_h = min(room_y / max(n_rows, self._n_places, 1), px(_HIGHEST))
        x = left + max(0.0, (room_x - cell_w * n_columns) / 2)
        return QRectF(x, top, cell_w * n_columns, cell_h * n_rows), cell_w, cell_h

    def cell(self, row: int, column: int) -> QRectF:
        """The rectangle of a cell."""
        grid, width, height = self._grid()
        return QRectF(grid.left() + column * width, grid.top() + row * height, width, height)

    def _at(self, place: QPointF) -> tuple[int, int]:
        """Return the row and the column at a position, -1 for none; headings count as well."""
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
        """Draw everything, on screen or into a file."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self._shape[0]:
            return
        self._paint_cells(painter)
        self._paint_headings(painter)
        self._paint_outlines(painter)
        if not self._whole_word:
            self._paint_scale(painter)

    def _paint_cells(self, painter: QPainter) -> None:
        colors = heat_colors.colors(self._weights)
        n_rows, n_columns = self._shape
        written = self._takes_numbers(painter)
        for row in range(n_rows):
            for column in range(n_columns):
                rect, value = self.cell(row, column), float(self._weights[row, column])
                color = colors[row * n_columns + column]
                painter.fillRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), color)
                if written and value >= _SMALLEST_SHOWN:
                    painter.setPen(heat_colors.ink(value))
                    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, f"{value:.2f}")
        if self._whole_word:
            self._paint_repeated(painter)

    def _takes_numbers(self, painter: QPainter) -> bool:
        """Choose the font of the numbers; returns whether they fit in the cells."""
        theme, (_, width, height) = self._theme, self._grid()
        one = QFontMetricsF(theme.font())
        most = min(width / one.horizontalAdvance("0.00"), height / one.height())
        # Larger cells have larger numbers, readable from the back of a room.
        size = min(max(0.66 * most, _SMALLEST_FONT / theme.scale), 1.3)
        painter.setFont(theme.font(size))
        return size < 0.95 * most and not self._whole_word

    def _paint_repeated(self, painter: QPainter) -> None:
        """Show that a speller without attention sees the same vector for every letter."""
        grid, _, _ = self._grid()
        painter.setFont(self._theme.font(0.85))
        said = f"{' '.join(self._columns)}:\none vector, the same for every letter"
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        room = painter.boundingRect(grid, int(flags), said)
        if not grid.contains(room):
            return
        # Cover the lines between letters behind the text.
        band = QRectF(grid.left(), room.top(), grid.width(), room.height())
        painter.fillRect(band, heat_colors.colors(np.ones(1))[0])
        painter.setPen(heat_colors.ink(1.0))
        painter.drawText(room, flags, said)

    def _paint_headings(self, painter: QPainter) -> None:
        theme, (row_lit, column_lit) = self._theme, self.lit
        grid, width, height = self._grid()
        names = ("whole word",) if self._whole_word else self._columns
        factor = 1.15 * min(1.0, width / theme.px(44))
        flags = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom
        for column, name in enumerate(names[: self._shape[1]]):
            lit = column == column_lit
            painter.setPen(QColor(theme.accent if lit and not theme.dark else theme.ink))
            rect = QRectF(grid.left() + column * width, 0, width, grid.top() - theme.px(3))
            write_fitting(painter, rect, name, theme.font(max(factor, 0.6), bold=lit), flags)
        high = min(1.0, max(0.3, height / theme.px(20)))
        for row, symbol in enumerate(self._rows):
            lit = row in (row_lit, self._current)
            self._paint_letter(painter, row, letter_name(symbol), high, lit)

    def _paint_letter(
        self, painter: QPainter, row: int, name: str, high: float, bold: bool
    ) -> None:
        theme, cell = self._theme, self.cell(row, 0)
        painter.setFont(theme.font((0.95 if name == END else 1.25) * high, bold=bold))
        painter.setPen(QColor(theme.muted if name == END else theme.ink))
        rect = QRectF(0, cell.top(), cell.left() - theme.px(9), cell.height())
        painter.drawText(rect, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_outlines(self, painter: QPainter) -> None:
        theme, (row, column) = self._theme, self.lit
        grid, width, height = self._grid()
        n_rows, n_columns = self._shape
        painter.setBrush(Qt.BrushStyle.NoBrush)
        lit = QPen(QColor(theme.clusters[4]), theme.px(2))
        for place, pen in (
            (self._current, QPen(QColor(theme.clusters[1]), theme.px(3))),
            (row, lit),
        ):
            if 0 <= place < n_rows:
                painter.setPen(pen)
                top = grid.top() + place * height
                painter.drawRect(QRectF(grid.left(), top, grid.width(), height))
        if 0 <= column < n_columns:
            painter.setPen(lit)
            left = grid.left() + column * width
            painter.drawRect(QRectF(left, grid.top(), width, grid.height()))
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawRect(grid)

    def _paint_scale(self, painter: QPainter) -> None:
        """Draw the colour scale on the right of the cells."""
        theme, (grid, _, _) = self._theme, self._grid()
        room = self.height() - grid.top() - theme.px(9)
        height = min(max(grid.height(), self.height() / 2), theme.px(150), room)
        bar = QRectF(grid.right() + theme.px(10), grid.top(), theme.px(12), height)
        heat_colors.paint_scale(painter, bar, theme)

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

    def _in_words(self) -> str:
        """Return a text for screen readers: the phoneme with the largest weight for each letter."""
        if self._whole_word:
            return "One vector for the whole word, the same for every letter."
        said = [
            f"{letter_name(symbol)} at {self._columns[int(row.argmax())]}, {row.max():.2f}"
            for symbol, row in zip(self._rows, self._weights, strict=True)
        ]
        return "; ".join(said)

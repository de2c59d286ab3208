"""Answers as a table: sorted and filtered in one go, for there are tens of thousands of rows.

Qt's own proxy would call Python for two cells at each comparison; a list is sorted in one call.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPalette
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.theme import LIGHT, Theme
from engine.seq2seq.answers import Judged, Mistake, difference

_ROLE = Qt.ItemDataRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_MARGIN = 4


@dataclass(frozen=True, slots=True)
class Row:
    """An answer of one speller."""

    speller: str
    judged: Judged

    @property
    def truth(self) -> str:
        """The dictionary's word."""
        return self.judged.answer.entry.word

    @property
    def predicted(self) -> str:
        """The word that was written."""
        return self.judged.answer.word

    @property
    def phonemes(self) -> tuple[str, ...]:
        """What the speller was given."""
        return self.judged.answer.entry.phonemes

    @property
    def probability(self) -> float:
        """Of the word that was written."""
        return math.exp(self.judged.answer.spellings[0][1])


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows are shown; None leaves a question open."""

    speller: str | None = None
    n_letters: int | None = None
    mistake: Mistake | None = None
    only_wrong: bool = True

    def lets(self, row: Row) -> bool:
        """Whether a row is shown."""
        return (
            (self.speller is None or row.speller == self.speller)
            and (self.n_letters is None or len(row.truth) == self.n_letters)
            and (self.mistake is None or row.judged.mistake is self.mistake)
            and not (self.only_wrong and row.judged.mistake is Mistake.NONE)
        )


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its name, the text of a cell, and what it is sorted by."""

    name: str
    text: Callable[[Row], str]
    key: Callable[[Row], Any]


_COLUMNS = (
    _Column("Speller", lambda row: row.speller, lambda row: row.speller),
    _Column("Letters", lambda row: str(len(row.truth)), lambda row: len(row.truth)),
    _Column("Phonemes", lambda row: " ".join(row.phonemes), lambda row: row.phonemes),
    _Column("Truth", lambda row: row.truth, lambda row: row.truth),
    _Column("Prediction", lambda row: row.predicted, lambda row: row.predicted),
    _Column("Kind", lambda row: row.judged.mistake.value, lambda row: row.judged.mistake.value),
    _Column(
        "Probability", lambda row: f"{100 * row.probability:.1f} %", lambda row: row.probability
    ),
)
HEADINGS = tuple(column.name for column in _COLUMNS)
_NUMBERS = (HEADINGS.index("Letters"), HEADINGS.index("Probability"))
_TRUTH, _PREDICTION = HEADINGS.index("Truth"), HEADINGS.index("Prediction")


class ErrorModel(QAbstractTableModel):
    """All rows, and those of them that are shown, in order."""

    def __init__(self) -> None:
        super().__init__()
        self._all: list[Row] = []
        self._filter = Filter()
        self._order = (_TRUTH, False)
        self.rows: list[Row] = []

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Take other rows."""
        self._all = list(rows)
        self._arrange()

    def set_filter(self, chosen: Filter) -> None:
        """Show other rows."""
        self._filter = chosen
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if 0 <= column < len(_COLUMNS):
            self._order = (column, order == Qt.SortOrder.DescendingOrder)
            self._arrange()

    def _arrange(self) -> None:
        self.beginResetModel()
        column, falling = self._order
        shown = [row for row in self._all if self._filter.lets(row)]
        self.rows = sorted(shown, key=_COLUMNS[column].key, reverse=falling)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_COLUMNS)

    def data(self, index: QModelIndex, role: int = _ROLE.DisplayRole) -> Any:
        if role == _ROLE.DisplayRole:
            return _COLUMNS[index.column()].text(self.rows[index.row()])
        if role == _ROLE.TextAlignmentRole and index.column() in _NUMBERS:
            return _RIGHT
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.DisplayRole:
            return HEADINGS[section]
        if role == _ROLE.TextAlignmentRole and section in _NUMBERS:
            return _RIGHT
        if role == _ROLE.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None


class _DifferenceDelegate(QStyledItemDelegate):
    """Writes a word with the letters that the other word has not: bold, underlined, coloured."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._table = parent
        self.theme = LIGHT

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        model = index.model()
        assert painter is not None
        assert isinstance(model, ErrorModel)
        style = self._table.style()
        assert style is not None
        ground = QStyle.PrimitiveElement.PE_PanelItemViewItem
        style.drawPrimitive(ground, option, painter, self._table)
        row = model.rows[index.row()]
        is_truth = index.column() == _TRUTH
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        plain = option.palette.color(role)
        wrong = plain if chosen else self.theme.cluster_color(2 if is_truth else 1)
        x = float(option.rect.x() + _MARGIN)
        painter.save()
        painter.setClipRect(option.rect)
        for span in difference(row.truth, row.predicted):
            text = span.truth if is_truth else span.predicted
            font = QFont(option.font)
            font.setBold(not span.same)
            font.setUnderline(not span.same)
            painter.setFont(font)
            painter.setPen(plain if span.same else wrong)
            width = QFontMetricsF(font).horizontalAdvance(text)
            box = option.rect.toRectF()
            box.setLeft(x)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
            x += width
        painter.restore()


class ErrorTable(QTableView):
    """The table; a click or Enter chooses a word.

    Signals:
        chosen: A row.
    """

    chosen = pyqtSignal(Row)

    def __init__(self) -> None:
        super().__init__()
        self.rows = ErrorModel()
        self.setModel(self.rows)
        self._delegate = _DifferenceDelegate(self)
        for column in (_TRUTH, _PREDICTION):
            self.setItemDelegateForColumn(column, self._delegate)
        self.setAccessibleName("Words and what the spellers wrote")
        self.setAccessibleDescription(
            "Enter puts the word on stage. Letters that differ are bold and underlined."
        )
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # arrows walk on after a click
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self._set_headers()
        self.clicked.connect(self._choose)

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._delegate.theme = theme
        vertical, horizontal = self.verticalHeader(), self.horizontalHeader()
        assert vertical is not None
        assert horizontal is not None
        vertical.setDefaultSectionSize(theme.px(24))
        for column, width in enumerate((120, 66, 220, 120, 130, 110, 90)):
            horizontal.resizeSection(column, theme.px(width))
        viewport = self.viewport()
        assert viewport is not None
        viewport.update()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Enter chooses the row that the arrows have reached."""
        if event is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        """Some rows."""
        return QSize(200, 110)

    def _set_headers(self) -> None:
        vertical, horizontal = self.verticalHeader(), self.horizontalHeader()
        assert vertical is not None
        assert horizontal is not None
        vertical.hide()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        horizontal.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        horizontal.setSectionResizeMode(HEADINGS.index("Phonemes"), QHeaderView.ResizeMode.Stretch)
        horizontal.setHighlightSections(False)
        self.setSortingEnabled(True)
        self.sortByColumn(_TRUTH, Qt.SortOrder.AscendingOrder)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self.rows.rows[index.row()])

"""Answers as rows: sorted and filtered all at once, because there are tens of thousands.

The proxy of Qt would call Python for two cells at each comparison; a list sorts in one call.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt

from engine.spelling.evaluation.answers import Judged, Mistake

_ROLE = Qt.ItemDataRole


@dataclass(frozen=True, slots=True)
class Row:
    """One answer of a speller.

    Attributes:
        speller: The name of the speller.
        truth: The dictionary's word.
        predicted: The word that was written.
        phonemes: What the speller was given.
        mistake: The kind of mistake.
        probability: The probability of the word that was written.
    """

    speller: str
    truth: str
    predicted: str
    phonemes: tuple[str, ...]
    mistake: Mistake
    probability: float


def rows_of(speller: str, judged: Sequence[Judged]) -> tuple[Row, ...]:
    """A speller's answers as rows, in the initial order of the table.

    Called on the engine thread: so many rows take too long for the GUI thread, and rows that are
    in order already sort quickly.
    """
    rows = (
        Row(
            speller=speller,
            truth=each.answer.entry.word,
            predicted=each.answer.word,
            phonemes=each.answer.entry.phonemes,
            mistake=each.mistake,
            probability=math.exp(each.answer.spellings[0][1]),
        )
        for each in judged
    )
    return tuple(sorted(rows, key=_COLUMNS[TRUTH].key))


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows are shown; None accepts any value."""

    speller: str | None = None
    n_letters: int | None = None
    mistake: Mistake | None = None
    only_wrong: bool = True

    def shown(self, rows: Sequence[Row]) -> list[Row]:
        """The rows that are shown: one criterion at a time, because a call for each row is slow."""
        found = list(rows)
        if self.speller is not None:
            found = [row for row in found if row.speller == self.speller]
        if self.n_letters is not None:
            found = [row for row in found if len(row.truth) == self.n_letters]
        if self.mistake is not None:
            found = [row for row in found if row.mistake is self.mistake]
        if self.only_wrong:
            found = [row for row in found if row.predicted != row.truth]
        return found


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: its name, the text of a cell, and the sort key."""

    name: str
    text: Callable[[Row], str]
    key: Callable[[Row], Any]


_COLUMNS = (
    _Column("Speller", attrgetter("speller"), attrgetter("speller")),
    _Column("Letters", lambda row: str(len(row.truth)), lambda row: len(row.truth)),
    _Column("Phonemes", lambda row: " ".join(row.phonemes), lambda row: row.phonemes),
    _Column("Truth", attrgetter("truth"), attrgetter("truth")),
    _Column("Prediction", attrgetter("predicted"), attrgetter("predicted")),
    _Column("Kind", lambda row: row.mistake.value, attrgetter("mistake")),
    _Column("Probability", lambda row: f"{100 * row.probability:.1f} %", attrgetter("probability")),
)
HEADINGS = tuple(column.name for column in _COLUMNS)
TRUTH, PREDICTION = HEADINGS.index("Truth"), HEADINGS.index("Prediction")
_LEFT, _CENTER, _RIGHT = (
    side | Qt.AlignmentFlag.AlignVCenter
    for side in (
        Qt.AlignmentFlag.AlignLeft,
        Qt.AlignmentFlag.AlignHCenter,
        Qt.AlignmentFlag.AlignRight,
    )
)
# Right-aligned, the numbers of letters would touch the phonemes.
_ALIGNMENTS = {HEADINGS.index("Letters"): _CENTER, HEADINGS.index("Probability"): _RIGHT}


class ErrorModel(QAbstractTableModel):
    """All rows, and the order of those that are shown.

    Args:
        parent: The view; Qt warns if a model is deleted before it.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: Sequence[Row] = ()
        self._filter = Filter()
        self._order = (TRUTH, False)
        self.rows: list[Row] = []

    def show(self, rows: Sequence[Row], chosen: Filter) -> None:
        """Take other rows, and show those that the filter accepts."""
        self._all, self._filter = rows, chosen
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if 0 <= column < len(_COLUMNS):
            self._order = (column, order == Qt.SortOrder.DescendingOrder)
            self._arrange()

    def _arrange(self) -> None:
        self.beginResetModel()
        column, falling = self._order
        self.rows = self._filter.shown(self._all)
        self.rows.sort(key=_COLUMNS[column].key, reverse=falling)
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_COLUMNS)

    def data(self, index: QModelIndex, role: int = _ROLE.DisplayRole) -> Any:
        if role == _ROLE.DisplayRole:
            return _COLUMNS[index.column()].text(self.rows[index.row()])
        if role == _ROLE.TextAlignmentRole:
            return _ALIGNMENTS.get(index.column(), _LEFT)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == _ROLE.DisplayRole:
            return HEADINGS[section]
        if role == _ROLE.TextAlignmentRole:
            return _ALIGNMENTS.get(section, _LEFT)
        return None

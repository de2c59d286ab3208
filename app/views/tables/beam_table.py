"""The best spellings of one speller, with their numbers and the verdict of the dictionary."""

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem

from app.numbers import percent
from app.text import as_tip
from app.theme import LARGE, Theme, current, follow
from app.views.tables.style import dress, number_cell, set_headings, set_row_height
from engine.spelling.frames import SpellFrame, Standing

# The second column is a probability, or a share among those listed.
_HEADINGS = ("Spelling", ("Probability", "Share"), "Listed")
# With large text, the spelling needs the space of the headings.
_SHORT = ("Spelling", ("%", "%"), "✓")
_LISTED = (
    "What the dictionary says about each spelling. ✓: it is listed for exactly these sounds; word: "
    "it is listed, but for other sounds."
)
_NARROW = 150  # pixels at scale 1: narrower, there is no room for marks; the tool tips say the same
_MARKS = {Standing.HOMOPHONE: "✓", Standing.WORD: "word", Standing.UNKNOWN: ""}


class BeamTable(QTableWidget):
    """One row for each spelling.

    Signals:
        picked: The index of the spelling to write.
    """

    picked = pyqtSignal(int)

    def __init__(self) -> None:
        super().__init__(0, 3)
        dress(self, "The best spellings and their probabilities")
        self._theme, self._is_weighed = current(), False
        self._meaning = ""
        self._head()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # long words differ at both ends
        self.setWordWrap(False)
        self.setSizeAdjustPolicy(QAbstractItemView.SizeAdjustPolicy.AdjustToContents)
        self.currentCellChanged.connect(lambda row, *_: self._on_row(row))
        follow(self, self.restyle)

    def draw(
        self,
        result: SpellFrame,
        standings: Sequence[Standing],
        chosen: int,
        *,
        is_secret: bool = False,
    ) -> None:
        """Show the spellings of a result in its order, with its numbers.

        Args:
            result: The result of a speller.
            standings: The verdict of the dictionary on each spelling.
            chosen: The index of the one that is selected.
            is_secret: Whether the verdict is hidden for now.
        """
        self._is_weighed, self._meaning = bool(result.weighed), result.shares_are
        self._head()
        self.blockSignals(True)
        self.setRowCount(len(result.spellings))
        rows = zip(result.spellings, result.shares, standings, strict=True)
        for row, (spelling, share, standing) in enumerate(rows):
            mark = "" if is_secret else _MARKS[standing]
            verdict = "" if is_secret else f", {standing.value}"
            name, number = QTableWidgetItem(spelling.letters), number_cell(percent(share, 1))
            for column, cell in enumerate((name, number, QTableWidgetItem(mark))):
                cell.setToolTip(as_tip(f"{spelling.letters}: {number.text()}{verdict}"))
                self.setItem(row, column, cell)
        self.selectRow(chosen)
        self.blockSignals(False)

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self._head()
        self._share_width()
        set_row_height(self, theme.px(27))
        self.updateGeometry()  # existing rows get the same height

    def _head(self) -> None:
        first, number, last = _SHORT if self._theme.scale > LARGE else _HEADINGS
        set_headings(self, (first, number[self._is_weighed], last), {1})
        for column, tip in ((1, self._meaning), (2, _LISTED)):
            heading = self.horizontalHeaderItem(column)
            assert heading is not None
            heading.setToolTip(as_tip(tip))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Hide the marks if the words need their space."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        self.setColumnHidden(2, self.width() < self._theme.px(_NARROW))

    def _on_row(self, row: int) -> None:
        if row >= 0:
            self.picked.emit(row)

"""The best spellings of one speller, with their numbers and what the dictionary says."""

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem

from app.numbers import percent
from app.text import as_tip
from app.theme import LARGE, LIGHT, Theme
from app.views.tables.style import dress, number_cell, set_headings, set_row_height
from engine.spelling.frames import SpellFrame, Standing

# The second is the number's: a probability, or a share of those that are listed.
_HEADINGS = ("Spelling", ("Probability", "Share"), "Listed")
# Large, the spelling needs the room of the headings.
_SHORT = ("Spelling", ("%", "%"), "✓")
_LISTED = (
    "What the dictionary says of each spelling. ✓: it is listed for exactly these sounds; word: it "
    "is listed, but for other sounds."
)
_NARROW = 150  # pixels of a desk: no room for marks, which the tool tips say too
_MARKS = {Standing.HOMOPHONE: "✓", Standing.WORD: "word", Standing.UNKNOWN: ""}


class BeamTable(QTableWidget):
    """A row a spelling.

    Signals:
        picked: The index of the spelling to write.
    """

    picked = pyqtSignal(int)

    def __init__(self) -> None:
        super().__init__(0, 3)
        dress(self, "The best spellings and their probabilities")
        self._theme, self._is_weighed = LIGHT, False
        self._meaning = ""
        self._head()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # both ends tell long words apart
        self.setWordWrap(False)
        self.setSizeAdjustPolicy(QAbstractItemView.SizeAdjustPolicy.AdjustToContents)
        self.currentCellChanged.connect(lambda row, *_: self._on_row(row))

    def draw(
        self,
        result: SpellFrame,
        standings: Sequence[Standing],
        chosen: int,
        *,
        is_secret: bool = False,
    ) -> None:
        """Show the spellings of a result, in its order and with its numbers.

        Args:
            result: Of a speller.
            standings: What the dictionary says of each of its spellings.
            chosen: The one that is selected.
            is_secret: Whether what the dictionary says is not to be seen yet.
        """
        self._is_weighed, self._meaning = bool(result.weighed), result.shares_are
        self._head()
        self.blockSignals(True)
        self.setRowCount(len(result.spellings))
        rows = zip(result.spellings, result.shares, standings, strict=True)
        for row, (spelling, share, standing) in enumerate(rows):
            mark = "" if is_secret else _MARKS[standing]
            said = "" if is_secret else f", {standing.value}"
            name, number = QTableWidgetItem(spelling.letters), number_cell(percent(share, 1))
            for column, cell in enumerate((name, number, QTableWidgetItem(mark))):
                cell.setToolTip(as_tip(f"{spelling.letters}: {number.text()}{said}"))
                self.setItem(row, column, cell)
        self.selectRow(chosen)
        self.blockSignals(False)

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self._head()
        self._share_width()
        set_row_height(self, theme.px(27))
        self.updateGeometry()  # the rows that are there are as high, too

    def _head(self) -> None:
        first, number, last = _SHORT if self._theme.scale > LARGE else _HEADINGS
        set_headings(self, (first, number[self._is_weighed], last), {1})
        for column, tip in ((1, self._meaning), (2, _LISTED)):
            heading = self.horizontalHeaderItem(column)
            assert heading is not None
            heading.setToolTip(as_tip(tip))

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Leave the words the room of the marks where there is little."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        self.setColumnHidden(2, self.width() < self._theme.px(_NARROW))

    def _on_row(self, row: int) -> None:
        if row >= 0:
            self.picked.emit(row)

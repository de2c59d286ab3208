"""The best spellings of one speller, with their probabilities and what the dictionary says."""

import math
from collections.abc import Sequence

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem

from app.numbers import percent
from app.text import as_tip
from app.theme import LARGE, Theme
from app.views.tables import dress, number_cell, set_headings, set_row_height
from engine.frames import SpellFrame, Standing

_HEADINGS = ("Spelling", "Probability", "Listed")
# Large, the spelling needs the room of the headings.
_SHORT = ("Spelling", "%", "✓")
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
        set_headings(self, _HEADINGS, {1})
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSizeAdjustPolicy(QAbstractItemView.SizeAdjustPolicy.AdjustToContents)
        self.currentCellChanged.connect(lambda row, *_: self._on_row(row))

    def draw(self, result: SpellFrame, standings: Sequence[Standing], chosen: int) -> None:
        """Show the spellings of a result; the chosen one is selected."""
        self.blockSignals(True)
        self.setRowCount(len(result.spellings))
        for row, (spelling, standing) in enumerate(zip(result.spellings, standings, strict=True)):
            part = percent(math.exp(spelling.log_probability), 1)
            name, mark = QTableWidgetItem(spelling.letters), QTableWidgetItem(_MARKS[standing])
            for column, cell in enumerate((name, number_cell(part), mark)):
                cell.setToolTip(as_tip(f"{spelling.letters}: {standing.value}"))
                self.setItem(row, column, cell)
        self.selectRow(chosen)
        self.blockSignals(False)

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        set_headings(self, _HEADINGS if theme.scale <= LARGE else _SHORT, {1})
        set_row_height(self, theme.px(27))

    def _on_row(self, row: int) -> None:
        if row >= 0:
            self.picked.emit(row)

"""The best spellings of one speller, with their probabilities and what the dictionary says."""

import math
from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from app.numbers import percent
from app.theme import Theme
from engine.frames import SpellFrame, Standing

_MARKS = {Standing.HOMOPHONE: "✓", Standing.WORD: "word", Standing.UNKNOWN: ""}


class BeamTable(QTableWidget):
    """A row a spelling.

    Signals:
        picked: The index of the spelling to write.
    """

    picked = pyqtSignal(int)

    def __init__(self) -> None:
        super().__init__(0, 3)
        self.setHorizontalHeaderLabels(["Spelling", "Probability", "Listed"])
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setSizeAdjustPolicy(QAbstractItemView.SizeAdjustPolicy.AdjustToContents)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("The best spellings and their probabilities")
        vertical, horizontal = self.verticalHeader(), self.horizontalHeader()
        assert vertical is not None
        assert horizontal is not None
        vertical.hide()
        horizontal.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        horizontal.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.currentCellChanged.connect(lambda row, *_: self._on_row(row))

    def draw(self, result: SpellFrame, standings: Sequence[Standing], chosen: int) -> None:
        """Show the spellings of a result; the chosen one is selected."""
        self.blockSignals(True)
        self.setRowCount(len(result.spellings))
        for row, (spelling, standing) in enumerate(zip(result.spellings, standings, strict=True)):
            part = percent(math.exp(spelling.log_probability), 1)
            texts = (spelling.letters, part, _MARKS[standing])
            for column, text in enumerate(texts):
                cell = QTableWidgetItem(text)
                cell.setToolTip(f"{spelling.letters}: {standing.value}")
                if column == 1:
                    cell.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                self.setItem(row, column, cell)
        self.selectRow(chosen)
        self.blockSignals(False)

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        header = self.verticalHeader()
        assert header is not None
        header.setDefaultSectionSize(theme.px(27))

    def _on_row(self, row: int) -> None:
        if row >= 0:
            self.picked.emit(row)

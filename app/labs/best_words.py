"""The best words of each speller on stage, one of them chosen."""

from functools import partial

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.controls.widgets import card
from app.theme import Theme
from app.views.beam_table import BeamTable
from engine.frames import LetterFrame


class BestWords(QWidget):
    """A card for each of two spellers.

    Signals:
        chosen: A speller, and the index of the spelling to write.
    """

    chosen = pyqtSignal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.tables = [BeamTable(), BeamTable()]
        headings = ("Best words", "Beside it")
        self.cards = [
            card(table, heading=heading)
            for table, heading in zip(self.tables, headings, strict=True)
        ]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for index, table in enumerate(self.tables):
            layout.addWidget(self.cards[index])
            table.picked.connect(partial(self.chosen.emit, index))

    def show_second(self, there: bool) -> None:
        """Make room for a second speller, or take it away."""
        self.cards[1].setVisible(there)

    def clear(self) -> None:
        """Show nothing."""
        for table in self.tables:
            table.setRowCount(0)

    def draw(self, frame: LetterFrame) -> None:
        """Show the words of a frame: not before the last letter, or nobody would watch it come."""
        for index, table in enumerate(self.tables[: len(frame.results)]):
            table.setEnabled(bool(frame.stop))
            if frame.stop:
                table.draw(frame.results[index], frame.standings[index], frame.chosen[index])
            else:
                table.setRowCount(0)

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        for table in self.tables:
            table.restyle(theme)

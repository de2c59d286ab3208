"""The best words of each speller, one of which is on stage."""

from functools import partial

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.labs.spelling import texts
from app.views.tables.beam_table import BeamTable
from app.widgets import card, label
from engine.spelling.frames import LetterFrame


class BestWords(QWidget):
    """A card for each of two spellers.

    Signals:
        chosen: A speller, and the index of the spelling to write.
    """

    chosen = pyqtSignal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.tables = [BeamTable(), BeamTable()]
        self.meaning, self.dictionary = label("", "muted"), label()
        for text in (self.meaning, self.dictionary):
            text.setWordWrap(True)
        first, second = self.tables
        self.cards = [
            card(self.dictionary, first, self.meaning, heading="Best words"),
            card(second, heading="Beside it"),
        ]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for index, table in enumerate(self.tables):
            layout.addWidget(self.cards[index])
            table.picked.connect(partial(self.chosen.emit, index))

    def show_second(self, there: bool) -> None:
        """Show or hide the card of a second speller."""
        self.cards[1].setVisible(there)

    def clear(self) -> None:
        """Show nothing."""
        for table in self.tables:
            table.setRowCount(0)
        self._say("", "")

    def draw(self, frame: LetterFrame, *, is_secret: bool = False) -> None:
        """Show the words of a frame, but only after the last letter: until then they stay hidden.

        Args:
            frame: A frame of one speller or two.
            is_secret: Whether the word is to be guessed: then the dictionary is not quoted.
        """
        for index, table in enumerate(self.tables[: len(frame.results)]):
            table.setEnabled(bool(frame.stop))
            if frame.stop:
                result, standings = frame.results[index], frame.standings[index]
                table.draw(result, standings, frame.chosen[index], is_secret=is_secret)
            else:
                table.setRowCount(0)
        if frame.stop:
            meaning = texts.meaning(frame.results[0])
            self._say(meaning, texts.dictionary(frame.listed, is_secret=is_secret))
        else:
            self._say("", "")

    def _say(self, meaning: str, dictionary: str) -> None:
        for text, said in ((self.meaning, meaning), (self.dictionary, dictionary)):
            text.setText(said)
            text.setVisible(bool(said))

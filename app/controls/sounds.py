"""Sounds in: the field, what was read from it as chips, and what is wrong with it."""

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.controls.phonemes import PhonemeField
from app.controls.widgets import label
from app.theme import LARGE, LIGHT, Theme
from app.views.chips import ChipsView
from engine.data import phonemes as reading
from engine.errors import EngineError
from engine.seq2seq.vocabulary import PHONEMES

_NONE: tuple[str, ...] = ()


class Sounds(QWidget):
    """Reads what is typed, and marks what is no phoneme.

    Signals:
        edited: The text is another one, by the user's hand.
        entered: Enter was pressed, and nothing is wrong.

    Attributes:
        heard: The phonemes that were read last; None where they could not be.
    """

    edited = pyqtSignal()
    entered = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.field, self.chips, self.problem = PhonemeField(), ChipsView(), label("", "problem")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.note = label("", "muted")
        self.note.setWordWrap(True)
        self.note.hide()
        self._theme = LIGHT
        self._tokens: list[reading.Token] = []
        self.heard: tuple[str, ...] | None = ()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self.field, self.chips, self.problem, self.note):
            layout.addWidget(part)
        self.field.textEdited.connect(lambda _: self.edited.emit())
        self.field.returnPressed.connect(self._on_return)
        self.chips.picked.connect(self._mend)

    def begin(self) -> None:
        """Let the user type over what is there."""
        self.field.setFocus()
        self.field.selectAll()

    def read(self) -> tuple[str, ...] | None:
        """Show what was typed: the phonemes, none of an empty field, None where one is wrong."""
        tokens = self._tokens = reading.read(self.field.text())
        pending = self.field.hasFocus() and bool(tokens) and _may_become_one(tokens[-1], self.field)
        done = tokens[:-1] if pending else tokens
        self.chips.draw(done)
        problem, phonemes = "", None if tokens else _NONE
        try:
            phonemes = reading.phonemes_of(done) if done else phonemes
        except EngineError as error:
            problem = str(error)
        self._complain(problem)
        self.note.setText(" ".join(reading.notes_of(done)) if phonemes else "")
        self.note.setVisible(bool(self.note.text()))
        self.heard = phonemes
        return phonemes

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.field.setFont(theme.font(1.25))
        self.problem.setFont(theme.font(1.0, bold=True))
        self.chips.restyle(theme)
        self._complain(self.problem.text())

    def _complain(self, text: str) -> None:
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        # Large, the room is the heat map's, which names the phonemes too.
        self.chips.setVisible(self._theme.scale <= LARGE or bool(text))

    def _mend(self, index: int) -> None:
        """Take what a marked token may have been meant for."""
        token, text = self._tokens[index], self.field.text()
        end = token.start + len(token.text)
        if token.meant and text[token.start : end] == token.text:
            self.field.setText(text[: token.start] + token.meant + text[end:])
            self.edited.emit()
        else:
            self.field.setFocus()
            self.field.setSelection(token.start, len(token.text))

    def _on_return(self) -> None:
        if not self.problem.text():
            self.entered.emit()


def _may_become_one(token: reading.Token, field: PhonemeField) -> bool:
    """Whether the last token is being typed, and is the beginning of a phoneme."""
    if not token.problem or field.cursorPosition() < len(field.text().rstrip()):
        return False
    is_open = not field.text().endswith((" ", "-", ","))
    return is_open and any(name.startswith(token.text.upper()) for name in PHONEMES)

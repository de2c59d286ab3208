"""Input of sounds: the field, its phonemes as chips, and errors in them."""

import numpy as np
from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.controls.spelling.phonemes import Keypad, PhonemeField
from app.theme import LARGE, Theme, current, follow
from app.views.attention.chips import ChipsView
from app.widgets import label
from engine.errors import EngineError
from engine.spelling.dictionary.lines import read_line
from engine.spelling.notation import phonemes as reading
from engine.spelling.vocabulary import PHONEMES

_ROWS = 3  # rows of chips that are visible at once
_NONE: tuple[str, ...] = ()


class Sounds(QWidget):
    """Reads what is typed, and marks what is not a phoneme.

    Signals:
        edited: The user has changed the text.
        complains: There is an error; the sentence about it appears next.
        entered: Enter was pressed, and there is no error.
        hovered: The position of the phoneme under the pointer; -1 for none.

    Attributes:
        phonemes_read: The phonemes that were read last; None if they could not be read.
    """

    edited = pyqtSignal()
    complains = pyqtSignal()
    entered = pyqtSignal()
    hovered = pyqtSignal(int)

    def __init__(self) -> None:
        super().__init__()
        self.field, self.chips, self.problem = PhonemeField(), ChipsView(), label("", "problem")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.note = label("", "muted")
        self.note.setWordWrap(True)
        self.note.hide()
        self._tokens: list[reading.Token] = []
        self.phonemes_read: tuple[str, ...] | None = ()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.chips_area = ChipsArea(self.chips)
        for part in (self.field, self.chips_area, self.problem, self.note):
            layout.addWidget(part)
        self.field.textEdited.connect(lambda _: self.edited.emit())
        self.field.left.connect(self.edited)
        self.field.returnPressed.connect(self._on_return)
        self.chips.picked.connect(self._mend)
        self.chips.hovered.connect(self.hovered)
        follow(self, self.restyle)

    def begin(self) -> None:
        """Select the text, so that the user can type over it."""
        self.field.setFocus()
        self.field.selectAll()

    @property
    def has_problem(self) -> bool:
        """Whether there is an error that further typing does not correct."""
        return bool(self.problem.text())

    @property
    def text(self) -> str:
        """The text of the field."""
        return self.field.text()

    def set_text(self, text: str) -> None:
        """Put a text into the field, which `read` then reads."""
        self.field.setText(text)

    def listen_to(self, keypad: Keypad) -> None:
        """Let the keys of a keypad put phonemes into the field, and delete them."""
        keypad.pressed.connect(self.field.put)
        keypad.erased.connect(self.field.take)

    def light(self, place: int, weights: np.ndarray | None) -> None:
        """Highlight a phoneme, -1 for none, and tint all of them by (T,) weights."""
        self.chips.light(place, weights)

    def read(self) -> tuple[str, ...] | None:
        """Read and show the phonemes: empty for an empty field, None if one is invalid."""
        _, tokens = read_line(self.field.text())
        self._tokens = tokens
        pending = bool(tokens) and _may_become_one(tokens[-1], self.field)
        done = tokens[:-1] if pending else tokens
        self.chips.draw(done)
        self.chips_area.fit()
        problem, phonemes = "", None if tokens else _NONE
        try:
            phonemes = reading.phonemes_of(done) if done else phonemes
        except EngineError as error:
            problem = str(error)
        self._complain(problem)
        self.note.setText(" ".join(reading.notes_of(done)) if phonemes else "")
        self.note.setVisible(bool(self.note.text()))
        self.phonemes_read = phonemes
        return phonemes

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self.field.setFont(theme.font(1.25))
        self.problem.setFont(theme.font(1.0, bold=True))
        self._complain(self.problem.text())

    def _complain(self, text: str) -> None:
        if text:
            self.complains.emit()
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        # With large text the space goes to the heat map, which also names the phonemes.
        self.chips_area.setVisible(current().scale <= LARGE or bool(text))

    def _mend(self, index: int) -> None:
        """Replace a marked token by what may have been meant."""
        token, text = self._tokens[index], self.field.text()
        end = token.start + len(token.text)
        if token.meant and text[token.start : end] == token.text:
            self.field.setText(text[: token.start] + token.meant + text[end:])
            self.edited.emit()
        else:
            self.field.setFocus()
            self.field.setSelection(token.start, len(token.text))

    def _on_return(self) -> None:
        self.field.finish()
        if not self.has_problem:
            self.entered.emit()


class ChipsArea(QScrollArea):
    """A few rows of chips that scroll, so that a long paste does not enlarge the window."""

    def __init__(self, chips: ChipsView) -> None:
        super().__init__()
        self._chips, self._n_rows = chips, _ROWS
        self.setWidget(chips)
        self.setWidgetResizable(True)
        for ground in (self.viewport(), chips):  # the background of the card shows through
            assert ground is not None
            ground.setAutoFillBackground(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

        bar = self.verticalScrollBar()
        assert bar is not None
        bar.rangeChanged.connect(lambda *_: self._show_wrong())
        follow(self, lambda _: self.fit())

    def fit(self) -> None:
        """Be as high as the rows, up to a few; with large text, up to one."""
        self._n_rows = _ROWS if current().scale <= LARGE else 1
        self._fit()
        self._show_wrong()

    def _fit(self) -> None:
        needed = self._chips.heightForWidth(self.width())
        self.setFixedHeight(min(needed, self._chips.height_of(self._n_rows)))

    def _show_wrong(self) -> None:
        """Scroll to the first chip that is marked, or to the last one."""
        box = self._chips.box_to_see()
        self.ensureVisible(0, round(box.center().y()), 0, round(box.height() / 2) + 1)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Fit again, since another width needs more or fewer rows."""
        super().resizeEvent(event)
        if event is not None and event.size().width() != event.oldSize().width():
            self._fit()


def _may_become_one(token: reading.Token, field: PhonemeField) -> bool:
    """Whether the last token is being typed and begins a phoneme."""
    at_end = field.cursorPosition() >= len(field.text().rstrip())
    if not (token.problem and field.is_being_typed and at_end):
        return False
    is_open = not field.text().endswith((" ", "-", ","))
    return is_open and any(name.startswith(token.text.upper()) for name in PHONEMES)

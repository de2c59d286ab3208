"""Sounds in: the field, what was read from it as chips, and what is wrong with it."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from app.controls.spelling.phonemes import PhonemeField
from app.controls.widgets import label
from app.theme import LARGE, Theme, current, follow
from app.views.attention.chips import ChipsView
from engine.errors import EngineError
from engine.spelling.dictionary.lines import read_line
from engine.spelling.notation import phonemes as reading
from engine.spelling.vocabulary import PHONEMES

_ROWS = 3  # of chips are seen at once
_NONE: tuple[str, ...] = ()


class Sounds(QWidget):
    """Reads what is typed, and marks what is no phoneme.

    Signals:
        edited: The text is another one, by the user's hand.
        complains: Something is wrong, and about to be said.
        entered: Enter was pressed, and nothing is wrong.

    Attributes:
        heard: The phonemes that were read last; None where they could not be.
    """

    edited = pyqtSignal()
    complains = pyqtSignal()
    entered = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.field, self.chips, self.problem = PhonemeField(), ChipsView(), label("", "problem")
        self.problem.setWordWrap(True)
        self.problem.hide()
        self.note = label("", "muted")
        self.note.setWordWrap(True)
        self.note.hide()
        self._tokens: list[reading.Token] = []
        self.heard: tuple[str, ...] | None = ()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self.chips_area = ChipsArea(self.chips)
        for part in (self.field, self.chips_area, self.problem, self.note):
            layout.addWidget(part)
        self.field.textEdited.connect(lambda _: self.edited.emit())
        self.field.left.connect(self.edited)
        self.field.returnPressed.connect(self._on_return)
        self.chips.picked.connect(self._mend)
        follow(self, self.restyle)

    def begin(self) -> None:
        """Let the user type over what is there."""
        self.field.setFocus()
        self.field.selectAll()

    def read(self) -> tuple[str, ...] | None:
        """Show what was typed: the phonemes, none of an empty field, None where one is wrong."""
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
        self.heard = phonemes
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
        # Large, the room is the heat map's, which names the phonemes too.
        self.chips_area.setVisible(current().scale <= LARGE or bool(text))

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
        self.field.finish()
        if not self.problem.text():
            self.entered.emit()


class ChipsArea(QScrollArea):
    """Some rows of chips; more of them scroll, so that what is pasted makes no window higher."""

    def __init__(self, chips: ChipsView) -> None:
        super().__init__()
        self._chips, self._n_rows = chips, _ROWS
        self.setWidget(chips)
        self.setWidgetResizable(True)
        for ground in (self.viewport(), chips):  # that of the card shows through
            assert ground is not None
            ground.setAutoFillBackground(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

        bar = self.verticalScrollBar()
        assert bar is not None
        bar.rangeChanged.connect(lambda *_: self._show_wrong())
        follow(self, self.restyle)

    def restyle(self, theme: Theme) -> None:
        """Have room for a few rows; where text is large, for one."""
        self._n_rows = _ROWS if theme.scale <= LARGE else 1
        self.fit()

    def fit(self) -> None:
        """Be as high as the rows that there are, up to those there is room for."""
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
        """In another width there are more rows, or fewer."""
        super().resizeEvent(event)
        if event is not None and event.size().width() != event.oldSize().width():
            self._fit()


def _may_become_one(token: reading.Token, field: PhonemeField) -> bool:
    """Whether the last token is being typed, and is the beginning of a phoneme."""
    at_end = field.cursorPosition() >= len(field.text().rstrip())
    if not (token.problem and field.is_being_typed and at_end):
        return False
    is_open = not field.text().endswith((" ", "-", ","))
    return is_open and any(name.startswith(token.text.upper()) for name in PHONEMES)

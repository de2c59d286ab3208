"""Input of phonemes: a field that completes them, and a keypad of all 39 with example words."""

from PyQt6.QtCore import QEvent, QStringListModel, Qt, pyqtSignal
from PyQt6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence
from PyQt6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QCompleter,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.keys import WALKED_BY
from app.text import as_tip
from app.theme import LARGE, Theme, follow
from app.widgets import IconButton, label
from engine.spelling.vocabulary import EXAMPLES, PHONEMES, VOWELS

# Vowels from close to open, front to back, then the diphthongs; consonants by manner and place of
# articulation, from the lips back: the order of the IPA chart.
VOWEL_KEYS = (
    *("IY", "IH", "EH", "AE"),
    *("UW", "UH", "AO", "AA"),
    *("AH", "ER", "EY", "AY"),
    *("OY", "OW", "AW"),
)
CONSONANT_KEYS = (
    *("P", "B", "T", "D", "K", "G"),
    *("CH", "JH", "F", "V", "TH", "DH"),
    *("S", "Z", "SH", "ZH", "HH", "M"),
    *("N", "NG", "L", "R", "W", "Y"),
)
_N_COLUMNS = 4
_MOVES = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Up: -_N_COLUMNS,
    Qt.Key.Key_Down: _N_COLUMNS,
}
_STRESSES = {
    "1": ("1", "Main stress, the vowel of the strongest syllable: AE1"),
    "2": ("2", "Second stress, a vowel that is weaker than the strongest: AE2"),
    "0": ("0", "No stress: AE0"),
    "": ("–", "Without stress: AE"),
}


class PhonemeField(QLineEdit):
    """A line for phonemes that completes the one being typed.

    Signals:
        left: The focus has moved elsewhere in the window, or Enter was pressed: what was being
            typed is complete.
    """

    left = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setPlaceholderText("Type sounds: B R AH0 Z IH1 L Y AH0 N, or paste IPA")
        self.setAccessibleName("Phonemes of the word")
        self.setClearButtonEnabled(True)
        self._completer = QCompleter(self)
        self._completer.setModel(QStringListModel(sorted(PHONEMES[1:]), self))
        self._completer.setWidget(self)
        self._completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._completer.activated.connect(self.complete)
        self.textEdited.connect(self._offer)
        self._has_key = False
        self._typed: str | None = None  # the text after the last key
        self.textEdited.connect(self._on_edited)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        # The completer does not pass the event on while it offers completions.
        application.focusChanged.connect(self._on_focus)

    @property
    def is_being_typed(self) -> bool:
        """Whether the last change came from a key, and was not pasted or filled in."""
        return self.text() == self._typed

    def finish(self) -> None:
        """End typing: the last phoneme is complete."""
        was_typed, self._typed = self.is_being_typed, None
        if was_typed:
            self.left.emit()

    def _on_focus(self, before: QWidget | None, now: QWidget | None) -> None:
        """End typing when the focus moves elsewhere in the window, which hides the completions."""
        if before is self and now is not None:
            popup = self._completer.popup()
            assert popup is not None
            popup.hide()
            self.finish()

    def inputMethodEvent(self, event: QInputMethodEvent | None) -> None:
        """Treat what an input method writes as typed."""
        self._has_key = True
        super().inputMethodEvent(event)
        self._has_key = False

    def _on_edited(self, text: str) -> None:
        self._typed = text if self._has_key else None

    @property
    def piece(self) -> str:
        """The text between the last blank and the cursor."""
        before = self.text()[: self.cursorPosition()]
        return before.rsplit(" ", 1)[-1]

    def complete(self, phoneme: str) -> None:
        """Replace the piece being typed by a complete phoneme."""
        place = self.cursorPosition()
        start = place - len(self.piece)
        text = self.text()
        self.setText(f"{text[:start]}{phoneme} {text[place:].lstrip()}")
        self.setCursorPosition(start + len(phoneme) + 1)
        self.textEdited.emit(self.text())

    def put(self, phoneme: str) -> None:
        """Write a phoneme at the cursor, with blanks around it."""
        place = self.cursorPosition()
        before, after = self.text()[:place].rstrip(), self.text()[place:].lstrip()
        head = f"{before} {phoneme}".lstrip()
        self.setText(f"{head} {after}".rstrip() + ("" if after else " "))
        self.setCursorPosition(len(head) + 1)
        self.textEdited.emit(self.text())

    def take(self) -> None:
        """Delete the phoneme before the cursor."""
        place = self.cursorPosition()
        before, after = self.text()[:place].rstrip(), self.text()[place:].lstrip()
        head = before.rpartition(" ")[0]
        self.setText(f"{head} {after}".lstrip())
        self.setCursorPosition(len(head) + 1 if head else 0)
        self.textEdited.emit(self.text())

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Pass the keys that choose a phoneme to the completer while it offers some."""
        popup = self._completer.popup()
        choosing = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
        if event and popup and popup.isVisible() and event.key() in choosing:
            chosen = popup.currentIndex()
            popup.hide()
            if chosen.isValid():
                self.complete(str(chosen.data()))
                return
        self._has_key = event is not None and not event.matches(QKeySequence.StandardKey.Paste)
        super().keyPressEvent(event)
        self._has_key = False

    def _offer(self) -> None:
        piece, popup = self.piece.upper(), self._completer.popup()
        assert popup is not None
        names = [name for name in PHONEMES[1:] if name.startswith(piece) and name != piece]
        # Nothing is offered for a complete consonant, so that the plot stays visible.
        if not piece or not names or piece in EXAMPLES.keys() - set(VOWELS) or not self.hasFocus():
            popup.hide()
            return
        self._completer.setCompletionPrefix(piece)
        self._completer.complete()


class Keypad(QWidget):
    """All phonemes as keys.

    Signals:
        pressed: A phoneme; a vowel has the chosen stress.
        erased: The user wants to delete the phoneme before the cursor.
        cleared: The user wants to delete all phonemes.
    """

    pressed = pyqtSignal(str)
    erased = pyqtSignal()
    cleared = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.keys = {name: self._key(name) for name in (*VOWEL_KEYS, *CONSONANT_KEYS)}
        self.stress = QButtonGroup(self)
        self._vowels = label("", "muted")
        self.erase = IconButton("mdi6.backspace-outline", "Delete the last phoneme")
        self.clear = IconButton("mdi6.delete-outline", "Clear all phonemes")
        self.erase.clicked.connect(self.erased)
        self.clear.clicked.connect(self.cleared)
        self._lay_out()
        follow(self, self.restyle)

    @property
    def chosen_stress(self) -> str:
        """The stress of vowels: "1", "2", "0", or empty."""
        button = self.stress.checkedButton()
        return str(button.property("stress")) if button else ""

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        for key in self.keys.values():
            key.setMinimumSize(theme.px(40), theme.px(37))
            key.setFont(theme.font(0.95))
            key.setStyleSheet(f"padding: {theme.px(1)}px;")
        self._vowels.setText("Vowels, stress" if theme.scale <= LARGE else "Vowels")
        for stress in self.stress.buttons():
            stress.setMinimumWidth(theme.px(22))
            stress.setStyleSheet(f"padding: {theme.px(4)}px 0;")

    def _key(self, name: str) -> QToolButton:
        key = QToolButton()
        key.setText(f"{name}\n{EXAMPLES[name]}")
        key.setAccessibleName(f"{name} as in {EXAMPLES[name]}")
        key.setToolTip(as_tip(f"{name} as in {EXAMPLES[name]}"))
        key.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        # The column determines the width of the keys, not the longest example.
        key.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        key.clicked.connect(lambda: self._on_key(name))
        key.setProperty(WALKED_BY, list(_MOVES))
        key.installEventFilter(self)
        return key

    def _on_key(self, name: str) -> None:
        self.pressed.emit(name + self.chosen_stress if name in VOWELS else name)

    def eventFilter(self, watched: object, event: QEvent | None) -> bool:
        """Move the focus between keys with the arrow keys."""
        if not isinstance(event, QKeyEvent):
            return False
        by = _MOVES.get(Qt.Key(event.key()))
        if by is None or event.type() != QEvent.Type.KeyPress:
            return False
        keys = list(self.keys.values())
        place = next(index for index, key in enumerate(keys) if key is watched) + by
        keys[min(max(place, 0), len(keys) - 1)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    def _lay_out(self) -> None:
        switch = QHBoxLayout()
        switch.addWidget(self._vowels)
        for stress in _STRESSES:
            switch.addWidget(self._stress_button(stress), 1)
        ends = QHBoxLayout()
        ends.addWidget(label("Consonants", "muted"), 1)
        ends.addWidget(self.erase)
        ends.addWidget(self.clear)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addLayout(switch)
        layout.addLayout(self._grid(VOWEL_KEYS))
        layout.addLayout(ends)
        layout.addLayout(self._grid(CONSONANT_KEYS))

    def _stress_button(self, stress: str) -> QToolButton:
        text, tip = _STRESSES[stress]
        button = QToolButton()
        button.setText(text)
        button.setToolTip(as_tip(tip))
        button.setAccessibleName(tip)
        button.setCheckable(True)
        button.setChecked(stress == "1")
        button.setProperty("stress", stress)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.stress.addButton(button)
        return button

    def _grid(self, names: tuple[str, ...]) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(3)
        for index, name in enumerate(names):
            grid.addWidget(self.keys[name], *divmod(index, _N_COLUMNS))
        return grid

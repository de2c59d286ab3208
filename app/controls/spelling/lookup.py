"""The form for words of the dictionary: one to look up, or a random one."""

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app.controls.flow import Flow
from app.text import SHORT, Sentence, menu, rich, shown
from app.theme import LARGE, Theme, follow
from app.widgets import IconButton, label

_ANY, _LONGEST = 4, 15


class Lookup(QWidget):
    """Asks for words of the dictionary.

    Signals:
        asked: A word whose pronunciations are wanted.
        random_wanted: How many letters a random test word should have, 0 for any number.
        chosen: A pronunciation.
        secrets_changed: The set of spellings to be guessed may have changed.
    """

    asked = pyqtSignal(str)
    random_wanted = pyqtSignal(int)
    chosen = pyqtSignal(tuple)
    secrets_changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.word = QLineEdit()
        self.word.setPlaceholderText("Look up a word: colonel")
        self.word.setMinimumWidth(60)
        self.word.setAccessibleName("Word to look up")
        self.ask_button = IconButton("mdi6.magnify", "Look the word up")
        self.pronunciations = QComboBox()
        self.pronunciations.setAccessibleName("Pronunciations of the word")
        self.pronunciations.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.pronunciations.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.pronunciations.hide()
        self.dice = IconButton("mdi6.dice-5-outline", "A random test word (T)", "Test word")
        self.length = QSpinBox()
        self.length.setRange(_ANY, _LONGEST)
        self.length.setMinimumWidth(60)
        self.length.setAccessibleName("Letters of the random word")
        self.length.setToolTip("Letters of the random word")
        self.reveal = QPushButton("Show its spelling")
        self.reveal.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.reveal.setEnabled(False)
        self.truth = label("", "muted", is_rich=True)
        self.truth.setWordWrap(True)
        self.missing = Sentence()
        self._others = QWidget()
        self._near = Flow(self._others)
        # Words to be guessed, by their sounds; and the last spelling revealed, with its sounds.
        self._secrets: dict[tuple[str, ...], str] = {}
        self._revealed: tuple[tuple[str, ...], str] = ((), "")
        self._sounds: tuple[str, ...] = ()
        self._lay_out()
        self._wire()
        follow(self, self.restyle)

    @property
    def near(self) -> list[QPushButton]:
        """A button for each word that is offered in place of a missing one."""
        return self._others.findChildren(QPushButton)

    def show_missing(self, word: str, near: Sequence[str]) -> None:
        """Say that a word is not in the dictionary, and offer others to look up."""
        self.show_pronunciations([])
        self._revealed = ((), "")
        self._show_spelling()
        end = ". Similar words:" if near else ": type its sounds instead."
        self._say_missing(f"{shown(word, SHORT)} is not in the dictionary{end}", near)

    def _say_missing(self, sentence: str, near: Sequence[str]) -> None:
        for button in self.near:
            button.setParent(None)
            button.deleteLater()
        for word in near:
            button = QPushButton(menu(word))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAutoDefault(False)
            button.setAccessibleName(f"Look up {word}")
            button.clicked.connect(lambda _, word=word: self.asked.emit(word))
            self._near.addWidget(button)
        self.missing.say(sentence)
        self.missing.setVisible(bool(sentence))
        self._others.setVisible(bool(near))
        self._others.updateGeometry()

    def is_secret(self, phonemes: tuple[str, ...]) -> bool:
        """Whether the spelling of these sounds is to be guessed and has not been revealed yet."""
        return phonemes in self._secrets

    @property
    def spelling_shown(self) -> str:
        """The spelling of the sounds, if it has been revealed."""
        phonemes, word = self._revealed
        return word if phonemes == self._sounds else ""

    def show_pronunciations(self, pronunciations: Sequence[tuple[str, ...]]) -> None:
        """Offer the pronunciations of a word; the first one is chosen."""
        self._say_missing("", ())
        self.pronunciations.blockSignals(True)
        self.pronunciations.clear()
        for phonemes in pronunciations:
            self.pronunciations.addItem(" ".join(phonemes), phonemes)
        self.pronunciations.blockSignals(False)
        self.pronunciations.setVisible(len(pronunciations) > 1)

    def hide_spelling(self, phonemes: tuple[str, ...], word: str) -> None:
        """Keep the spelling of some sounds secret until it is revealed."""
        self._secrets[phonemes] = word
        self._revealed = ((), "")
        self._show_spelling()

    def show_spelling(self, phonemes: tuple[str, ...], word: str) -> None:
        """Show the spelling of some sounds."""
        self._secrets.pop(phonemes, None)
        self._revealed = (phonemes, word)
        self._show_spelling()

    def set_sounds(self, phonemes: tuple[str, ...]) -> None:
        """Show what is known about these sounds; empty if none can be read."""
        if phonemes != self._sounds:
            self._sounds = phonemes
            self._show_spelling()

    def begin(self) -> None:
        """Let the user type a word."""
        self.word.setFocus()

    def choose_random(self) -> None:
        """Ask for a random word."""
        length = self.length.value()
        self.random_wanted.emit(0 if length == _ANY else length)

    def _reveal(self) -> None:
        self.show_spelling(self._sounds, self._secrets[self._sounds])

    def _show_spelling(self) -> None:
        self.reveal.setEnabled(self.is_secret(self._sounds))
        word = rich(self.spelling_shown)
        self.truth.setText(f"The dictionary spells it <b>{word}</b>." if word else "")
        self.secrets_changed.emit()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        large = theme.scale > LARGE
        self.length.setSpecialValueText("any" if large else "any length")
        self.length.setSuffix("" if large else " letters")

    def _ask(self) -> None:
        word = self.word.text().strip()
        if word:
            self.asked.emit(word)

    def _lay_out(self) -> None:
        first, second = QHBoxLayout(), QHBoxLayout()
        first.addWidget(self.word, 1)
        first.addWidget(self.ask_button)
        second.addWidget(self.dice)
        second.addWidget(self.length, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(first)
        layout.addWidget(self.missing)
        layout.addWidget(self._others)
        layout.addWidget(self.pronunciations)
        layout.addLayout(second)
        layout.addWidget(self.reveal)
        layout.addWidget(self.truth)
        self._say_missing("", ())

    def _wire(self) -> None:
        self.word.returnPressed.connect(self._ask)
        self.ask_button.clicked.connect(self._ask)
        self.dice.clicked.connect(self.choose_random)
        self.reveal.clicked.connect(self._reveal)
        self.pronunciations.currentIndexChanged.connect(
            lambda _: self.chosen.emit(self.pronunciations.currentData())
        )

"""The five most probable letters at one position; each can be forced."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from app.numbers import percent
from app.text import as_tip
from app.theme import LARGE, Theme, follow
from app.views.attention.heatmap import letter_name
from app.widgets import label
from engine.spelling.frames import Spelling

_N = 5


class AlternativesBar(QWidget):
    """A button for each letter.

    Signals:
        forced: The letter to put there.
    """

    forced = pyqtSignal(str)

    def __init__(self) -> None:
        super().__init__()
        self._text = label("", "muted")
        self._text.setWordWrap(True)
        self.buttons = [QPushButton() for _ in range(_N)]
        self._letters = ""
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._text)
        for index, button in enumerate(self.buttons):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            # Limited by the stage, which may be narrower than the text.
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            button.clicked.connect(lambda _, index=index: self.forced.emit(self._letters[index]))
            layout.addWidget(button, 100)
        layout.addStretch(1)
        self.clear()
        follow(self, self.restyle)

    def clear(self) -> None:
        """Offer nothing."""
        self._letters = ""
        self._text.setText("Click a letter of the word to see the five it considered.")
        for button in self.buttons:
            button.hide()

    def draw(self, spelling: Spelling, place: int, letter: str) -> None:
        """Offer the letters at a position.

        Args:
            spelling: The word.
            place: The index of the letter in it.
            letter: The letter that is there, which cannot be forced.
        """
        self._letters = spelling.alternatives[place]
        parts = spelling.alternative_probabilities[place].tolist()
        self._text.setText(f"Letter {place + 1}")
        for button, other, part in zip(self.buttons, self._letters, parts, strict=True):
            name = letter_name(other)
            button.setText(f"{name} {percent(part)}")
            button.setEnabled(other != letter)
            # A word has at least one letter.
            button.setVisible(not (place == 0 and name != other))
            what = "End the word here" if name != other else f"Write {name} here"
            button.setToolTip(as_tip(f"{what} instead, and continue from there ({part:.1%})"))
            button.setAccessibleName(f"{what}, {part:.1%}")

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._text.setVisible(theme.scale <= LARGE)
        for button in self.buttons:
            button.setFont(theme.font(1.1 if theme.scale <= LARGE else 0.9))
            button.setStyleSheet(f"padding: {theme.px(4)}px {theme.px(2)}px;")
            button.setMinimumWidth(theme.px(46))
            button.setMaximumWidth(theme.px(120))

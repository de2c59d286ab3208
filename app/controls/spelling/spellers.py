"""The form for the spellers: one, another beside it, and whether known words come first."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from app.theme import LARGE, Theme, follow
from app.widgets import choice, form
from engine.spelling import library

_KNOWN_WORDS = "Prefer words people write"
_KNOWN_WORDS_TIP = (
    "Ranks the speller's five by how often each is written in print and online. This knowledge "
    "comes from outside the speller, which does not know which words exist."
)
_ABOUT = {
    "plain": "Squeezes the whole word through one vector.",
    "attention": "Looks back at the sounds for each letter, with one head.",
    "attention-draft": "attention before it was fine-tuned.",
    "transformer": "Attention in layers, with several heads.",
    "rehearsed": "The transformer, fine-tuned.",
    "ensemble": "The mean of four: the most accurate, and the slowest.",
}


class SpellersControl(QWidget):
    """Chooses one speller or two.

    Signals:
        changed: Another choice.
    """

    changed = pyqtSignal()

    def __init__(self, speller: str, beside: str, known_words: bool) -> None:
        """Show what is chosen.

        Args:
            speller: The name of the first speller.
            beside: The name of the second; empty for none.
            known_words: Whether spellings that people write come first.
        """
        super().__init__()
        there = [name for name in _ABOUT if name in library.names()]
        self.first = _choice(there, speller, "Speller")
        self.second = _choice(["", *there], beside, "Speller beside it")
        self.second.setItemText(0, "nothing")
        self.known = QCheckBox(_KNOWN_WORDS)
        self.known.setToolTip(_KNOWN_WORDS_TIP)
        self.known.setChecked(known_words)
        rows = form()
        rows.addRow("Speller", self.first)
        rows.addRow("Beside it", self.second)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(rows)
        layout.addWidget(self.known)
        for box in (self.first, self.second):
            box.currentIndexChanged.connect(self.changed)
        self.known.toggled.connect(self.changed)
        follow(self, self.restyle)

    @property
    def prefers_known(self) -> bool:
        """Whether words that people write come first."""
        return self.known.isChecked()

    @property
    def names(self) -> tuple[str, ...]:
        """The chosen spellers: one or two."""
        second = self.second.currentData()
        return (self.first.currentData(), *([second] if second else []))

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme; large text leaves no space for many words."""
        self.known.setText(_KNOWN_WORDS if theme.scale <= LARGE else "Known words")


def _choice(names: list[str], chosen: str, what: str) -> QComboBox:
    box = choice(what)
    for index, name in enumerate(names):
        box.addItem(name, name)
        box.setItemData(index, _ABOUT.get(name, ""), Qt.ItemDataRole.ToolTipRole)
    box.setCurrentIndex(max(box.findData(chosen), 0))
    return box

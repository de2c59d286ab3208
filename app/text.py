"""Names of others are text: a file, a column or a word is shown as it is, never as HTML.

Qt and pyqtgraph take what looks like HTML for HTML, in labels, tool tips and boxes, and `&` in a
menu for a shortcut. Everything that may hold a name goes through this module;
`tests/test_architecture.py` holds the rule.
"""

import re
import unicodedata
from html import escape

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QMessageBox, QSizePolicy, QWidget

from engine.invocation import as_typed

# Characters of a name where there is one line for it, and in a list or on an axis.
LONG, SHORT = 100, 40
# They turn the direction of what follows, or of the whole text.
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINES = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")
_UNSEEN = "\N{REPLACEMENT CHARACTER}"
_BREAK = "\N{ZERO WIDTH SPACE}"
# Options of the command line by what stands for them in the window: boxes of the import dialog, and
# what is done elsewhere.
_BOXES = {
    "delimiter": "Delimiter",
    "decimal": "Decimal mark",
    "thousands": "Thousands",
    "skip-rows": "Lines to skip",
    "encoding": "Encoding",
    "missing": "Missing values",
}
_OPTION = re.compile(rf"\(--({'|'.join(_BOXES)})(?: [^()]*)?\)")
_INSTEAD = {
    "leave --resume out": "begin a new training",
    "start with --no-cache": "untick Keep compiled programs, and start again",
}
_ENDLESS = re.compile(r"\S{40}(?=\S)")


def shown(name: str, most: int = LONG) -> str:
    """A name on one line: without what cannot be seen or turns the text, not too long.

    Args:
        name: Of a file, a column, a point or a word.
        most: Characters; from the middle of a longer name, some are left out.
    """
    line = "".join(" " if letter in _LINES else letter for letter in name)
    line = seen(line)
    if len(line) <= most:
        return line
    head = (most - 1) // 2
    return f"{line[:head]}…{line[len(line) - (most - 1 - head) :]}"


def for_window(sentence: str) -> str:
    """A sentence of the engine, with the boxes of the window for options of the command line.

    >>> for_window("Choose the decimal mark if that is wrong (--decimal).")
    'Choose the decimal mark if that is wrong (How was it read? > Decimal mark).'
    """
    sentence = as_typed(sentence)
    if "--" not in sentence:
        return sentence
    for option, here in _INSTEAD.items():
        sentence = sentence.replace(option, here)
    return _OPTION.sub(lambda found: f"(How was it read? > {_BOXES[found[1]]})", sentence)


def seen(text: str) -> str:
    """A text, also of several lines, whose every character can be seen."""
    return "".join(_seen(letter) for letter in text)


def _seen(letter: str) -> str:
    if letter == "\n" or (letter.isascii() and letter.isprintable()):
        return letter
    if letter in _DIRECTIONS or unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp"):
        return _UNSEEN
    return letter


def rich(name: str, most: int = SHORT) -> str:
    """A name within HTML."""
    return escape(shown(name, most))


def menu(name: str) -> str:
    """A name in a menu or on a button."""
    return shown(name).replace("&", "&&")


def without_mnemonic(text: str) -> str:
    """The text of an action as it is read."""
    return "&".join(part.replace("&", "") for part in text.split("&&"))


def title(name: str) -> str:
    """A name in the title of a window, which knows one placeholder."""
    return shown(name).replace("[*]", "[*][*]")


def as_tip(text: str) -> str:
    """A text as a tool tip."""
    plain = seen(for_window(text))
    if "<" not in plain:
        return plain
    return f"<p style='white-space:pre-wrap'>{escape(plain)}</p>"


class Label(QLabel):
    """A text that is not HTML."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)


class RichLabel(QLabel):
    """A text in HTML, in which each name went through `rich`."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.RichText)


class Sentence(Label):
    """Sentences with names in them, however long: they need no room of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.said = ""

    def say(self, text: str) -> None:
        """Say something else."""
        self.said = seen(for_window(text))
        self.setText(_ENDLESS.sub(lambda part: part[0] + _BREAK, self.said))
        self.setAccessibleName(self.said)


class Box(QMessageBox):
    """A message that is not HTML."""

    def __init__(self, icon: QMessageBox.Icon, title: str, text: str, parent: QWidget | None):
        super().__init__(icon, title, "", parent=parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

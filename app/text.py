"""Names from files as plain text: a file, a column or a word is never shown as HTML.

Qt and pyqtgraph interpret what looks like HTML, in labels, tool tips and boxes, and `&` in a menu
as a shortcut. Every text that may contain a name goes through this module;
`tests/test_architecture.py` checks the rule.
"""

import re
import unicodedata
from html import escape

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QMessageBox, QSizePolicy, QWidget

from engine.invocation import as_typed

# The most characters of a name on its own line, and in a list or on an axis.
LONG, SHORT = 100, 40
# These change the direction of the text after them, or of the whole text.
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LINES = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029")
_UNSEEN = "\N{REPLACEMENT CHARACTER}"
_BREAK = "\N{ZERO WIDTH SPACE}"
# In the window, these replace options of the command line: fields of the import dialog, and other
# actions.
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
    "start with --no-cache": "uncheck Keep compiled programs, and start again",
}
_ENDLESS = re.compile(r"\S{40}(?=\S)")


def shown(name: str, most: int = LONG) -> str:
    """Return a name on one line, shortened, without invisible or direction-changing characters.

    Args:
        name: The name of a file, a column or a point, or a word.
        most: The most characters; the middle of a longer name is left out.
    """
    line = "".join(" " if letter in _LINES else letter for letter in name)
    line = seen(line)
    if len(line) <= most:
        return line
    head = (most - 1) // 2
    return f"{line[:head]}…{line[len(line) - (most - 1 - head) :]}"


def for_window(sentence: str) -> str:
    """Return a sentence of the engine, with fields of the window instead of command-line options.

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
    """Return a text in which every character is visible."""
    return "".join(_seen(letter) for letter in text)


def _seen(letter: str) -> str:
    if letter == "\n" or (letter.isascii() and letter.isprintable()):
        return letter
    if letter in _DIRECTIONS or unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp"):
        return _UNSEEN
    return letter


def rich(name: str, most: int = SHORT) -> str:
    """Return a name as HTML."""
    return escape(shown(name, most))


def menu(name: str) -> str:
    """Return a name for a menu or a button."""
    return shown(name).replace("&", "&&")


def without_mnemonic(text: str) -> str:
    """Return the text of an action without its mnemonic."""
    return "&".join(part.replace("&", "") for part in text.split("&&"))


def title(name: str) -> str:
    """Return a name for the title of a window, in which `[*]` is a placeholder."""
    return shown(name).replace("[*]", "[*][*]")


def as_tip(text: str) -> str:
    """Return a text as a tool tip."""
    plain = seen(for_window(text))
    if "<" not in plain:
        return plain
    return f"<p style='white-space:pre-wrap'>{escape(plain)}</p>"


class Label(QLabel):
    """A label whose text is not HTML."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)


class RichLabel(QLabel):
    """A label with HTML, in which each name went through `rich`."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.RichText)


class Sentence(Label):
    """A label for long sentences with names in them; it never widens its container."""

    def __init__(self) -> None:
        super().__init__()
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.said = ""

    def say(self, text: str) -> None:
        """Show another text."""
        self.said = seen(for_window(text))
        self.setText(_ENDLESS.sub(lambda part: part[0] + _BREAK, self.said))
        self.setAccessibleName(self.said)


class Box(QMessageBox):
    """A message box whose text is not HTML."""

    def __init__(self, icon: QMessageBox.Icon, title: str, text: str, parent: QWidget | None):
        super().__init__(icon, title, "", parent=parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

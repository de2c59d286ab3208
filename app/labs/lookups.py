"""Words of the dictionary for the spelling lab, over the engine thread."""

import difflib
import random
from collections.abc import Callable, Generator
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from app.bridge import Bridge, Stepper
from app.controls.busy import BusyLine
from engine.data.pronunciations import Entry, Part, lecture_entries, pronunciations
from engine.errors import DataError


class Lookups(QObject):
    """Asks the dictionary.

    Signals:
        found: A word, and all its pronunciations.
        thrown: An entry for test.
        failed: Why there is none.
    """

    found = pyqtSignal(str, list)
    thrown = pyqtSignal(Entry)
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.busy = BusyLine()

    def look_up(self, word: str) -> None:
        """Find the pronunciations of a word."""
        self._ask(lambda: ways(word), lambda found: self.found.emit(*found), f"Looking up {word}…")

    def throw(self, n_letters: int) -> None:
        """Choose a word for test of so many letters, 0 for any number."""
        self._ask(lambda: random_word(n_letters), self.thrown.emit, "Choosing a word…")

    def _ask(self, stepper: Stepper, answered: Callable[[Any], object], what: str) -> None:
        self.busy.start(what, None)
        run = self._bridge.ask(stepper, answered, self.failed.emit)
        run.finished.connect(self.busy.stop)
        run.failed.connect(self.busy.stop)


def ways(word: str) -> Generator[tuple[str, list[tuple[str, ...]]], None, None]:
    """A word, and all its pronunciations.

    Raises:
        DataError: The dictionary does not have it.
    """
    found = pronunciations().get(word)
    if found is None:
        close = difflib.get_close_matches(word[:24], pronunciations(), 1, 0.75)
        meant = f"did you mean {close[0]}?" if close else "type its sounds instead."
        raise DataError(f"{word[:40]} is not in the dictionary; {meant}")
    yield word, found


def random_word(n_letters: int) -> Generator[Entry, None, None]:
    """A word for test, which no speller was trained on.

    Args:
        n_letters: How long it should be, 0 for any length.
    """
    yield random.choice(
        [entry for entry in lecture_entries(Part.TEST) if n_letters in (0, len(entry.word))]
    )

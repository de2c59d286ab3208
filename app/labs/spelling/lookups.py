"""Words of the dictionary for the spelling lab, over the engine thread."""

import random
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from app.controls.busy import BusyLine
from app.running.bridge import Bridge, Stepper
from app.text import SHORT, shown
from engine.spelling.dictionary import lookups
from engine.spelling.dictionary.pronunciations import Entry, Part, lecture_entries


@dataclass(frozen=True, slots=True)
class Answer:
    """What the dictionary says of a word.

    Attributes:
        word: As it is spelled there, or as it was typed.
        ways: Its pronunciations; none where the dictionary does not have it.
        near: Words to look up instead; none where it does.
    """

    word: str
    ways: list[tuple[str, ...]]
    near: tuple[str, ...]


class Lookups(QObject):
    """Asks the dictionary.

    Signals:
        found: A word, and all its pronunciations.
        missing: A word that the dictionary does not have, and words that are near it.
        thrown: An entry for test.
        failed: Why there is none.
    """

    found = pyqtSignal(str, list)
    missing = pyqtSignal(str, tuple)
    thrown = pyqtSignal(Entry)
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.busy = BusyLine()

    def look_up(self, word: str) -> None:
        """Find the pronunciations of a word."""
        self._ask(lambda: ways(word), self._on_answer, f"Looking up {shown(word, SHORT)}…")

    def throw(self, n_letters: int) -> None:
        """Choose a word for test of so many letters, 0 for any number."""
        self._ask(lambda: random_word(n_letters), self.thrown.emit, "Choosing a word…")

    def _on_answer(self, answer: Answer) -> None:
        if answer.ways:
            self.found.emit(answer.word, answer.ways)
        else:
            self.missing.emit(answer.word, answer.near)

    def _ask(self, stepper: Stepper, answered: Callable[[Any], object], what: str) -> None:
        self.busy.start(what, None)
        run = self._bridge.ask(stepper, answered, self.failed.emit)
        run.finished.connect(self.busy.stop)
        run.failed.connect(self.busy.stop)


def ways(word: str) -> Generator[Answer, None, None]:
    """A word and all its pronunciations, or others that are near it."""
    found = lookups.look_up(word)
    if found is not None:
        yield Answer(found.word, found.pronunciations, ())
    else:
        yield Answer(word, [], lookups.near(word))


def random_word(n_letters: int) -> Generator[Entry, None, None]:
    """A word for test, which no speller was trained on.

    Args:
        n_letters: How long it should be, 0 for any length.
    """
    yield random.choice(
        [entry for entry in lecture_entries(Part.TEST) if n_letters in (0, len(entry.word))]
    )

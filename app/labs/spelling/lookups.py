"""Words of the dictionary for the spelling lab, looked up on the engine thread."""

import random
from collections.abc import Generator
from dataclasses import dataclass

from PyQt6.QtCore import QObject, pyqtSignal

from app.controls.busy import BusyLine
from app.controls.spelling.lookup import Lookup
from app.running.bridge import Bridge
from app.running.requests import Request
from app.text import SHORT, shown
from engine.spelling.dictionary import lookups
from engine.spelling.dictionary.pronunciations import Entry, Part, lecture_entries


@dataclass(frozen=True, slots=True)
class Answer:
    """What the dictionary says about a word.

    Attributes:
        word: As the dictionary spells it, or as it was typed.
        pronunciations: Its pronunciations; empty if the dictionary does not have it.
        near: Similar words, if the dictionary does not have it.
    """

    word: str
    pronunciations: list[tuple[str, ...]]
    near: tuple[str, ...]


class Lookups(QObject):
    """Asks the dictionary for what the form wants, and shows the answer in the form.

    Signals:
        chosen: The phonemes of the word that is to be spelled.
        failed: Why the dictionary could not be asked.
    """

    chosen = pyqtSignal(tuple)
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, form: Lookup, parent: QObject) -> None:
        super().__init__(parent)
        self._form = form
        form.asked.connect(self.look_up)
        form.thrown.connect(self.throw)
        form.chosen.connect(self.chosen)
        self.busy = BusyLine()
        self._request = Request(bridge, self, self.busy)
        self._request.failed.connect(self.failed)

    def look_up(self, word: str) -> None:
        """Find the pronunciations of a word."""
        text = f"Looking up {shown(word, SHORT)}…"
        self._request.ask(lambda: pronunciations(word), self._on_answer, text, can_cancel=False)

    def throw(self, n_letters: int) -> None:
        """Choose a random test word with so many letters, 0 for any number."""
        text = "Choosing a word…"
        self._request.ask(lambda: random_word(n_letters), self._on_thrown, text, can_cancel=False)

    def _on_answer(self, answer: Answer) -> None:
        if not answer.pronunciations:
            self._form.show_missing(answer.word, answer.near)
            return
        first = answer.pronunciations[0]
        self._form.show_pronunciations(answer.pronunciations)
        self._form.tell_truth(first, answer.word)
        self.chosen.emit(first)

    def _on_thrown(self, entry: Entry) -> None:
        self._form.show_pronunciations([])
        self._form.hide_truth(entry.phonemes, entry.word)
        self.chosen.emit(entry.phonemes)


def pronunciations(word: str) -> Generator[Answer, None, None]:
    """A word and all its pronunciations, or similar words."""
    found = lookups.look_up(word)
    if found is not None:
        yield Answer(found.word, found.pronunciations, ())
    else:
        yield Answer(word, [], lookups.near(word))


def random_word(n_letters: int) -> Generator[Entry, None, None]:
    """A random test word, which no speller was trained on.

    Args:
        n_letters: How many letters it has, 0 for any number.
    """
    yield random.choice(
        [entry for entry in lecture_entries(Part.TEST) if n_letters in (0, len(entry.word))]
    )

"""Looks up words in the dictionary for the spelling lab, on the engine thread."""

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
        word: The word as the dictionary spells it, or as it was typed.
        pronunciations: Its pronunciations; empty if the dictionary does not have it.
        near: Similar words, if the dictionary does not have it.
    """

    word: str
    pronunciations: list[tuple[str, ...]]
    near: tuple[str, ...]


class Lookups(QObject):
    """Looks up what the form asks for, and shows the answer in the form.

    Signals:
        chosen: The phonemes of the word to spell.
        failed: Why the dictionary could not be read.
    """

    chosen = pyqtSignal(tuple)
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, form: Lookup, parent: QObject) -> None:
        super().__init__(parent)
        self._form = form
        form.asked.connect(self.look_up)
        form.random_wanted.connect(self.choose_random)
        form.chosen.connect(self.chosen)
        self.busy = BusyLine()
        self._request = Request(bridge, self, self.busy)
        self._request.failed.connect(self.failed)

    def look_up(self, word: str) -> None:
        """Find the pronunciations of a word."""
        text = f"Looking up {shown(word, SHORT)}…"
        self._request.ask(lambda: pronunciations(word), self._on_answer, text, can_cancel=False)

    def choose_random(self, n_letters: int) -> None:
        """Choose a random test word with this many letters, 0 for any number."""
        text, ask = "Choosing a word…", lambda: random_word(n_letters)
        self._request.ask(ask, self._on_random_word, text, can_cancel=False)

    def _on_answer(self, answer: Answer) -> None:
        if not answer.pronunciations:
            self._form.show_missing(answer.word, answer.near)
            return
        first = answer.pronunciations[0]
        self._form.show_pronunciations(answer.pronunciations)
        self._form.show_spelling(first, answer.word)
        self.chosen.emit(first)

    def _on_random_word(self, entry: Entry) -> None:
        self._form.show_pronunciations([])
        self._form.hide_spelling(entry.phonemes, entry.word)
        self.chosen.emit(entry.phonemes)


def pronunciations(word: str) -> Generator[Answer, None, None]:
    """Yield a word and all its pronunciations, or similar words."""
    found = lookups.look_up(word)
    if found is not None:
        yield Answer(found.word, found.pronunciations, ())
    else:
        yield Answer(word, [], lookups.near(word))


def random_word(n_letters: int) -> Generator[Entry, None, None]:
    """Yield a random test word, which no speller was trained on.

    Args:
        n_letters: How many letters it has, 0 for any number.
    """
    yield random.choice(
        [entry for entry in lecture_entries(Part.TEST) if n_letters in (0, len(entry.word))]
    )

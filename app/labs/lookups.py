"""Words of the dictionary for the spelling lab, as steppers of one frame for the engine thread."""

import difflib
import random
from collections.abc import Generator

from engine.data.pronunciations import Entry, Part, lecture_entries, pronunciations
from engine.errors import DataError


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

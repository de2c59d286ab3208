"""The texts of the spelling lab about a letter frame, as pure functions."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.numbers import counted, percent
from app.views.attention.heatmap import letter_name
from engine.spelling.frames import LetterFrame, SpellFrame, unlearned

NOTE = "Rows sum to 1: where it looked, not yet why it wrote."
NO_WORD = "Type sounds, or look a word up."
NO_ENGINE = "Waiting for TensorFlow…"


@dataclass(frozen=True, slots=True)
class Question:
    """The question that a word answers.

    Attributes:
        phonemes: The sounds.
        names: The spellers that are asked.
        known: Whether known words come first.
    """

    phonemes: tuple[str, ...]
    names: tuple[str, ...]
    known: bool


UNREAD = "the new sounds cannot be read"
BEGUN = "the new sounds are incomplete"
COMPUTED = "the new word is being computed"
FORCED = "the word with the forced letter is being computed"
NOT_COMPUTED = "the new word was not computed, Enter tries again"


def being_loaded(names: Sequence[str], going: bool) -> str:
    """Say why other spellers have not written a word yet."""
    is_are = "is" if len(names) == 1 else "are"
    return f"{' and '.join(names)} {is_are} {'being' if going else 'not'} loaded"


def named(frame: LetterFrame, question: Question) -> str:
    """Name the word on stage, as far as it is written, and the question that it answers."""
    written = [
        frame.spelling(speller).letters[: frame.n_written] or "nothing yet"
        for speller in range(len(frame.results))
    ]
    words = (f"{word} by {name}" for word, name in zip(written, question.names, strict=True))
    return f"{' and '.join(words)}, for {' '.join(question.phonemes)}"


def meaning(result: SpellFrame) -> str:
    """Say what the numbers beside the best words mean."""
    text = result.shares_are
    return f"{text[:1].upper()}{text[1:]}."


def dictionary(listed: Sequence[str], *, is_secret: bool) -> str:
    """List the dictionary's words for the sounds, unless the word is to be guessed."""
    if is_secret:
        return "The dictionary: hidden until you ask for its spelling"
    if not listed:
        return "The dictionary has no word for these sounds."
    return f"The dictionary: {', '.join(listed)}"


def notes(frame: LetterFrame) -> str:
    """Return warnings about the written words on stage: they may be guesses."""
    if not frame.stop:
        return ""
    written = [frame.spelling(speller).letters for speller in range(len(frame.results))]
    return " ".join(unlearned(frame.results[0].phonemes, list(dict.fromkeys(written))))


def head_groups(names: Sequence[str]) -> list[tuple[str, list[int]]]:
    """Return the choices of heads: the mean of all, of each layer if there are any, each head."""
    rows = list(range(len(names)))
    if len(names) == 1:
        return [(names[0], rows)]
    groups = [("mean of all", rows)]
    layers: dict[str, list[int]] = {}
    for row, name in enumerate(names):
        if name.startswith("layer "):
            layers.setdefault(name.split(" head ")[0], []).append(row)
    groups += [(f"{layer}, mean", own) for layer, own in layers.items()]
    return groups + [(name, [row]) for row, name in enumerate(names)]


def first_difference(frame: LetterFrame) -> int:
    """Return the first position where two words differ; -1 if there is none, or only one word."""
    if len(frame.results) < 2:
        return -1
    first, second = (frame.spelling(index).symbols for index in (0, 1))
    places = zip(first, second, strict=False)
    return next((place for place, (a, b) in enumerate(places) if a != b), -1)


def lost_thread(frame: LetterFrame, names: Sequence[str]) -> str:
    """Say where the second word begins to differ from the first."""
    if len(names) < 2:
        return ""
    place = first_difference(frame)
    if frame.stop is None and (place < 0 or frame.n_written <= place):
        return f"So far {names[0]} and {names[1]} write the same."
    if place < 0:
        return f"{names[0]} and {names[1]} write the same word."
    first, second = (letter_name(frame.spelling(i).symbols[place]) for i in (0, 1))
    return f"They differ from letter {place + 1}: {names[0]} “{first}”, {names[1]} “{second}”."


def looked(frame: LetterFrame, speller: int, row: int, column: int, weights: np.ndarray) -> str:
    """Say where the speller looked for a letter: how much at one sound, or at which sounds most."""
    result, spelling = frame.results[speller], frame.spelling(speller)
    letter = letter_name(spelling.symbols[row])
    what = "the end of the word" if letter == "end" else f"“{letter}”"
    if not result.sees_phonemes:
        return f"For {what} it has the same vector of the whole word as for every letter."
    if column >= 0:
        phoneme, weight = result.phonemes[column], weights[row, column]
        return f"{what.capitalize()} looked at {phoneme} with {weight:.3f}."
    order = np.argsort(-weights[row])[:3]
    most = ", ".join(f"{result.phonemes[index]} {weights[row, index]:.2f}" for index in order)
    return f"{what.capitalize()} looked most at {most}."


def state(frame: LetterFrame, names: Sequence[str]) -> str:
    """Describe what is on stage."""
    spelling = frame.spelling()
    n_letters = counted(min(frame.n_written, len(spelling.letters)), "letter")
    sounds = counted(len(frame.results[0].phonemes), "phoneme")
    if frame.n_written == 0:
        return f"{sounds} read · nothing written yet"
    if frame.stop:
        part = frame.results[0].shares[frame.chosen[0]]
        of_listed = " of those listed" if frame.results[0].weighed else ""
        return f"{sounds} · {names[0]}: {spelling.letters}, {percent(part, 1)}{of_listed}"
    place = min(frame.n_written, len(spelling.probabilities)) - 1
    letter = letter_name(spelling.symbols[place])
    return f"{sounds} · {n_letters} · “{letter}” with {percent(spelling.probabilities[place], 1)}"

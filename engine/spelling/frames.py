"""The frames of a speller: a word, and one more letter of it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from engine.spelling.vocabulary import LONGEST_PRONUNCIATION, LONGEST_WORD

# What the number beside a spelling means.
PROBABILITY_MEANING = (
    "probability of the whole word under the model; the rest goes to spellings not listed"
)
WEIGHED_MEANING = (
    "share among the spellings listed, each by its probability times how often it is written"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spelling:
    """One word that a speller wrote, and what it computed for each letter.

    The last of its L places is that of the end mark, `_`.

    Attributes:
        letters: The word.
        log_probability: Natural logarithm of the whole word's probability, its end included.
        probabilities: (L,) float32, of each letter given those before it.
        alternatives: L strings of five symbols, the most probable letters at that place.
        alternative_probabilities: (L, 5) float32.
        alignments: (L, A, T) float32, for each head the weight of each phoneme; rows sum to 1.
    """

    letters: str
    log_probability: float
    probabilities: np.ndarray
    alternatives: tuple[str, ...]
    alternative_probabilities: np.ndarray
    alignments: np.ndarray

    @property
    def probability(self) -> float:
        """The probability of the whole word under the model, its end included, from 0 to 1."""
        return math.exp(self.log_probability)

    @property
    def is_longer_than_learned(self) -> bool:
        """Whether it has more letters than every word to train on."""
        return len(self.letters) > LONGEST_WORD

    @property
    def symbols(self) -> str:
        """All L places: the letters, and the end mark."""
        return self.letters + "_" * (len(self.probabilities) - len(self.letters))

    @property
    def alignment(self) -> np.ndarray:
        """(L, T) float32, the mean over the heads."""
        return np.asarray(self.alignments.mean(axis=1))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpellFrame:
    """The best spellings of one pronunciation.

    Attributes:
        phonemes: T phonemes.
        spellings: The best first, by `shares`.
        heads: A names, one for each head.
        sees_phonemes: Whether alignments have a column for each phoneme; otherwise they have one,
            for the whole word.
        weighed: For each spelling, its part of all that are listed, by probability and by how often
            it is written; empty where the order is that of the probabilities alone.
    """

    phonemes: tuple[str, ...]
    spellings: tuple[Spelling, ...]
    heads: tuple[str, ...]
    sees_phonemes: bool
    weighed: tuple[float, ...] = ()

    @property
    def shares(self) -> tuple[float, ...]:
        """The number to show beside each spelling, from 0 to 1; they fall."""
        return self.weighed or tuple(spelling.probability for spelling in self.spellings)

    @property
    def shares_are(self) -> str:
        """What `shares` means, to be put after "%:"."""
        return WEIGHED_MEANING if self.weighed else PROBABILITY_MEANING

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about what the speller was never trained on: what it writes then is a guess."""
        return unlearned(self.phonemes, [spelling.letters for spelling in self.spellings])


def unlearned(phonemes: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
    """Sentences about a pronunciation, or words for it, that are longer than any to train on."""
    notes = []
    if len(phonemes) > LONGEST_PRONUNCIATION:
        notes.append(
            f"{len(phonemes)} phonemes are more than any word has that the speller has learned "
            f"({LONGEST_PRONUNCIATION}); what it writes is a guess."
        )
    longer = [word for word in words if len(word) > LONGEST_WORD]
    if longer:
        verb = "is" if len(longer) == 1 else "are"
        named = " and ".join(longer) if len(longer) < 3 else f"{len(longer)} of the spellings"
        notes.append(
            f"{named} {verb} longer than any word it has learned ({LONGEST_WORD} letters)."
        )
    return tuple(notes)


class Standing(StrEnum):
    """What the dictionary says of a spelling.

    HOMOPHONE: it lists it for exactly these phonemes.
    WORD: it lists it, but for others.
    UNKNOWN: it does not list it.
    """

    HOMOPHONE = "listed for these sounds"
    WORD = "a word, but listed for other sounds"
    UNKNOWN = "not in the dictionary"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LetterFrame:
    """One more letter of a word, written by one speller or by several side by side.

    Attributes:
        results: Of each speller, all that it computed for the whole word.
        standings: Of each speller, what the dictionary says of each of its spellings.
        chosen: Of each speller, which of its spellings is being written.
        n_written: Letters written so far, the end mark counted as one.
        listed: The words that the dictionary lists for these sounds, whatever the spellers write.
    """

    results: tuple[SpellFrame, ...]
    standings: tuple[tuple[Standing, ...], ...]
    chosen: tuple[int, ...]
    n_written: int
    listed: tuple[str, ...] = ()

    @property
    def stop(self) -> bool | None:
        """True where no letter follows; None while one does."""
        n_places = [len(self.spelling(i).probabilities) for i in range(len(self.results))]
        return True if self.n_written >= max(n_places) else None

    def spelling(self, speller: int = 0) -> Spelling:
        """What a speller is writing."""
        return self.results[speller].spellings[self.chosen[speller]]

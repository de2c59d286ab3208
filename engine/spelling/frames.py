"""The frames of a speller: a word, and one more letter of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.seq2seq.frames import Hypothesis
from engine.spelling.vocabulary import LONGEST_PRONUNCIATION, LONGEST_WORD

# What the number beside a spelling means.
PROBABILITY_MEANING = (
    "probability of the whole word under the model; the rest goes to spellings not listed"
)
WEIGHED_MEANING = (
    "share among the spellings listed, each by its probability times how often it is written"
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spelling(Hypothesis):
    """One word that a speller wrote, and what it computed for each letter.

    The last of its L positions is that of the end mark, `_`.

    Attributes:
        letters: The word.
        alternatives: L strings of five letters, the most probable ones at that position.
    """

    letters: str
    alternatives: tuple[str, ...]

    @classmethod
    def of(cls, letters: str, hypothesis: Hypothesis) -> "Spelling":
        """A word, with what the search computed for it."""
        return cls(
            letters=letters,
            log_probability=hypothesis.log_probability,
            probabilities=hypothesis.probabilities,
            alternatives=tuple(map("".join, hypothesis.alternatives)),
            alternative_probabilities=hypothesis.alternative_probabilities,
            alignments=hypothesis.alignments,
        )

    @property
    def is_longer_than_learned(self) -> bool:
        """Whether it has more letters than any word of the training set."""
        return len(self.letters) > LONGEST_WORD

    @property
    def symbols(self) -> str:
        """All L positions: the letters, and the end mark."""
        return self.letters + "_" * (len(self.probabilities) - len(self.letters))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SpellFrame:
    """The best spellings of one pronunciation.

    Attributes:
        phonemes: T phonemes.
        spellings: The best first, by `shares`.
        heads: A names, one for each head.
        sees_phonemes: Whether alignments have a column for each phoneme; otherwise they have a
            single one, for the whole word.
        weighed: The share of each spelling among those listed, by its probability and by how often
            it is written; empty where the probabilities alone decide the order.
    """

    phonemes: tuple[str, ...]
    spellings: tuple[Spelling, ...]
    heads: tuple[str, ...]
    sees_phonemes: bool
    weighed: tuple[float, ...] = ()

    @property
    def shares(self) -> tuple[float, ...]:
        """The number to show beside each spelling, from 0 to 1, in descending order."""
        return self.weighed or tuple(spelling.probability for spelling in self.spellings)

    @property
    def shares_are(self) -> str:
        """What `shares` means, to be shown after "%:"."""
        return WEIGHED_MEANING if self.weighed else PROBABILITY_MEANING

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about input or output unlike the training set, where a spelling is a guess."""
        return unlearned(self.phonemes, [spelling.letters for spelling in self.spellings])


def unlearned(phonemes: Sequence[str], words: Sequence[str]) -> tuple[str, ...]:
    """Sentences about a pronunciation, or words for it, longer than any in the training set."""
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
    """What the dictionary says about a spelling.

    HOMOPHONE: the spelling is listed for exactly these phonemes.
    WORD: it is listed, but for other phonemes.
    UNKNOWN: it is not listed.
    """

    HOMOPHONE = "listed for these sounds"
    WORD = "a word, but listed for other sounds"
    UNKNOWN = "not in the dictionary"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LetterFrame:
    """One more letter of a word, written by one speller or by several side by side.

    Attributes:
        results: For each speller, everything it computed for the whole word.
        standings: For each speller, what the dictionary says about each of its spellings.
        chosen: For each speller, the index of the spelling being written.
        n_written: Letters written so far, including the end mark.
        listed: The words that the dictionary lists for these sounds, whatever the spellers write.
    """

    results: tuple[SpellFrame, ...]
    standings: tuple[tuple[Standing, ...], ...]
    chosen: tuple[int, ...]
    n_written: int
    listed: tuple[str, ...] = ()

    @property
    def stop(self) -> bool | None:
        """True if no letter follows; None otherwise."""
        n_positions = [len(self.spelling(i).probabilities) for i in range(len(self.results))]
        return True if self.n_written >= max(n_positions) else None

    def spelling(self, speller: int = 0) -> Spelling:
        """The spelling that a speller is writing."""
        return self.results[speller].spellings[self.chosen[speller]]

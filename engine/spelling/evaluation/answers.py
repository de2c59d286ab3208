"""A speller's answers, and their mistakes by kind. Does not import TensorFlow."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby, takewhile
from typing import NamedTuple

from engine.spelling.dictionary.pronunciations import Entry, listed_for

_LONGEST_ENDING = 3
_VOWEL_LETTERS = str.maketrans("", "", "aeiouy")


@dataclass(frozen=True, slots=True)
class Answer:
    """How one word was spelled.

    Attributes:
        entry: The word of the dictionary, and the phonemes that the speller was given.
        spellings: The best words with their log-probabilities, the most probable first.
    """

    entry: Entry
    spellings: tuple[tuple[str, float], ...]

    @property
    def word(self) -> str:
        """The best spelling."""
        return self.spellings[0][0]

    @property
    def is_right(self) -> bool:
        """Whether it is the dictionary's word."""
        return self.word == self.entry.word


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationFrame:
    """Some more words that were spelled.

    Attributes:
        answers: The answers to the words of this frame.
        n_done: Words spelled so far.
        n_words: Words in total.
        seconds: Time spent on spelling so far.
    """

    answers: tuple[Answer, ...]
    n_done: int
    n_words: int
    seconds: float


class Mistake(StrEnum):
    """What is wrong with a spelling: the first of these that applies.

    NONE: nothing.
    HOMOPHONE: the dictionary lists the spelling for the same phonemes.
    DOUBLED: a letter is doubled where it should not be, or the other way round.
    ENDING: only the last letters differ, at most three.
    VOWEL: only vowel letters are wrong.
    OTHER: more than that.
    """

    NONE = "right"
    HOMOPHONE = "homophone"
    DOUBLED = "doubled letter"
    ENDING = "ending"
    VOWEL = "vowel"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer and its verdict.

    Attributes:
        answer: What was spelled.
        mistake: What is wrong with it.
        is_fair: Whether the dictionary lists it for exactly the phonemes that were given.
    """

    answer: Answer
    mistake: Mistake
    is_fair: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthFigures:
    """How well the words of one length were spelled.

    Attributes:
        n_letters: Length of the dictionary's word.
        n_words: Words of that length.
        n_exact: Answers among them that are the dictionary's word.
        n_fair: Answers among them that are listed for the pronunciation.
    """

    n_letters: int
    n_words: int
    n_exact: int
    n_fair: int


class Span(NamedTuple):
    """Letters of both words at the same position; one side may be empty."""

    same: bool
    truth: str
    predicted: str


def judge(answers: Sequence[Answer]) -> list[Judged]:
    """Classify the mistake in each answer. The first call reads the dictionary."""
    judged = []
    for answer in answers:
        listed = listed_for(answer.entry.phonemes)
        judged.append(Judged(answer, mistake(answer, listed), answer.word in listed))
    return judged


def mistake(answer: Answer, listed: Collection[str]) -> Mistake:
    """The kind of mistake.

    Args:
        answer: What was spelled.
        listed: The words that the dictionary lists for its phonemes.
    """
    truth, predicted = answer.entry.word, answer.word
    if truth == predicted:
        return Mistake.NONE
    if predicted in listed:
        return Mistake.HOMOPHONE
    if _undoubled(truth) == _undoubled(predicted):
        return Mistake.DOUBLED
    if _differs_in_ending(truth, predicted):
        return Mistake.ENDING
    if truth.translate(_VOWEL_LETTERS) == predicted.translate(_VOWEL_LETTERS):
        return Mistake.VOWEL
    return Mistake.OTHER


def difference(truth: str, predicted: str) -> tuple[Span, ...]:
    """Both words cut into spans, in order, that are equal or differ."""
    matcher = SequenceMatcher(None, truth, predicted, autojunk=False)
    return tuple(
        Span(kind == "equal", truth[start:end], predicted[begin:stop])
        for kind, start, end, begin, stop in matcher.get_opcodes()
    )


def by_length(judged: Sequence[Judged]) -> tuple[LengthFigures, ...]:
    """The figures for each word length that occurs, the shortest first."""
    groups = defaultdict(list)
    for each in judged:
        groups[len(each.answer.entry.word)].append(each)
    return tuple(
        LengthFigures(
            n_letters=n_letters,
            n_words=len(group),
            n_exact=sum(each.answer.is_right for each in group),
            n_fair=sum(each.is_fair for each in group),
        )
        for n_letters, group in sorted(groups.items())
    )


def _undoubled(word: str) -> str:
    return "".join(letter for letter, _ in groupby(word))


def _differs_in_ending(truth: str, predicted: str) -> bool:
    """Whether only a few letters follow a common beginning, and the last ones differ."""
    pairs = zip(truth, predicted, strict=False)
    n_common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    rests = truth[n_common:], predicted[n_common:]
    few = max(map(len, rests)) <= _LONGEST_ENDING
    return n_common > 0 and few and rests[0][-1:] != rests[1][-1:]

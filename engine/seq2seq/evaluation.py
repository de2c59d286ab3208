"""How well a speller spells words that it was not trained on, running free.

Two things to know. A word counts only when every letter was right, so it does not matter for whole
words whether the right letters are fed in: teacher forcing inflates the part of letters that are
right, not that of words. And many words sound like a word to train on that is spelled otherwise:
of these no speller can know which is meant, so *fair* and *unseen* stand beside *exact*.
"""

import time
from collections import defaultdict
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.backend import tf
from engine.data.pronunciations import Entry, homophones, trained_pronunciations
from engine.seq2seq.decoding import BATCH, N_AT_ONCE, STEP, Decoder
from engine.seq2seq.vocabulary import bare, encode_letters

N_BEST = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """How one word was spelled.

    Attributes:
        entry: The word of the dictionary, and what the speller was given.
        spellings: The best words with their log-probabilities, best first.
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
    """Some more words spelled.

    Attributes:
        answers: To the words of this frame.
        n_done: Words up to here.
        n_words: Words in all.
        seconds: Spent on spelling up to here.
    """

    answers: tuple[Answer, ...]
    n_done: int
    n_words: int
    seconds: float


def evaluate(
    decoder: Decoder, entries: Sequence[Entry], width: int = 1
) -> Generator[EvaluationFrame, None, None]:
    """Spell every entry.

    Args:
        decoder: The speller.
        entries: Words and their pronunciations, in any order.
        width: Beginnings kept at each letter.

    Yields:
        A frame every two batches; words of similar length come together.
    """
    order = sorted(entries, key=lambda entry: len(entry.phonemes))
    for n_phonemes in {-(-len(entry.phonemes) // STEP) * STEP for entry in entries}:
        decoder.words([["T"] * n_phonemes], width)  # tracing is not spelling
    seconds = 0.0
    for start in range(0, len(order), N_AT_ONCE * BATCH):
        batch = order[start : start + N_AT_ONCE * BATCH]
        began = time.perf_counter()
        found = decoder.words([entry.phonemes for entry in batch], width)
        seconds += time.perf_counter() - began
        yield EvaluationFrame(
            answers=tuple(Answer(e, tuple(s)) for e, s in zip(batch, found, strict=True)),
            n_done=start + len(batch),
            n_words=len(order),
            seconds=seconds,
        )


def unstressed(entries: Sequence[Entry]) -> list[Entry]:
    """The same words as people type them who leave the stress out."""
    return [Entry(entry.word, bare(entry.phonemes)) for entry in entries]


def summary(answers: Sequence[Answer], width: int) -> dict[str, Any]:
    """The figures of `evaluate --json`.

    Args:
        answers: At least one.
        width: Of the beam; below 5 there are no five best.

    Returns:
        exact: the part that is the dictionary's word. fair: that is any word listed for exactly
        this pronunciation. unseen: exact, of the words whose pronunciation no word to train on
        has. letter_error_rate: edits over letters.
    """
    listed = _listed(answers)
    seen = trained_pronunciations() | {bare(phonemes) for phonemes in trained_pronunciations()}
    right = np.array([answer.is_right for answer in answers])
    fair = np.array([answer.word in listed[answer.entry.phonemes] for answer in answers])
    unseen = np.array([answer.entry.phonemes not in seen for answer in answers])
    among = [
        answer.entry.word in [word for word, _ in answer.spellings[:N_BEST]] for answer in answers
    ]
    lengths = np.array([len(answer.entry.word) for answer in answers])
    return {
        "n_words": len(answers),
        "exact": _mean(right),
        "exact_at_5": _mean(np.array(among)) if width >= N_BEST else None,
        "fair": _mean(fair),
        "unseen": _mean(right[unseen]),
        "letter_error_rate": letter_errors(answers) / int(lengths.sum()),
        "by_length": {
            str(length): {
                "n_words": int((lengths == length).sum()),
                "exact": _mean(right[lengths == length]),
                "fair": _mean(fair[lengths == length]),
            }
            for length in np.unique(lengths).tolist()
        },
    }


def letter_errors(answers: Sequence[Answer]) -> int:
    """Letters to put in, take out or change in all words to make them right."""
    spelled = encode_letters([answer.word for answer in answers])
    right = encode_letters([answer.entry.word for answer in answers])
    edits = tf.edit_distance(
        tf.sparse.from_dense(spelled), tf.sparse.from_dense(right), normalize=False
    )
    return int(tf.reduce_sum(edits))


def _listed(answers: Sequence[Answer]) -> dict[tuple[str, ...], set[str]]:
    """The words that are fair for each pronunciation, with its stress or without."""
    listed = defaultdict(set)
    for phonemes, words in homophones().items():
        listed[phonemes].update(words)
        listed[bare(phonemes)].update(words)
    return {answer.entry.phonemes: listed[answer.entry.phonemes] for answer in answers}


def _mean(values: np.ndarray) -> float | None:
    return round(float(values.mean()), 6) if len(values) else None

"""Measures how well a speller spells words it was not trained on, without teacher forcing.

Two things to know. A word counts only when every letter is correct, so teacher forcing would not
change the accuracy on words; it inflates only the accuracy on letters. And many words sound like a
word of the training set that is spelled differently. No speller can know which one is meant, so
*fair* and *unseen* stand beside *exact*.
"""

import time
from collections.abc import Generator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from engine.seq2seq.beam_search import BATCH, N_AT_ONCE, padded
from engine.seq2seq.evaluation import edit_distance
from engine.spelling.decoding import Decoder
from engine.spelling.dictionary.pronunciations import Entry, trained_pronunciations
from engine.spelling.evaluation.answers import Answer, EvaluationFrame, by_length, judge
from engine.spelling.vocabulary import bare, encode_letters

N_BEST = 5
# `Answer` and `EvaluationFrame` are defined where TensorFlow is not needed.
__all__ = [
    *("Answer", "EvaluationFrame", "evaluate", "lengths_to_trace", "letter_errors", "summary"),
    "unstressed",
]


def evaluate(
    decoder: Decoder, entries: Sequence[Entry], width: int = 1, batch: int = N_AT_ONCE * BATCH
) -> Generator[EvaluationFrame, None, None]:
    """Spell every entry.

    Args:
        decoder: The speller.
        entries: Words and their pronunciations, in any order.
        width: The beam width.
        batch: Words in a frame. The decoder's two batches are fastest; with fewer words, frames are
            shorter and other work gets its turn sooner.

    Yields:
        A frame for every `batch` words; words of similar length come together.
    """
    order = sorted(entries, key=lambda entry: len(entry.phonemes))
    for n_phonemes in lengths_to_trace(entries):
        decoder.words([["T"] * n_phonemes], width)  # tracing does not count as time for spelling
    seconds = 0.0
    for start in range(0, len(order), batch):
        asked = order[start : start + batch]
        began = time.perf_counter()
        found = decoder.words([entry.phonemes for entry in asked], width)
        seconds += time.perf_counter() - began
        yield EvaluationFrame(
            answers=tuple(Answer(e, tuple(s)) for e, s in zip(asked, found, strict=True)),
            n_done=start + len(asked),
            n_words=len(order),
            seconds=seconds,
        )


def lengths_to_trace(entries: Sequence[Entry]) -> list[int]:
    """The lengths that pronunciations are padded to; the first word of each takes seconds."""
    return sorted({padded(len(entry.phonemes)) for entry in entries})


def unstressed(entries: Sequence[Entry]) -> list[Entry]:
    """The same words without stress, as many people type them."""
    return [Entry(entry.word, bare(entry.phonemes)) for entry in entries]


def summary(answers: Sequence[Answer], width: int) -> dict[str, Any]:
    """The figures of `evaluate --json`.

    Args:
        answers: At least one.
        width: The beam width; below 5 there are no five best.

    Returns:
        exact: the fraction of answers that are the dictionary's word. fair: the fraction that is
        any word listed for exactly this pronunciation. unseen: exact, over the words whose
        pronunciation no word of the training set has. letter_error_rate: edits divided by letters.
        lists_out_of_order: the fraction of the lists of best spellings in which a spelling stands
        below a less probable one.
    """
    judged = judge(answers)
    seen = trained_pronunciations() | {bare(phonemes) for phonemes in trained_pronunciations()}
    right = np.array([answer.is_right for answer in answers])
    fair = np.array([each.is_fair for each in judged])
    unseen = np.array([answer.entry.phonemes not in seen for answer in answers])
    among = [
        answer.entry.word in [word for word, _ in answer.spellings[:N_BEST]] for answer in answers
    ]
    n_letters = sum(len(answer.entry.word) for answer in answers)
    return {
        "n_words": len(answers),
        "exact": _mean(right),
        "exact_at_5": _mean(np.array(among)) if width >= N_BEST else None,
        "fair": _mean(fair),
        "unseen": _mean(right[unseen]),
        "letter_error_rate": letter_errors(answers) / n_letters,
        "lists_out_of_order": _mean(np.array([not _falls(answer) for answer in answers])),
        "by_length": {
            str(figures.n_letters): {
                "n_words": figures.n_words,
                "exact": round(figures.n_exact / figures.n_words, 6),
                "fair": round(figures.n_fair / figures.n_words, 6),
            }
            for figures in by_length(judged)
        },
    }


def letter_errors(answers: Sequence[Answer]) -> int:
    """The letters to insert, delete or replace in all words to correct them: edit distances."""
    spelled = encode_letters([answer.word for answer in answers])
    right = encode_letters([answer.entry.word for answer in answers])
    return edit_distance(spelled, right)


def _falls(answer: Answer) -> bool:
    """Whether the spellings are in descending order of probability."""
    return all(first[1] >= second[1] for first, second in pairwise(answer.spellings))


def _mean(values: np.ndarray) -> float | None:
    return round(float(values.mean()), 6) if len(values) else None

"""How well a speller spells words that it was not trained on, running free.

Two things to know. A word counts only when every letter was right, so it does not matter for whole
words whether the right letters are fed in: teacher forcing inflates the part of letters that are
right, not that of words. And many words sound like a word to train on that is spelled otherwise:
of these no speller can know which is meant, so *fair* and *unseen* stand beside *exact*.
"""

import time
from collections.abc import Generator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from engine.runtime.backend import tf
from engine.seq2seq.decoding import BATCH, N_AT_ONCE, STEP, Decoder
from engine.seq2seq.evaluation.answers import Answer, EvaluationFrame, by_length, judge
from engine.spelling.dictionary.pronunciations import Entry, trained_pronunciations
from engine.spelling.vocabulary import bare, encode_letters

N_BEST = 5
# The figures are of these; they live where TensorFlow is not needed.
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
        width: Beginnings kept at each letter.
        batch: Words a frame; the decoder's two batches are fastest, fewer let others in between.

    Yields:
        A frame every `batch` words; words of similar length come together.
    """
    order = sorted(entries, key=lambda entry: len(entry.phonemes))
    for n_phonemes in lengths_to_trace(entries):
        decoder.words([["T"] * n_phonemes], width)  # tracing is not spelling
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
    """The lengths that pronunciations are padded to: the first word of each takes seconds."""
    return sorted({-(-len(entry.phonemes) // STEP) * STEP for entry in entries})


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
        has. letter_error_rate: edits over letters. lists_out_of_order: the part of the lists of
        best spellings in which one stands below another that is less probable.
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
    """Letters to put in, take out or change in all words to make them right."""
    spelled = encode_letters([answer.word for answer in answers])
    right = encode_letters([answer.entry.word for answer in answers])
    edits = tf.edit_distance(
        tf.sparse.from_dense(spelled), tf.sparse.from_dense(right), normalize=False
    )
    return int(tf.reduce_sum(edits))


def _falls(answer: Answer) -> bool:
    """Whether the probabilities of the spellings are in order, the largest first."""
    return all(first[1] >= second[1] for first, second in pairwise(answer.spellings))


def _mean(values: np.ndarray) -> float | None:
    return round(float(values.mean()), 6) if len(values) else None

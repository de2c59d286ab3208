"""Pronunciations and words as arrays: batches of similar length, in an order the seed decides."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from engine.spelling.dictionary.pronunciations import Entry
from engine.spelling.recipes import Recipe
from engine.spelling.vocabulary import BARE_IDS, encode_letters, encode_phonemes

# Few lengths, because every one of them is traced: letters and the end mark, or phonemes and one.
LENGTHS = (6, 7, 8, 9, 10, 12, 15, 25)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Words of similar length.

    Attributes:
        phonemes: (N, T) int32, padded.
        letters: (N, T + 1) int32, padded: at least one padding ends each.
    """

    phonemes: np.ndarray
    letters: np.ndarray


def buckets_of(entries: Sequence[Entry]) -> list[Bucket]:
    """Sort entries into buckets, each padded to the smallest of LENGTHS that holds it."""
    lengths = np.array([max(len(entry.phonemes), len(entry.word)) + 1 for entry in entries])
    sorts = np.searchsorted(LENGTHS, lengths)
    buckets = []
    for sort in np.unique(sorts):
        inside = [entries[index] for index in np.flatnonzero(sorts == sort).tolist()]
        buckets.append(
            Bucket(
                encode_phonemes([entry.phonemes for entry in inside], LENGTHS[sort] - 1),
                encode_letters([entry.word for entry in inside], LENGTHS[sort]),
            )
        )
    return buckets


def n_batches(buckets: Sequence[Bucket], batch_size: int) -> int:
    """How many batches an epoch has."""
    return sum(-(-len(bucket.letters) // batch_size) for bucket in buckets)


def epoch_of(
    buckets: Sequence[Bucket], recipe: Recipe, seed: int, epoch: int
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """All batches of one epoch: each entry once, some without their stress.

    The order and the stress left out follow from the seed and the number of the epoch alone.

    Yields:
        (B, T) int32 phonemes and (B, T + 1) int32 letters.
    """
    rng = np.random.default_rng([seed, epoch])
    places = []
    for index, bucket in enumerate(buckets):
        rows = rng.permutation(len(bucket.letters))
        for start in range(0, len(rows), recipe.batch_size):
            places.append((index, rows[start : start + recipe.batch_size]))
    for place in rng.permutation(len(places)):
        index, rows = places[place]
        bucket = buckets[index]
        yield (
            without_stress(bucket.phonemes[rows], rng, recipe.bare_words, recipe.bare_vowels),
            bucket.letters[rows],
        )


def without_stress(
    phonemes: np.ndarray, rng: np.random.Generator, words: float, vowels: float
) -> np.ndarray:
    """Leave out the stress as people do: of all vowels of a word, or of some.

    Args:
        phonemes: (B, T) int32.
        rng: Decides which.
        words: Part of the words that lose all stress.
        vowels: Part of the words in which each vowel loses it with probability one half.

    Returns:
        (B, T) int32.
    """
    draw = rng.random((len(phonemes), 1))
    some = (draw < words + vowels) & (rng.random(phonemes.shape) < 0.5)
    return np.where((draw < words) | some, BARE_IDS[phonemes], phonemes)

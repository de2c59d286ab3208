"""Words and pronunciations as examples to learn from, some of them without their stress."""

from collections.abc import Sequence

import numpy as np

from engine.seq2seq.training import batches
from engine.seq2seq.training.batches import Bucket, Examples
from engine.spelling.dictionary.pronunciations import Entry
from engine.spelling.recipes import SpellerRecipe
from engine.spelling.vocabulary import BARE_IDS, SOURCE, TARGET

# Letters and the end mark, or phonemes and one. Few lengths, because every one of them is traced.
LENGTHS = (6, 7, 8, 9, 10, 12, 15, 25)


def buckets_of(entries: Sequence[Entry]) -> list[Bucket]:
    """Sort entries into buckets, each padded to the smallest of LENGTHS that holds it."""
    examples = [(entry.phonemes, entry.word) for entry in entries]
    return batches.buckets_of(examples, SOURCE, TARGET, LENGTHS)


def examples_of(entries: Sequence[Entry], recipe: SpellerRecipe) -> Examples:
    """Return all entries, with as much stress omitted as the recipe says."""

    def augment(phonemes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        return without_stress(phonemes, rng, recipe.bare_words, recipe.bare_vowels)

    return Examples(buckets_of(entries), augment)


def without_stress(
    phonemes: np.ndarray, rng: np.random.Generator, words: float, vowels: float
) -> np.ndarray:
    """Leave out the stress as people do: on all vowels of a word, or on some.

    Args:
        phonemes: (B, T) int32.
        rng: Decides which.
        words: Fraction of the words that lose all stress.
        vowels: Fraction of the words in which each vowel loses it with probability one half.

    Returns:
        (B, T) int32.
    """
    draw = rng.random((len(phonemes), 1))
    some = (draw < words + vowels) & (rng.random(phonemes.shape) < 0.5)
    return np.where((draw < words) | some, BARE_IDS[phonemes], phonemes)

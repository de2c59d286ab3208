"""Spellers small enough for a test, and words to give them."""

import numpy as np

from engine.data.pronunciations import Entry
from engine.seq2seq.models import build
from engine.seq2seq.recipes import Recipe

SIZES = {
    "plain": {"embedding": 6, "size": 8},
    "attention": {"embedding": 6, "size": 8, "units": 5},
    "transformer": {"size": 8, "n_heads": 2, "inner": 12, "n_layers": 2},
}
KINDS = tuple(SIZES)

# All in one bucket, for every length is traced.
EIGHT = [
    Entry(word, tuple(phonemes.split()))
    for word, phonemes in {
        "cat": "K AE1 T",
        "dog": "D AO1 G",
        "apple": "AE1 P AH0 L",
        "house": "HH AW1 S",
        "robin": "R AA1 B AH0 N",
        "sir": "S ER1",
        "water": "W AO1 T ER0",
        "a": "AH0",
    }.items()
]


def recipe(kind: str, **changes) -> Recipe:
    defaults = {
        "name": kind,
        "model": kind,
        "sizes": SIZES[kind],
        "epochs": 3,
        "batch_size": 4,
        "bfloat16": False,
    }
    return Recipe(**{**defaults, **changes})


def speller(kind: str, seed: int = 0):
    """Weights that differ from each other everywhere, those that begin as zeros too."""
    built = build(recipe(kind), seed)
    rng = np.random.default_rng(seed + 1)
    for weight in built.named_weights().values():
        weight.assign_add(rng.normal(scale=0.5, size=weight.shape).astype(np.float32))
    return built

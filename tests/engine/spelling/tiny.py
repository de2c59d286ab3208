"""Spellers small enough for tests, and eight words to train them on."""

import functools
from contextlib import contextmanager

import numpy as np
import pytest

from engine.spelling.dictionary.pronunciations import Entry
from engine.spelling.models import build_speller
from engine.spelling.recipes import SpellerRecipe
from engine.spelling.training import stepper as training

SIZES = {
    "plain": {"embedding": 6, "size": 8},
    "attention": {"embedding": 6, "size": 8, "units": 5},
    "transformer": {"size": 8, "n_heads": 2, "mlp_size": 12, "n_layers": 2},
}
KINDS = tuple(SIZES)

# All in one bucket, because TensorFlow traces every length.
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

# Sizes that are large enough to learn them by heart.
_LARGER = {
    "plain": {"embedding": 16, "size": 32},
    "attention": {"embedding": 16, "size": 32, "units": 16},
    "transformer": {"size": 32, "n_heads": 2, "mlp_size": 64, "n_layers": 1},
}


def recipe(kind: str, **changes) -> SpellerRecipe:
    defaults = {
        "name": kind,
        "model": kind,
        "sizes": SIZES[kind],
        "epochs": 3,
        "batch_size": 4,
        "bfloat16": False,
    }
    return SpellerRecipe(**{**defaults, **changes})


def by_heart(kind: str, **changes) -> SpellerRecipe:
    """A recipe that learns the eight words in 200 steps of about 10 ms, with everything random
    that real recipes have."""
    learning = {
        "sizes": _LARGER[kind],
        "epochs": 100,
        "peak_rate": 0.01 if kind == "transformer" else 0.02,
        "warm_up": 20,
        "dropout": 0.03,
        "smoothing": 0.0,
        "ema_decay": 0.9,
        "bfloat16": kind == "transformer",
    }
    return recipe(kind, **{**learning, **changes})


def train(tiny: SpellerRecipe, folder, **options):
    """Train on the eight words, and validate on them."""
    words = {"entries": EIGHT, "validation": EIGHT, "watched": EIGHT[:5]}
    return training.train(tiny, folder, **words, **options)


@contextmanager
def traced_once():
    """Let trainings of the same recipe, seed and length share their tracing, which takes seconds.

    They use one trainer in turn, so each must be closed before the next begins. The trainer is
    reset to its first weights and moments, which are all that a step depends on.
    """
    trainers, make, measuring = {}, training.make_trainer, functools.cache(training.Validator)

    def trainer(*recipe_seed_and_n_steps):
        key = repr(recipe_seed_and_n_steps)
        if key not in trainers:
            made = make(*recipe_seed_and_n_steps)
            trainers[key] = made, made.arrays()
        made, first = trainers[key]
        made.restore(first)
        return made

    def validator(averaged, entries, watched):
        return measuring(averaged, tuple(entries), tuple(watched))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "make_trainer", trainer)
        patch.setattr(training, "Validator", validator)
        yield


def speller(kind: str, seed: int = 0):
    """A speller of random weights, also where they are zeros at first."""
    built = build_speller(recipe(kind), seed)
    rng = np.random.default_rng(seed + 1)
    for weight in built.named_weights().values():
        weight.assign_add(rng.normal(scale=0.5, size=weight.shape).astype(np.float32))
    return built

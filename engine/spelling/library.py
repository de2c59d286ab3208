"""All spellers: those shipped under `assets/`, and files written by `train`.

Does not import TensorFlow until one is loaded.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine import assets
from engine.errors import DataError, ParameterError
from engine.seq2seq import cards, checkpoints
from engine.spelling.recipes import RECIPES, SpellerRecipe

if TYPE_CHECKING:
    from engine.seq2seq.model.encoder_decoder import EncoderDecoder
    from engine.spelling.decoding import Decoder

FOLDER = assets.folder("spellers")
# Spellers that average the probabilities of others.
ENSEMBLES = {
    "ensemble": ("transformer", "rehearsed", "attention", "attention-draft"),
}
BEST = "ensemble"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A speller that is ready to use.

    Attributes:
        name: The requested name.
        decoder: Spells with it.
    """

    name: str
    decoder: Decoder

    @property
    def speller(self) -> EncoderDecoder:
        """The model itself."""
        return self.decoder.speller


def names() -> list[str]:
    """The shipped spellers whose files are all present."""
    single = {name for name in RECIPES if (FOLDER / f"{name}.npz").exists()}
    whole = [name for name, members in ENSEMBLES.items() if single.issuperset(members)]
    return [*sorted(single), *whole]


def files(name: str) -> list[Path]:
    """The files of the weights of a shipped speller; several for an ensemble."""
    return [FOLDER / f"{member}.npz" for member in ENSEMBLES.get(name, (name,))]


def load(name: str, *, compiled: bool = False) -> Loaded:
    """Load a shipped speller by its name, or one from a file.

    Args:
        name: One of `names`, or a path.
        compiled: Whether XLA compiles the search; see `BeamSearch`.

    Raises:
        ParameterError: It is neither a name nor a file.
        DataError: The file is damaged, or is not a speller.
    """
    from engine.seq2seq.model.ensemble import Ensemble
    from engine.spelling.decoding import Decoder

    members = [_load_one(member) for member in ENSEMBLES.get(name, (name,))]
    speller = Ensemble(members, ENSEMBLES[name]) if name in ENSEMBLES else members[0]
    return Loaded(name, Decoder(speller, compiled=compiled))


def check(name: str) -> None:
    """Raise a ParameterError if there is no such speller, before anything slow begins."""
    if name not in names() and not os.path.isfile(name):
        raise ParameterError(
            f"There is no speller {name}; choose {', '.join(names())}, or a file that "
            "`python main.py train` has written."
        )


def _load_one(name: str) -> EncoderDecoder:
    from engine.spelling.models import build_speller

    check(name)
    path = files(name)[0] if name in names() else Path(name)
    arrays, card = checkpoints.load(path)
    try:
        if any(array.dtype.kind != "f" for array in arrays.values()):
            raise TypeError("not all are floats")
        sizes = [array.size for array in arrays.values()]
        recipe = cards.recipe(card, SpellerRecipe)
        speller = build_speller(recipe, None, weight_sizes=sizes)
        weights = speller.named_weights()
        for key in sorted(weights.keys() | arrays.keys()):
            weights[key].assign(arrays[key].astype(np.float32))
    except (ArithmeticError, KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{path} does not fit this version of Barycenter; train it again, or take a shipped "
            f"speller: {', '.join(names())}."
        ) from error
    return speller

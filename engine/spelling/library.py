"""The spellers that can be asked: those shipped under `assets/`, and files that `train` wrote.

Free of TensorFlow until one is loaded.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.errors import DataError, ParameterError
from engine.seq2seq import cards, checkpoints
from engine.spelling.recipes import RECIPES

if TYPE_CHECKING:
    from engine.seq2seq.decoding import Decoder
    from engine.seq2seq.model.speller import Speller

FOLDER = Path(__file__).parents[2] / "assets" / "spellers"
# Spellers that ask others and average their answers.
ENSEMBLES = {
    "ensemble": ("transformer", "rehearsed", "attention", "attention-draft"),
}
BEST = "ensemble"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A speller that is ready.

    Attributes:
        name: As it was asked for.
        decoder: Spells with it.
    """

    name: str
    decoder: Decoder

    @property
    def speller(self) -> Speller:
        """The speller itself."""
        return self.decoder.speller


def names() -> list[str]:
    """The shipped spellers, those of which every part is there."""
    single = {name for name in RECIPES if (FOLDER / f"{name}.npz").exists()}
    whole = [name for name, members in ENSEMBLES.items() if single.issuperset(members)]
    return [*sorted(single), *whole]


def files(name: str) -> list[Path]:
    """Where the weights of a shipped speller are; more than one for an ensemble."""
    return [FOLDER / f"{member}.npz" for member in ENSEMBLES.get(name, (name,))]


def load(name: str, *, compiled: bool = False) -> Loaded:
    """Load a shipped speller by its name, or one from a file.

    Args:
        name: One of `names`, or a path.
        compiled: As of `Decoder`.

    Raises:
        ParameterError: It is neither a name nor a file.
        DataError: The file is damaged, or not a speller's.
    """
    from engine.seq2seq.decoding import Decoder
    from engine.seq2seq.model.ensemble import EnsembleSpeller

    members = [_load_one(member) for member in ENSEMBLES.get(name, (name,))]
    speller = EnsembleSpeller(members, ENSEMBLES[name]) if name in ENSEMBLES else members[0]
    return Loaded(name, Decoder(speller, compiled=compiled))


def check(name: str) -> None:
    """Say before anything slow begins that there is no such speller; raises as `load`."""
    if name not in names() and not os.path.isfile(name):
        raise ParameterError(
            f"There is no speller {name}; choose {', '.join(names())}, or a file that "
            "`python main.py train` has written."
        )


def _load_one(name: str) -> Speller:
    from engine.seq2seq.model.models import build

    check(name)
    path = files(name)[0] if name in names() else Path(name)
    arrays, card = checkpoints.load(path)
    try:
        if any(array.dtype.kind != "f" for array in arrays.values()):
            raise TypeError("not all are floats")
        to_read = [array.size for array in arrays.values()]
        speller = build(cards.recipe(card), None, to_read=to_read)
        weights = speller.named_weights()
        for key in sorted(weights.keys() | arrays.keys()):
            weights[key].assign(arrays[key].astype(np.float32))
    except (ArithmeticError, KeyError, TypeError, ValueError) as error:
        raise DataError(
            f"{path} does not fit this version of Barycenter; train it again, or take a shipped "
            f"speller: {', '.join(names())}."
        ) from error
    return speller

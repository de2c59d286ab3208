"""A speller from its recipe."""

from collections.abc import Sequence

import numpy as np

from engine.seq2seq.model.attention import AttentionSpeller
from engine.seq2seq.model.layers import Blank
from engine.seq2seq.model.plain import PlainSpeller
from engine.seq2seq.model.speller import Speller
from engine.seq2seq.model.transformer import TransformerSpeller
from engine.spelling.recipes import Recipe

_KINDS = {
    "plain": PlainSpeller,
    "attention": AttentionSpeller,
    "transformer": TransformerSpeller,
}


def build(recipe: Recipe, seed: int | None = 0, *, to_read: Sequence[int] | None = None) -> Speller:
    """A speller.

    Args:
        recipe: Says how large it is.
        seed: Its fresh weights are drawn from; None for those that will be read.
        to_read: How many numbers each array has that will be read, where the recipe comes from a
            file and may ask for any size.

    Raises:
        ValueError: There is no such speller, or it has more weights than there are to be read.
        TypeError: It needs other sizes.
    """
    if recipe.model not in _KINDS:
        raise ValueError(f"no speller is a {recipe.model!r}")
    rng = Blank(to_read) if seed is None else np.random.default_rng(seed)
    speller: Speller = _KINDS[recipe.model](rng, **recipe.sizes)
    return speller

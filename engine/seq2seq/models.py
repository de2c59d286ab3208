"""A speller from its recipe."""

import numpy as np

from engine.seq2seq.attention import AttentionSpeller
from engine.seq2seq.layers import Blank
from engine.seq2seq.plain import PlainSpeller
from engine.seq2seq.recipes import Recipe
from engine.seq2seq.speller import Speller
from engine.seq2seq.transformer import TransformerSpeller

_KINDS = {
    "plain": PlainSpeller,
    "attention": AttentionSpeller,
    "transformer": TransformerSpeller,
}


def build(recipe: Recipe, seed: int | None = 0) -> Speller:
    """A speller with fresh weights, drawn from the seed; None for those that will be read."""
    rng = Blank() if seed is None else np.random.default_rng(seed)
    speller: Speller = _KINDS[recipe.model](rng, **recipe.sizes)
    return speller

"""A model from its recipe."""

from collections.abc import Callable, Sequence

import numpy as np

from engine.seq2seq.model.attention import AttentionEncoderDecoder
from engine.seq2seq.model.encoder_decoder import EncoderDecoder
from engine.seq2seq.model.layers import ZeroGenerator
from engine.seq2seq.model.plain import PlainEncoderDecoder
from engine.seq2seq.model.transformer import Transformer
from engine.seq2seq.recipe import Recipe

MODELS: dict[str, type[EncoderDecoder]] = {
    "plain": PlainEncoderDecoder,
    "attention": AttentionEncoderDecoder,
    "transformer": Transformer,
}


def build(
    recipe: Recipe,
    n_source: int,
    n_target: int,
    seed: int | None = 0,
    *,
    weight_sizes: Sequence[int] | None = None,
) -> EncoderDecoder:
    """Make a model.

    Args:
        recipe: Its kind and sizes.
        n_source: Number of source symbols.
        n_target: Number of target symbols.
        seed: The initial weights are drawn from it; None for zeros, where weights will be read.
        weight_sizes: How many numbers each array holds that will be read. A recipe from a file may
            ask for any size.

    Raises:
        ValueError: There is no such kind of model, or it has more weights than will be read.
        TypeError: It needs other sizes.
    """
    if recipe.model not in MODELS:
        raise ValueError(f"{recipe.model!r} is not a kind of model")
    rng = ZeroGenerator(weight_sizes) if seed is None else np.random.default_rng(seed)
    make: Callable[..., EncoderDecoder] = MODELS[recipe.model]
    return make(rng, n_source, n_target, **recipe.sizes)

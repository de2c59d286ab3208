"""A model that takes phonemes and writes letters."""

from collections.abc import Sequence

from engine.seq2seq.model.encoder_decoder import EncoderDecoder
from engine.seq2seq.model.models import build
from engine.seq2seq.recipe import Recipe
from engine.spelling.vocabulary import SOURCE, TARGET


def build_speller(
    recipe: Recipe, seed: int | None = 0, *, weight_sizes: Sequence[int] | None = None
) -> EncoderDecoder:
    """Make a speller; arguments and errors as in `engine.seq2seq.model.models.build`."""
    return build(recipe, len(SOURCE), len(TARGET), seed, weight_sizes=weight_sizes)

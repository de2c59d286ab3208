"""How each speller is made: its sizes and its training. Does not import TensorFlow."""

from dataclasses import dataclass

from engine.errors import ParameterError
from engine.seq2seq.recipe import Recipe, is_fraction

MAX_WIDTH = 50  # of a beam


@dataclass(frozen=True, slots=True, kw_only=True)
class SpellerRecipe(Recipe):
    """The recipe of a speller, which also learns from pronunciations without stress.

    Attributes:
        bare_words: Fraction of the words in which every vowel loses its stress.
        bare_vowels: Fraction of the words in which each vowel loses its stress with probability
            one half.
    """

    bare_words: float = 0.2
    bare_vowels: float = 0.1

    def __post_init__(self) -> None:
        Recipe.__post_init__(self)  # super() does not work in a dataclass with slots
        self._refuse(
            name for name in ("bare_words", "bare_vowels") if not is_fraction(getattr(self, name))
        )


RECIPES = {
    recipe.name: recipe
    for recipe in (
        SpellerRecipe(
            name="plain",
            model="plain",
            sizes={"embedding": 128, "size": 512},
            epochs=14,
            dropout=0.1,
            smoothing=0.0,
        ),
        SpellerRecipe(
            name="attention-draft",
            model="attention",
            sizes={"embedding": 256, "size": 512, "units": 256},
            epochs=22,
            dropout=0.3,
        ),
        # Fine-tuned almost without dropout, until it knows the words by heart.
        SpellerRecipe(
            name="attention",
            model="attention",
            sizes={"embedding": 256, "size": 512, "units": 256},
            epochs=6,
            peak_rate=5e-4,
            warm_up=200,
            dropout=0.05,
            smoothing=0.0,
            start="attention-draft",
        ),
        SpellerRecipe(
            name="transformer",
            model="transformer",
            sizes={"size": 256, "n_heads": 4, "mlp_size": 1024, "n_layers": 3},
            epochs=36,
            dropout=0.2,
        ),
        # The transformer, fine-tuned too: alone it spells fewer new words correctly, but in the
        # ensemble it is certain where the others are not.
        SpellerRecipe(
            name="rehearsed",
            model="transformer",
            sizes={"size": 256, "n_heads": 4, "mlp_size": 1024, "n_layers": 3},
            epochs=10,
            peak_rate=5e-4,
            warm_up=200,
            dropout=0.05,
            smoothing=0.0,
            start="transformer",
        ),
    )
}


def recipe_of(name: str) -> SpellerRecipe:
    """Return the recipe of that name; if there is none, a ParameterError lists the names."""
    if name not in RECIPES:
        raise ParameterError(f"There is no speller {name!r}; choose {', '.join(RECIPES)}.")
    return RECIPES[name]


def check_width(width: int) -> None:
    """Raise a ParameterError for a beam width below 1, or too large for the memory."""
    if not 1 <= width <= MAX_WIDTH:
        raise ParameterError(f"The beam width must be from 1 to {MAX_WIDTH}, not {width}.")

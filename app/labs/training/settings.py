"""The settings of the training lab."""

from dataclasses import dataclass

from app.settings.sections import between, one_of
from engine.spelling.recipes import RECIPES


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingSettings:
    """What is trained next, and for how long.

    Attributes:
        recipe: The name of the recipe.
        words: How many words it is trained on; 0 for all.
        epochs: How often each word is seen; 0 for the number in the recipe.
        seed: The seed of the random numbers.
    """

    recipe: str = one_of("plain", *RECIPES)
    words: int = one_of(20_000, 0, 1000, 5000, 20_000)
    epochs: int = between(0, 0, 1000)
    seed: int = between(0, 0, 2**31 - 1)

"""A training that ends within seconds: a tiny speller and eight words."""

import functools

from app.labs.training.trainings import Material, Trainings
from tests.engine.spelling.tiny import EIGHT, recipe

# Two names for the same recipe: the window does not care what is trained.
RECIPES = {name: recipe("plain", name=name, epochs=40) for name in ("plain", "attention")}


class EightWords(Material):
    """The same eight words for training, validation and watching."""

    def entries(self, n_words):
        return EIGHT

    def validation(self):
        return EIGHT

    def watched(self):
        return EIGHT[:5]


def train_tiny_spellers(patch):
    """Let every training tab that is made from now on train tiny spellers on eight words.

    Args:
        patch: A MonkeyPatch.
    """
    trainings = functools.partial(Trainings, recipes=RECIPES, material=EightWords())
    patch.setattr("app.labs.training.trainings.Trainings", trainings)

"""Cards come from files, so each value is checked before it is used."""

import math

import pytest

from engine.seq2seq import cards
from engine.spelling.recipes import RECIPES, SpellerRecipe

LINE = {"step": 5, "train_loss": 1.5, "loss": 1, "letters_right": 0.5, "words_right": 0.0}


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_survives_a_round_trip(name):
    assert (
        cards.recipe({"recipe": cards.recipe_on_card(RECIPES[name])}, SpellerRecipe)
        == RECIPES[name]
    )


@pytest.mark.parametrize(
    "changes",
    [
        *({"sizes": {"size": size}} for size in (0, -1, 2.0, True, "8", None, 10**30)),
        *({"sizes": sizes} for sizes in ([], "size", None)),
        *({"epochs": epochs} for epochs in (0, "3", None, 1.5)),
        *({"dropout": rate} for rate in (-0.1, 1.1, math.nan, "0", None)),
        {"peak_rate": math.inf},
        {"name": 3},
        {"model": ["plain"]},
        {"start": 1},
        {"bfloat16": 1},
        {"warm_up": -1},
        {"bare_words": 1.1},
        {"bare_vowels": None},
        {"average": -1},
        {"of the future": 1},
    ],
    ids=repr,
)
def test_invalid_values_are_refused(changes):
    with pytest.raises(ValueError, match=r"is|version"):
        cards.recipe(
            {"recipe": {**cards.recipe_on_card(RECIPES["plain"]), **changes}}, SpellerRecipe
        )


@pytest.mark.parametrize("found", [None, [], {}, {"name": "plain", "model": "plain"}])
def test_a_recipe_must_be_complete(found):
    with pytest.raises(ValueError, match=r"recipe|is missing"):
        cards.recipe({"recipe": found}, SpellerRecipe)


def test_history():
    assert cards.history({"history": [LINE, LINE]}) == [LINE, LINE]
    others = [{**LINE, "loss": "1"}, {**LINE, "step": None}, {"step": 1}, [], None, 1]
    for wrong in (None, {}, "text", *([LINE, other] for other in others)):
        with pytest.raises(ValueError, match="history"):
            cards.history({"history": wrong})


def test_counts():
    assert cards.count({"step": 3}, "step", most=3) == 3
    for wrong in ({}, *({"step": value} for value in (4, -1, 1.0, True, "1", None))):
        with pytest.raises(ValueError, match="step is"):
            cards.count(wrong, "step", most=3)

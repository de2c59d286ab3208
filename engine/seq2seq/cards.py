"""Reads the card beside a model's weights, which comes from a file, and checks each value.

Does not import TensorFlow. The functions raise a ValueError if a value is missing, of the wrong
type or out of range.
"""

from collections.abc import Mapping
from dataclasses import MISSING, asdict, fields
from typing import Any, TypeVar

from engine.seq2seq.recipe import Recipe, is_count, is_number

R = TypeVar("R", bound=Recipe)

_MOST = 2**31 - 1  # of a count
# What each validation adds to the history of a training.
MEASURED = ("step", "train_loss", "loss", "letters_right", "words_right")
# What the fields of a recipe, and the sizes in it, are called in files, where that differs.
_FIELDS_IN_FILES = {"ema_decay": "average"}
_SIZES_IN_FILES = {"mlp_size": "inner"}
_FIELDS = {written: name for name, written in _FIELDS_IN_FILES.items()}
_SIZES = {written: name for name, written in _SIZES_IN_FILES.items()}


def count(card: Mapping[str, Any], name: str, least: int = 0, most: int = _MOST) -> int:
    """The whole number of that name, from `least` to `most`."""
    value: Any = card.get(name)
    if not is_count(value, least, most):
        raise ValueError(f"{name} is {value!r}")
    return int(value)


def recipe_on_card(recipe: Recipe) -> dict[str, Any]:
    """A recipe as it is written on a card."""
    values = _renamed(asdict(recipe), _FIELDS_IN_FILES)
    return {**values, "sizes": _renamed(recipe.sizes, _SIZES_IN_FILES)}


def recipe(card: Mapping[str, Any], kind: type[R]) -> R:
    """The recipe by which the weights were made, as a record of that kind."""
    found = card.get("recipe")
    if not isinstance(found, dict):
        raise ValueError("no recipe of this version")
    values = _renamed(found, _FIELDS)
    known = {field.name: field for field in fields(kind)}
    if not values.keys() <= known.keys():
        raise ValueError("no recipe of this version")
    for name, field in known.items():
        is_needed = field.default is MISSING and field.default_factory is MISSING
        if is_needed and name not in values:
            raise ValueError(f"{name} is missing")
    if isinstance(values.get("sizes"), dict):
        values["sizes"] = _renamed(values["sizes"], _SIZES)
    return kind(**values)


def history(card: Mapping[str, Any]) -> list[dict[str, float]]:
    """The results of the validations of a training, oldest first."""
    found = card.get("history")
    if not isinstance(found, list):
        raise ValueError("no history")
    for line in found:
        if not isinstance(line, dict) or not all(is_number(line.get(name)) for name in MEASURED):
            raise ValueError(f"{line!r} in the history")
    return list(found)


def _renamed(values: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {names.get(name, name): value for name, value in values.items()}

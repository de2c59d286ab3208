"""What the card beside a speller's weights says, checked: it comes from a file. No TensorFlow.

The functions raise a ValueError where a value is missing, of the wrong type or out of range.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any

from engine.spelling.recipes import Recipe

_MOST = 2**31 - 1  # of a count or a size
# What each validation left in the history of a training.
MEASURED = ("step", "train_loss", "loss", "letters_right", "words_right")


def count(card: Mapping[str, Any], name: str, least: int = 0, most: int = _MOST) -> int:
    """The whole number of that name, from `least` to `most`."""
    value: Any = card.get(name)
    if not _is_whole(value) or not least <= value <= most:
        raise ValueError(f"{name} is {value!r}")
    return int(value)


def recipe(card: Mapping[str, Any]) -> Recipe:
    """The recipe that the weights were made by."""
    found = card.get("recipe")
    known = {field.name: field for field in fields(Recipe)}
    if not isinstance(found, dict) or not found.keys() <= known.keys():
        raise ValueError("no recipe of this version")
    for name, field in known.items():
        is_needed = field.default is MISSING and field.default_factory is MISSING
        if (name in found and not _CHECKS[name](found[name])) or (name not in found and is_needed):
            raise ValueError(f"{name} is {found.get(name)!r}")
    return Recipe(**found)


def history(card: Mapping[str, Any]) -> list[dict[str, float]]:
    """What was measured on the way, oldest first."""
    found = card.get("history")
    if not isinstance(found, list):
        raise ValueError("no history")
    for line in found:
        if not isinstance(line, dict) or not all(_is_number(line.get(name)) for name in MEASURED):
            raise ValueError(f"{line!r} in the history")
    return list(found)


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, float) or _is_whole(value)


def _is_count(value: Any, least: int = 1) -> bool:
    return _is_whole(value) and least <= value <= _MOST


def _is_rate(value: Any) -> bool:
    return _is_number(value) and math.isfinite(value) and value >= 0


def _is_part(value: Any) -> bool:
    return _is_rate(value) and value <= 1


def _are_sizes(value: object) -> bool:
    return isinstance(value, dict) and all(map(_is_count, value.values()))


_CHECKS: dict[str, Callable[[Any], bool]] = {
    "name": lambda value: isinstance(value, str),
    "model": lambda value: isinstance(value, str),
    "sizes": _are_sizes,
    "epochs": _is_count,
    "batch_size": _is_count,
    "peak_rate": _is_rate,
    "warm_up": lambda value: _is_count(value, least=0),
    "dropout": _is_part,
    "smoothing": _is_part,
    "weight_decay": _is_rate,
    "bare_words": _is_part,
    "bare_vowels": _is_part,
    "average": _is_part,
    "start": lambda value: value is None or isinstance(value, str),
    "bfloat16": lambda value: isinstance(value, bool),
}

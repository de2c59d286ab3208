"""How a model is made: its kind and sizes, and its training. Does not import TensorFlow."""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

_MOST = 2**31 - 1  # of a count or a size


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that determines a training, apart from its data and the seed.

    A recipe may come from a file, so a ValueError says which value is not possible.

    Attributes:
        name: What people call the model.
        model: The kind: plain, attention or transformer.
        sizes: The arguments of its class.
        epochs: How often each example is seen.
        batch_size: Examples in one step.
        peak_rate: The learning rate after the warm-up; from there it falls to zero as a cosine.
        warm_up: Steps in which the learning rate rises from zero to its peak.
        dropout: Fraction of values dropped.
        smoothing: Label smoothing: the probability that the target shares among all symbols.
        weight_decay: The weight decay of AdamW.
        ema_decay: Decay of the exponential moving average (EMA) of the weights, for each step.
        start: The trained model whose weights to start from; None for random weights.
        bfloat16: Whether training computes in bfloat16; the weights are float32 in any case.
    """

    name: str
    model: str
    sizes: dict[str, int] = field(default_factory=dict)
    epochs: int
    batch_size: int = 256
    peak_rate: float = 1e-3
    warm_up: int = 800
    dropout: float = 0.2
    smoothing: float = 0.1
    weight_decay: float = 0.01
    ema_decay: float = 0.999
    start: str | None = None
    bfloat16: bool = True

    def __post_init__(self) -> None:
        possible = {
            "name": isinstance(self.name, str),
            "model": isinstance(self.model, str),
            "sizes": isinstance(self.sizes, dict) and all(map(is_count, self.sizes.values())),
            "epochs": is_count(self.epochs),
            "batch_size": is_count(self.batch_size),
            "peak_rate": is_rate(self.peak_rate),
            "warm_up": is_count(self.warm_up, least=0),
            "dropout": is_fraction(self.dropout),
            "smoothing": is_fraction(self.smoothing),
            "weight_decay": is_rate(self.weight_decay),
            "ema_decay": is_fraction(self.ema_decay),
            "start": self.start is None or isinstance(self.start, str),
            "bfloat16": isinstance(self.bfloat16, bool),
        }
        self._refuse(name for name, is_possible in possible.items() if not is_possible)

    def _refuse(self, names: Iterable[str]) -> None:
        """Raise a ValueError for the first of these fields, if there is one."""
        for name in names:
            raise ValueError(f"{name} is {getattr(self, name)!r}")


def is_number(value: object) -> bool:
    """Whether a value is an int or a float, but not a bool."""
    return isinstance(value, float) or is_whole(value)


def is_whole(value: object) -> bool:
    """Whether a value is an int, but not a bool."""
    return isinstance(value, int) and not isinstance(value, bool)


def is_count(value: Any, least: int = 1, most: int = _MOST) -> bool:
    """Whether a value is a whole number from `least` to `most`."""
    return is_whole(value) and least <= value <= most


def is_rate(value: Any) -> bool:
    """Whether a value is a finite number of at least 0."""
    return is_number(value) and math.isfinite(value) and value >= 0


def is_fraction(value: Any) -> bool:
    """Whether a value is a number from 0 to 1."""
    return is_rate(value) and value <= 1

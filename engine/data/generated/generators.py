"""Recipes for generated points, such as `blobs:clusters=6,per_cluster=250,seed=0`."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from engine.data.dataset import Dataset, dataset_of
from engine.data.generated import shapes
from engine.errors import DataError, ParameterError
from engine.numbers import real
from engine.plain_text import shortened

MAX_POINTS = 10_000_000


@dataclass(frozen=True, slots=True)
class Parameter:
    """One number of a recipe: a spin box in the window, a line of help on the command line."""

    name: str
    default: float
    minimum: float
    maximum: float
    label: str
    help: str
    integer: bool = True

    @property
    def allowed(self) -> str:
        """The values that are allowed, for a sentence."""
        kind = "a whole number" if self.integer else "a number"
        return f"{kind} from {_written(self.minimum)} to {_written(self.maximum)}"


_CLUSTERS = Parameter("clusters", 6, 1, 1000, "Clusters", "How many clusters there are.")
_PER_CLUSTER = Parameter(
    "per_cluster", 250, 1, MAX_POINTS, "Points per cluster", "How many points each cluster has."
)
_VARIANCE = Parameter(
    "variance", 5.0, 0.0, 1000.0, "Variance", "The variance of a cluster on each axis.", False
)
_N_POINTS = Parameter("n_points", 1500, 1, MAX_POINTS, "Points", "How many points there are.")
_NOISE = Parameter(
    "noise", 1.5, 0.0, 50.0, "Noise", "The standard deviation of each point from its curve.", False
)
_SEED = Parameter("seed", 0, 0, 2**31 - 1, "Seed", "The same seed draws the same points again.")

# By name: the function that draws the points (its docstring says what they show), and its
# parameters.
GENERATORS: Mapping[str, tuple[Callable[..., np.ndarray], tuple[Parameter, ...]]] = {
    "blobs": (shapes.blobs, (_CLUSTERS, _PER_CLUSTER, _VARIANCE, _SEED)),
    "anisotropic": (shapes.anisotropic, (_CLUSTERS, _PER_CLUSTER, _VARIANCE, _SEED)),
    "varied": (shapes.varied, (_CLUSTERS, _PER_CLUSTER, _VARIANCE, _SEED)),
    "moons": (shapes.moons, (_N_POINTS, _NOISE, _SEED)),
    "rings": (shapes.rings, (_N_POINTS, _NOISE, _SEED)),
    "uniform": (shapes.uniform, (_N_POINTS, _SEED)),
}


@dataclass(frozen=True, slots=True)
class Recipe:
    """A generator and its parameters, complete and within their limits.

    Attributes:
        name: A key of GENERATORS.
        parameters: Every parameter of that generator, in its order; those not given get their
            defaults.

    Raises:
        DataError: There is no such generator.
        ParameterError: There is no such parameter, or its value is not allowed.
    """

    name: str
    parameters: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        complete = _complete(self.name, self.parameters)
        object.__setattr__(self, "parameters", MappingProxyType(complete))

    def __str__(self) -> str:
        pairs = (f"{name}={_written(value)}" for name, value in self.parameters.items())
        return f"{self.name}:{','.join(pairs)}"


def parse_recipe(text: str) -> Recipe:
    """Parse `name` or `name:parameter=number,...`; errors as in `Recipe`, also for no number."""
    name, _, rest = text.partition(":")
    given: dict[str, float] = {}
    for pair in filter(None, (part.strip() for part in rest.split(","))):
        key, equals, value = (part.strip() for part in pair.partition("="))
        if not equals:
            raise ParameterError(f'Write "{pair}" as parameter=number, as in clusters=6.')
        if key in given:
            raise ParameterError(f"{key} is given twice in the recipe {text}.")
        given[key] = _number(key, value)
    return Recipe(name.strip(), given)


def generate(recipe: Recipe) -> Dataset:
    """Draw the points of a recipe, the same ones each time, with the columns "x" and "y"."""
    draw, _ = GENERATORS[recipe.name]
    parameters = dict(recipe.parameters)
    rng = np.random.default_rng(int(parameters.pop("seed")))
    return dataset_of(draw(rng, **parameters), ("x", "y"), str(recipe))


def is_recipe(source: str) -> bool:
    """Whether a source is a recipe, or meant to be one, and not the name of an existing file."""
    if os.path.isfile(source):
        return False
    # At least two letters before the colon: C:\a=b.csv is a file.
    return source.strip() in GENERATORS or bool(re.match(r"\s*[A-Za-z_]{2,}\s*:", source))


def _complete(name: str, given: Mapping[str, float]) -> dict[str, float]:
    if name not in GENERATORS:
        raise DataError(f'There is no generator "{name}"; there are {", ".join(GENERATORS)}.')
    _, parameters = GENERATORS[name]
    names = [parameter.name for parameter in parameters]
    for key in given:
        if key not in names:
            raise ParameterError(f'{name} has no parameter "{key}"; it has {", ".join(names)}.')
    complete = {
        each.name: _checked(each, given.get(each.name, each.default)) for each in parameters
    }
    n_points = complete.get("n_points") or complete["clusters"] * complete["per_cluster"]
    if n_points > MAX_POINTS:
        raise ParameterError(
            f"clusters times per_cluster would be {n_points:,} points; "
            f"at most {MAX_POINTS:,} can be drawn."
        )
    return complete


def _checked(parameter: Parameter, value: float) -> float:
    whole = not parameter.integer or float(value).is_integer()
    if not (parameter.minimum <= value <= parameter.maximum and whole):
        raise ParameterError(
            f"{parameter.name} must be {parameter.allowed}, not {_written(value)}."
        )
    return int(value) if parameter.integer else float(value)


def _number(name: str, text: str) -> float:
    try:
        return real(text)
    except ValueError:
        raise ParameterError(f'{name} must be a number, not "{shortened(text)}".') from None


def _written(value: float) -> str:
    """Write a number so that parsing gives the same number: 5 for 5.0."""
    whole = float(value).is_integer() and abs(value) < 1e15
    return str(int(value)) if whole else repr(float(value))

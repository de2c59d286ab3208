"""The clustering algorithms there are: a new one is registered here.

Free of TensorFlow, as `engine.clustering.base` explains.
"""

from typing import Any

from engine.clustering.base import Algorithm
from engine.clustering.dbscan.algorithm import DBSCAN
from engine.clustering.kmeans.algorithm import KMEANS, MINI_BATCH
from engine.clustering.mean_shift.algorithm import MEAN_SHIFT

# In the order in which people are offered them; the first is the default.
ALGORITHMS: tuple[Algorithm, ...] = (KMEANS, MINI_BATCH, MEAN_SHIFT, DBSCAN)


def algorithm_named(name: str) -> Algorithm | None:
    """The algorithm with this name, today or in an earlier version; None if there is none."""
    return next((each for each in ALGORITHMS if name in each.names), None)


def algorithm_of(options: Any) -> Algorithm:
    """The algorithm whose options these are.

    Raises:
        TypeError: They are options of none.
    """
    for each in ALGORITHMS:
        if type(options) is each.options:
            return each
    raise TypeError(f"{type(options).__name__} is not the options class of an algorithm")


def row_arrays() -> dict[type[Any], tuple[str, ...]]:
    """Of every class of frames, the names of its arrays that have a row for each point or climb."""
    return {kind: names for each in ALGORITHMS for kind, names in each.row_arrays.items()}

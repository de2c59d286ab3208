"""The list of clustering algorithms; register a new one here.

Does not import TensorFlow; `engine.clustering.base` explains why.
"""

from typing import Any

from engine.clustering.base import Algorithm
from engine.clustering.dbscan.algorithm import DBSCAN
from engine.clustering.kmeans.algorithm import KMEANS, MINI_BATCH
from engine.clustering.mean_shift.algorithm import MEAN_SHIFT

# In the order in which users see them; the first is the default.
ALGORITHMS: tuple[Algorithm, ...] = (KMEANS, MINI_BATCH, MEAN_SHIFT, DBSCAN)


def algorithm_named(name: str) -> Algorithm | None:
    """Return the algorithm with this name, current or earlier; None if there is none."""
    return next((each for each in ALGORITHMS if name in each.names), None)


def algorithm_of(options: Any) -> Algorithm:
    """Return the algorithm that these options belong to.

    Raises:
        TypeError: They belong to no algorithm.
    """
    for each in ALGORITHMS:
        if type(options) is each.options:
            return each
    raise TypeError(f"{type(options).__name__} is not the options class of an algorithm")


def row_arrays() -> dict[type[Any], tuple[str, ...]]:
    """Map each class of frames to the names of its arrays with a row for each point or climb."""
    return {kind: names for each in ALGORITHMS for kind, names in each.row_arrays.items()}

"""The algorithms that the window offers. A new one is registered here."""

from collections.abc import Sequence
from typing import Any

from app.labs.clustering.algorithms.base import AlgorithmView
from app.labs.clustering.algorithms.dbscan import DBSCAN
from app.labs.clustering.algorithms.kmeans import KMEANS
from app.labs.clustering.algorithms.mean_shift import MEAN_SHIFT
from app.labs.clustering.algorithms.mini_batch import MINI_BATCH
from engine.clustering.algorithms import algorithm_of

# In the order of the choice.
ALGORITHMS: Sequence[AlgorithmView[Any, Any]] = (KMEANS, MINI_BATCH, MEAN_SHIFT, DBSCAN)


def view_of(options: Any) -> AlgorithmView[Any, Any]:
    """The record of the algorithm whose options these are.

    Raises:
        TypeError: They are options of none.
    """
    algorithm = algorithm_of(options)
    return next(each for each in ALGORITHMS if each.algorithm is algorithm)

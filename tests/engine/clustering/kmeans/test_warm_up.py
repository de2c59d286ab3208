"""What is compiled before a run is what its first assignment needs."""

import pytest

from engine.clustering.kmeans.backends.compiled.iterate import iterating
from engine.clustering.kmeans.lloyd import lloyd
from engine.clustering.kmeans.options import Formulation, KMeansOptions
from engine.clustering.kmeans.runs import warm_up
from engine.errors import DataError
from tests.engine.clustering.made_points import normal


@pytest.mark.slow
def test_after_it_the_first_assignment_is_not_traced():
    points = normal(700, 5)
    warm_up(points, KMeansOptions(n_clusters=11))
    n_traced = iterating.cache_info().misses
    next(lloyd(points, points[:11]))
    assert iterating.cache_info().misses == n_traced


def test_only_the_compiled_formulation_needs_it():
    n_traced = iterating.cache_info().misses
    options = KMeansOptions(n_clusters=23, formulation=Formulation.TILED)
    warm_up(normal(700, 6), options)
    assert iterating.cache_info().misses == n_traced


def test_points_that_cannot_be_clustered_are_refused():
    with pytest.raises(DataError):
        warm_up(normal(9, 2) * float("nan"), KMeansOptions(n_clusters=2))

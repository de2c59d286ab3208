"""The default eps, which makes 95 % of the points core points."""

import numpy as np
import pytest

from engine.clustering.dbscan import estimation
from engine.clustering.dbscan.estimation import estimated_eps
from engine.clustering.dbscan.neighbors import Neighbors
from tests.engine.clustering.made_points import normal


@pytest.mark.parametrize("min_points", [2, 5, 9])
def test_nineteen_of_twenty_points_are_core_points(min_points):
    points = normal(200, 2)
    found = Neighbors(points, estimated_eps(points, min_points), min_points)
    for _ in found.count():
        pass
    assert np.count_nonzero(found.counts >= min_points) == 190


def test_it_scales_with_the_points():
    points = normal(300, 3)
    assert estimated_eps(1024 * points, 5) == pytest.approx(1024 * estimated_eps(points, 5))


def test_a_sample_is_nearly_as_good_and_reproducible(monkeypatch):
    points = normal(4000, 2)
    monkeypatch.setattr(estimation, "_SAMPLE", 4000)
    monkeypatch.setattr(estimation, "_MOST", 4000 * points.size)
    everything = estimated_eps(points, 5)
    monkeypatch.undo()
    assert estimated_eps(points, 5) == estimated_eps(points, 5)
    assert estimated_eps(points, 5) == pytest.approx(everything, rel=0.35)


def test_coinciding_points_give_the_smallest_distance_or_one():
    crowded = np.float32([[0]] * 99 + [[7]])
    assert estimated_eps(crowded, 5) == pytest.approx(7)
    assert estimated_eps(np.zeros((9, 2), np.float32), 5) == pytest.approx(1)
    assert estimated_eps(np.zeros((1, 2), np.float32), 5) == pytest.approx(1)


def test_with_fewer_points_than_the_minimum_the_farthest_counts():
    assert estimated_eps(np.float32([[0], [3]]), 5) == pytest.approx(3)

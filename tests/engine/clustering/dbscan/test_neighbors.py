"""Neighbours from the grid: exactly the pairs within eps, wherever the cells are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.clustering.dbscan import neighbors
from engine.clustering.dbscan.neighbors import Neighbors
from engine.errors import CapacityError
from tests.engine.clustering.made_points import normal


def counted(points, eps, min_points=1):
    found = Neighbors(np.asarray(points, np.float32), eps, min_points)
    for _ in found.count():
        pass
    return found


def by_hand(points, eps):
    """Return (N, N) whether two points are neighbours, from float64 differences."""
    wide = np.asarray(points, np.float32).astype(np.float64)
    squared = sum(np.square(column[:, np.newaxis] - column) for column in wide.T)
    return squared <= eps**2


@given(
    seed=st.integers(0, 1000),
    n_points=st.integers(1, 60),
    n_dims=st.integers(1, 6),
    scale=st.sampled_from([1e-6, 1.0, 1e6, 1e12]),
    eps=st.floats(1e-3, 1e3),
)
@settings(max_examples=80, deadline=None)
def test_counts_match_a_comparison_of_all_pairs(seed, n_points, n_dims, scale, eps):
    points = normal(n_points, n_dims, seed) * np.float32(scale)
    found = counted(points, eps * scale)
    assert found.counts.tolist() == by_hand(points, eps * scale).sum(1).tolist()


def test_points_exactly_eps_apart_are_neighbors():
    assert counted([[0.0], [3.0], [6.0], [9.5]], 3.0).counts.tolist() == [2, 3, 2, 1]
    assert counted([[0, 0], [3, 4]], 5.0).counts.tolist() == [2, 2]
    assert counted([[0, 0], [3, 4]], np.nextafter(5.0, 0)).counts.tolist() == [1, 1]


def test_a_tiny_eps_in_a_wide_plane_finds_coinciding_points():
    points = np.float32([[0, 0], [1e15, 1e15], [0, 0], [-1e15, 3]])
    assert counted(points, 1e-9).counts.tolist() == [2, 1, 2, 1]


@pytest.mark.parametrize("stored", [0, 40, 2**26])
def test_neighbors_without_a_label_are_reached(stored, monkeypatch):
    monkeypatch.setattr(neighbors, "_MAX_STORED", stored)
    monkeypatch.setattr(neighbors, "_CHUNK_WORK", 50)
    points = normal(80, 2)
    found, near = counted(points, 0.8, min_points=4), by_hand(points, 0.8)
    cores = np.flatnonzero(found.counts >= 4)[:7]
    labels = np.where(np.arange(80) % 3 == 0, 0, -1).astype(np.int32)
    expected = np.flatnonzero(near[cores].any(0) & (labels < 0))
    reached = []
    for chunk in found.reached(cores, labels):
        labels[chunk] = 1
        reached += chunk.tolist()
    assert sorted(reached) == expected.tolist()


def test_counting_can_be_cancelled_between_chunks(monkeypatch):
    monkeypatch.setattr(neighbors, "_CHUNK_WORK", 50)
    found = Neighbors(normal(80, 2), 0.8, 4)
    next(found.count())
    assert 0 < np.count_nonzero(found.counts) < 80


def test_too_many_pairs_are_refused_before_the_work(monkeypatch):
    monkeypatch.setattr(neighbors, "_MAX_PAIRS", 1000)
    Neighbors(normal(80, 2), 0.001, 4)
    with pytest.raises(CapacityError, match="80 points is compared with 80 others"):
        Neighbors(normal(80, 2), 100.0, 4)

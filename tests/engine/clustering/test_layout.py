"""How points are laid out for the compiled program, and for which shapes it is compiled."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_points import normal

from engine.clustering import layout
from engine.clustering.layout import Shape

sizes = st.integers(1, 5_000_000)


@given(sizes)
def test_a_class_is_no_smaller_and_not_much_larger(size):
    found = layout.size_class(size)
    assert size <= found
    assert found <= 2 * size
    assert size <= 8 or found <= size * 9 / 8 + 1
    assert layout.size_class(found) == found


def test_another_k_is_mostly_of_the_same_class():
    shapes = [Shape.of(1_500, 2, k) for k in range(2, 31)]
    assert len(set(shapes)) == 4


def test_a_little_more_points_are_of_the_same_class():
    assert Shape.of(1_000_000, 2, 8) == Shape.of(1_010_000, 2, 8)


@given(sizes, st.integers(1, 1000), st.integers(1, 1000))
def test_a_shape_has_room_for_all(n_points, n_dims, n_clusters):
    shape = Shape.of(n_points, n_dims, n_clusters)
    assert n_clusters <= shape.n_clusters <= max(8, 1.5 * n_clusters + 8)
    assert shape.n_clusters % shape.n_block == 0
    assert shape.n_parts * shape.n_tiles * shape.n_rows >= n_points
    shares = layout.shares(n_points, shape)
    assert (shares[:, 1] <= shape.n_tiles).all()
    assert shares[:, 1].sum() == -(-n_points // shape.n_rows)
    assert (shares[1:, 0] == shares[:-1].sum(1)).all()


@pytest.mark.parametrize("n_points", [1, 511, 512, 513, 1_500])
@pytest.mark.parametrize("n_dims", [1, 3, 8])
def test_with_few_dimensions_a_lane_is_a_point(n_points, n_dims):
    points, origin = normal(n_points, n_dims), np.full(n_dims, 0.5, np.float32)
    tiles = layout.laid_out(points, origin, Shape.of(n_points, n_dims, 3))
    rows = tiles.transpose(0, 2, 1).reshape(-1, n_dims + 1)
    assert (rows[:n_points, :n_dims] == points - origin).all()
    assert rows[:, n_dims].tolist() == [1] * n_points + [0] * (len(rows) - n_points)
    assert not rows[n_points:].any()


@pytest.mark.parametrize("n_points", [1, 511, 512, 513, 1_500])
def test_with_many_dimensions_points_are_filled_up(n_points):
    points = normal(n_points, 9)
    laid = layout.laid_out(points, np.zeros(9, np.float32), Shape.of(n_points, 9, 3))
    assert (laid[:n_points] == points).all()
    assert not laid[n_points:].any()


def test_what_is_large_is_not_copied(monkeypatch):
    monkeypatch.setattr(layout, "_MOST_PADDED", 1000)
    points = normal(1_500, 9)
    laid = layout.laid_out(points, np.zeros(9, np.float32), Shape.of(1_500, 9, 3))
    assert np.shares_memory(laid, points)


@pytest.mark.parametrize("filled_up", [True, False])
@pytest.mark.parametrize(("n_points", "n_parts"), [(1_500, 1), (1_500, 2), (1_024, 3), (513, 2)])
def test_what_tiles_hold_comes_back_in_order(filled_up, n_points, n_parts):
    shape = Shape(n_dims=9, n_clusters=8, n_rows=512, n_tiles=4, n_parts=n_parts)
    parts = [np.full((4, 512), -1) for _ in range(n_parts)]
    for part, (first, count) in zip(parts, layout.shares(n_points, shape), strict=True):
        for tile in range(count):
            start = (first + tile) * 512
            start = start if filled_up else min(start, n_points - 512)
            part[tile] = np.arange(start, start + 512)
    assert (layout.in_order(parts, shape, n_points, filled_up) == np.arange(n_points)).all()

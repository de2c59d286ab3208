"""The point under the mouse: the index agrees with a search through all points."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.views.scatter.points.nearest import Strips, nearest


def pixels(xy, index, at, unit):
    return np.hypot(*((xy[index] - at) / unit))


# Few points far apart, and many with few distinct values, at one place and on a line.
POINTS = arrays(np.float32, (4, 2), elements=st.integers(-20, 20)) | arrays(
    np.float32, st.tuples(st.integers(1, 600), st.just(2)), elements=st.integers(-9, 9)
)


@given(
    POINTS,
    st.tuples(st.floats(-12, 12), st.floats(-12, 12)),
    st.tuples(st.floats(0.1, 3), st.floats(0.1, 3)),
    st.floats(0.5, 30),
)
def test_the_index_finds_a_nearest_point(xy, at, unit, reach):
    at, unit = np.array(at), np.array(unit)
    wanted, found = nearest(xy, at, unit, reach), Strips(xy).nearest(at, unit, reach)
    assert (wanted < 0) == (found < 0)
    if wanted >= 0:
        distance = pixels(xy, wanted, at, unit)
        assert pixels(xy, found, at, unit) == pytest.approx(distance, rel=1e-6, abs=1e-6)


def test_outliers_do_not_hide_the_other_points():
    rng = np.random.default_rng(0)
    xy = np.concatenate([rng.normal(0, 1e-3, (5000, 2)), [[1e7, -1e7]]]).astype(np.float32)
    strips, unit = Strips(xy), np.full(2, 1e-4)
    for at in rng.normal(0, 1e-3, (20, 2)):
        wanted = nearest(xy, at, unit, 12)
        assert strips.nearest(at, unit, 12) == wanted


def test_the_last_of_coinciding_points_is_found_because_it_is_on_top():
    xy = np.float32([[5, 5], [1, 1], [5, 5], [0, 0], [5, 5], [6, 5]])
    for find in (Strips(xy).nearest, lambda *where: nearest(xy, *where)):
        assert find(np.array([5.0, 5.1]), np.ones(2), 3) == 4


def test_points_out_of_reach_are_not_found():
    xy, ones = np.float32([[0, 0], [10, 0]]), np.ones(2)
    for find in (Strips(xy).nearest, lambda *where: nearest(xy, *where)):
        assert find(np.array([5.5, 0]), ones, 4) == -1
        assert find(np.array([6.5, 0]), ones, 4) == 1
        assert find(np.array([6.0, 0]), ones, 4) == 1  # just within
    assert nearest(np.empty((0, 2)), np.zeros(2), ones, 4) == -1

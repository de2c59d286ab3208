"""Voronoi regions against their definition: a place is in the region of its nearest centroid."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.views.scatter.regions import voronoi

LOW, HIGH = np.array([-10.0, -10.0]), np.array([10.0, 10.0])

centroids = arrays(
    np.float64,
    st.tuples(st.integers(1, 40), st.just(2)),
    elements=st.floats(-15, 15).map(lambda value: round(value, 1)),
)


def area(polygon):
    x, y = polygon.T if len(polygon) else np.zeros((2, 1))
    return 0.5 * abs(x @ np.roll(y, -1) - y @ np.roll(x, -1))


def test_two_centroids_share_the_square_by_hand():
    left, right = voronoi(np.array([[-5.0, 0], [5, 0]]), LOW, HIGH)
    assert sorted(left.tolist()) == [[-10, -10], [-10, 10], [0, -10], [0, 10]]
    assert sorted(right.tolist()) == [[0, -10], [0, 10], [10, -10], [10, 10]]


def test_one_centroid_gets_the_whole_rectangle_even_from_outside():
    (region,) = voronoi(np.array([[99.0, 99.0]]), LOW, HIGH)
    assert area(region) == 400


def test_the_first_of_two_coinciding_centroids_gets_the_region():
    first, second, _ = voronoi(np.array([[0.0, 0], [0, 0], [8, 8]]), LOW, HIGH)
    assert area(first) > 0
    assert len(second) == 0


@given(centroids)
def test_the_regions_fill_the_rectangle(centroids):
    assert sum(map(area, voronoi(centroids, LOW, HIGH))) == pytest.approx(400, rel=1e-6)


@given(centroids, arrays(np.float64, 2, elements=st.floats(-10, 10)))
def test_a_place_lies_in_the_region_of_its_nearest_centroid(centroids, place):
    distances = np.hypot(*(centroids - place).T)
    nearest, *others = np.sort(distances)
    assume(not others or others[0] - nearest > 1e-3)  # not on a border
    region = voronoi(centroids, LOW, HIGH)[int(distances.argmin())]
    sides = np.roll(region, -1, 0) - region
    to_place = place - region
    turns = sides[:, 0] * to_place[:, 1] - sides[:, 1] * to_place[:, 0]
    assert (turns >= -1e-6).all()

"""The plane on screen: two columns of many, a single column, standardized or not."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.labs.clustering.algorithms.centroids import trails
from app.labs.shared.plane import Plane
from engine.clustering.frames import Phase
from engine.clustering.kmeans.frames import KMeansFrame
from engine.data.scaling import Scaling

POINTS = np.array([[0, 100, 5], [2, 300, 5], [4, 500, 9]], np.float32)


def test_two_of_three_columns_are_shown_in_data_units():
    plane = Plane(3, (2, 0), Scaling.fit(POINTS), 3)
    np.testing.assert_array_equal(plane.of_points(POINTS), [[5, 0], [5, 2], [9, 4]])
    frame = plane.scaling.forward(POINTS)
    np.testing.assert_allclose(plane.of_centroids(frame), [[5, 0], [5, 2], [9, 4]], atol=1e-5)
    assert plane.names(["a", "b", "c"]) == ("c", "a")
    assert plane.metric is None  # the distance includes the third column


def test_a_single_column_is_plotted_against_the_row():
    plane = Plane(1, (0, 0), Scaling.identity(1), 3)
    np.testing.assert_array_equal(plane.of_points(POINTS[:, :1]), [[0, 1], [2, 2], [4, 3]])
    np.testing.assert_array_equal(plane.of_centroids(np.float32([[2]])), [[2, 2]])
    assert plane.names(["a"]) == ("a", "row")


def test_dragging_keeps_the_hidden_columns():
    plane = Plane(3, (0, 2), Scaling.identity(3), 3)
    moved = plane.dragged(POINTS, 1, -7, 8)
    np.testing.assert_array_equal(moved, [[0, 100, 5], [-7, 300, 8], [4, 500, 9]])


def test_the_metric_gives_the_size_of_a_standardized_unit():
    plane = Plane(2, (0, 1), Scaling.fit(POINTS[:, :2]), 3)
    np.testing.assert_allclose(plane.metric, POINTS[:, :2].std(0), rtol=1e-6)


@given(
    arrays(np.float32, (4, 3), elements=st.integers(-100, 100)),
    st.floats(-100, 100),
    st.floats(-100, 100),
)
def test_a_centroid_is_shown_where_it_was_dropped(points, x, y):
    plane = Plane(3, (1, 2), Scaling.fit(points), 4)
    moved = plane.dragged(plane.scaling.forward(points), 2, x, y)
    np.testing.assert_allclose(plane.of_centroids(moved)[2], (x, y), atol=1e-2)


def frame(centroids, phase=Phase.UPDATE):
    labels, zeros = np.zeros(3, np.uint8), np.zeros(len(centroids))
    return KMeansFrame(
        iteration=0,
        phase=phase,
        centroids=np.float32(centroids),
        labels=labels,
        sizes=zeros.astype(np.int64),
        inertias=zeros,
        changed=0,
    )


def test_trails_begin_at_the_first_assignment():
    plane = Plane(2, (0, 1), Scaling.identity(2), 3)
    seeding = [frame([[9, 9]], Phase.SEED), frame([[9, 9], [1, 1]], Phase.SEED)]
    moving = [frame([[9, 9], [1, 1]], Phase.ASSIGN), frame([[8, 8], [2, 1]])]
    first, second = trails([*seeding, *moving], plane)
    np.testing.assert_array_equal(first, [[9, 9], [8, 8]])
    np.testing.assert_array_equal(second, [[1, 1], [2, 1]])
    assert trails(seeding, plane) == trails([], plane) == []


def test_a_long_trail_is_thinned_out_but_keeps_its_ends():
    plane = Plane(2, (0, 1), Scaling.identity(2), 3)
    (path,) = trails([frame([[step, 0]]) for step in range(500)], plane)
    assert len(path) <= 100
    assert path[:8, 0].tolist() == list(range(8))
    assert path[-1, 0] == 499
    assert (np.diff(path[:, 0]) > 0).all()

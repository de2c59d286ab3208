"""`assign`, `update` and `own_distances`: by hand, tile by tile, and far from the origin."""

import numpy as np
import pytest
import tensorflow as tf

from engine.clustering.kmeans.backends import half_steps
from tests.engine.clustering.made_points import means, normal, squared_distances

# Two pairs on a line.
LINE = np.array([[0], [2], [10], [14]], np.float32)


def retraced(function):
    """Retrace a function, so that it sees patched tile sizes."""
    return tf.function(function.python_function, input_signature=function.input_signature)


def test_a_point_goes_to_its_nearest_centroid():
    labels = half_steps.assign(LINE, np.float32([[13], [1]])).numpy()
    assert labels.tolist() == [1, 1, 0, 0]
    assert labels.dtype == np.int32


def test_a_tie_goes_to_the_lower_index():
    centroids = np.float32([[4], [0], [4]])
    assert half_steps.assign(np.float32([[2], [4]]), centroids).numpy().tolist() == [0, 0]


def test_a_centroid_moves_to_the_mean_of_its_points():
    moved = half_steps.update(LINE, [0, 0, 1, 1], np.float32([[0], [0]]))
    assert moved.numpy().tolist() == [[1], [12]]


def test_a_centroid_without_points_stays():
    moved = half_steps.update(LINE, [0, 0, 2, 2], np.float32([[0], [7], [0]]))
    assert moved.numpy().tolist() == [[1], [7], [12]]


def test_own_distances_are_squared():
    distances = half_steps.own_distances(LINE, [0, 0, 1, 1], np.float32([[0], [11]]))
    assert distances.numpy().tolist() == [0, 4, 1, 9]


def test_the_centroid_shift_is_the_largest_movement():
    before, after = np.float64([[0, 0], [5, 5]]), np.float64([[3, 4], [5, 6]])
    assert float(half_steps.centroid_shift(before, after)) == 5


@pytest.mark.parametrize("n_points", [1, 6, 7, 8, 50])
def test_labels_do_not_depend_on_the_tiles(monkeypatch, n_points):
    points, centroids = normal(n_points, 3), normal(4, 3, seed=1)
    whole = half_steps.assign(points, centroids).numpy()
    monkeypatch.setattr(half_steps, "_TILE_SCORES", 7 * len(centroids))
    assert (retraced(half_steps.assign)(points, centroids).numpy() == whole).all()


def test_a_tile_has_at_least_one_point(monkeypatch):
    points, centroids = normal(5, 2), normal(4, 2, seed=1)
    monkeypatch.setattr(half_steps, "_TILE_SCORES", 1)
    assert (
        (retraced(half_steps.assign)(points, centroids) == half_steps.assign(points, centroids))
        .numpy()
        .all()
    )


@pytest.mark.parametrize("n_points", [1, 6, 7, 8, 50])
def test_means_do_not_depend_on_the_tiles(monkeypatch, n_points):
    points, centroids = normal(n_points, 3), normal(4, 3, seed=1)
    labels = np.arange(n_points, dtype=np.int32) % 3
    whole = half_steps.update(points, labels, centroids).numpy()
    monkeypatch.setattr(half_steps, "_TILE_ROWS", 7)
    np.testing.assert_allclose(
        retraced(half_steps.update)(points, labels, centroids).numpy(), whole, rtol=1e-6, atol=1e-7
    )


@pytest.mark.slow
def test_many_points_fill_several_tiles():
    points, centroids = normal(100_001, 2), normal(100, 2, seed=1)
    assert len(points) % half_steps._TILE_ROWS
    assert len(points) * len(centroids) > 2 * half_steps._TILE_SCORES
    labels = half_steps.assign(points, centroids).numpy()
    distances = squared_distances(points, centroids)
    own = distances[np.arange(len(points)), labels]
    assert (own - distances.min(1)).max() < 1e-5
    moved = half_steps.update(points, labels, centroids).numpy()
    np.testing.assert_allclose(moved, means(points, labels, centroids), rtol=1e-5, atol=1e-6)


def test_means_are_exact_in_large_clusters_far_apart():
    """Sums in float32 were off by 25 here, 25 times the spread of the clusters."""
    labels = np.arange(400_000, dtype=np.int32) % 2
    points = normal(len(labels), 2) + np.where(labels, 1e5, -1e5)[:, np.newaxis].astype(np.float32)
    moved = half_steps.update(points, labels, np.zeros((2, 2), np.float32)).numpy()
    exact = means(points, labels, np.zeros((2, 2)))
    assert np.abs(moved - exact).max() <= np.spacing(np.float32(1e5))

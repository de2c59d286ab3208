"""Relocating empty centroids, by hand."""

import numpy as np

from engine.clustering.kmeans.backends.relocation import Farthest, farthest_first, relocate

# Two pairs on a line, and their squared distances from a centroid at 0.
LINE = np.float32([[0], [2], [10], [14]])
SQUARED = np.float64([0, 4, 100, 196])


def farthest(squared, points, n_points):
    chosen = farthest_first(np.float64(squared), n_points)
    return Farthest(np.float64(squared)[chosen], points[chosen])


def test_empty_centroids_take_the_farthest_points_in_turn():
    moved, sizes = np.float64([[50], [6.5], [60]]), np.array([0, 4, 0])
    after = relocate(moved, sizes, farthest(SQUARED, LINE, 2))
    assert after.tolist() == [[14], [6.5], [10]]
    assert moved.tolist() == [[50], [6.5], [60]]


def test_a_tie_goes_to_the_first_point():
    assert farthest_first(np.float64([1, 9, 4, 9, 9]), 2).tolist() == [1, 3]


def test_an_empty_centroid_stays_if_every_point_is_on_its_centroid():
    moved, sizes = np.float64([[0], [5], [9]]), np.array([2, 1, 0])
    after = relocate(moved, sizes, farthest([0, 0, 0], np.float32([[0], [0], [5]]), 1))
    assert after.tolist() == [[0], [5], [9]]


def test_empty_centroids_stay_if_there_are_too_few_points():
    moved, sizes = np.float64([[50], [6.5], [60]]), np.array([0, 4, 0])
    after = relocate(moved, sizes, farthest(SQUARED[3:], LINE[3:], 2))
    assert after.tolist() == [[14], [6.5], [60]]


def test_without_empty_centroids_nothing_moves():
    moved = np.float64([[1], [12]])
    assert relocate(moved, np.array([2, 2]), farthest(SQUARED, LINE, 0)).tolist() == [[1], [12]]

"""Farthest-first, k-means++ and random seeding: by hand, by chance, and frame by frame."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.cluster import kmeans_plusplus

from engine.clustering.options import Seeding
from engine.clustering.seeding import seed_centroids, seeds
from engine.errors import ParameterError
from engine.frames import Phase
from tests.engine.clustering.made_points import content, grids, normal

LINE = np.array([[0], [1], [2], [3]], np.float32)
# Three different places for six points.
THREE_PLACES = np.float32([[0, 0], [0, 0], [1, 0], [0, 0], [1, 0], [5, 5]])

every_seeding = pytest.mark.parametrize("seeding", Seeding)


def next_chosen(points, given, seeding, seed=0):
    """The point that is chosen after the given ones."""
    frame = next(seeds(points, len(given) + 1, seeding, seed, np.float32(given)))
    return frame.centroids[-1].tolist()


def broadcast_wrongly(points, first):
    """The lecture's well-known slip: the first centroid (2,) is spread as if it were two of them.

    Its distances are (2, N), to (x, x) and to (y, y), where (1, N) was meant.
    """
    distances = np.square(points[np.newaxis] - first[:, np.newaxis, np.newaxis]).sum(2)
    assert distances.shape == (2, len(points))
    return distances.min(0)


@every_seeding
def test_points_of_float64_are_chosen_once_each(seeding):
    points = np.random.default_rng(0).normal(size=(12, 2))
    assert len(np.unique(seed_centroids(points, 10, seeding), axis=0)) == 10


def test_farthest_first_takes_the_farthest_point():
    """From (0, 10), squared, it is 221 to (11, 0) and 225 to (0, -5)."""
    points = np.float32([[0, 10], [11, 0], [0, -5]])
    assert next_chosen(points, points[:1], Seeding.FARTHEST) == [0, -5]
    wrong = broadcast_wrongly(points, points[0])
    assert wrong.tolist() == [100, 101, 25]
    assert points[wrong.argmax()].tolist() == [11, 0]


def test_farthest_first_looks_at_the_nearest_centroid():
    points = np.float32([[0], [3], [8], [10]])
    assert next_chosen(points, [[0], [10]], Seeding.FARTHEST) == [3]


def test_farthest_first_takes_the_first_of_equally_far_points():
    assert next_chosen(np.float32([[0], [2], [-2]]), [[0]], Seeding.FARTHEST) == [2]


def test_random_seeding_is_fair_among_free_points():
    chosen = [next_chosen(LINE, [[0]], Seeding.RANDOM, seed)[0] for seed in range(300)]
    counts = np.bincount(np.int64(chosen), minlength=4)
    assert counts[0] == 0
    assert chi_square(counts[1:], [1, 1, 1]) < 13.8


def test_plus_plus_draws_in_proportion_to_squared_distance():
    chosen = [next_chosen(LINE, [[0]], Seeding.PLUS_PLUS, seed)[0] for seed in range(600)]
    counts = np.bincount(np.int64(chosen), minlength=4)
    assert counts[0] == 0
    assert chi_square(counts[1:], [1, 4, 9]) < 13.8


def chi_square(counts, weights):
    """Above 13.8 only once in a thousand times with two degrees of freedom."""
    expected = counts.sum() * np.array(weights) / np.sum(weights)
    return (np.square(counts - expected) / expected).sum()


def test_plus_plus_seeds_as_well_as_scikit_learn():
    points = normal(300, 2)

    def inertia(centroids):
        return np.square(points[:, np.newaxis] - centroids).sum(2).min(1).sum()

    ours = [inertia(seed_centroids(points, 8, Seeding.PLUS_PLUS, seed)) for seed in range(60)]
    theirs = [
        inertia(kmeans_plusplus(points, 8, n_local_trials=1, random_state=seed)[0])
        for seed in range(60)
    ]
    assert np.mean(ours) == pytest.approx(np.mean(theirs), rel=0.1)


@every_seeding
@given(grids(), st.integers(0, 1000))
def test_centroids_are_different_points(seeding, grid, seed):
    points, _ = grid
    places = np.unique(points, axis=0)
    found = seed_centroids(points, len(places), seeding, seed)
    assert (np.unique(found, axis=0) == places).all()


@every_seeding
def test_too_few_places_are_counted(seeding):
    frames = seeds(THREE_PLACES, 5, seeding)
    assert [len(next(frames).centroids) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(ParameterError, match="3 different places"):
        next(frames)


@every_seeding
def test_there_are_no_more_clusters_than_points(seeding):
    with pytest.raises(ParameterError, match="4 points cannot have 5 clusters"):
        seed_centroids(LINE, 5, seeding)


@every_seeding
def test_the_same_seed_gives_the_same_frames(seeding):
    points = normal(50, 2)
    once, again = ([content(frame) for frame in seeds(points, 6, seeding, 3)] for _ in range(2))
    assert once == again


@every_seeding
def test_the_frames_end_in_the_centroids_without_frames(seeding):
    points = normal(50, 2)
    *_, last = seeds(points, 6, seeding, 3)
    assert last.centroids.tobytes() == seed_centroids(points, 6, seeding, 3).tobytes()


@every_seeding
def test_another_seed_gives_other_centroids(seeding):
    points = normal(50, 2)
    assert (seed_centroids(points, 6, seeding, 0) != seed_centroids(points, 6, seeding, 1)).any()


@every_seeding
def test_each_frame_adds_one_centroid_and_loses_inertia(seeding):
    points = normal(50, 2)
    frames = list(seeds(points, 6, seeding))
    assert [len(frame.centroids) for frame in frames] == [1, 2, 3, 4, 5, 6]
    for frame in frames:
        assert (frame.iteration, frame.phase, frame.stop) == (0, Phase.SEED, None)
        assert frame.sizes.tolist() == np.bincount(frame.labels).tolist()
        distances = np.square(points - frame.centroids[frame.labels]).sum(1)
        assert frame.inertia == pytest.approx(distances.sum(), rel=1e-5)
    for before, after in pairwise(frames):
        assert after.inertia < before.inertia
        assert after.changed == (after.labels != before.labels).sum()


@every_seeding
def test_seeding_goes_on_from_given_centroids(seeding):
    given_ones = np.float32([[7, 7], [-7, -7]])
    first, second = seeds(normal(50, 2), 4, seeding, 0, given_ones)
    assert (second.centroids[:2] == given_ones).all()
    assert (first.centroids == second.centroids[:3]).all()

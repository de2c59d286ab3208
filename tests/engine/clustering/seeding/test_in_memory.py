"""Farthest-first, k-means++ and random seeding: by hand, by statistics, and frame by frame."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.cluster import kmeans_plusplus

from engine.clustering.frames import Phase
from engine.clustering.kmeans.options import Seeding, n_candidates
from engine.clustering.seeding.in_memory import seed_centroids, seeds
from engine.errors import ParameterError
from tests.engine.clustering.made_points import (
    blobs,
    chi_square,
    content,
    greedy_in_float64,
    grids,
    normal,
    squared_distances,
)

LINE = np.array([[0], [1], [2], [3]], np.float32)
# Chi-square with two degrees of freedom exceeds this with probability 0.001.
MAX_CHI_SQUARE = 13.8
# Six points with three distinct values.
THREE_PLACES = np.float32([[0, 0], [0, 0], [1, 0], [0, 0], [1, 0], [5, 5]])

every_seeding = pytest.mark.parametrize("seeding", Seeding)


def next_chosen(points, given, seeding, seed=0):
    """Return the point that is chosen after the given ones."""
    frame = next(seeds(points, len(given) + 1, seeding, seed, np.float32(given)))
    return frame.centroids[-1].tolist()


def broadcast_wrongly(points, first):
    """The lecture's well-known bug: the first centroid (2,) is broadcast as if it were two.

    Its distances are (2, N), to (x, x) and to (y, y), instead of (1, N).
    """
    distances = np.square(points[np.newaxis] - first[:, np.newaxis, np.newaxis]).sum(2)
    assert distances.shape == (2, len(points))
    return distances.min(0)


@every_seeding
def test_float64_points_are_each_chosen_once(seeding):
    points = np.random.default_rng(0).normal(size=(12, 2))
    assert len(np.unique(seed_centroids(points, 10, seeding), axis=0)) == 10


def test_farthest_first_takes_the_farthest_point():
    """The squared distance from (0, 10) is 221 to (11, 0) and 225 to (0, -5)."""
    points = np.float32([[0, 10], [11, 0], [0, -5]])
    assert next_chosen(points, points[:1], Seeding.FARTHEST) == [0, -5]
    wrong = broadcast_wrongly(points, points[0])
    assert wrong.tolist() == [100, 101, 25]
    assert points[wrong.argmax()].tolist() == [11, 0]


def test_farthest_first_measures_from_the_nearest_centroid():
    points = np.float32([[0], [3], [8], [10]])
    assert next_chosen(points, [[0], [10]], Seeding.FARTHEST) == [3]


def test_farthest_first_breaks_ties_by_order():
    assert next_chosen(np.float32([[0], [2], [-2]]), [[0]], Seeding.FARTHEST) == [2]


def test_random_seeding_is_uniform_over_unused_points():
    chosen = [next_chosen(LINE, [[0]], Seeding.RANDOM, seed)[0] for seed in range(300)]
    counts = np.bincount(np.int64(chosen), minlength=4)
    assert counts[0] == 0
    assert chi_square(counts[1:], [1, 1, 1]) < MAX_CHI_SQUARE


def test_single_plus_plus_draws_in_proportion_to_squared_distance():
    chosen = [next_chosen(LINE, [[0]], Seeding.PLUS_PLUS_SINGLE, seed)[0] for seed in range(600)]
    counts = np.bincount(np.int64(chosen), minlength=4)
    assert counts[0] == 0
    assert chi_square(counts[1:], [1, 4, 9]) < MAX_CHI_SQUARE


def test_plus_plus_keeps_the_better_of_two_candidates():
    """The candidates 1, 2, 3 have probabilities 1, 4, 9 of 14, and would leave inertias 5, 2 and 2.

    So 1 is kept only if it is drawn twice, and the first drawn of 2 and 3.
    """
    chosen = [next_chosen(LINE, [[0]], Seeding.PLUS_PLUS, seed)[0] for seed in range(600)]
    counts = np.bincount(np.int64(chosen), minlength=4)
    assert counts[0] == 0
    assert chi_square(counts[1:], [1, 4 * 15, 9 * 15]) < MAX_CHI_SQUARE


def test_the_number_of_candidates_follows_the_paper():
    found = {k: n_candidates(k) for k in (1, 2, 3, 7, 8, 20, 21, 54, 55, 256)}
    assert found == {1: 2, 2: 2, 3: 3, 7: 3, 8: 4, 20: 4, 21: 5, 54: 5, 55: 6, 256: 7}


@pytest.mark.parametrize("offset", [0, 2**20])
@pytest.mark.parametrize("shape", [(900, 2), (2500, 11)], ids=str)
def test_plus_plus_matches_float64(shape, offset):
    """Also far from the origin, where float32 can represent multiples of 1/64."""
    points = np.round(normal(*shape) * 64).astype(np.float32) / 64 + np.float32(offset)
    for seed in range(3):
        expected = greedy_in_float64(points, 9, np.random.default_rng(seed))
        found = seed_centroids(points, 9, Seeding.PLUS_PLUS, seed)
        np.testing.assert_array_equal(found, expected)


def with_codes(code, n_dims=9):
    """Four groups; a third of the rows have a missing-value code in the last column."""
    rng = np.random.default_rng(1)
    points = blobs(4, 500, n_dims, seed=1) + 20
    points[rng.random(len(points)) < 0.33, -1] = code
    return points


def since_1970():
    """Five bursts within an hour, in seconds since 1970, a fifth unset; 8 small columns."""
    rng = np.random.default_rng(1)
    group = rng.integers(5, size=2000)
    seconds = np.where(rng.random(2000) < 0.2, 0, 1.7e9 + group * 600 + rng.random(2000) * 60)
    small = rng.normal(size=(5, 8))[group] * 3 + rng.normal(size=(2000, 8))
    return np.column_stack([seconds, small]).astype(np.float32)


HARD = {"code": with_codes(999_999), "large code": with_codes(1e9, 12), "times": since_1970()}


@pytest.mark.parametrize("name", HARD)
def test_plus_plus_on_hard_points_matches_float64(name):
    for seed in range(3):
        expected = greedy_in_float64(HARD[name], 8, np.random.default_rng(seed))
        found = seed_centroids(HARD[name], 8, Seeding.PLUS_PLUS, seed)
        np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", HARD)
def test_farthest_first_takes_the_farthest_of_hard_points(name):
    """Except for the last digit of float32: next to 1e12 the small columns vanish in it."""
    points = HARD[name]
    found = seed_centroids(points, 8)
    for number in range(1, 8):
        nearest = squared_distances(points, found[:number]).min(1)
        own = squared_distances(found[number : number + 1], found[:number]).min()
        assert own >= nearest.max() * (1 - 1e-6)


@pytest.mark.parametrize(
    ("seeding", "n_trials"), [(Seeding.PLUS_PLUS, None), (Seeding.PLUS_PLUS_SINGLE, 1)]
)
def test_plus_plus_seeds_as_well_as_scikit_learn(seeding, n_trials):
    points = normal(300, 2)

    def inertia(centroids):
        return np.square(points[:, np.newaxis] - centroids).sum(2).min(1).sum()

    ours = [inertia(seed_centroids(points, 8, seeding, seed)) for seed in range(60)]
    theirs = [
        inertia(kmeans_plusplus(points, 8, n_local_trials=n_trials, random_state=seed)[0])
        for seed in range(60)
    ]
    assert np.mean(ours) == pytest.approx(np.mean(theirs), rel=0.1)


@every_seeding
@given(grids(), st.integers(0, 1000))
def test_centroids_are_distinct_points(seeding, grid, seed):
    points, _ = grid
    places = np.unique(points, axis=0)
    found = seed_centroids(points, len(places), seeding, seed)
    assert (np.unique(found, axis=0) == places).all()


@every_seeding
def test_too_few_distinct_points_are_counted(seeding):
    frames = seeds(THREE_PLACES, 5, seeding)
    assert [len(next(frames).centroids) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(ParameterError, match="only 3 distinct positions"):
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
def test_the_last_frame_has_the_centroids_of_full_speed(seeding):
    points = normal(50, 2)
    *_, last = seeds(points, 6, seeding, 3)
    assert last.centroids.tobytes() == seed_centroids(points, 6, seeding, 3).tobytes()


@every_seeding
def test_another_seed_gives_other_centroids(seeding):
    points = normal(50, 2)
    assert (seed_centroids(points, 6, seeding, 0) != seed_centroids(points, 6, seeding, 1)).any()


@every_seeding
def test_each_frame_adds_one_centroid_and_reduces_inertia(seeding):
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
def test_seeding_continues_from_given_centroids(seeding):
    given_ones = np.float32([[7, 7], [-7, -7]])
    first, second = seeds(normal(50, 2), 4, seeding, 0, given_ones)
    assert (second.centroids[:2] == given_ones).all()
    assert (first.centroids == second.centroids[:3]).all()

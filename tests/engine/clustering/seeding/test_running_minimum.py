"""The distance to the nearest centroid so far, compiled and in NumPy, against float64."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.clustering.kmeans.options import Seeding
from engine.clustering.seeding import in_memory as seeding
from engine.clustering.seeding import running_minimum
from engine.clustering.seeding.in_memory import next_point, seed_centroids, seeds, steps
from engine.clustering.seeding.running_minimum import FewPoints, RunningMinimum, first_best
from engine.clustering.seeding.running_minimum import running_minimum as made
from tests.engine.clustering.made_points import grids, normal, squared_distances

every_seeding = pytest.mark.parametrize("seeding", Seeding)
# Sizes around a tile, and around the dimensions that are written out.
SHAPES = [(1, 1), (2, 2), (511, 2), (512, 9), (513, 1), (5000, 2), (5000, 9), (700, 17)]


@pytest.fixture(autouse=True, scope="module", params=["compiled", "in NumPy"])
def few_values(request):
    """The size from which the compiled program is used: in these tests always, or never."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running_minimum, "_FEW_VALUES", 0 if request.param == "compiled" else 2**30)
        yield


def farthest_in_numpy(points, n_clusters, first):
    """Farthest-first in float64; exact for points on a grid."""
    chosen = [first]
    while len(chosen) < n_clusters:
        chosen.append(int(squared_distances(points, points[chosen]).min(1).argmax()))
    return chosen


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("offset", [0, 1e6])
def test_it_holds_the_squared_distance_to_the_nearest(shape, offset):
    """Also far from the origin, where the float32 points count as exact."""
    points = normal(*shape) + np.float32(offset)
    running = made(points)
    assert np.isinf(running.nearest).all()
    assert running.nearest.shape == (len(points),)
    for centroid in points[:3]:
        nearest = running.add(centroid)
    expected = squared_distances(points, points[:3]).min(1)
    np.testing.assert_allclose(nearest, expected, rtol=1e-5)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("n_candidates", [1, 4])
def test_candidates_are_compared_by_the_inertia_that_remains(shape, n_candidates):
    points = normal(*shape) + np.float32(1e3)
    running, drawn = made(points), points[:: max(1, len(points) // n_candidates)][:n_candidates]
    running.add(points[-1])
    left = [squared_distances(points, [points[-1], each]).min(1).sum() for each in drawn]
    np.testing.assert_allclose(running.compare(drawn), left, rtol=1e-5)
    best = running.add_best(drawn)
    assert left[best] <= min(left) * (1 + 1e-5)
    expected = made(points)
    expected.add(points[-1])
    np.testing.assert_array_equal(running.nearest, expected.add(drawn[best]))


@pytest.mark.slow
@pytest.mark.parametrize("n_dims", [3, 5, 8, 16, 24, 33])
def test_a_candidate_and_a_centroid_have_identical_distances(n_dims):
    """Bit for bit, however many dimensions are written out."""
    points = normal(1500, n_dims)
    running, expected = made(points), made(points)
    for index in range(4):
        best = running.add_best(points[[2 * index, 2 * index + 1]])
        taken = expected.add(points[2 * index + best])
        np.testing.assert_array_equal(running.nearest, taken)


def test_a_tie_goes_to_the_first_candidate():
    points = np.float32([[0], [1], [2], [3]])
    running = made(points)
    running.add(points[0])
    assert running.compare(points[[3, 2, 1]]).tolist() == [2, 2, 5]
    assert running.add_best(points[[1, 3, 2]]) == 1
    assert running.nearest.tolist() == [0, 1, 1, 0]


def test_sums_that_differ_only_by_rounding_are_ties():
    assert first_best(np.array([1.0, np.nextafter(1, 0), 0.9999])) == 2
    assert first_best(np.array([1.0, np.nextafter(1, 0)])) == 0
    assert first_best(np.array([1.0, 0.0, 0.0])) == 1


def test_it_continues_from_known_distances():
    points = normal(600, 3)
    running = made(points)
    before = running.add(points[0]).copy()
    after = running.add(points[1])
    np.testing.assert_array_equal(made(points, before).add(points[1]), after)
    assert (before != after).any()


def test_the_distance_of_a_point_does_not_depend_on_its_position_in_the_array():
    """So a chunk of a file gives the same distances as the whole file in memory."""
    points = normal(5000, 11)
    whole = RunningMinimum(points).add(points[7])
    for part in (slice(0, 3), slice(500, 1500), slice(4999, 5000)):
        np.testing.assert_array_equal(RunningMinimum(points[part]).add(points[7]), whole[part])


def test_a_chunk_uses_the_implementation_of_the_whole_table():
    points = normal(500, 2)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running_minimum, "_FEW_VALUES", 2000)
        kinds = [type(made(points)), type(made(points, None, 2001))]
    assert kinds == [FewPoints, RunningMinimum]


@pytest.mark.slow
@every_seeding
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_frames_and_full_speed_choose_the_same(seeding, shape):
    points = normal(*shape, seed=4)
    n_clusters = min(9, len(points))
    for seed in range(3):
        *_, last = seeds(points, n_clusters, seeding, seed)
        found = seed_centroids(points, n_clusters, seeding, seed)
        assert found.tobytes() == last.centroids.tobytes()


@every_seeding
@pytest.mark.parametrize("offset", [0, 1e6])
def test_frames_and_full_speed_choose_the_same_with_ties(seeding, offset):
    """A grid with every point twice: many are equally far."""
    axis = np.arange(18, dtype=np.float32)
    grid = np.stack(np.meshgrid(axis, axis), -1).reshape(-1, 2)
    points = np.concatenate([grid, grid]) + np.float32(offset)
    *_, last = seeds(points, 70, seeding, 1)
    assert seed_centroids(points, 70, seeding, 1).tobytes() == last.centroids.tobytes()


@given(grids(), st.integers(0, 100))
def test_farthest_first_matches_numpy(grid, seed):
    """On quarters, so that distances are exact and the first of ties counts."""
    points, _ = grid
    n_places = len(np.unique(points, axis=0))
    first = int(np.random.default_rng(seed).integers(len(points)))
    expected = points[farthest_in_numpy(points, n_places, first)]
    found = seed_centroids(points, n_places, Seeding.FARTHEST, seed)
    np.testing.assert_array_equal(found, expected)


@pytest.mark.slow
@every_seeding
def test_every_point_can_be_a_centroid(seeding):
    """64 centroids, which take more than one call."""
    points = normal(513, 2)
    found = seed_centroids(points, len(points), seeding)
    np.testing.assert_array_equal(np.unique(found, axis=0), np.unique(points, axis=0))


def test_several_calls_choose_the_same_as_one(monkeypatch):
    monkeypatch.setattr(running_minimum, "_FEW_VALUES", 0)
    points = normal(600, 2)
    at_once = seed_centroids(points, 30)
    monkeypatch.setattr(running_minimum, "_SLICE_VALUES", points.size * 2 * 7)
    reported = list(seeding.seed_in_chunks(points, 30, Seeding.FARTHEST, 0))
    assert reported == [7, 14, 21, 28, 30]
    np.testing.assert_array_equal(seed_centroids(points, 30), at_once)


def test_padding_is_never_the_farthest():
    """The padding is zeros, far from all these points."""
    points = normal(3, 2) + np.float32(1000)
    running = made(points)
    assert sorted([0, *running.add_farthest(points[0], 3)]) == [0, 1, 2]
    assert running.add_farthest(points[0], 2).tolist() == [-1]


@pytest.mark.parametrize("how", [Seeding.PLUS_PLUS_SINGLE, Seeding.RANDOM])
def test_a_point_of_probability_zero_is_never_drawn(how):
    """Only three points have any: the last of the first block, the first and last of the third."""
    nearest = np.zeros(1300, np.float32)
    nearest[[511, 1024, 1299]] = 1, 2, 3
    rng = np.random.default_rng(0)
    drawn = np.bincount([next_point(nearest, how, rng, 1) for _ in range(900)], minlength=1300)
    assert np.flatnonzero(drawn).tolist() == [511, 1024, 1299]
    expected = np.array([150, 300, 450] if how is Seeding.PLUS_PLUS_SINGLE else [300] * 3)
    assert (np.square(drawn[[511, 1024, 1299]] - expected) / expected).sum() < 13.8


@pytest.mark.parametrize(("chance", "index"), [(0, 3), (0.25, 600), (np.nextafter(1, 0), 601)])
def test_draws_at_the_ends_of_blocks(chance, index):
    """The cumulative sum is 1 at 3, 2 at 600 and 4 at 601; later points have probability 0."""
    nearest = np.zeros(2000, np.float32)
    nearest[[3, 600, 601]] = 1, 1, 2
    assert next_point(nearest, Seeding.PLUS_PLUS_SINGLE, Fixed(chance), 1) == index


class Fixed:
    """A generator that returns a fixed number."""

    def __init__(self, chance):
        self.chance = chance

    def random(self):
        return self.chance


def test_seeds_count_labels_from_given_centroids():
    points = np.float32([[0], [1], [9], [10], [20]])
    (frame,) = seeds(points, 3, Seeding.FARTHEST, 0, np.float32([[0], [10]]))
    assert frame.labels.tolist() == [0, 0, 1, 1, 2]
    assert frame.inertias.tolist() == [1, 1, 0]


def test_given_centroids_are_steps_too():
    points = normal(20, 2)
    found = [len(centroids) for centroids, _ in steps(points, 4, Seeding.FARTHEST, 0, points[:2])]
    assert found == [1, 2, 3, 4]

"""k-means on a memory-mapped file gives the same result as in memory."""

import numpy as np
import pytest

from engine.clustering.chunks import finished
from engine.clustering.frames import Stop
from engine.clustering.kmeans.backends import half_steps, packing
from engine.clustering.kmeans.backends.streamed import Streamed
from engine.clustering.kmeans.driver import fit, fit_in_chunks
from engine.clustering.kmeans.frames import EmptyPolicy
from engine.clustering.kmeans.options import Seeding
from engine.clustering.seeding import streamed as streamed_seeding
from engine.clustering.seeding.in_memory import seed_centroids
from engine.data.arrays import mapped
from engine.data.arrays.mapped import open_mapped
from engine.data.scaling import Scaling
from engine.errors import DataError, ParameterError
from tests.engine.clustering.made_points import blobs, normal

pytestmark = pytest.mark.slow

OVERLAPPING = blobs(6, 40, 3) + 5 * normal(240, 3, seed=1)


@pytest.fixture(scope="module", autouse=True)
def _small_chunks():
    """Use chunks of 50 points in three dimensions; the last is smaller."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mapped, "CHUNK_VALUES", 150)
        yield


@pytest.fixture
def stored(tmp_path):
    """Write points to a file, and map it."""

    def store(points):
        np.save(tmp_path / "points.npy", points)
        return finished(open_mapped(str(tmp_path / "points.npy"))).points

    return store


def same(ours, theirs):
    """Check that two last frames are equal up to rounding."""
    np.testing.assert_array_equal(ours.labels, theirs.labels)
    assert ours.labels.dtype == theirs.labels.dtype
    np.testing.assert_array_equal(ours.sizes, theirs.sizes)
    np.testing.assert_allclose(ours.centroids, theirs.centroids, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(ours.inertias, theirs.inertias, rtol=1e-5, atol=1e-6)
    for name in ("iteration", "phase", "changed", "shift", "empty_policy", "stop"):
        assert getattr(ours, name) == getattr(theirs, name)


@pytest.mark.parametrize(
    "options",
    [{}, {"tol": 0.5}, {"tol": float("nan")}, {"max_iter": 0}, {"max_iter": 3}],
    ids=str,
)
@pytest.mark.parametrize("offset", [0, 1e4])
def test_the_last_frame_matches_fit(stored, options, offset):
    points = (OVERLAPPING + offset).astype(np.float32)
    start = points[:6]
    there = finished(fit_in_chunks(stored(points), start, **options))
    same(there, fit(points, start, **options))


@pytest.mark.parametrize("policy", EmptyPolicy)
@pytest.mark.parametrize("n_far", [1, 3])
def test_empty_centroids_are_relocated_as_in_memory(stored, policy, n_far):
    """Two points are equally far: the centroid jumps to the first of them."""
    points = OVERLAPPING.copy()
    points[[70, 200]] = [90, 0, 0]
    points[120] = [0, -90, 0]
    start = np.concatenate([points[:4], np.full((n_far, 3), 9999, np.float32)])
    there = finished(fit_in_chunks(stored(points), start, empty=policy))
    same(there, fit(points, start, empty=policy))
    assert (there.sizes == 0).sum() == (n_far if policy is EmptyPolicy.KEEP else 0)


def test_an_empty_centroid_stays_if_every_point_is_on_its_centroid(stored):
    points = np.repeat(np.float32([[0, 0, 0], [1, 0, 0], [0, 5, 0]]), 60, axis=0)
    start = np.float32([[0, 0, 0], [1, 0, 0], [0, 5, 0], [9, 9, 9]])
    for policy in EmptyPolicy:
        there = finished(fit_in_chunks(stored(points), start, empty=policy))
        same(there, fit(points, start, empty=policy))
        assert there.centroids[3].tolist() == [9, 9, 9]


def test_standardized_points_match_too(stored):
    points = OVERLAPPING * np.float32([1, 100, 0.01])
    there, scaling = stored(points), Scaling.fit(points)
    scaled = scaling.forward(points)
    found = finished(fit_in_chunks(there.scaled(scaling), scaled[:6]))
    same(found, fit(scaled, scaled[:6]))


@pytest.mark.parametrize("seeding", Seeding)
@pytest.mark.parametrize("seed", range(4))
def test_the_same_seed_gives_the_same_centroids(stored, seeding, seed):
    there = finished(streamed_seeding.seed_in_chunks(stored(OVERLAPPING), 9, seeding, seed))
    np.testing.assert_array_equal(there, seed_centroids(OVERLAPPING, 9, seeding, seed))


@pytest.mark.parametrize("seeding", Seeding)
def test_as_many_centroids_as_distinct_points(stored, seeding):
    """AFK-MC2 then falls back to the draws of k-means++, which are the same too."""
    points = np.repeat(normal(5, 3), 40, axis=0)
    there = stored(points)
    found = finished(streamed_seeding.seed_in_chunks(there, 5, seeding, 3))
    np.testing.assert_array_equal(found, seed_centroids(points, 5, seeding, 3))
    with pytest.raises(ParameterError, match="only 5 distinct positions"):
        finished(streamed_seeding.seed_in_chunks(there, 6, seeding, 3))


def test_progress_is_reported_for_every_chunk_of_every_pass(stored):
    """240 points are five chunks; two iterations need three assignments and a final pass, whose end
    is the end of the run.
    """
    reported = list(fit_in_chunks(stored(OVERLAPPING), OVERLAPPING[:6], max_iter=2))
    assert [at.number for at in reported] == [0] * 5 + [1] * 5 + [2] * 9
    np.testing.assert_allclose(
        [at.share for at in reported[:5]], [50 / 240 * n for n in range(1, 5)] + [1]
    )


def test_progress_is_reported_for_every_chunk_of_a_seeding(stored):
    reported = list(streamed_seeding.seed_in_chunks(stored(OVERLAPPING), 3, Seeding.FARTHEST, 0))
    assert [at.number for at in reported] == [1] * 5 + [2] * 5


def test_invalid_combinations_are_refused_as_in_memory(stored):
    points = stored(OVERLAPPING)
    for start in (np.zeros((2, 2)), np.zeros((241, 3)), np.full((2, 3), np.nan)):
        with pytest.raises((DataError, ParameterError)) as here:
            fit(OVERLAPPING, start)
        with pytest.raises((DataError, ParameterError)) as there:
            next(fit_in_chunks(points, start))
        assert str(there.value) == str(here.value)
    with pytest.raises(ParameterError, match="240 points cannot have 241 clusters"):
        next(streamed_seeding.seed_in_chunks(points, 241, Seeding.RANDOM, 0))


def test_values_whose_squares_overflow_are_refused(stored):
    points = OVERLAPPING * np.float32(1e16)
    with pytest.raises(DataError, match="too large"):
        next(fit_in_chunks(stored(points), points[:2]))


def test_labels_cannot_be_written(stored):
    frame = finished(fit_in_chunks(stored(OVERLAPPING), OVERLAPPING[:6]))
    assert frame.stop is Stop.LABELS
    assert not frame.labels.flags.writeable


def test_distances_to_their_own_centroids_are_those_of_the_half_steps():
    labels = np.arange(len(OVERLAPPING)) % 6
    backend = Streamed(OVERLAPPING, OVERLAPPING[:6])
    ours = backend.own_distances(OVERLAPPING, labels, backend.start)
    shifted = packing.shifted(OVERLAPPING, backend.origin).astype(np.float64)
    theirs = half_steps.own_distances(shifted, labels.astype(np.int32), backend.start)
    assert ours.dtype == np.float64
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)

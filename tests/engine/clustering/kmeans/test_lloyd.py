"""Lloyd's algorithm, frame by frame and at full speed: invariants of frames, and stopping."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.clustering.frames import Phase, Stop
from engine.clustering.kmeans.driver import fit, lloyd
from engine.clustering.kmeans.frames import EmptyPolicy
from engine.clustering.kmeans.options import Formulation, KMeansOptions, Seeding
from engine.clustering.kmeans.runs import cluster
from tests.engine.clustering.made_points import (
    blobs,
    content,
    grids,
    has_ties,
    normal,
    reference,
    scattered,
)

every_policy = pytest.mark.parametrize("policy", EmptyPolicy)


def last(frames):
    *_, frame = frames
    return frame


@every_policy
@given(grids())
def test_no_half_step_increases_inertia(policy, grid):
    inertias = [frame.inertia for frame in lloyd(*grid, empty=policy)]
    assert all(after <= before * 1.0001 + 1e-3 for before, after in pairwise(inertias))


@every_policy
@given(grids())
def test_every_frame_is_consistent(policy, grid):
    points, centroids = grid
    frames = list(lloyd(points, centroids, empty=policy))
    for frame in frames:
        assert frame.sizes.tolist() == np.bincount(frame.labels, minlength=len(centroids)).tolist()
        assert frame.sizes.sum() == len(points) == len(frame.labels)
        assert (frame.labels < len(centroids)).all()
        assert (frame.inertias >= 0).all()
        assert np.isfinite(frame.centroids).all()
        assert frame.empty == tuple(np.flatnonzero(frame.sizes == 0))
        assert frame.empty_policy is policy
        for array in (frame.centroids, frame.labels, frame.sizes, frame.inertias):
            assert not array.flags.writeable
    turns = [frame.phase for frame in frames]
    assert turns == [Phase.ASSIGN, Phase.UPDATE] * (len(frames) // 2) + [Phase.ASSIGN]
    assert [frame.iteration for frame in frames] == [(n + 1) // 2 for n in range(len(frames))]
    assert [frame.stop is not None for frame in frames] == [False] * (len(frames) - 1) + [True]


@given(grids())
def test_an_update_keeps_labels_and_reports_the_centroid_shift(grid):
    for before, after in pairwise(lloyd(*grid)):
        changed = (before.labels != after.labels).sum()
        assert after.changed == changed
        shifts = np.linalg.norm(after.centroids - before.centroids, axis=1)
        assert after.shift == pytest.approx(shifts.max(), abs=1e-5)
        if after.phase is Phase.UPDATE:
            assert changed == 0
        else:
            assert (before.centroids == after.centroids).all()


@every_policy
@pytest.mark.parametrize("tol", [0.0, 1e-3, 0.1, 100.0, float("nan")])
@pytest.mark.parametrize("max_iter", [0, 1, 2, 300])
@pytest.mark.parametrize("formulation", [Formulation.TILED, Formulation.LECTURE])
def test_fit_equals_the_last_frame_bit_for_bit(policy, tol, max_iter, formulation):
    points = normal(200, 2)
    start = np.concatenate([points[:4], np.float32([[50, 50], [60, 60]])])
    options = {"max_iter": max_iter, "tol": tol, "empty": policy, "formulation": formulation}
    assert content(fit(points, start, **options)) == content(last(lloyd(points, start, **options)))


@pytest.mark.slow
@every_policy
@given(grids())
def test_fit_equals_the_last_frame_with_ties(policy, grid):
    assert content(fit(*grid, empty=policy)) == content(last(lloyd(*grid, empty=policy)))


@given(scattered())
def test_the_end_matches_float64(problem):
    labels, centroids, inertia, iterations, _ = reference(*problem)
    assume(not has_ties(*problem))
    frame = fit(*problem)
    assert frame.labels.tolist() == labels.tolist()
    assert frame.iterations == iterations
    assert frame.inertia == pytest.approx(inertia, rel=1e-5, abs=1e-6)
    np.testing.assert_allclose(frame.centroids, centroids, rtol=1e-5, atol=1e-6)


@given(scattered(), st.integers(-1000, 1000))
def test_translating_points_translates_centroids(problem, offset):
    assume(not has_ties(*problem))
    here = fit(*problem)
    there = fit(*(values + np.float32(offset) for values in problem))
    assert (here.labels == there.labels).all()
    np.testing.assert_allclose(here.centroids + offset, there.centroids, atol=1e-3)
    assert there.inertia == pytest.approx(here.inertia, rel=1e-3, abs=1e-3)


@given(scattered(), st.sampled_from([2.0**-20, 0.01, 3.0, 2.0**20]))
def test_scaling_points_scales_centroids(problem, factor):
    assume(not has_ties(*problem))
    small = fit(*problem)
    large = fit(*(values * np.float32(factor) for values in problem))
    assert (small.labels == large.labels).all()
    np.testing.assert_allclose(small.centroids * factor, large.centroids, 1e-4, 1e-5 * factor)
    assert large.inertia == pytest.approx(small.inertia * factor**2, rel=1e-4, abs=1e-5 * factor**2)


@given(scattered(), st.randoms(use_true_random=False))
def test_the_order_of_points_does_not_matter(problem, random):
    assume(not has_ties(*problem))
    points, start = problem
    order = random.sample(range(len(points)), len(points))
    sorted_, shuffled = fit(points, start), fit(points[order], start)
    assert (sorted_.labels[order] == shuffled.labels).all()
    assert shuffled.inertia == pytest.approx(sorted_.inertia, rel=1e-5, abs=1e-6)


@given(scattered())
def test_the_order_of_centroids_only_permutes_labels(problem):
    assume(not has_ties(*problem))
    points, start = problem
    one_way, other_way = fit(points, start), fit(points, start[::-1])
    assert (one_way.labels == len(start) - 1 - other_way.labels.astype(int)).all()
    np.testing.assert_allclose(one_way.centroids, other_way.centroids[::-1], 1e-5, 1e-6)


def test_it_stops_when_no_label_changes():
    frame = fit(np.float32([[0], [1], [10], [11]]), np.float32([[0], [1]]))
    assert (frame.stop, frame.converged, frame.changed) == (Stop.LABELS, True, 0)
    assert frame.centroids.tolist() == [[0.5], [10.5]]


def test_it_stops_when_no_centroid_moves_more_than_the_tolerance():
    frames = list(lloyd(normal(500, 2), normal(5, 2, seed=1), tol=0.05))
    shifts = [frame.shift for frame in frames if frame.phase is Phase.UPDATE]
    assert (frames[-1].stop, frames[-1].converged) == (Stop.TOLERANCE, True)
    assert shifts[-1] <= 0.05 < min(shifts[:-1])
    assert frames[-1].changed > 0


def test_it_stops_at_the_maximum_number_of_iterations():
    frame = fit(normal(500, 2), normal(5, 2, seed=1), max_iter=3)
    assert (frame.stop, frame.converged, frame.iterations) == (Stop.MAX_ITER, False, 3)


def test_with_zero_iterations_points_are_only_assigned():
    points = normal(20, 2)
    (frame,) = lloyd(points, points[:3], max_iter=0)
    assert (frame.stop, frame.phase, frame.iteration) == (Stop.MAX_ITER, Phase.ASSIGN, 0)
    np.testing.assert_allclose(frame.centroids, points[:3], rtol=1e-6)


def test_the_iteration_count_continues():
    points = normal(500, 2)
    frames = list(lloyd(points, points[:5], iteration=7, max_iter=9))
    assert [frame.iteration for frame in frames] == [7, 8, 8, 9, 9]


def test_progress_rises_to_the_number_of_iterations():
    reported, points = [], normal(500, 2)
    frame = fit(points, points[:5], progress=reported.append)
    assert reported == sorted(reported)
    assert reported[-1] == frame.iterations


@pytest.mark.parametrize("formulation", Formulation)
def test_an_exception_from_progress_ends_the_run(formulation):
    def cancel(_):
        raise KeyboardInterrupt

    points = normal(500, 2)
    with pytest.raises(KeyboardInterrupt):
        fit(points, points[:5], progress=cancel, formulation=formulation)


@every_policy
@pytest.mark.parametrize("seeding", Seeding)
def test_the_same_seed_gives_the_same_frames(policy, seeding):
    options = KMeansOptions(n_clusters=5, seeding=seeding, seed=2, empty=policy)
    points = blobs(5, 40, 2)
    once, again = ([content(frame) for frame in cluster(points, options)] for _ in range(2))
    assert once == again


def test_a_run_seeds_first():
    frames = list(cluster(blobs(4, 30, 2), KMeansOptions(n_clusters=4)))
    assert [frame.phase for frame in frames[:6]] == [Phase.SEED] * 4 + [Phase.ASSIGN, Phase.UPDATE]
    np.testing.assert_allclose(frames[4].centroids, frames[3].centroids, rtol=1e-6)
    assert frames[-1].stop is Stop.LABELS


def test_a_run_seeds_only_the_missing_centroids():
    points = blobs(4, 30, 2)
    frames = list(cluster(points, KMeansOptions(n_clusters=4), points[:3]))
    assert [frame.phase for frame in frames[:2]] == [Phase.SEED, Phase.ASSIGN]
    assert (frames[0].centroids[:3] == points[:3]).all()


@pytest.mark.parametrize("n_given", [4, 6])
def test_a_run_with_all_centroids_given_does_not_seed(n_given):
    points = blobs(4, 30, 2)
    frames = list(cluster(points, KMeansOptions(n_clusters=4), points[:n_given], iteration=9))
    assert (frames[0].phase, frames[0].iteration) == (Phase.ASSIGN, 9)
    assert len(frames[0].centroids) == n_given

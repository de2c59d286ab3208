"""The best of several runs, at full speed and frame by frame; compiling before a run."""

import numpy as np
import pytest

from engine.clustering.chunks import finished
from engine.clustering.frames import Phase
from engine.clustering.kmeans.backends.compiled.iterate import iterating
from engine.clustering.kmeans.driver import lloyd
from engine.clustering.kmeans.options import Formulation, KMeansOptions, Seeding
from engine.clustering.kmeans.runs import best_in_chunks, cluster, one_run, warm_up
from engine.errors import DataError, ParameterError
from engine.frames import Search
from tests.engine.clustering.made_points import blobs, content, greedy_in_float64, normal, reference

# Started from two of these points, k-means halves the rectangle in one of two ways.
RECTANGLE = np.float32([[0, 0], [0, 2], [8, 0], [8, 2]])


def ends(points, options, n_runs):
    """Return the final inertia of each run."""
    found = []
    for seed in range(options.seed, options.seed + n_runs):
        *_, last = one_run(points, KMeansOptions(n_clusters=2, seeding=Seeding.RANDOM, seed=seed))
        found.append(last.inertia)
    return found


def test_the_best_run_halves_the_rectangle_across():
    """Halved across, each point is 1 from its mean, an inertia of 4; halved along, 4 and 64."""
    options = KMeansOptions(n_clusters=2, seeding=Seeding.RANDOM)
    each = ends(RECTANGLE, options, 8)
    assert set(each) == {4, 64}
    frame = finished(best_in_chunks(RECTANGLE, KMeansOptions(
        n_clusters=2, seeding=Seeding.RANDOM, n_init=8
    )))  # fmt: skip
    assert frame.inertia == 4
    assert frame.seed == each.index(4)


def test_runs_have_consecutive_seeds():
    options = KMeansOptions(n_clusters=3, seed=7, n_init=3)
    assert [(run.seed, run.n_init) for run in options.runs] == [(7, 1), (8, 1), (9, 1)]
    assert KMeansOptions(seed=2**31 - 1, n_init=2).runs[1].seed == 2**31


@pytest.mark.parametrize("seeding", [Seeding.PLUS_PLUS, Seeding.RANDOM])
def test_the_frames_are_those_of_the_best_run(seeding):
    points = normal(80, 2)
    options = KMeansOptions(n_clusters=7, seeding=seeding, n_init=6)
    *_, last = shown = [f for f in cluster(points, options) if not isinstance(f, Search)]
    assert last.seed == finished(best_in_chunks(points, options)).seed
    alone = list(one_run(points, KMeansOptions(n_clusters=7, seeding=seeding, seed=last.seed)))
    assert [f.centroids.tobytes() for f in shown] == [f.centroids.tobytes() for f in alone]
    assert {f.seed for f in shown} == {last.seed}
    assert [f.phase for f in shown[:7]] == [Phase.SEED] * 7
    lowest = min(last_of(points, seeding, seed).inertia for seed in range(6))
    assert last.inertia == pytest.approx(lowest, rel=1e-6)


def last_of(points, seeding, seed):
    *_, frame = one_run(points, KMeansOptions(n_clusters=7, seeding=seeding, seed=seed))
    return frame


def test_the_progress_of_the_search_is_reported():
    points, options = normal(80, 2), KMeansOptions(n_clusters=4, n_init=3)
    reported = [each for each in cluster(points, options) if isinstance(each, Search)]
    assert sorted({each.n_done for each in reported}) == [0, 1, 2]
    assert {each.n_runs for each in reported} == {3}
    assert all((each.inertia is None) == (each.n_done == 0) for each in reported)
    lows = [each.inertia for each in reported if each.inertia is not None]
    assert lows == sorted(lows, reverse=True)


def test_a_single_run_needs_no_search():
    points = normal(40, 2)
    frames = list(cluster(points, KMeansOptions(n_clusters=3)))
    assert [content(f) for f in frames] == [
        content(f) for f in one_run(points, KMeansOptions(n_clusters=3))
    ]
    assert {f.seed for f in frames} == {None}


def test_given_centroids_are_one_run():
    points, options = normal(40, 2), KMeansOptions(n_clusters=3, n_init=5)
    frames = list(cluster(points, options, given=points[:2]))
    assert not any(isinstance(frame, Search) for frame in frames)


@pytest.mark.parametrize("n_init", [0, 10_001])
def test_invalid_numbers_of_runs_are_refused(n_init):
    with pytest.raises(ParameterError, match=rf"1 to 10,000 runs \(n-init\), not {n_init:,}"):
        KMeansOptions(n_init=n_init)


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(6, 60, 2), (12, 40, 3), (20, 25, 16)], ids=str)
def test_ten_seeds_are_as_good_as_in_float64(shape):
    """Compared with greedy k-means++ and Lloyd's algorithm from their definitions, same seeds."""
    points, k = blobs(*shape), shape[0]
    ours, theirs = [], []
    for seed in range(10):
        start = greedy_in_float64(points, k, np.random.default_rng(seed))
        theirs.append(reference(points, start)[2])
        *_, last = one_run(
            points, KMeansOptions(n_clusters=k, seeding=Seeding.PLUS_PLUS, seed=seed)
        )
        ours.append(last.inertia)
    assert np.mean(ours) <= 1.0005 * np.mean(theirs)


class TestWarmUp:
    @pytest.mark.slow
    def test_the_first_assignment_is_not_traced_again(self):
        points = normal(700, 5)
        warm_up(points, KMeansOptions(n_clusters=11))
        n_traced = iterating.cache_info().misses
        next(lloyd(points, points[:11]))
        assert iterating.cache_info().misses == n_traced

    def test_only_the_fused_formulation_is_compiled(self):
        n_traced = iterating.cache_info().misses
        options = KMeansOptions(n_clusters=23, formulation=Formulation.TILED)
        warm_up(normal(700, 6), options)
        assert iterating.cache_info().misses == n_traced

    def test_points_that_cannot_be_clustered_are_refused(self):
        with pytest.raises(DataError):
            warm_up(normal(9, 2) * float("nan"), KMeansOptions(n_clusters=2))

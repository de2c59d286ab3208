"""Every k of a range, compared with k-means and scikit-learn, and on degenerate points."""

from itertools import pairwise

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from engine.clustering.choosing_k import stepper as choosing_k
from engine.clustering.choosing_k.choices import ChoiceOptions, Method
from engine.clustering.choosing_k.stepper import choose_k
from engine.clustering.kmeans.options import KMeansOptions, Seeding
from engine.clustering.kmeans.runs import cluster
from engine.errors import DataError, ParameterError
from tests.engine.clustering.made_points import blobs, normal

POINTS = blobs(4, 30, 2)
QUICK = {"n_starts": 3, "n_references": 4}


def options(min_k=2, max_k=6, seeding=Seeding.PLUS_PLUS, seed=0, **rest):
    kmeans = KMeansOptions(seeding=seeding, seed=seed)
    return ChoiceOptions(min_k=min_k, max_k=max_k, kmeans=kmeans, **QUICK | rest)


def last(points, chosen):
    *_, frame = choose_k(points, chosen)
    return frame


@pytest.fixture(scope="module")
def measured():
    return last(POINTS, options())


@pytest.mark.slow
def test_clear_blobs_are_counted_by_every_method(measured):
    # The elbow is relative to the line between the end points, whatever the blobs are.
    assert [measured.choice(method).k for method in list(Method)[1:]] == [4, 4, 4]
    assert measured.choice(Method.ELBOW).k in (3, 4)


def test_the_gap_finds_one_cluster_in_uniform_points():
    even = np.random.default_rng(0).uniform(size=(300, 2)).astype(np.float32)
    frame = last(even, options(1, 4))
    assert frame.choice(Method.GAP).k == 1
    assert abs(frame.gaps[0]) < 0.1


def test_the_best_start_has_the_smallest_inertia(measured):
    for index, k in enumerate(measured.ks):
        runs = [list(cluster(POINTS, options().run(int(k), start)))[-1] for start in range(3)]
        inertias = [run.inertia for run in runs]
        assert measured.inertias[index] == pytest.approx(min(inertias), rel=1e-6)
        assert measured.starts[index] == np.argmin(inertias)


def test_the_clustering_of_a_k_is_reproduced_by_its_options(measured):
    run = options().run(5, int(measured.starts[3]))
    *_, again = cluster(POINTS, run)
    assert (again.labels == measured.best[3].labels).all()
    assert again.centroids.tobytes() == measured.best[3].centroids.tobytes()


def test_silhouettes_match_scikit_learn(measured):
    expected = [silhouette_score(POINTS, frame.labels) for frame in measured.best]
    np.testing.assert_allclose(measured.silhouettes, expected, atol=1e-5)


def test_the_next_seed_is_as_far_as_the_farthest_point():
    """From one end of 0, 1, 10 the next is at 10, then at 1, then nowhere."""
    points = np.float32([[0], [1], [10]])
    seed = next(s for s in range(99) if np.random.default_rng(s).integers(3) == 0)
    frame = last(points, options(1, 3, seed=seed))
    np.testing.assert_allclose(frame.next_seeds, [10, 1, 0])
    np.testing.assert_allclose(frame.drops, [np.nan, 10, np.inf])


def test_the_same_seed_gives_the_same_frames():
    def content():
        return [
            (f.inertias.tobytes(), f.gaps.tobytes(), f.silhouettes.tobytes(), f.doing, f.n_done)
            for f in choose_k(POINTS, options(2, 3))
        ]

    assert content() == content()


def test_frames_show_progress_and_keep_results():
    frames = list(choose_k(POINTS, options(2, 4)))
    assert frames[-1].n_done == frames[-1].n_fits == 3 * 3 * (1 + 4)
    assert [frame.stop for frame in frames[:-1]] == [None] * (len(frames) - 1)
    assert frames[-1].stop is True
    for before, after in pairwise(frames):
        assert before.n_done <= after.n_done
        assert not (np.isfinite(before.inertias) & np.isnan(after.inertias)).any()


def test_a_run_can_be_cancelled_after_any_frame():
    frames = choose_k(POINTS, options())
    for _ in range(7):
        next(frames)
    frames.close()


def test_many_points_are_sampled_by_the_seed(monkeypatch):
    monkeypatch.setattr(choosing_k, "MAX_SAMPLE", 60)
    frame = last(POINTS, options(2, 4))
    assert (frame.n_points, frame.n_sampled) == (120, 60)
    full = last(POINTS, options(2, 4, n_references=2))
    np.testing.assert_allclose(frame.inertias, full.inertias)
    monkeypatch.undo()
    whole = last(POINTS, options(2, 4))
    np.testing.assert_allclose(frame.silhouettes, whole.silhouettes, atol=0.1)
    np.testing.assert_allclose(frame.gaps, whole.gaps, atol=0.4)


def test_as_many_clusters_as_points():
    frame = last(normal(4, 2), options(3, 4))
    assert frame.inertias[1] == 0
    assert frame.silhouettes[1] == 0
    assert np.isnan(frame.gaps[1])
    assert frame.choice(Method.NEXT_SEED).k == 4
    assert frame.choice(Method.ELBOW).k is None


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (np.ones((1, 2), np.float32), "One point cannot be divided"),
        (np.ones((9, 2), np.float32), "All points are equal"),
        (np.float32([[np.nan, 1], [2, 3]]), "must be finite"),
    ],
)
def test_points_that_cannot_be_clustered_are_refused(points, words):
    with pytest.raises(DataError, match=words):
        next(choose_k(points, options()))


def test_there_are_no_more_clusters_than_distinct_points():
    with pytest.raises(ParameterError, match="3 points cannot have 6 clusters"):
        last(normal(3, 2), options())
    with pytest.raises(ParameterError, match="only 2 distinct positions"):
        last(np.repeat(normal(2, 2), 5, axis=0), options())


@pytest.mark.slow
@pytest.mark.parametrize("n_dims", [1, 60])
def test_any_number_of_dimensions(n_dims):
    frame = last(blobs(3, 20, n_dims), options(2, 4))
    assert frame.choice(Method.SILHOUETTE).k == 3
    assert np.isfinite([frame.gaps, frame.gap_errors, frame.next_seeds]).all()

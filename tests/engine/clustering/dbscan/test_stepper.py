"""DBSCAN: the labels of scikit-learn in the same order, and frames in which clusters grow."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import DBSCAN
from sklearn.datasets import load_iris
from sklearn.metrics import adjusted_rand_score

from engine import source
from engine.clustering.dbscan import neighbors
from engine.clustering.dbscan.frames import note
from engine.clustering.dbscan.options import DbscanOptions
from engine.clustering.dbscan.stepper import dbscan
from engine.clustering.frames import Phase, Stop
from engine.errors import DataError, ParameterError
from tests.engine.clustering.made_points import blobs, normal

BLOBS = blobs(4, 60, 2)


def frames_of(points, **options):
    return list(dbscan(np.asarray(points, np.float32), DbscanOptions(**options)))


def last_of(points, **options):
    return frames_of(points, **options)[-1]


def assert_as_in_scikit_learn(points, frame):
    theirs = DBSCAN(eps=frame.eps, min_samples=frame.min_points)
    # Brute force may compute distances from dot products; the tree computes differences.
    theirs.set_params(algorithm="kd_tree").fit(points.astype(np.float64))
    np.testing.assert_array_equal(frame.labels, theirs.labels_)
    np.testing.assert_array_equal(np.flatnonzero(frame.is_core), theirs.core_sample_indices_)
    n_clusters = theirs.labels_.max() + 1
    counts = np.bincount(theirs.labels_[theirs.labels_ >= 0], minlength=n_clusters)
    cores = np.bincount(theirs.labels_[frame.is_core], minlength=n_clusters)
    assert frame.sizes.tolist() == counts.tolist()
    assert frame.n_core.tolist() == cores.tolist()
    assert frame.n_unassigned == np.count_nonzero(theirs.labels_ == -1)


@pytest.mark.parametrize(
    ("name", "n_clusters"), [("moons", 2), ("rings", 2), ("blobs:clusters=6,seed=0", 6)]
)
def test_moons_and_rings_are_found_with_default_options(name, n_clusters):
    points = source.load(name).points
    frame = last_of(points)
    assert frame.n_clusters == n_clusters
    assert frame.n_unassigned < 0.05 * len(points)
    assert_as_in_scikit_learn(points, frame)


@pytest.mark.parametrize("name", ["moons", "rings"])
def test_the_true_clusters_are_found(name):
    points = source.load(name).points
    halves = np.arange(len(points)) >= len(points) // 2
    frame = last_of(points)
    inside = frame.labels >= 0
    assert adjusted_rand_score(halves[inside], frame.labels[inside]) > 0.99


@pytest.mark.parametrize("name", ["varied", "anisotropic", "uniform", "iris", "wine", "digits"])
@pytest.mark.parametrize("factor", [0.5, 1.0, 1.5])
@pytest.mark.slow
def test_labels_match_scikit_learn(name, factor):
    points = source.load(name).points
    eps = last_of(points).eps
    assert_as_in_scikit_learn(points, last_of(points, eps=factor * eps))


# On a lattice of whole numbers many points are exactly eps apart, and many coincide.
@given(
    data=st.lists(st.tuples(*[st.integers(-6, 6)] * 2), min_size=1, max_size=80),
    eps=st.sampled_from([0.5, 1.0, 2.0**0.5, 2.0, 5.0, 100.0]),
    min_points=st.integers(1, 7),
)
@settings(max_examples=150, deadline=None)
@pytest.mark.slow
def test_labels_of_any_points_match_scikit_learn(data, eps, min_points):
    points = np.array(data, np.float32)
    assert_as_in_scikit_learn(points, last_of(points, eps=eps, min_points=min_points))


@given(
    seed=st.integers(0, 10_000),
    n_points=st.integers(1, 120),
    n_dims=st.integers(1, 7),
    eps=st.floats(0.05, 4),
    min_points=st.integers(1, 9),
)
@settings(max_examples=100, deadline=None)
def test_labels_in_any_number_of_dimensions_match_scikit_learn(
    seed, n_points, n_dims, eps, min_points
):
    points = normal(n_points, n_dims, seed)
    assert_as_in_scikit_learn(points, last_of(points, eps=eps, min_points=min_points))


@pytest.mark.parametrize("stored", [0, 500])
def test_labels_are_the_same_without_stored_neighbors(stored, monkeypatch):
    expected = last_of(BLOBS, eps=3.0)
    monkeypatch.setattr(neighbors, "_MAX_STORED", stored)
    monkeypatch.setattr(neighbors, "_CHUNK_WORK", 300)
    np.testing.assert_array_equal(last_of(BLOBS, eps=3.0).labels, expected.labels)


def test_a_border_point_belongs_to_the_first_cluster_that_reaches_it():
    # Two groups of four around a point that both reach and that is not a core point.
    points = np.array([-0.5, -0.5, -0.5, 0, 1, 2, 2.5, 2.5, 2.5])[:, np.newaxis]
    frame = last_of(points, eps=1.0, min_points=4)
    assert frame.n_neighbors[4] == 3
    assert frame.labels.tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1]
    turned = last_of(points[::-1], eps=1.0, min_points=4)
    assert turned.labels.tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1]


def test_points_far_from_the_origin_have_the_same_clusters():
    near = np.round(BLOBS)
    far = (near + np.float32(1e5)).astype(np.float32)
    np.testing.assert_array_equal(far - np.float32(1e5), near)  # nothing is lost in float32
    np.testing.assert_array_equal(last_of(far, eps=3.0).labels, last_of(near, eps=3.0).labels)


def test_ties_at_eps_are_those_of_the_float32_values():
    wide = load_iris().data  # of decimal fractions, some of them exactly eps apart
    points = wide.astype(np.float32)
    frame = last_of(points, eps=0.3)
    assert_as_in_scikit_learn(points, frame)
    theirs = DBSCAN(eps=0.3, algorithm="kd_tree").fit(wide)
    assert (frame.n_unassigned, np.count_nonzero(theirs.labels_ == -1)) == (94, 96)


def test_neighbors_are_counted_first_and_then_clusters_grow():
    frames = frames_of(BLOBS)
    phases = [frame.phase for frame in frames]
    assert phases == sorted(phases, key=[Phase.COUNT, Phase.GROW].index)
    counted = [frame for frame in frames if frame.phase is Phase.COUNT][-1]
    assert (counted.n_neighbors > 0).all()
    assert (counted.labels == -1).all()
    assert [frame.stop for frame in frames[:-1]] == [None] * (len(frames) - 1)
    assert (frames[-1].stop, frames[-1].converged) == (Stop.GROWN, True)


def test_a_cluster_grows_by_neighbors_of_its_core_points():
    frames = [frame for frame in frames_of(BLOBS, eps=2.5) if frame.phase is Phase.GROW]
    for before, after in pairwise(frames):
        had = before.labels >= 0
        np.testing.assert_array_equal(after.labels[had], before.labels[had])
        new = np.flatnonzero((after.labels >= 0) & ~had)
        assert sorted(after.reached.tolist()) == new.tolist()
        assert before.iteration <= after.iteration
        for label in np.unique(after.labels[new]):
            members = np.flatnonzero((after.labels == label) & after.is_core)
            for point in new[after.labels[new] == label]:
                others = members[members != point]
                distances = np.linalg.norm(BLOBS[others] - BLOBS[point], axis=1)
                assert len(others) == 0 or distances.min() <= after.eps
        assert after.sizes.tolist() == np.bincount(after.labels[after.labels >= 0]).tolist()


@pytest.mark.parametrize(("n_points", "most"), [(1500, 310), (20_000, 330)])
def test_there_are_a_few_hundred_frames_for_any_number_of_points(n_points, most):
    frames = frames_of(np.random.default_rng(2).random((n_points, 2)), eps=2.4 / n_points**0.5)
    assert 20 < len(frames) <= most


def test_many_small_clusters_do_not_need_a_frame_each():
    places = np.repeat(np.arange(3000)[:, np.newaxis] * [10.0, 0.0], 3, axis=0)
    frames = frames_of(places, eps=1.0, min_points=3)
    assert frames[-1].n_clusters == 3000
    assert len(frames) <= 305


@pytest.mark.parametrize(
    ("points", "labels"),
    [
        (np.zeros((1, 3)), [-1]),
        (np.zeros((4, 2)), [-1] * 4),
        (np.zeros((5, 2)), [0] * 5),
        (np.arange(6)[:, np.newaxis], [-1] * 6),
    ],
)
def test_few_points_and_coinciding_points(points, labels):
    assert last_of(points, eps=0.5).labels.tolist() == labels


def test_with_one_minimum_point_every_point_is_a_core_point():
    frame = last_of(np.arange(6)[:, np.newaxis], eps=0.5, min_points=1)
    assert frame.labels.tolist() == list(range(6))
    assert frame.is_core.all()


def test_arrays_are_read_only():
    frame = last_of(BLOBS)
    for array in (frame.labels, frame.n_neighbors, frame.sizes, frame.n_core, frame.reached):
        assert not array.flags.writeable


def test_notes_warn_of_all_noise_and_of_one_cluster():
    assert note(last_of(BLOBS, eps=0.001)).startswith("240 of 240 points are noise: none has 5")
    near = np.concatenate([np.zeros((5, 1)), np.arange(1, 96)[:, np.newaxis]])
    assert note(last_of(near, eps=0.5)).startswith("95 of 100 points are noise: few have 5 points")
    assert note(last_of(BLOBS, eps=1000)).startswith("240 of 240 points are in one cluster.")
    assert note(last_of(BLOBS)) == ""
    assert note(last_of(np.zeros((1, 2)), eps=1.0, min_points=1)) == ""


@pytest.mark.parametrize(("n_points", "counted"), [(1, "1 point,"), (3, "3 points,")])
def test_a_note_advises_fewer_minimum_points_where_no_eps_would_help(n_points, counted):
    text = note(last_of(np.arange(n_points)[:, np.newaxis], eps=1.0))
    assert text == (
        f"A core point needs 5 points within eps, but there are no more than {counted} so "
        "everything is noise. Choose fewer minimum points."
    )


def test_a_note_advises_no_eps_for_points_in_one_place():
    text = "All 20 points are in the same place, so no eps can separate them."
    assert note(last_of(np.ones((20, 2)))) == text
    assert "smaller than" in note(last_of([[0.0]] * 10 + [[1.0]] * 10, eps=1.0))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"eps": 0.0}, "eps must be more than 0"),
        ({"eps": float("nan")}, "eps must be more than 0"),
        ({"eps": float("inf")}, "at most 1e"),
        ({"min_points": 0}, "minimum number of points must be 1 or more, not 0"),
    ],
)
def test_options_out_of_range_are_refused(options, words):
    with pytest.raises(ParameterError, match=words):
        DbscanOptions(**options)


def test_points_are_checked():
    with pytest.raises(DataError, match="must be finite"):
        last_of(np.array([[0.0, np.nan]]))

"""The frames of mini-batch k-means are correct for few points and for many."""

from itertools import pairwise

import numpy as np
import pytest

from engine.clustering.base import Start
from engine.clustering.chunks import finished
from engine.clustering.frames import Phase, Stop
from engine.clustering.kmeans.mini_batch import fit_in_chunks
from engine.clustering.kmeans.mini_batch_frames import MiniBatchFrame
from engine.clustering.kmeans.mini_batch_stepper import _is_shown, mini_batch
from engine.clustering.kmeans.options import MiniBatchOptions, Seeding
from engine.data.arrays import mapped
from engine.errors import DataError, ParameterError
from tests.engine.clustering.made_points import blobs, content, normal, squared_distances

POINTS = blobs(4, 100, 2) + normal(400, 2, seed=1)
OPTIONS = MiniBatchOptions(n_clusters=4, batch_size=32, max_batches=12, seed=3)


def run(options=OPTIONS, start=None, points=POINTS):
    return list(mini_batch(points, options, start))


@pytest.fixture
def many(monkeypatch):
    """Make the points too many to assign them all for one frame."""
    monkeypatch.setattr(mapped, "CHUNK_VALUES", 2 * 150)


def assert_right(frame):
    """Check that every label is that of the nearest centroid of the frame."""
    known = frame.labels >= 0
    distances = squared_distances(POINTS, frame.centroids)
    np.testing.assert_array_equal(frame.labels[known], distances.argmin(1)[known])
    assert frame.sizes.tolist() == np.bincount(frame.labels[known], minlength=4).tolist()
    assert frame.complete == known.all()
    if frame.complete:
        assert frame.inertia == pytest.approx(distances.min(1).sum(), rel=1e-5)
    else:
        assert np.isnan(frame.inertias).all()


def test_seeding_comes_first_and_then_one_frame_per_batch():
    frames = run()
    assert [frame.phase for frame in frames] == [
        *[Phase.SEED] * 4,
        Phase.START,
        *[Phase.UPDATE] * 12,
    ]
    assert [frame.iteration for frame in frames[4:]] == list(range(13))
    assert [frame.stop for frame in frames] == [None] * 16 + [Stop.MAX_ITER]


def test_every_frame_assigns_all_points_if_they_are_few():
    for frame in run()[4:]:
        assert_right(frame)
        assert frame.complete
        assert not frame.labels.flags.writeable


def test_only_points_of_the_batch_have_labels_if_there_are_many(many):
    frames = run()[4:]
    assert not (frames[0].labels >= 0).any()
    for frame in frames[1:13]:
        assert_right(frame)
        assert np.flatnonzero(frame.labels >= 0).tolist() == np.unique(frame.batch).tolist()
        assert frame.stop is None


def test_the_last_frames_label_all_points_chunk_by_chunk(many):
    *_, last_batch, first, second, third = run()
    for frame in (first, second, third):
        assert_right(frame)
        assert (frame.phase, frame.shift) == (Phase.ASSIGN, 0.0)
        np.testing.assert_array_equal(frame.centroids, last_batch.centroids)
    assert (first.labels >= 0)[:150].all()
    assert [frame.complete for frame in (first, second, third)] == [False, False, True]
    assert [frame.stop for frame in (first, second, third)] == [None, None, Stop.MAX_ITER]


@pytest.mark.parametrize("few_at_once", [False, True])
def test_the_end_matches_fit(few_at_once, request):
    if few_at_once:
        request.getfixturevalue("many")
    frames = run()
    start = frames[3].centroids
    expected = finished(fit_in_chunks(POINTS, start, OPTIONS))
    np.testing.assert_allclose(frames[-1].centroids, expected.centroids, rtol=1e-6)
    np.testing.assert_array_equal(frames[-1].labels, expected.labels)
    assert frames[-1].inertia == pytest.approx(expected.inertia, rel=1e-6)
    assert (frames[-1].stop, frames[-1].iteration) == (expected.stop, expected.iteration)


def test_changes_and_shifts_are_relative_to_the_previous_frame():
    for before, after in pairwise(run()[4:]):
        assert after.changed == np.count_nonzero(after.labels != before.labels)
        moved = np.linalg.norm(after.centroids - before.centroids, axis=1).max()
        assert after.shift == pytest.approx(moved, abs=1e-6)


@pytest.mark.slow
def test_it_stops_on_a_plateau():
    last = run(MiniBatchOptions(n_clusters=4, batch_size=64, seed=1))[-1]
    assert (last.stop, last.converged) == (Stop.PLATEAU, True)


def test_with_zero_batches_the_start_is_the_end():
    frames = run(MiniBatchOptions(n_clusters=4, max_batches=0))
    assert [frame.phase for frame in frames[4:]] == [Phase.START]
    assert frames[-1].stop is Stop.MAX_ITER
    assert_right(frames[-1])


def test_with_zero_batches_many_points_are_labelled(many):
    frames = run(MiniBatchOptions(n_clusters=4, max_batches=0))
    assert [frame.phase for frame in frames[4:]] == [Phase.START, *[Phase.ASSIGN] * 3]
    assert (frames[-1].stop, frames[-1].complete) == (Stop.MAX_ITER, True)


def test_a_run_continues_from_a_dragged_centroid_with_other_batches():
    before = run()[10]
    moved = before.centroids.copy()
    moved[0] += 30
    start = Start(centroids=moved, labels=before.labels, iteration=before.iteration)
    frames = run(start=start)
    assert [frame.iteration for frame in frames] == list(range(before.iteration, 13))
    np.testing.assert_allclose(frames[0].centroids, moved, rtol=1e-6)
    assert frames[0].changed == np.count_nonzero(frames[0].labels != before.labels)
    assert frames[1].batch.tolist() != run()[5].batch.tolist()
    assert content(frames[-1]) == content(run(start=start)[-1])


def test_too_few_first_centroids_are_completed_by_seeding():
    frames = run(start=Start(centroids=POINTS[:2]))
    assert [frame.phase for frame in frames[:3]] == [Phase.SEED, Phase.SEED, Phase.START]
    np.testing.assert_allclose(frames[2].centroids[:2], POINTS[:2], rtol=1e-6)


def test_ten_thousand_batches_have_a_few_hundred_frames():
    shown = [number for number in range(1, 10_001) if _is_shown(number)]
    assert shown[:120] == list(range(1, 121))
    assert 400 < len(shown) < 800
    assert max(after - before for before, after in pairwise(shown)) < 200


def test_the_requested_seeding_is_used():
    options = MiniBatchOptions(n_clusters=3, seeding=Seeding.RANDOM, max_batches=1, seed=5)
    other = MiniBatchOptions(n_clusters=3, seeding=Seeding.RANDOM, max_batches=1, seed=6)
    frames = run(options)
    assert isinstance(frames[3], MiniBatchFrame)
    assert content(frames[2]) != content(run(other)[2])


def test_points_are_checked():
    bad = POINTS.copy()
    bad[3, 1] = np.nan
    with pytest.raises(DataError, match="must be finite"):
        run(points=bad)
    with pytest.raises(ParameterError, match="cannot have"):
        run(points=POINTS[:2])

"""The contract of every backend: the same half-steps, and assignments that stay valid."""

from itertools import pairwise

import numpy as np
import pytest

from engine.clustering.chunks import finished
from engine.clustering.frames import Phase
from engine.clustering.kmeans.backends.base import Goal
from engine.clustering.kmeans.backends.float64 import Float64
from engine.clustering.kmeans.backends.fused import Fused
from engine.clustering.kmeans.backends.sharded import Sharded
from engine.clustering.kmeans.backends.streamed import Streamed
from engine.clustering.kmeans.driver import Rules, iterate
from engine.clustering.kmeans.frames import EmptyPolicy
from engine.clustering.kmeans.options import Formulation
from engine.data.arrays import mapped
from engine.runtime import strategies
from tests.engine.clustering.made_points import blobs, means, normal, squared_distances

pytestmark = pytest.mark.slow

POINTS = blobs(6, 40, 3) + 5 * normal(240, 3, seed=1)
# The last two start empty.
START = np.concatenate([POINTS[:4], np.float32([[9999, 0, 0], [0, -9999, 0]])])

BACKENDS = {
    "fused": Fused,
    "tiled": lambda *problem: Float64(*problem, Formulation.TILED),
    "lecture": lambda *problem: Float64(*problem, Formulation.LECTURE),
    "streamed": Streamed,
    "sharded": lambda *problem: Sharded(strategies.mirrored(1), *problem),
}


@pytest.fixture(params=BACKENDS)
def made(request, monkeypatch):
    """A factory of backends from points and centroids; a streamed one has five chunks."""
    monkeypatch.setattr(mapped, "CHUNK_VALUES", 150)
    return BACKENDS[request.param]


def assigned(backend, centroids, before=None):
    return finished(backend.assign(centroids, before, Goal()))


def frames_of(backend, **rules):
    run = iterate(backend, Rules(**rules), with_frames=True)
    return [reached.frame for reached in run if reached.frame is not None]


@pytest.mark.parametrize("policy", EmptyPolicy)
def test_frames_match_the_lecture_backend(made, policy):
    expected = frames_of(BACKENDS["lecture"](POINTS, START), empty=policy)
    found = frames_of(made(POINTS, START), empty=policy)
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected, strict=True):
        assert (ours.labels == theirs.labels).all()
        assert ours.labels.dtype == theirs.labels.dtype
        assert ours.sizes.tolist() == theirs.sizes.tolist()
        np.testing.assert_allclose(ours.centroids, theirs.centroids, rtol=1e-5, atol=1e-5)
        np.testing.assert_allclose(ours.inertias, theirs.inertias, rtol=1e-5, atol=1e-5)
        assert ours.shift == pytest.approx(theirs.shift, rel=1e-5)
        for name in ("iteration", "phase", "changed", "empty_policy", "stop"):
            assert getattr(ours, name) == getattr(theirs, name)


def test_many_iterations_at_once_match_single_iterations(made):
    rules = Rules(empty=EmptyPolicy.FARTHEST)
    at_once = finished(iterate(made(POINTS, START), rules))
    *_, last = frames_of(made(POINTS, START), empty=EmptyPolicy.FARTHEST)
    assert (at_once.labels == last.labels).all()
    assert at_once.centroids.tobytes() == last.centroids.tobytes()
    assert (at_once.iteration, at_once.stop) == (last.iteration, last.stop)


def test_an_assignment_stays_valid_after_a_later_one(made):
    """No method depends on the last assignment."""
    backend = made(POINTS, START)
    first = assigned(backend, backend.start)
    later = assigned(backend, backend.update(first).centroids, first)
    assert later.changed > 0
    expected = squared_distances(POINTS, START).argmin(1)
    assert (backend.host_labels(first) == expected).all()
    assert first.sizes.tolist() == np.bincount(expected, minlength=6).tolist()
    move = backend.update(first)
    moved = backend.to_host(move.centroids) + backend.origin
    np.testing.assert_allclose(moved, means(POINTS, expected, START), rtol=1e-5, atol=1e-5)
    own = squared_distances(POINTS, START)[np.arange(240), expected]
    inertias = finished(backend.inertias(first, first.centroids))
    np.testing.assert_allclose(inertias, np.bincount(expected, own, 6), rtol=1e-5)
    farthest = finished(backend.farthest(first, 3))
    order = np.argsort(-own, kind="stable")[:3]
    np.testing.assert_allclose(farthest.squared, own[order], rtol=1e-5)
    np.testing.assert_allclose(farthest.points + backend.origin, POINTS[order], atol=1e-4)


def test_centroids_go_to_the_device_and_back(made):
    backend, centroids = made(POINTS, START), np.arange(18.0).reshape(6, 3)
    assert (backend.to_host(backend.to_device(centroids)) == centroids).all()


def test_changed_labels_are_counted_from_the_previous_assignment(made):
    backend = made(POINTS, START)
    first = assigned(backend, backend.start)
    assert first.changed == len(POINTS)
    assert assigned(backend, backend.start, first).changed == 0


def test_a_file_has_intermediate_frames(tmp_path, monkeypatch):
    """With progress between the frames."""
    monkeypatch.setattr(mapped, "CHUNK_VALUES", 150)
    np.save(tmp_path / "points.npy", POINTS)
    points = finished(mapped.open_mapped(str(tmp_path / "points.npy"))).points
    reported = list(iterate(Streamed(points, START), Rules(max_iter=1), with_frames=True))
    frames = [reached.frame for reached in reported if reached.frame is not None]
    assert [frame.phase for frame in frames] == [Phase.ASSIGN, Phase.UPDATE, Phase.ASSIGN]
    shares = [reached.share for reached in reported if reached.frame is None]
    assert any(0 < share < 1 for share in shares)
    numbers = [reached.number for reached in reported]
    assert all(after >= before for before, after in pairwise(numbers))

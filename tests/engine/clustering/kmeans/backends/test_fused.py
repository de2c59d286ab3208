"""The compiled program against float64: every variant, in shares, and with padding."""

import numpy as np
import pytest

from engine.clustering.kmeans.backends import packing
from engine.clustering.kmeans.backends.packing import Shape
from engine.clustering.kmeans.driver import fit, lloyd
from engine.clustering.kmeans.frames import EmptyPolicy
from engine.clustering.kmeans.options import Formulation
from tests.engine.clustering.made_points import blobs, means, normal, squared_distances

# Variants: sums per lane, sums of own clusters, blocks of centroids, matrix products; with one
# tile and several.
# Edge cases: a tile has 512 points, a block 8 centroids, products begin at 9 dimensions.
SHAPES = [(513, 2, 5), (512, 2, 41), (1_500, 8, 8), (513, 9, 9), (1_500, 20, 70), (30, 600, 4)]
# One share is compiled with the whole program, several are compiled separately: two or three,
# which may be unequal, and one of which may have no tile.
IN_SHARES = [
    (*shape, n_shares)
    for shape, several in zip(SHAPES, (3, 2, 3, 2, 3, 2), strict=True)
    for n_shares in (1, several)
]


@pytest.mark.slow
@pytest.mark.parametrize(("n_points", "n_dims", "n_clusters", "n_shares"), IN_SHARES)
def test_a_pass_matches_float64(monkeypatch, n_points, n_dims, n_clusters, n_shares):
    """With as many shares as cores."""
    monkeypatch.setattr(packing, "_SHARE_WORK", 1)
    monkeypatch.setattr(packing, "n_cores", lambda: n_shares)
    points = blobs(n_clusters, -(-n_points // n_clusters), n_dims)[:n_points]
    start = points[:n_clusters]
    assert Shape.of(n_points, n_dims, n_clusters).n_shares == n_shares
    assigned, moved, again = lloyd(points, start, max_iter=1)
    assert (assigned.labels == squared_distances(points, start).argmin(1)).all()
    expected = means(points, assigned.labels, start)
    np.testing.assert_allclose(moved.centroids, expected, rtol=1e-5, atol=1e-5)
    distances = squared_distances(points, moved.centroids).min(1)
    assert again.inertia == pytest.approx(distances.sum(), rel=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize(("n_points", "n_dims", "n_clusters"), SHAPES)
def test_the_end_matches_separate_operations(n_points, n_dims, n_clusters):
    points = blobs(n_clusters, -(-n_points // n_clusters), n_dims)[:n_points]
    start = points[:n_clusters] + 1
    fused, tiled = (
        fit(points, start, formulation=Formulation(name), empty=EmptyPolicy.FARTHEST)
        for name in ("fused", "tiled")
    )
    assert (fused.labels == tiled.labels).all()
    assert (fused.iteration, fused.stop) == (tiled.iteration, tiled.stop)
    assert fused.inertia == pytest.approx(tiled.inertia, rel=1e-5)


def test_a_run_split_into_many_calls_is_the_same(monkeypatch):
    points = normal(3_000, 2)
    at_once = fit(points, points[:6])
    monkeypatch.setattr("engine.clustering.kmeans.backends.fused._CALL_WORK", 1)
    reported = []
    in_calls = fit(points, points[:6], progress=reported.append)
    assert reported == list(range(at_once.iteration + 1))
    assert in_calls.labels.tobytes() == at_once.labels.tobytes()
    assert in_calls.centroids.tobytes() == at_once.centroids.tobytes()
    assert in_calls.changed == at_once.changed == 0


@pytest.mark.slow
@pytest.mark.parametrize("n_dims", [2, 9])
def test_the_mean_of_many_points_far_from_the_origin_is_exact(n_dims):
    """Running sums in float32 alone would be off by whole units here."""
    rng = np.random.default_rng(0)
    n_points = 2_000_000 // n_dims
    points = rng.standard_normal((n_points, n_dims), dtype=np.float32) + np.float32(1e4)
    _, moved, _ = lloyd(points, points[:1], max_iter=1)
    mean = points.mean(0, dtype=np.float64)
    assert np.abs(moved.centroids[0] - mean).max() <= np.spacing(np.float32(1e4))

"""Degenerate and invalid points and centroids."""

import numpy as np
import pytest

from engine.clustering.frames import Stop
from engine.clustering.kmeans.driver import fit, lloyd
from engine.clustering.kmeans.frames import EmptyPolicy
from engine.clustering.kmeans.options import Formulation, KMeansOptions
from engine.clustering.kmeans.runs import cluster
from engine.errors import DataError, ParameterError
from tests.engine.clustering.made_points import normal

POINTS = normal(10, 2)
FAR_AWAY = np.float32([[90, 90], [95, 95]])

every_policy = pytest.mark.parametrize("policy", EmptyPolicy)
every_formulation = pytest.mark.parametrize("formulation", Formulation)


def with_value(value):
    points = POINTS.copy()
    points[3, 1] = value
    return points


@every_policy
@every_formulation
def test_one_point_is_its_own_centroid(policy, formulation):
    point = np.float32([[3, -4]])
    frame = fit(point, np.float32([[0, 0]]), empty=policy, formulation=formulation)
    assert frame.centroids.tolist() == [[3, -4]]
    assert (frame.inertia, frame.stop) == (0, Stop.LABELS)


@every_policy
@every_formulation
def test_equal_points_get_the_first_centroid(policy, formulation):
    points = np.full((9, 2), 0.1, np.float32)
    frame = fit(points, points[:3], empty=policy, formulation=formulation)
    assert frame.sizes.tolist() == [9, 0, 0]
    assert frame.empty == (1, 2)
    assert (frame.centroids == points[:3]).all()
    assert (frame.inertia, frame.stop) == (0, Stop.LABELS)


@every_formulation
def test_with_a_centroid_on_every_point_nothing_moves(formulation):
    frame = fit(POINTS, POINTS, formulation=formulation)
    assert frame.labels.tolist() == list(range(10))
    assert frame.inertia == pytest.approx(0, abs=1e-10)


@every_formulation
def test_the_centroid_of_one_cluster_is_the_mean(formulation):
    frame = fit(POINTS, POINTS[:1], formulation=formulation)
    np.testing.assert_allclose(frame.centroids, [POINTS.mean(0)], atol=1e-6)
    assert frame.inertia == pytest.approx(POINTS.var(0).sum() * 10, rel=1e-5)
    assert frame.iterations == 1


def test_a_constant_column_does_not_change_labels():
    flat = np.concatenate([POINTS, np.full((10, 1), 1e6, np.float32)], axis=1)
    with_it, without = fit(flat, flat[:3]), fit(POINTS, POINTS[:3])
    assert (with_it.labels == without.labels).all()
    assert (with_it.centroids[:, 2] == 1e6).all()


@every_formulation
def test_tiny_points_are_clustered_like_large_ones(formulation):
    fine, coarse = (fit(at, at[:3], formulation=formulation) for at in (POINTS * 2.0**-50, POINTS))
    assert (fine.labels == coarse.labels).all()
    assert fine.iteration == coarse.iteration


@pytest.mark.parametrize("max_iter", [0, -1])
def test_points_are_assigned_at_least_once(max_iter):
    frame = fit(POINTS, POINTS[:3], max_iter=max_iter)
    assert (frame.iteration, frame.sizes.sum()) == (0, 10)


@every_formulation
def test_a_tolerance_beyond_float32_stops_at_once(formulation):
    frame = fit(POINTS, POINTS[:3], tol=1e39, formulation=formulation)
    assert (frame.iteration, frame.stop) == (1, Stop.TOLERANCE)


@every_formulation
def test_duplicate_centroids_stay_empty_until_points_are_closer(formulation):
    start = POINTS[[0, 0, 1]]
    frames = list(lloyd(POINTS, start, formulation=formulation))
    assert frames[0].empty == (1,)
    assert (frames[1].centroids[1] == frames[0].centroids[1]).all()


@every_formulation
def test_an_empty_centroid_stays_in_place_with_the_keep_policy(formulation):
    start = np.concatenate([FAR_AWAY, POINTS[:2]])
    frames = list(lloyd(POINTS, start, formulation=formulation))
    for frame in frames:
        assert frame.empty == (0, 1)
        np.testing.assert_allclose(frame.centroids[:2], FAR_AWAY, rtol=1e-6)
        assert frame.inertias[:2].tolist() == [0, 0]
        assert np.isfinite(frame.centroids).all()


@every_formulation
def test_an_empty_centroid_jumps_to_the_farthest_point(formulation):
    start = np.concatenate([FAR_AWAY, POINTS[:2]])
    policy = EmptyPolicy.FARTHEST
    frames = list(lloyd(POINTS, start, formulation=formulation, empty=policy))
    distances = np.square(POINTS - start[frames[0].labels]).sum(1)
    farthest = POINTS[np.argsort(-distances)[:2]]
    assert frames[0].empty == (0, 1)
    np.testing.assert_allclose(frames[1].centroids[:2], farthest, atol=1e-6)
    assert frames[-1].empty == ()


@pytest.mark.slow
@pytest.mark.parametrize("n_clusters", [256, 257])
def test_labels_can_hold_every_cluster(n_clusters):
    points = np.arange(300, dtype=np.float32)[:, np.newaxis]
    frame = fit(points, points[:n_clusters], max_iter=0)
    assert frame.labels.max() == n_clusters - 1


@pytest.mark.parametrize("dtype", [np.float64, np.int32])
def test_points_may_have_other_data_types(dtype):
    points = np.arange(20, dtype=dtype).reshape(10, 2)
    frame = fit(points, points[[0, 9]])
    assert frame.labels.tolist() == [0] * 5 + [1] * 5
    assert frame.centroids.tolist() == [[4, 5], [14, 15]]


def test_points_need_not_be_contiguous():
    points = np.asfortranarray(normal(20, 2))[::2]
    assert fit(points, points[:3]).inertia == fit(points.copy(), points[:3]).inertia


REFUSED = {
    "points not a number": (with_value(np.nan), POINTS[:2], DataError, "finite"),
    "points infinite": (with_value(-np.inf), POINTS[:2], DataError, "finite"),
    "points too large": (with_value(1e30), POINTS[:2], DataError, "too large"),
    "points too small": (POINTS * 1e-20, POINTS[:2] * 1e-20, DataError, "too small"),
    "points in one dimension": (POINTS[:, 0], POINTS[:2], DataError, r"shape \(10,\)"),
    "points in three dimensions": (POINTS[np.newaxis], POINTS[:2], DataError, "shape"),
    "no points": (POINTS[:0], POINTS[:2], DataError, r"shape \(0, 2\)"),
    "no columns": (POINTS[:, :0], POINTS[:2], DataError, r"shape \(10, 0\)"),
    "centroids not a number": (POINTS, with_value(np.nan)[3:5], DataError, "finite"),
    "centroids infinite": (POINTS, with_value(np.inf)[3:5], DataError, "finite"),
    "centroids of another width": (POINTS, np.ones((2, 3)), ParameterError, r"\(2, 3\)"),
    "centroids in one dimension": (POINTS, np.ones(2), ParameterError, r"\(2,\)"),
    "no centroids": (POINTS, POINTS[:0], ParameterError, r"\(0, 2\)"),
    "more centroids than points": (POINTS, np.ones((11, 2)), ParameterError, "11 centroids"),
}


@pytest.mark.parametrize(("points", "centroids", "error", "words"), REFUSED.values(), ids=REFUSED)
def test_invalid_points_and_centroids_are_refused(points, centroids, error, words):
    for formulation in Formulation:
        with pytest.raises(error, match=words):
            next(lloyd(points, centroids, formulation=formulation))
        with pytest.raises(error, match=words):
            fit(points, centroids, formulation=formulation)
    with pytest.raises(error, match=words):
        next(cluster(points, KMeansOptions(n_clusters=5), centroids))


def test_points_are_checked_before_seeding():
    with pytest.raises(DataError, match="finite"):
        next(cluster(with_value(np.nan), KMeansOptions(n_clusters=3)))


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"n_clusters": 0}, "k must be 1 or more, not 0"),
        ({"seed": -1}, "seed must be 0 or more, not -1"),
        ({"max_iter": -1}, "iterations must be 0 or more, not -1"),
        ({"tol": -0.5}, "tolerance must be 0 or more, not -0.5"),
        ({"tol": float("nan")}, "not nan"),
        ({"tol": float("inf")}, "not inf"),
    ],
)
def test_invalid_options_are_refused(wrong, words):
    with pytest.raises(ParameterError, match=words):
        KMeansOptions(**wrong)

"""The engine against scikit-learn, and against float64 where float32 is short of digits."""

import numpy as np
import pytest
from sklearn.cluster import KMeans

from engine.clustering.kmeans import fit, lloyd
from engine.clustering.options import Formulation, Seeding
from engine.clustering.seeding import seed_centroids
from tests.engine.clustering.made_points import blobs, margins, means, normal, squared_distances


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n_clusters", "per_cluster", "n_dims", "seeding"),
    [
        (6, 250, 2, Seeding.FARTHEST),
        (6, 250, 2, Seeding.RANDOM),
        (4, 200, 1, Seeding.PLUS_PLUS),
        (100, 40, 3, Seeding.PLUS_PLUS),
        (10, 100, 64, Seeding.RANDOM),
    ],
)
def test_it_ends_where_scikit_learn_ends(n_clusters, per_cluster, n_dims, seeding):
    points = blobs(n_clusters, per_cluster, n_dims)
    start = seed_centroids(points, n_clusters, seeding, seed=1)
    theirs = KMeans(n_clusters, init=start.astype(np.float64), n_init=1, algorithm="lloyd", tol=0)
    theirs.fit(points.astype(np.float64))
    ours = fit(points, start)
    assert (ours.labels == theirs.labels_).all()
    assert ours.inertia == pytest.approx(theirs.inertia_, rel=1e-5)
    np.testing.assert_allclose(ours.centroids, theirs.cluster_centers_, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("offset", [1e4, 1e6])
def test_points_far_from_the_origin_keep_their_clusters(offset):
    """A float32 next to 1e6 is 0.06 away; points on a grid of quarters lose nothing there."""
    near = np.round(blobs(6, 250, 2) * 4) / 4
    far = near + np.float32(offset)
    here, there = fit(near, near[:6]), fit(far, far[:6])
    assert (here.labels == there.labels).all()
    assert there.inertia == pytest.approx(here.inertia, rel=1e-5)
    spacing = np.spacing(np.float32(offset))
    assert np.abs(here.centroids + offset - there.centroids).max() <= spacing


@pytest.mark.slow
@pytest.mark.parametrize("offset", [1e4, 1e6])
def test_many_points_far_from_the_origin_are_as_in_float64(offset):
    points = normal(400_000, 2) + np.float32(offset)
    first, moved, second = lloyd(points, points[:3], max_iter=1)
    assert nothing_is_nearer(points, points[:3], first.labels)
    centroids = means(points, first.labels, points[:3])
    assert np.abs(moved.centroids - centroids).max() <= np.spacing(np.float32(offset))
    assert nothing_is_nearer(points, centroids, second.labels)
    inertia = squared_distances(points, centroids).min(1).sum()
    assert second.inertia == pytest.approx(inertia, rel=1e-6)


def with_one_far_away(points):
    return np.concatenate([points, np.full((1, points.shape[1]), 3e6, np.float32)])


def pairs_far_apart(_):
    """Two pairs of clusters: each pair is two apart, and one is 100,000 from the other."""
    places = np.array([[0, 0], [2, 0], [1e5, 1e5], [1e5 + 2, 1e5]])
    return (np.repeat(places, 500, 0) + normal(2_000, 2) / 4).astype(np.float32)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("made", "k", "n_parts"),
    [
        (with_one_far_away, 4, 1),
        (with_one_far_away, 60, 2),
        (pairs_far_apart, 4, 2),
        (pairs_far_apart, 60, 1),
    ],
)
def test_clusters_are_found_whatever_is_far_away(made, k, n_parts, monkeypatch):
    """The squares of what is far away have no room for the distances within clusters."""
    monkeypatch.setattr("engine.clustering.layout.n_cores", lambda: n_parts)
    monkeypatch.setattr("engine.clustering.layout._PART_WORK", 1)
    points = made(blobs(3, 500, 2))
    start = seed_centroids(points, k)
    frame = fit(points, start, max_iter=1)
    distances = squared_distances(points, frame.centroids)
    own = distances[np.arange(len(points)), frame.labels]
    assert frame.inertia == pytest.approx(own.sum(), rel=1e-2)
    assert own.sum() <= 1.01 * distances.min(1).sum()
    taught = fit(points, start, max_iter=1, formulation=Formulation.LECTURE)
    assert frame.inertia == pytest.approx(taught.inertia, rel=1e-2)


@pytest.mark.slow
@pytest.mark.parametrize("n_dims", [1, 3, 8])
def test_means_of_close_clusters_are_those_of_float64(n_dims):
    """A tile's sum of values around 100,000 has no room for a part of one."""
    places = np.zeros((4, n_dims))
    places[2:] = 1e5
    places[[1, 3], 0] += 2
    points = (np.repeat(places, 500, 0) + normal(2_000, n_dims) / 4).astype(np.float32)
    frame = fit(points, points[[0, 500, 1000, 1500]], max_iter=1)
    distances = squared_distances(points, means(points, frame.labels, frame.centroids))
    assert frame.inertia == pytest.approx(distances.min(1).sum(), rel=0.02)


def nothing_is_nearer(points, centroids, labels):
    """Whether each label is that of the nearest centroid, but for ties."""
    distances = squared_distances(points, centroids)
    wrong = labels != distances.argmin(1)
    return (margins(distances)[wrong] < 1e-4).all()

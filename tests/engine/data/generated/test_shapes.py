"""Generated points have the shapes that their names promise."""

import numpy as np
import pytest

from engine.data.generated import shapes
from engine.data.generated.generators import GENERATORS, Recipe, generate


def rng(seed=0):
    return np.random.default_rng(seed)


def spreads(points, per_cluster):
    """Return the covariance of each cluster: (K, 2, 2)."""
    return np.array([np.cov(cluster.T) for cluster in points.reshape(-1, per_cluster, 2)])


def test_blobs_have_the_requested_variance_on_both_axes():
    covariances = spreads(shapes.blobs(rng(), 20, 5000, 5.0), 5000)
    np.testing.assert_allclose(covariances.mean(axis=0), 5 * np.eye(2), atol=0.1)
    np.testing.assert_allclose(covariances[:, [0, 1], [0, 1]], 5, rtol=0.1)


def test_centres_are_uniform_in_the_square():
    centres = shapes.blobs(rng(), 1000, 1, 0.0)
    assert np.abs(centres).max() < 35
    np.testing.assert_allclose(centres.mean(axis=0), 0, atol=2)
    np.testing.assert_allclose(centres.std(axis=0), 70 / np.sqrt(12), rtol=0.05)


def test_blobs_of_zero_variance_are_their_centres():
    points = shapes.blobs(rng(), 3, 4, 0.0).reshape(3, 4, 2)
    assert (points == points[:, :1]).all()


def test_anisotropic_clusters_are_along_the_diagonal_and_keep_their_area():
    covariances = spreads(shapes.anisotropic(rng(), 10, 5000, 5.0), 5000)
    variances, axes = np.linalg.eigh(covariances.mean(axis=0))
    np.testing.assert_allclose(variances, [5 * 0.4**2, 5 * 2.5**2], rtol=0.05)
    np.testing.assert_allclose(np.abs(axes[:, 1]), np.sqrt(0.5), rtol=0.02)


def test_varied_clusters_differ_in_variance():
    variances = spreads(shapes.varied(rng(), 3, 5000, 4.0), 5000)[:, 0, 0]
    np.testing.assert_allclose(np.sqrt(variances), [0.8, 2.0, 5.0], rtol=0.05)
    one = spreads(shapes.varied(rng(), 1, 5000, 4.0), 5000)
    np.testing.assert_allclose(one[0, 0, 0], 4, rtol=0.1)


def test_rings_are_two_circles_with_noise_across():
    radius = np.hypot(*shapes.rings(rng(), 10_001, 0.5).T)
    outer, inner = radius[:5001], radius[5001:]
    np.testing.assert_allclose([outer.mean(), inner.mean()], [31.5, 15.75], atol=0.1)
    np.testing.assert_allclose([outer.std(), inner.std()], 0.5, rtol=0.05)
    np.testing.assert_allclose(np.hypot(*shapes.rings(rng(), 4, 0.0).T)[:2], 31.5, rtol=1e-6)


def test_moons_are_half_circles():
    scale = 35 / 1.5
    points = shapes.moons(rng(), 1000, 0.0) / scale + [0.5, 0.25]
    upper, lower = points[:500], points[500:]
    np.testing.assert_allclose(np.hypot(*upper.T), 1, rtol=1e-5)
    np.testing.assert_allclose(np.hypot(*(lower - [1, 0.5]).T), 1, rtol=1e-5)
    assert upper[:, 1].min() >= -1e-6
    assert lower[:, 1].max() <= 0.5 + 1e-6


def test_uniform_fills_the_square():
    points = shapes.uniform(rng(), 10_000)
    counts, _, _ = np.histogram2d(*points.T, bins=5, range=[[-35, 35]] * 2)
    assert counts.sum() == 10_000
    np.testing.assert_allclose(counts, 400, rtol=0.2)


@pytest.mark.parametrize("name", GENERATORS)
@pytest.mark.parametrize("seed", range(5))
def test_all_shapes_have_about_the_same_extent(name, seed):
    points = generate(Recipe(name, {"seed": seed})).points
    assert 15 < np.abs(points).max() < 55


@pytest.mark.parametrize("name", GENERATORS)
def test_one_point_is_enough(name):
    least = {each.name: each.minimum for each in GENERATORS[name][1]}
    assert generate(Recipe(name, least)).points.shape == (1, 2)

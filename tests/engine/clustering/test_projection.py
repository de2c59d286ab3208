"""Principal components: by hand, against scikit-learn, and on degenerate points."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from engine.clustering import projection
from engine.clustering.projection import is_exact, pca
from engine.errors import DataError, ParameterError


def test_components_by_hand():
    found = pca(np.array([[1, 1], [3, 3], [5, 5], [3, 3]]), 2)
    half = np.sqrt(0.5)
    np.testing.assert_allclose(found.mean, [3, 3])
    np.testing.assert_allclose(found.components[0], [half, half])
    np.testing.assert_allclose(found.explained, [1, 0], atol=1e-15)
    long = 2 * np.sqrt(2)
    np.testing.assert_allclose(found.projected[:, 0], [-long, 0, long, 0], atol=1e-12)
    np.testing.assert_allclose(found.projected[:, 1], 0, atol=1e-12)


@pytest.mark.parametrize(("n_points", "n_dims", "n_components"), [(39, 128, 2), (60, 5, 5)])
def test_components_match_scikit_learn_up_to_sign(n_points, n_dims, n_components):
    rng = np.random.default_rng(0)
    points = rng.normal(size=(n_points, n_dims)) * rng.uniform(0.5, 3, n_dims) + 7
    points = points.astype(np.float32)
    found, other = pca(points, n_components), PCA(n_components, svd_solver="full")
    projected = other.fit_transform(points.astype(np.float64))
    signs = np.sign((found.components * other.components_).sum(1))
    np.testing.assert_allclose(found.components, other.components_ * signs[:, None], atol=1e-9)
    np.testing.assert_allclose(found.projected, projected * signs, atol=1e-9)
    np.testing.assert_allclose(found.explained, other.explained_variance_ratio_, atol=1e-12)
    np.testing.assert_allclose(found.mean, other.mean_)
    for component in found.components:
        assert component[np.abs(component).argmax()] > 0


@pytest.mark.parametrize("points", [[[1.0, 2.0, 3.0]], [[4.0, 5.0, 6.0]] * 5, [[0, 0], [2, 1]]])
def test_degenerate_points(points):
    found = pca(np.array(points), 2)
    n_dims = len(points[0])
    np.testing.assert_allclose(found.components @ found.components.T, np.eye(2), atol=1e-12)
    assert found.components.shape == (2, n_dims)
    assert np.isfinite(found.explained).all()
    centred = np.array(points) - found.mean
    np.testing.assert_allclose(found.projected @ found.components, centred, atol=1e-12)
    assert found.explained[1] == pytest.approx(0, abs=1e-12)


def test_invalid_requests_are_refused():
    with pytest.raises(DataError):
        pca(np.empty((0, 3)))
    with pytest.raises(DataError):
        pca(np.array([[1.0, np.nan]]))
    with pytest.raises(ParameterError):
        pca(np.ones((4, 1)), 2)


def anisotropic(n_points, n_dims, seed=0):
    """Return points whose standard deviation decreases by direction, as in most tables."""
    rng = np.random.default_rng(seed)
    spreads = 10.0 * 0.7 ** np.arange(40)
    ways = np.linalg.qr(rng.normal(size=(n_dims, 40)))[0].T
    noise = 1e-3 * rng.normal(size=(n_points, n_dims))
    return rng.normal(size=(n_points, 40)) * spreads @ ways + noise + 3


@pytest.fixture
def small_bounds(monkeypatch):
    """Lower the sizes from which tables count as large or have many chunks."""
    monkeypatch.setattr(projection, "_EXACT_WORK", 2**22)
    monkeypatch.setattr(projection, "_CHUNK_VALUES", 2**16)


@pytest.mark.usefixtures("small_bounds")
@pytest.mark.parametrize(("n_points", "n_dims"), [(200, 600), (600, 200)])
def test_a_randomized_decomposition_matches_scikit_learn(n_points, n_dims):
    assert not is_exact((n_points, n_dims), 3)
    points = anisotropic(n_points, n_dims)
    found, other = pca(points, 3), PCA(3, svd_solver="full").fit(points)
    signs = np.sign((found.components * other.components_).sum(1))
    np.testing.assert_allclose(found.components, other.components_ * signs[:, None], atol=1e-6)
    np.testing.assert_allclose(found.explained, other.explained_variance_ratio_, rtol=1e-9)
    np.testing.assert_allclose(found.components @ found.components.T, np.eye(3), atol=1e-12)
    np.testing.assert_allclose(found.projected, (points - found.mean) @ found.components.T)


@pytest.mark.usefixtures("small_bounds")
def test_many_points_with_few_columns_match_scikit_learn():
    points = (anisotropic(20_000, 40) * 1e3).astype(np.float32)[:, :31]
    assert is_exact(points.shape, 31)
    found, other = pca(points, 31), PCA(31, svd_solver="full").fit(points.astype(np.float64))
    signs = np.sign((found.components * other.components_).sum(1))
    np.testing.assert_allclose(found.components, other.components_ * signs[:, None], atol=1e-6)
    np.testing.assert_allclose(found.explained, other.explained_variance_ratio_, rtol=1e-6)
    np.testing.assert_allclose(found.components @ found.components.T, np.eye(31), atol=1e-12)
    projected = (points - found.mean) @ found.components.T
    np.testing.assert_allclose(found.projected, projected, rtol=1e-4, atol=1e-2)


@pytest.mark.usefixtures("small_bounds")
def test_many_equal_points_explain_nothing():
    found = pca(np.full((100_000, 8), 4, np.float32), 2)
    assert found.projected.dtype == np.float32
    np.testing.assert_array_equal(found.explained, [0, 0])
    np.testing.assert_array_equal(found.projected, np.zeros((100_000, 2)))


@pytest.mark.usefixtures("small_bounds")
def test_the_same_seed_draws_the_same_directions():
    points = anisotropic(200, 600)
    assert not is_exact(points.shape, 2)
    first, again, other = (pca(points, 2, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.components, again.components)
    assert not np.array_equal(first.components, other.components)
    np.testing.assert_allclose(first.components, other.components, atol=1e-6)


@pytest.mark.usefixtures("small_bounds")
def test_a_large_table_of_equal_points_explains_nothing():
    found = pca(np.full((200, 600), 4.0), 2)
    assert np.isfinite(found.components).all()
    np.testing.assert_array_equal(found.explained, [0, 0])
    np.testing.assert_array_equal(found.projected, np.zeros((200, 2)))

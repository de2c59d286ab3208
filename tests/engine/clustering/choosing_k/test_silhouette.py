"""The mean silhouette, by hand and compared with scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import silhouette_score

from engine.clustering.choosing_k import silhouette
from engine.clustering.choosing_k.silhouette import mean_silhouettes
from engine.clustering.chunks import finished
from tests.engine.clustering.made_points import blobs, grids, normal


def measured(points, *labelings):
    return finished(mean_silhouettes(points, [np.asarray(labels) for labels in labelings]))


def test_four_points_by_hand():
    """Clusters 0, 1 and 5, 7: from 0 the mean distance is 1 within its own, 6 to the other."""
    points = np.float32([[0], [1], [5], [7]])
    widths = [(6 - 1) / 6, (5 - 1) / 5, (4.5 - 2) / 4.5, (6.5 - 2) / 6.5]
    assert measured(points, [0, 0, 1, 1])[0] == pytest.approx(np.mean(widths))


@pytest.mark.parametrize("n_dims", [1, 2, 30])
def test_it_matches_scikit_learn(n_dims):
    points = blobs(4, 40, n_dims)
    rng = np.random.default_rng(0)
    labelings = [np.arange(160) % 4, rng.integers(0, 3, 160), rng.integers(0, 9, 160)]
    expected = [silhouette_score(points, labels) for labels in labelings]
    np.testing.assert_allclose(measured(points, *labelings), expected, atol=1e-5)


def test_far_from_the_origin_it_is_the_same():
    points = normal(50, 2)
    labels = np.arange(50) % 3
    far = points.astype(np.float64) + 1e6
    assert measured(far, labels)[0] == pytest.approx(silhouette_score(points, labels), abs=1e-5)


def test_it_does_not_depend_on_the_tiles(monkeypatch):
    points, labels = normal(70, 2), np.arange(70) % 3
    whole = measured(points, labels)
    monkeypatch.setattr(silhouette, "_TILE_WORK", 70 * 5 * 9)
    assert len(list(mean_silhouettes(points, [labels]))) == 8
    np.testing.assert_allclose(measured(points, labels), whole, rtol=1e-6)


def test_it_does_not_depend_on_the_passes(monkeypatch):
    points = normal(60, 2)
    labelings = [np.arange(60) % k for k in (2, 5, 9, 3)]
    together = measured(points, *labelings)
    monkeypatch.setattr(silhouette, "_MOST_COLUMNS", 7)  # 2 and 5, then 9 alone, then 3
    parts = list(mean_silhouettes(points, labelings))
    assert parts == [0.5, 0.75, 1]
    np.testing.assert_allclose(measured(points, *labelings), together, rtol=1e-6)


@given(grids(), st.integers(2, 4), st.integers(0, 1000))
def test_it_does_not_depend_on_order_labels_or_unit(grid, n_clusters, seed):
    points, _ = grid
    rng = np.random.default_rng(seed)
    labels, order = rng.integers(0, n_clusters, len(points)), rng.permutation(len(points))
    (found,) = measured(points, labels)
    assert np.isnan(found) or -1 <= found <= 1
    (other,) = measured(4 * points[order] + 3, n_clusters - labels[order])
    np.testing.assert_allclose(other, found, atol=1e-5)


def test_empty_clusters_do_not_count():
    points = normal(20, 2)
    labels = np.arange(20) % 2
    assert measured(points, labels * 7)[0] == measured(points, labels)[0]


def test_clusters_of_one_point_count_as_0():
    assert measured(normal(5, 2), np.arange(5))[0] == 0


def test_equal_points_have_a_silhouette_of_0():
    assert measured(np.ones((6, 2), np.float32), [0, 0, 0, 1, 1, 1])[0] == 0


def test_one_cluster_has_no_silhouette():
    assert np.isnan(measured(normal(5, 2), np.zeros(5, int), [0, 0, 1, 1, 1])).tolist() == [
        True,
        False,
    ]

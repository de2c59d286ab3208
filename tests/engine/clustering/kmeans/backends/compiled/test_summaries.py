"""Labels, sums and counts of subsets add up to those of all points."""

import numpy as np
import pytest

from engine.clustering.kmeans.backends.compiled.summaries import summarize, unpacked
from engine.clustering.kmeans.backends.packing import Shape, packed
from tests.engine.clustering.made_points import normal, squared_distances

# Two pairs on a line.
LINE = np.array([[0], [2], [10], [14]], np.float32)


def summary(points, centroids):
    """Compute labels, sums and counts of points around zero."""
    (n_points, n_dims), n_clusters = points.shape, len(centroids)
    tiles, _ = packed(points, np.zeros(n_dims), Shape.of(n_points, n_dims, n_clusters))
    return [each.numpy() for each in summarize(tiles, n_points, centroids)]


def test_a_summary_has_labels_sums_and_counts():
    labels, totals, counts = (
        each.tolist() for each in summary(LINE, np.float64([[13], [1], [50]]))
    )
    assert labels == [1, 1, 0, 0]
    assert totals == [[24], [2], [0]]
    assert counts == [2, 2, 0]


@pytest.mark.slow
@pytest.mark.parametrize(("n_dims", "n_clusters"), [(2, 5), (3, 40), (12, 20)])
def test_summaries_of_subsets_add_up(n_dims, n_clusters):
    """Both subsets have the same size, so that one program is compiled."""
    points, centroids = normal(1_100, n_dims), normal(n_clusters, n_dims, 1).astype(np.float64)
    whole = summary(points, centroids)
    parts = [summary(points[rows], centroids) for rows in (slice(550), slice(550, None))]
    labels = np.concatenate([part[0] for part in parts])
    assert (labels == whole[0]).all()
    assert (labels == squared_distances(points, centroids).argmin(1)).all()
    np.testing.assert_allclose(parts[0][1] + parts[1][1], whole[1], rtol=1e-12, atol=1e-12)
    assert (parts[0][2] + parts[1][2] == whole[2]).all()
    assert whole[2].tolist() == np.bincount(labels, minlength=n_clusters).tolist()


def test_an_empty_subset_has_zero_sums():
    """A replica may have no points."""
    labels, totals, counts = summary(LINE[:0], np.float64([[13], [1]]))
    assert (len(labels), totals.tolist(), counts.tolist()) == (0, [[0], [0]], [0, 0])


@pytest.mark.parametrize("n_points", [0, 1, 512, 1_100])
@pytest.mark.parametrize("n_dims", [2, 12])
def test_points_are_unpacked_from_tiles(n_points, n_dims):
    points = normal(n_points, n_dims)
    tiles, _ = packed(points, np.zeros(n_dims), Shape.of(n_points, n_dims, 5))
    assert (unpacked(tiles, n_points, n_dims, 5).numpy() == points).all()

"""Labels, sums and counts of a part of the points, that add up to those of all."""

import numpy as np
import pytest

from engine.clustering.kmeans.backends.summaries import summarize
from tests.engine.clustering.made_points import normal, squared_distances

# Two pairs on a line.
LINE = np.array([[0], [2], [10], [14]], np.float32)


def test_a_summary_has_labels_sums_and_counts():
    labels, totals, counts = (
        part.numpy().tolist() for part in summarize(LINE, np.float64([[13], [1], [50]]))
    )
    assert labels == [1, 1, 0, 0]
    assert totals == [[24], [2], [0]]
    assert counts == [2, 2, 0]


@pytest.mark.slow
@pytest.mark.parametrize(("n_dims", "n_clusters"), [(2, 5), (3, 40), (12, 20)])
def test_parts_add_up(n_dims, n_clusters):
    """Both parts are of one size, so that they are compiled once."""
    points, centroids = normal(1_100, n_dims), normal(n_clusters, n_dims, 1).astype(np.float64)
    whole = [each.numpy() for each in summarize(points, centroids)]
    parts = [
        [each.numpy() for each in summarize(points[rows], centroids)]
        for rows in (slice(550), slice(550, None))
    ]
    labels = np.concatenate([part[0] for part in parts])
    assert (labels == whole[0]).all()
    assert (labels == squared_distances(points, centroids).argmin(1)).all()
    np.testing.assert_allclose(parts[0][1] + parts[1][1], whole[1], rtol=1e-12, atol=1e-12)
    assert (parts[0][2] + parts[1][2] == whole[2]).all()
    assert whole[2].tolist() == np.bincount(labels, minlength=n_clusters).tolist()

"""Points for the tests of clustering, and float64 NumPy references."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine.clustering.kmeans.options import n_candidates


def normal(n_points, n_dims, seed=0):
    return np.random.default_rng(seed).normal(size=(n_points, n_dims)).astype(np.float32)


def blobs(n_clusters, per_cluster, n_dims, seed=0):
    """Return points of clusters that barely overlap, in turn: the first are one of each."""
    rng = np.random.default_rng(seed)
    centers = rng.uniform(-20, 20, (n_clusters, n_dims))
    points = np.tile(centers, (per_cluster, 1)) + rng.normal(
        size=(n_clusters * per_cluster, n_dims)
    )
    return points.astype(np.float32)


@st.composite
def grids(draw):
    """Draw a few points on a coarse grid, with ties and duplicates, and some of them as centroids.

    Up to 8 centroids, or 9, which begin another block: few programs to compile.
    """
    shape = draw(st.tuples(st.integers(1, 30), st.sampled_from([1, 2])))
    points = draw(arrays(np.float32, shape, elements=st.integers(-40, 40).map(lambda x: x / 4)))
    most = min(9, len(points))
    chosen = draw(st.lists(st.integers(0, len(points) - 1), min_size=1, max_size=most))
    return points, points[chosen]


@st.composite
def scattered(draw):
    """Draw points and centroids in general position: no ties in any iteration, in float64.

    In low dimensions products are written out; in 9 they are matrix products.
    """
    n_points, n_dims = draw(st.integers(5, 60)), draw(st.sampled_from([1, 2, 9]))
    n_clusters, seed = draw(st.integers(1, 5)), draw(st.integers(0, 2**31))
    points = normal(n_points, n_dims, seed)
    return points, points[:n_clusters]


def greedy_in_float64(points, n_clusters, rng):
    """Return (K, D) centroids of greedy k-means++, computed in float64 from its definition."""
    points = points.astype(np.float64)
    chosen = [int(rng.integers(len(points)))]
    nearest = np.square(points - points[chosen[0]]).sum(1)
    while len(chosen) < n_clusters:
        reach = np.cumsum(nearest)
        draws = [rng.random() * reach[-1] for _ in range(n_candidates(n_clusters))]
        drawn = np.searchsorted(reach, draws, side="right")
        left = [np.minimum(nearest, np.square(points - points[i]).sum(1)) for i in drawn]
        best = int(np.argmin([each.sum() for each in left]))
        chosen.append(int(drawn[best]))
        nearest = left[best]
    return points[chosen]


def squared_distances(points, centroids):
    """Return (N, K) squared distances in float64."""
    differences = points.astype(np.float64)[:, np.newaxis] - centroids
    return np.square(differences).sum(2)


def margins(distances):
    """Return (N,) how much farther the second nearest centroid is than the nearest."""
    if distances.shape[1] == 1:
        return np.full(len(distances), np.inf)
    nearest = np.partition(distances, 1, axis=1)
    return nearest[:, 1] - nearest[:, 0]


def means(points, labels, centroids):
    """Return (K, D) float64 means of the clusters; an empty centroid stays."""
    sizes = np.bincount(labels, minlength=len(centroids))[:, np.newaxis]
    totals = np.zeros(centroids.shape)
    np.add.at(totals, labels, points.astype(np.float64))
    return np.where(sizes, totals / np.maximum(sizes, 1), centroids)


def reference(points, centroids):
    """Run Lloyd's algorithm: labels, centroids, inertia, iterations, and the smallest margin."""
    centroids = centroids.astype(np.float64)
    labels, margin, iterations = None, np.inf, 0
    while True:
        distances = squared_distances(points, centroids)
        before, labels = labels, distances.argmin(1)
        margin = min(margin, margins(distances).min())
        if before is not None and (before == labels).all():
            return labels, centroids, distances.min(1).sum(), iterations, margin
        centroids, iterations = means(points, labels, centroids), iterations + 1


def has_ties(points, centroids):
    """Return whether rounding may decide a label in some iteration."""
    return reference(points, centroids)[-1] < 1e-3


def content(frame):
    """Return everything in a frame, arrays as bytes, to compare frames."""
    arrays_ = (frame.centroids, frame.labels, frame.sizes, frame.inertias)
    rest = (
        frame.iteration,
        frame.phase,
        frame.changed,
        frame.shift,
        frame.empty_policy,
        frame.stop,
    )
    return [(array.dtype, array.shape, array.tobytes()) for array in arrays_], rest


def chi_square(counts, weights):
    """Pearson's statistic: how far counts are from those expected in proportion to weights."""
    expected = counts.sum() * np.array(weights) / np.sum(weights)
    return (np.square(counts - expected) / expected).sum()

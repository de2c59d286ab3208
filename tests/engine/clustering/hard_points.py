"""Points from which k-means in naive float32 computes wrong clusters, as found in real tables.

Each function takes a random generator, N, D and K, and returns (N, D) float32.
"""

import numpy as np


def lumps(rng, n_points, n_dims, n_clusters):
    """Clusters far from the origin, whose distances are about a millionth of that."""
    offset = 10 ** rng.uniform(0, 9)
    gap = offset * 10 ** rng.uniform(-6, 0)
    centers = offset + gap * rng.integers(0, 4, (n_clusters, n_dims))
    return _around(rng, centers, n_points, gap * 10 ** rng.uniform(-1.5, 0))


def continents(rng, n_points, n_dims, n_clusters):
    """Close clusters around two places that are far apart."""
    offset = 10 ** rng.uniform(0, 9)
    gap = offset * 10 ** rng.uniform(-6, -1)
    centers = offset * rng.integers(0, 2, (n_clusters, 1))
    centers = centers + gap * rng.integers(0, 4, (n_clusters, n_dims))
    return _around(rng, centers, n_points, gap * 10 ** rng.uniform(-1.5, 0))


def codes(rng, n_points, n_dims, n_clusters):
    """Readings, with a code for missing values in part of the last column."""
    centers = 12 * rng.normal(size=(n_clusters, n_dims))
    points = _around(rng, centers, n_points, 10 ** rng.uniform(-2, 0.5))
    points[rng.random(n_points) < rng.random(), -1] = np.float32(10 ** rng.uniform(3, 9))
    return points


def outlier(rng, n_points, n_dims, n_clusters):
    """Clusters, and one point far away."""
    points = _around(rng, 5 * rng.normal(size=(n_clusters, n_dims)), n_points, 1)
    points[0] = 10 ** rng.uniform(2, 9)
    return points


def duplicates(rng, n_points, n_dims, n_clusters):
    """A few distinct points, each repeated many times."""
    places = 10 ** rng.uniform(0, 9) * rng.normal(size=(n_clusters + 2, n_dims))
    return _around(rng, places, n_points, 0)


def overlapping(rng, n_points, n_dims, _):
    """One cloud, possibly far from the origin."""
    scale = 10 ** rng.uniform(-6, 6)
    cloud = rng.normal(size=(n_points, n_dims)) + rng.choice([0, 100]) * rng.normal(size=n_dims)
    return (scale * cloud).astype(np.float32)


def grid(rng, n_points, n_dims, _):
    """Whole numbers, and therefore many ties."""
    points = rng.integers(-3, 4, (n_points, n_dims)) + rng.choice([0, 10**6])
    return points.astype(np.float32)


def _around(rng, centers, n_points, spread):
    own = centers[rng.integers(len(centers), size=n_points)]
    return (own + spread * rng.normal(size=own.shape)).astype(np.float32)


KINDS = lumps, continents, codes, outlier, duplicates, overlapping, grid


def start(rng, points, n_clusters):
    """Return (K, D) float32 first centroids: points, other places among them, or far away."""
    n_points, n_dims = points.shape
    return (
        points[rng.choice(n_points, n_clusters, replace=False)],
        points.mean(0) + points.std(0) * rng.normal(size=(n_clusters, n_dims)),
        np.abs(points).max() * rng.normal(size=(n_clusters, n_dims)),
    )[rng.integers(3)].astype(np.float32)


def lloyd_in_float64(points, centroids, farthest=False, max_iter=300):
    """Return the final inertia of Lloyd's algorithm, computed from its definition.

    With `farthest`, the first empty centroid jumps to the point farthest from its own centroid,
    the next to the second farthest, unless that distance is zero.
    """
    points, centroids = points.astype(np.float64), centroids.astype(np.float64)
    labels = None
    for _ in range(max_iter + 1):
        distances = np.stack([np.square(points - each).sum(1) for each in centroids], 1)
        before, labels, own = labels, distances.argmin(1), distances.min(1)
        if before is not None and (labels == before).all():
            break
        far, moved = iter(np.argsort(-own, kind="stable")), centroids.copy()
        for cluster in range(len(centroids)):
            if (labels == cluster).any():
                moved[cluster] = points[labels == cluster].mean(0)
            elif farthest and own[point := next(far)] > 0:
                moved[cluster] = points[point]
        centroids = moved
    return own.sum()

"""Clouds of random points, all in about the same square.

Each function takes a random generator and returns (N, 2) float32 points. `blobs` is the lecture's
example; the others, modelled on scikit-learn's `datasets` module, show what k-means does where its
assumptions do not hold.
"""

import numpy as np

EXTENT = 35.0  # the square goes from -EXTENT to EXTENT on both axes


def blobs(rng: np.random.Generator, clusters: int, per_cluster: int, variance: float) -> np.ndarray:
    """Round clusters of equal variance, as in the lecture: k-means finds them."""
    centres = _centres(rng, clusters)
    return _around(centres, _normal(rng, clusters, per_cluster, variance))


def anisotropic(
    rng: np.random.Generator, clusters: int, per_cluster: int, variance: float
) -> np.ndarray:
    """Clusters stretched along the diagonal: k-means cuts them across."""
    # 2.5 times as long along the diagonal and 0.4 times as wide across it: the same area.
    stretch = np.array([[1.45, 1.05], [1.05, 1.45]], np.float32)
    centres = _centres(rng, clusters)
    return _around(centres, _normal(rng, clusters, per_cluster, variance) @ stretch)


def varied(
    rng: np.random.Generator, clusters: int, per_cluster: int, variance: float
) -> np.ndarray:
    """Clusters of different variance: k-means gives the rim of the wide ones to the narrow ones."""
    # From 0.4 to 2.5 times the standard deviation; their geometric mean is 1.
    factors = np.geomspace(0.4, 2.5, clusters) if clusters > 1 else np.ones(1)
    centres = _centres(rng, clusters)
    scales = factors.astype(np.float32)[:, np.newaxis, np.newaxis]
    return _around(centres, _normal(rng, clusters, per_cluster, variance) * scales)


def moons(rng: np.random.Generator, n_points: int, noise: float) -> np.ndarray:
    """Two interlocking half circles: no straight line separates them."""
    angle = rng.uniform(0.0, np.pi, n_points)
    upper = np.arange(n_points) < (n_points + 1) // 2
    x = np.where(upper, np.cos(angle), 1.0 - np.cos(angle)) - 0.5
    y = np.where(upper, np.sin(angle), 0.5 - np.sin(angle)) - 0.25
    # At this size x goes from -1.5 to 1.5 times the radius, which fills the square.
    return _noisy(rng, np.stack([x, y], axis=1) * (EXTENT / 1.5), noise)


def rings(rng: np.random.Generator, n_points: int, noise: float) -> np.ndarray:
    """A circle within a circle, half of the points on each: both have the same mean."""
    angle = rng.uniform(0.0, 2 * np.pi, n_points)
    outer = np.arange(n_points) < (n_points + 1) // 2
    radius = np.where(outer, 0.9 * EXTENT, 0.45 * EXTENT)
    circles = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return _noisy(rng, circles, noise)


def uniform(rng: np.random.Generator, n_points: int) -> np.ndarray:
    """No clusters at all: k-means still finds as many as it is asked for."""
    return rng.uniform(-EXTENT, EXTENT, (n_points, 2)).astype(np.float32)


def _centres(rng: np.random.Generator, clusters: int) -> np.ndarray:
    """Draw (clusters, 2) float32 centres anywhere in the square."""
    return rng.uniform(-EXTENT, EXTENT, (clusters, 2)).astype(np.float32)


def _normal(
    rng: np.random.Generator, clusters: int, per_cluster: int, variance: float
) -> np.ndarray:
    """Draw (clusters, per_cluster, 2) float32 from the normal distribution around zero."""
    deviation = np.float32(np.sqrt(variance))
    return deviation * rng.standard_normal((clusters, per_cluster, 2), np.float32)


def _around(centres: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    points: np.ndarray = centres[:, np.newaxis] + offsets
    return points.reshape(-1, 2)


def _noisy(rng: np.random.Generator, points: np.ndarray, noise: float) -> np.ndarray:
    moved: np.ndarray = points + rng.normal(0.0, noise, points.shape)
    return moved.astype(np.float32)

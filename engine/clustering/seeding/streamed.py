"""Chooses the first centroids among points that stay in their file.

The draws are those of `in_memory`: the same seed gives the same centroids as in memory. Only a
running minimum is held in memory, four bytes for each point; AFK-MC2 needs sixteen, for its
probabilities and their sums. Greedy k-means++ reads the points twice for each centroid: to compare
its candidates, and to add the best.
"""

import math
from collections.abc import Generator, Iterator

import numpy as np

from engine.clustering.checks import check_number
from engine.clustering.chunks import Progress, chunks_of
from engine.clustering.kmeans.options import Seeding
from engine.clustering.seeding.afk_mc2 import (
    chances_of,
    chosen_points,
    squared_to,
    squared_to_nearest,
)
from engine.clustering.seeding.in_memory import candidates, next_point, no_centroids
from engine.clustering.seeding.running_minimum import (
    FewPoints,
    RunningMinimum,
    first_best,
    running_minimum,
)
from engine.data.arrays.mapped import MappedPoints


def seed_in_chunks(
    points: MappedPoints, n_clusters: int, seeding: Seeding, seed: int
) -> Generator[Progress, None, np.ndarray]:
    """Like `in_memory.seed_centroids`, a chunk at a time; raises the same errors.

    Args:
        points: (N, D).
        n_clusters: K.
        seeding: How they are chosen.
        seed: The seed of the random numbers.

    Yields:
        After each chunk, the number of centroids and the fraction of the points seen.

    Returns:
        (K, D) float32.
    """
    check_number(len(points), n_clusters)
    rng = np.random.default_rng(seed)
    if seeding is Seeding.AFK_MC2:
        return (yield from _walk(points, n_clusters, rng))
    nearest = np.full(len(points), np.inf, np.float32)
    centroids = no_centroids(points)
    for number in range(n_clusters):
        if number:
            yield from _add(points, centroids[-1], nearest, number)
        if seeding is Seeding.PLUS_PLUS and number:
            drawn = candidates(nearest, rng, number, n_clusters)
            index = yield from _best(points, drawn, nearest, number)
        else:
            index = next_point(nearest, seeding, rng, number)
        centroids = _with(points, centroids, index)
    return centroids


def _with(points: MappedPoints, centroids: np.ndarray, index: int) -> np.ndarray:
    return np.concatenate([centroids, points[index : index + 1]])


def _add(
    points: MappedPoints, centroid: np.ndarray, nearest: np.ndarray, number: int
) -> Generator[Progress, None, None]:
    """Update the (N,) squared distances to the nearest centroid with a new one."""
    for rows, running, reached in _running(points, nearest, number):
        nearest[rows] = running.add(centroid)
        yield reached


def _best(
    points: MappedPoints, drawn: list[int], nearest: np.ndarray, number: int
) -> Generator[Progress, None, int]:
    """Return which candidate leaves the smallest sum of (N,) squared distances as a centroid."""
    places = np.concatenate([points[index : index + 1] for index in drawn])
    sums = np.zeros(len(drawn))
    for _, running, reached in _running(points, nearest, number):
        sums += running.compare(places)
        yield reached
    return drawn[first_best(sums)]


def _running(
    points: MappedPoints, nearest: np.ndarray, number: int
) -> Iterator[tuple[slice, RunningMinimum | FewPoints, Progress]]:
    """Yield all points a chunk at a time: their rows, their running minimum, and the progress."""
    n_values = math.prod(points.shape)
    for rows in chunks_of(points, 1):
        running = running_minimum(points[rows], nearest[rows], n_values)
        yield rows, running, Progress(number, min(1.0, rows.stop / len(points)))


def _walk(
    points: MappedPoints, n_clusters: int, rng: np.random.Generator
) -> Generator[Progress, None, np.ndarray]:
    """Choose by AFK-MC2: one pass over the points, then only the proposed points are read."""
    centroids = _with(points, no_centroids(points), int(rng.integers(len(points))))
    squared = np.empty(len(points))
    for rows in chunks_of(points, 1):
        squared[rows] = squared_to(points[rows], centroids[0])
        yield Progress(1, min(1.0, rows.stop / len(points)))

    def otherwise(centroids: np.ndarray) -> int:
        nearest = [squared_to_nearest(points[rows], centroids) for rows in chunks_of(points, 1)]
        return next_point(np.concatenate(nearest), Seeding.PLUS_PLUS_SINGLE, rng, len(centroids))

    chances = chances_of(squared)
    for index in chosen_points(points, n_clusters, rng, centroids, otherwise, chances=chances):
        centroids = _with(points, centroids, index)
        yield Progress(len(centroids), 1.0)
    return centroids

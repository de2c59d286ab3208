"""Chooses the first centroids among the points, one at a time.

All seedings maintain a `running_minimum`, the squared distance from each point to its nearest
centroid so far, so that each new centroid costs one pass over the points.

Farthest-first: Gonzalez, T. F. (1985). Clustering to minimize the maximum intercluster distance.
    Theoretical Computer Science 38, 293-306. It is the seeding of the lecture.
k-means++: Arthur, D. and Vassilvitskii, S. (2007). k-means++: the advantages of careful seeding.
    SODA, 1027-1035. Greedy, the variant of its own experiments: of several points drawn for each
    centroid, the one that leaves the least inertia is kept. The first is drawn uniformly, alone.
AFK-MC2 needs no such passes unless frames are wanted: see `afk_mc2`.
"""

from collections.abc import Callable, Generator, Iterator

import numpy as np

from engine.clustering.checks import check_number
from engine.clustering.chunks import finished
from engine.clustering.frames import Phase, label_dtype
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import Seeding, n_candidates
from engine.clustering.seeding.afk_mc2 import chosen_points, squared_to_nearest
from engine.clustering.seeding.running_minimum import running_minimum
from engine.data.arrays.mapped import Points
from engine.errors import ParameterError
from engine.frames import sealed
from engine.numbers import counted

# Points in a block, whose probabilities are summed before one of them is drawn.
_BLOCK = 512


def _farthest(nearest: np.ndarray, _: np.random.Generator) -> int:
    return int(np.argmax(nearest))


def _plus_plus(nearest: np.ndarray, rng: np.random.Generator) -> int:
    return _drawn(nearest, rng, 1)[0]


def _drawn(nearest: np.ndarray, rng: np.random.Generator, n_drawn: int) -> list[int]:
    """Draw points in proportion to their squared distances: first a block, then a point in it."""
    starts = np.arange(0, len(nearest), _BLOCK)
    sums = np.add.reduceat(nearest, starts, dtype=np.float64)
    reach = np.cumsum(sums)

    def draw() -> int:
        drawn = rng.random() * reach[-1]
        block = int(np.searchsorted(reach, drawn, side="right"))
        # Rounding may put a draw near the total beyond the last block that can be drawn, and a draw
        # near the end of a block beyond its last point.
        if block == len(sums):
            block = int(np.flatnonzero(sums)[-1])
        within = nearest[starts[block] : starts[block] + _BLOCK]
        rest = drawn - (reach[block - 1] if block else 0)
        index = int(np.searchsorted(np.cumsum(within, dtype=np.float64), rest, side="right"))
        last = index if index < len(within) else int(np.flatnonzero(within)[-1])
        return int(starts[block]) + last

    return [draw() for _ in range(n_drawn)]


def _random(nearest: np.ndarray, rng: np.random.Generator) -> int:
    """Draw among the points that are not at a centroid yet."""
    return int(rng.choice(np.flatnonzero(nearest != 0)))


_CHOICES: dict[Seeding, Callable[[np.ndarray, np.random.Generator], int]] = {
    Seeding.FARTHEST: _farthest,
    Seeding.PLUS_PLUS_SINGLE: _plus_plus,
    Seeding.RANDOM: _random,
}


def steps(
    points: np.ndarray, n_clusters: int, seeding: Seeding, seed: int, given: np.ndarray
) -> Generator[tuple[np.ndarray, np.ndarray], None, None]:
    """Yield the centroids so far and `nearest`, for each centroid, including the given ones."""
    check_number(len(points), n_clusters)
    rng = np.random.default_rng(seed)
    running = running_minimum(points)
    for index, centroid in enumerate(given):
        yield given[: index + 1], running.add(centroid)
    walk = _walk(points, n_clusters, rng, given) if seeding is Seeding.AFK_MC2 else None
    centroids = given
    for index in range(len(given), n_clusters):
        if seeding is Seeding.PLUS_PLUS and index > 0:
            drawn = candidates(running.nearest, rng, index, n_clusters)
            chosen = drawn[running.add_best(points[drawn])]
        else:
            chosen = next(walk) if walk else next_point(running.nearest, seeding, rng, index)
            running.add(points[chosen])
        centroids = np.concatenate([centroids, points[chosen : chosen + 1]])
        yield centroids, running.nearest


def _walk(
    points: np.ndarray, n_clusters: int, rng: np.random.Generator, given: np.ndarray
) -> Iterator[int]:
    """Choose by AFK-MC2; if a chain ends on a centroid, draw as k-means++ would."""

    def otherwise(centroids: np.ndarray) -> int:
        nearest = squared_to_nearest(points, centroids)
        return next_point(nearest, Seeding.PLUS_PLUS_SINGLE, rng, len(centroids))

    return chosen_points(points, n_clusters, rng, given, otherwise)


def next_point(
    nearest: np.ndarray, seeding: Seeding, rng: np.random.Generator, n_chosen: int
) -> int:
    """Choose the next centroid by drawing one point.

    Args:
        nearest: (N,) squared distances to the nearest centroid so far.
        seeding: How to choose; greedy k-means++ uses it for the first only, then `candidates`.
        rng: The source of random numbers.
        n_chosen: How many centroids there are already.

    Returns:
        The index of a point that is not at a centroid.

    Raises:
        ParameterError: There is no such point.
    """
    if n_chosen == 0:
        return int(rng.integers(len(nearest)))
    if not nearest.any():
        raise _too_few_places(n_chosen)
    return _CHOICES[seeding](nearest, rng)


def candidates(
    nearest: np.ndarray, rng: np.random.Generator, n_chosen: int, n_clusters: int
) -> list[int]:
    """Draw the candidates of greedy k-means++; arguments and errors as in `next_point`.

    Args:
        nearest: (N,) squared distances.
        rng: The source of random numbers.
        n_chosen: How many centroids there are already, at least one.
        n_clusters: How many there will be in the end.

    Returns:
        Indices of points that are not at a centroid; a point may be drawn more than once.
    """
    if not nearest.any():
        raise _too_few_places(n_chosen)
    return _drawn(nearest, rng, n_candidates(n_clusters))


def _too_few_places(n_places: int) -> ParameterError:
    return ParameterError(
        f"The points have only {counted(n_places, 'distinct position')}, fewer than the clusters "
        f"asked for; choose k = {n_places:,} or less."
    )


def no_centroids(points: Points) -> np.ndarray:
    """Return (0, D) float32, where a seeding starts if no centroid is given."""
    return np.empty((0, points.shape[1]), np.float32)


def _farthest_points(
    points: np.ndarray, n_clusters: int, rng: np.random.Generator
) -> Iterator[list[int]]:
    """Choose farthest-first, many points in one call: the same points as one at a time."""
    running, n_chosen = running_minimum(points), 0
    while n_chosen < n_clusters:
        first = next_point(running.nearest, Seeding.FARTHEST, rng, n_chosen)
        n_new = min(running.n_at_once, n_clusters - n_chosen)
        new = [first, *running.add_farthest(points[first], n_new).tolist()]
        if -1 in new:
            raise _too_few_places(n_chosen + new.index(-1))
        n_chosen += n_new
        yield new


def seed_in_chunks(
    points: np.ndarray, n_clusters: int, seeding: Seeding, seed: int
) -> Generator[int, None, np.ndarray]:
    """Like `seed_centroids`; yields how many centroids there are, about every 50 ms."""
    none, rng = no_centroids(points), np.random.default_rng(seed)
    if seeding in (Seeding.PLUS_PLUS, Seeding.PLUS_PLUS_SINGLE, Seeding.RANDOM):
        for centroids, _ in steps(points, n_clusters, seeding, seed, none):
            yield len(centroids)
        return centroids
    check_number(len(points), n_clusters)
    chosen: list[int] = []
    if seeding is Seeding.FARTHEST:
        found = _farthest_points(points, n_clusters, rng)
    else:
        found = ([index] for index in _walk(points, n_clusters, rng, none))
    for new in found:
        chosen += new
        yield len(chosen)
    return points[chosen]


def seed_centroids(
    points: np.ndarray, n_clusters: int, seeding: Seeding = Seeding.FARTHEST, seed: int = 0
) -> np.ndarray:
    """Choose the first centroids at full speed.

    Args:
        points: (N, D) float32.
        n_clusters: K.
        seeding: How the points are chosen.
        seed: The seed of the random numbers: farthest-first draws once, the others draw at least
            once for each centroid.

    Returns:
        (K, D) float32, K different points.

    Raises:
        ParameterError: There are fewer points, or fewer different points, than K.
    """
    return finished(seed_in_chunks(points, n_clusters, seeding, seed))


def seeds(
    points: np.ndarray,
    n_clusters: int,
    seeding: Seeding = Seeding.FARTHEST,
    seed: int = 0,
    given: np.ndarray | None = None,
) -> Generator[KMeansFrame, None, None]:
    """Choose the first centroids, one for each frame; arguments and errors as in `seed_centroids`.

    Args:
        points: (N, D) float32.
        n_clusters: K.
        seeding: How the points are chosen.
        seed: The seed of the random numbers.
        given: (J, D) float32, centroids that are already there, at most K.

    Yields:
        K - J frames of phase SEED.
    """
    start = no_centroids(points) if given is None else np.asarray(given, np.float32)
    labels = np.zeros(len(points), label_dtype(n_clusters))
    before, nearest_before = labels, np.full(len(points), np.inf, np.float32)
    for centroids, nearest in steps(points, n_clusters, seeding, seed, start):
        n_found = len(centroids)
        labels = np.where(nearest < nearest_before, labels.dtype.type(n_found - 1), labels)
        nearest_before = nearest
        if n_found <= len(start):
            continue
        yield KMeansFrame(
            iteration=0,
            phase=Phase.SEED,
            centroids=sealed(centroids),
            labels=sealed(labels),
            sizes=sealed(np.bincount(labels, minlength=n_found)),
            inertias=sealed(np.bincount(labels, weights=nearest, minlength=n_found)),
            changed=int(np.count_nonzero(labels != before)) if n_found > 1 else len(labels),
        )
        before = labels

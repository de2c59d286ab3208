"""Choosing the first centroids among the points, one at a time.

All seedings keep a running minimum, the squared distance from each point to its nearest centroid
so far, so that each new centroid costs one pass over the points.

Farthest-first: Gonzalez, T. F. (1985). Clustering to minimize the maximum intercluster distance.
    Theoretical Computer Science 38, 293-306. It is the seeding of the lecture.
k-means++: Arthur, D. and Vassilvitskii, S. (2007). k-means++: the advantages of careful seeding.
    SODA, 1027-1035.
AFK-MC2, which needs no such pass unless frames are wanted: see `afk_mc2`.
"""

from collections.abc import Callable, Generator, Iterator

import numpy as np

from engine.backend import tf
from engine.clustering.afk_mc2 import chosen_points, squared_to_nearest
from engine.clustering.options import Seeding
from engine.clustering.slices import finished
from engine.data.mapped import Points
from engine.errors import ParameterError
from engine.frames import KMeansFrame, Phase, label_dtype, sealed

_FAR = np.float32(np.inf)


@tf.function(
    input_signature=[
        tf.TensorSpec([None, None], tf.float32),
        tf.TensorSpec([None], tf.float32),
        tf.TensorSpec([], tf.int32),
        tf.TensorSpec([None], tf.float32),
        tf.TensorSpec([None], tf.int32),
    ]
)
def nearer(
    points: tf.Tensor, centroid: tf.Tensor, index: tf.Tensor, nearest: tf.Tensor, labels: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Let one more centroid take the points that it is nearest to.

    Args:
        points: (N, D) float32.
        centroid: (D,) float32, the new one.
        index: () int32, its label.
        nearest: (N,) float32, squared distance to the nearest centroid so far.
        labels: (N,) int32, the index of that centroid.

    Returns:
        nearest and labels with the new centroid taken into account; a tie stays where it was.
    """
    distances = tf.reduce_sum(tf.math.squared_difference(points, centroid), 1)  # (N,)
    closer = distances < nearest
    return tf.where(closer, distances, nearest), tf.where(closer, index, labels)


def _farthest(nearest: np.ndarray, _: np.random.Generator) -> int:
    return int(np.argmax(nearest))


def _plus_plus(nearest: np.ndarray, rng: np.random.Generator) -> int:
    """Draw a point with a chance in proportion to its squared distance."""
    cumulative = np.cumsum(nearest, dtype=np.float64)
    index = np.searchsorted(cumulative, rng.random() * cumulative[-1], side="right")
    # A draw next to the total can round up to it, beyond the last point that has a chance.
    return int(index) if index < len(nearest) else int(np.flatnonzero(nearest)[-1])


def _random(nearest: np.ndarray, rng: np.random.Generator) -> int:
    """Draw among the points where no centroid stands yet."""
    return int(rng.choice(np.flatnonzero(nearest)))


_CHOICES: dict[Seeding, Callable[[np.ndarray, np.random.Generator], int]] = {
    Seeding.FARTHEST: _farthest,
    Seeding.PLUS_PLUS: _plus_plus,
    Seeding.RANDOM: _random,
}

_Step = tuple[np.ndarray, tf.Tensor, tf.Tensor]


def steps(
    points: np.ndarray, n_clusters: int, seeding: Seeding, seed: int, given: np.ndarray
) -> Generator[_Step, None, None]:
    """Yield the centroids so far, `nearest` and `labels`, once for each new centroid."""
    check_number(len(points), n_clusters)
    rng = np.random.default_rng(seed)
    on_device = tf.constant(points, tf.float32)
    nearest = tf.fill([len(points)], _FAR)
    labels = tf.zeros([len(points)], tf.int32)
    for index, centroid in enumerate(given):
        nearest, labels = nearer(on_device, centroid, index, nearest, labels)
    walk = _walk(points, n_clusters, rng, given) if seeding is Seeding.AFK_MC2 else None
    centroids = given
    for index in range(len(given), n_clusters):
        chosen = next(walk) if walk else next_point(nearest.numpy(), seeding, rng, index)
        centroids = np.concatenate([centroids, points[chosen : chosen + 1]])
        nearest, labels = nearer(on_device, points[chosen], index, nearest, labels)
        yield centroids, nearest, labels


def check_number(n_points: int, n_clusters: int) -> None:
    """Refuse more clusters than points with a ParameterError."""
    if n_clusters > n_points:
        raise ParameterError(
            f"{n_points:,} points cannot have {n_clusters:,} clusters; choose k of "
            f"{n_points:,} or fewer."
        )


def _walk(
    points: np.ndarray, n_clusters: int, rng: np.random.Generator, given: np.ndarray
) -> Iterator[int]:
    """Choose by AFK-MC2; where a chain ends on a place that is taken, as k-means++ would."""

    def otherwise(centroids: np.ndarray) -> int:
        nearest = squared_to_nearest(points, centroids)
        return next_point(nearest, Seeding.PLUS_PLUS, rng, len(centroids))

    return chosen_points(points, n_clusters, rng, given, otherwise)


def next_point(
    nearest: np.ndarray, seeding: Seeding, rng: np.random.Generator, n_chosen: int
) -> int:
    """Choose the next centroid.

    Args:
        nearest: (N,) squared distances to the nearest of those that there are.
        seeding: How.
        rng: Where chance comes from.
        n_chosen: How many there are.

    Returns:
        The index of a point where none stands yet.

    Raises:
        ParameterError: There is no such point.
    """
    if n_chosen == 0:
        return int(rng.integers(len(nearest)))
    if not nearest.any():
        raise ParameterError(
            f"The points stand in only {n_chosen:,} different places, too few for that many "
            f"clusters; choose k of {n_chosen:,} or fewer."
        )
    return _CHOICES[seeding](nearest, rng)


def no_centroids(points: Points) -> np.ndarray:
    """(0, D) float32: where a seeding starts when no centroid is given."""
    return np.empty((0, points.shape[1]), np.float32)


def seed_in_slices(
    points: np.ndarray, n_clusters: int, seeding: Seeding, seed: int
) -> Generator[int, None, np.ndarray]:
    """As `seed_centroids`; yields how many centroids there are after each new one."""
    none = no_centroids(points)
    if seeding is not Seeding.AFK_MC2:
        for centroids, _, _ in steps(points, n_clusters, seeding, seed, none):
            yield len(centroids)
        return centroids
    check_number(len(points), n_clusters)
    chosen: list[int] = []
    for index in _walk(points, n_clusters, np.random.default_rng(seed), none):
        chosen.append(index)
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
        seed: Of the random numbers: one draw for farthest-first, one or more a centroid for the
            others.

    Returns:
        (K, D) float32, K different points.

    Raises:
        ParameterError: There are fewer points, or fewer different points, than K.
    """
    return finished(seed_in_slices(points, n_clusters, seeding, seed))


def seeds(
    points: np.ndarray,
    n_clusters: int,
    seeding: Seeding = Seeding.FARTHEST,
    seed: int = 0,
    given: np.ndarray | None = None,
) -> Generator[KMeansFrame, None, None]:
    """Choose the first centroids, one frame each; arguments and errors as `seed_centroids`.

    Args:
        points: (N, D) float32.
        n_clusters: K.
        seeding: How the points are chosen.
        seed: Of the random numbers.
        given: (J, D) float32, centroids that stand already, J of K or fewer.

    Yields:
        K - J frames of phase SEED.
    """
    dtype = label_dtype(n_clusters)
    before = np.zeros(len(points), dtype)
    start = no_centroids(points) if given is None else np.asarray(given, np.float32)
    for centroids, nearest, device_labels in steps(points, n_clusters, seeding, seed, start):
        labels = sealed(device_labels, dtype)
        n_found = len(centroids)
        yield KMeansFrame(
            iteration=0,
            phase=Phase.SEED,
            centroids=sealed(centroids),
            labels=labels,
            sizes=sealed(np.bincount(labels, minlength=n_found)),
            inertias=sealed(np.bincount(labels, weights=nearest.numpy(), minlength=n_found)),
            changed=int(np.count_nonzero(labels != before)) if n_found > 1 else len(labels),
        )
        before = labels

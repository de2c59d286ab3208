"""AFK-MC2: approximates the draws of k-means++ without a pass over the points for each one.

Bachem, O., Lucic, M., Hassani, S. H. and Krause, A. (2016). Fast and provably good seedings for
k-means. NIPS, 55-63. It is the lecture's "even better one".

k-means++ draws a point with a probability proportional to its squared distance to the nearest
centroid.
Here a Markov chain converges to that distribution: points are proposed from a distribution computed
once, from the first centroid, and each is accepted or rejected by its distance. Only the proposed
points are ever read.
"""

from collections.abc import Callable, Generator

import numpy as np

from engine.data.arrays.mapped import Points

# In the paper's experiments, this length seeds as well as k-means++ with single draws.
CHAIN_LENGTH = 200


def proposal(points: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Return the probability of proposing each point (eq. 3): half by distance, half uniform.

    Args:
        points: (N, D) float32.
        first: (D,), the first centroid.

    Returns:
        (N,) float64, with a sum of 1.
    """
    return chances_of(squared_to(points, first))


def squared_to(points: np.ndarray, first: np.ndarray) -> np.ndarray:
    """Return (N,) float64, squared distances from (N, D) points to (D,)."""
    squared: np.ndarray = np.square(points - first).sum(1, dtype=np.float64)
    return squared


def chances_of(squared: np.ndarray) -> np.ndarray:
    """Compute the `proposal` from (N,) float64 squared distances, which are overwritten."""
    total = squared.sum()
    if total == 0:
        squared[:] = 1 / len(squared)
        return squared
    squared /= total
    squared += 1 / len(squared)
    squared /= 2
    return squared


def chosen_points(
    points: Points,
    n_clusters: int,
    rng: np.random.Generator,
    given: np.ndarray,
    otherwise: Callable[[np.ndarray], int],
    chain_length: int = CHAIN_LENGTH,
    chances: np.ndarray | None = None,
) -> Generator[int, None, None]:
    """Choose points as centroids, one after another.

    Args:
        points: (N, D) float32.
        n_clusters: K.
        rng: The source of random numbers.
        given: (J, D), centroids that are already there.
        otherwise: Chooses a point if a chain met only points that are centroids; called with the
            (I, D) centroids so far.
        chain_length: How many points are proposed for each centroid, called m in the paper.
        chances: (N,) float64, the `proposal` from the first of the given centroids, if already
            known.

    Yields:
        K - J indices.
    """
    centroids = given
    if not len(centroids):
        index = int(rng.integers(len(points)))
        centroids = points[index : index + 1]
        yield index
    chances = proposal(points[:], centroids[0]) if chances is None else chances
    reach = np.cumsum(chances)
    while len(centroids) < n_clusters:
        draws = np.searchsorted(reach, rng.random(chain_length) * reach[-1], side="right")
        draws = np.minimum(draws, len(points) - 1)  # a draw may round up to the end
        weights = squared_to_nearest(points[draws], centroids) / chances[draws]
        place = _walk(weights, rng.random(chain_length))
        index = int(draws[place]) if weights[place] > 0 else otherwise(centroids)
        centroids = np.concatenate([centroids, points[index : index + 1]])
        yield index


def squared_to_nearest(points: np.ndarray, centroids: np.ndarray) -> np.ndarray:
    """Return (M,) squared distances from (M, D) points to the nearest of (I, D) centroids."""
    nearest = np.full(len(points), np.inf)
    for centroid in centroids:
        nearest = np.minimum(nearest, np.square(points - centroid).sum(1))
    return nearest


def _walk(weights: np.ndarray, thresholds: np.ndarray) -> int:
    """Return the index where the chain ends; a step is accepted by the ratio of weights.

    Args:
        weights: (M,), squared distance divided by the probability of being proposed.
        thresholds: (M,), drawn from 0 to 1.
    """
    place = 0
    for proposed in range(1, len(weights)):
        if weights[proposed] > thresholds[proposed] * weights[place]:
            place = proposed
    return place

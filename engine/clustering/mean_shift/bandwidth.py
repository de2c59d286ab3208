"""Chooses the bandwidth of mean shift from the points.

Fukunaga, K. and Hostetler, L. (1975) need a bandwidth and leave its choice open. The lecture lets
the kernel cover a third of the data. The estimate is the normal reference rule for the gradient of
a density: Chacón, J. E., Duong, T. and Wand, M. P. (2011). Asymptotics for general multivariate
kernel density derivative estimators. Statistica Sinica 21, 807-840. That rule is made for
estimating a density. In many dimensions its bandwidth is so small that each point gets weight only
from itself. So the estimate is always large enough that half of the points have neighbours to climb
to.
"""

import numpy as np

from engine.clustering.mean_shift.frames import Kernel
from engine.clustering.mean_shift.options import MeanShiftOptions, Rule

# The lecture's rule draws a sample of this size, and measures from this many of its points.
_MOST, _CENTRES = 4096, 1024
_BLOCK = 64
# When a point has neighbours to climb to. With a Gaussian kernel: if the others together have this
# many times the weight of the point itself. With a flat kernel, whose weight does not fall with
# distance: if they are this fraction of all points. With few points the fraction decides for both
# kernels. Chosen on 20 data sets of 2 to 256 dimensions.
_OUTWEIGHED, _FRACTION = 2.0, 0.03
# For the estimate: how many points to find neighbours for, and among how many.
_SOME, _AMONG = 512, 2048
_HALVINGS = 24
# A bandwidth of this fraction of the largest distance reaches only points in the same place.
_NEAR = 1e-6


def bandwidth_of(points: np.ndarray, options: MeanShiftOptions) -> float:
    """Return the bandwidth that the options ask for.

    Args:
        points: (N, D) float32.
        options: A number, or a rule.

    Returns:
        The bandwidth in the units of the points; 1 if all points are equal, since any would do.
    """
    if not isinstance(options.bandwidth, Rule):
        return float(options.bandwidth)
    if options.bandwidth is Rule.LECTURE:
        found = covering(points, options.seed)
    else:
        found = estimated(points, options.kernel, options.seed)
    return found or estimated(points, options.kernel, options.seed) or 1.0


def covering(points: np.ndarray, seed: int = 0) -> float:
    """Apply the lecture's rule: the radius around a point within which a third of the points lie.

    It is averaged over all points, or, if there are more than 4,096, over 1,024 points of a random
    sample of 4,096.

    Args:
        points: (N, D) float32.
        seed: The seed of the sample.
    """
    sample = _sample(points, _MOST, seed)
    centres = sample if len(points) <= _MOST else sample[:_CENTRES]
    third = max(len(sample) // 3, 1) - 1  # a point is its own nearest
    radii = [_radii(centres[i : i + _BLOCK], sample, third) for i in range(0, len(centres), _BLOCK)]
    return float(np.concatenate(radii).mean())


def _sample(points: np.ndarray, most: int, seed: int) -> np.ndarray:
    """Draw at most this many of (N, D) points at random, and centre them: (n, D) float64."""
    if len(points) > most:
        points = points[np.random.default_rng(seed).choice(len(points), most, replace=False)]
    sample = points.astype(np.float64)
    return np.asarray(sample - sample.mean(0))


def _squared(centres: np.ndarray, sample: np.ndarray) -> np.ndarray:
    """Return (m, n) squared distances from (m, D) centres to (n, D) points, both around zero."""
    squared = (centres**2).sum(1)[:, np.newaxis] + (sample**2).sum(1) - 2 * centres @ sample.T
    return np.asarray(np.maximum(squared, 0))


def _radii(centres: np.ndarray, sample: np.ndarray, rank: int) -> np.ndarray:
    """Return (m,) the distances from (m, D) centres to the (n, D) point of that rank."""
    return np.sqrt(np.partition(_squared(centres, sample), rank, axis=1)[:, rank])


def estimated(points: np.ndarray, kernel: Kernel, seed: int = 0) -> float:
    """Apply the rule for one normal distribution, or the distance to some neighbours if larger.

    Args:
        points: (N, D) float32.
        kernel: The kernel that the bandwidth is for.
        seed: The seed of the sample of points to find neighbours for.
    """
    return to_neighbours(points, kernel, seed, normal_reference(points, kernel))


def normal_reference(points: np.ndarray, kernel: Kernel) -> float:
    """Return the best bandwidth if the points came from one normal distribution.

    s (4 / ((D + 4) N))^(1 / (D + 6)), where s is the root mean square of the columns' standard
    deviations. A flat kernel reaches as far as a Gaussian of the same variance: sqrt(D + 4) times
    the bandwidth of the density whose gradient it follows.

    Args:
        points: (N, D) float32.
        kernel: The kernel that the bandwidth is for.
    """
    n_points, n_dims = points.shape
    deviation = float(np.sqrt(points.var(0, dtype=np.float64).mean()))
    gaussian = deviation * float(4 / ((n_dims + 4) * n_points)) ** (1 / (n_dims + 6))
    return float(gaussian * np.sqrt(n_dims + 4) if kernel is Kernel.FLAT else gaussian)


def to_neighbours(points: np.ndarray, kernel: Kernel, seed: int = 0, least: float = 0.0) -> float:
    """Return the smallest bandwidth with which half of the points have neighbours to climb to.

    With a Gaussian kernel the others must have twice the weight of the point itself; with a flat
    one they must be 3 % of all points. With fewer than 67 points they must have, or be, 3 % of all
    with either kernel. With more than 2,048 points a random sample is used.

    Args:
        points: (N, D) float32.
        kernel: The kernel that the bandwidth is for.
        seed: The seed of the sample.
        least: The smallest value to return.

    Returns:
        The bandwidth in the units of the points.
    """
    n_others = len(points) - 1
    if n_others < 1:
        return least
    sample = _sample(points, _AMONG, seed)
    n_seen = len(sample) - 1
    squared = _squared(sample[:_SOME], sample)
    squared[np.arange(len(squared)), np.arange(len(squared))] = np.inf  # not its own neighbour
    if kernel is Kernel.FLAT:
        rank = max(round(_FRACTION * n_seen), 1) - 1
        return max(least, float(np.sqrt(np.median(np.partition(squared, rank, axis=1)[:, rank]))))
    wanted = min(_OUTWEIGHED, _FRACTION * n_others) * n_seen / n_others
    farthest = float(np.sqrt(squared[np.isfinite(squared)].max()))
    low, high = max(least, _NEAR * farthest), 10 * farthest
    if high == 0 or _weighed(squared, low) >= wanted:
        return least
    for _ in range(_HALVINGS):
        middle = float(np.sqrt(low * high))
        low, high = (middle, high) if _weighed(squared, middle) < wanted else (low, middle)
    return high


def _weighed(squared: np.ndarray, bandwidth: float) -> float:
    """Return the median over m points of the Gaussian weight of n others, by squared distances."""
    return float(np.median(np.exp(squared / (-2 * bandwidth**2)).sum(1)))

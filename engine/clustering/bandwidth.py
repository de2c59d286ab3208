"""Choosing how far the kernel of mean shift reaches, from the points.

Fukunaga, K. and Hostetler, L. (1975) need it and leave it open. The lecture lets it cover a third
of the data. The estimate is the normal reference rule for the gradient of a density: Chacón, J. E.,
Duong, T. and Wand, M. P. (2011). Asymptotics for general multivariate kernel density derivative
estimators. Statistica Sinica 21, 807-840.
"""

import numpy as np

from engine.clustering.mean_shift_options import MeanShiftOptions, Rule
from engine.frames import Kernel

# The lecture's rule looks at so many points, and from so many of them.
_MOST, _CENTRES = 4096, 1024
_BLOCK = 64


def bandwidth_of(points: np.ndarray, options: MeanShiftOptions) -> float:
    """The bandwidth that the options ask for.

    Args:
        points: (N, D) float32.
        options: A number, or a rule.

    Returns:
        In the units of the points; 1 where all points are equal, for any bandwidth does.
    """
    if not isinstance(options.bandwidth, Rule):
        return float(options.bandwidth)
    if options.bandwidth is Rule.LECTURE:
        found = covering(points, options.seed)
    else:
        found = estimated(points, options.kernel)
    return found or estimated(points, options.kernel) or 1.0


def covering(points: np.ndarray, seed: int = 0) -> float:
    """The lecture's rule: the radius around a point within which a third of the points lie.

    It is averaged over all points; of more than 4,096, over 1,024 of 4,096 drawn by the seed.

    Args:
        points: (N, D) float32.
        seed: Of the sample.
    """
    rng = np.random.default_rng(seed)
    sample = points.astype(np.float64)
    if len(points) > _MOST:
        sample = sample[rng.choice(len(points), _MOST, replace=False)]
    centres = sample if len(points) <= _MOST else sample[:_CENTRES]
    third = max(len(sample) // 3, 1) - 1  # a point is its own nearest
    radii = [_radii(centres[i : i + _BLOCK], sample, third) for i in range(0, len(centres), _BLOCK)]
    return float(np.concatenate(radii).mean())


def _radii(centres: np.ndarray, sample: np.ndarray, rank: int) -> np.ndarray:
    """The distance from each of (m, D) centres to the one at `rank` of (n, D) points, (m,)."""
    squared = (centres**2).sum(1)[:, np.newaxis] + (sample**2).sum(1) - 2 * centres @ sample.T
    return np.sqrt(np.maximum(np.partition(squared, rank, axis=1)[:, rank], 0))


def estimated(points: np.ndarray, kernel: Kernel) -> float:
    """What would be best if the points were one normal cloud.

    s (4 / ((D + 4) N))^(1 / (D + 6)), s the root mean square of the columns' deviations. A flat
    kernel reaches as far as a Gaussian of the same variance: sqrt(D + 4) times the bandwidth of
    the density whose gradient it follows.

    Args:
        points: (N, D) float32.
        kernel: What is to reach so far.
    """
    n_points, n_dims = points.shape
    spread = float(np.sqrt(points.var(0, dtype=np.float64).mean()))
    gaussian = spread * float(4 / ((n_dims + 4) * n_points)) ** (1 / (n_dims + 6))
    return float(gaussian * np.sqrt(n_dims + 4) if kernel is Kernel.FLAT else gaussian)

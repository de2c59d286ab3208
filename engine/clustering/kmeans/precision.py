"""The precision that an iteration of k-means needs, and where float32 may be wrong.

Most points are so far from every boundary between clusters that float32 assigns them correctly.
This module says when it may not: it has the bound on the rounding error of a score |c|^2 / 2 - x.c,
below which a label is decided again from float64 differences, and the conditions under which a
whole iteration needs neither that check nor float64 sums.

The bound is that of a dot product (Higham, N. J. Accuracy and Stability of Numerical Algorithms,
2002, section 3.1). In many dimensions the worst case, proportional to D, never happens; a multiple
of the square root of D holds with a probability so high that no point will ever be seen to fail
(Higham, N. J. and Mary, T. (2019). A new approach to probabilistic rounding error analysis. SIAM
Journal on Scientific Computing 41(5), A2815-A2835).
"""

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from engine.runtime.backend import tf

# The unit roundoff of float32, and of float64.
UNIT, UNIT_64 = 2.0**-24, 2.0**-53
# Up to this many dimensions the worst case counts; beyond, this multiple of the root of D.
_WORST, _ROOTS = 8, 2
# Labels are unchecked only while any two centroids are farther apart than this fraction of their
# distance from the shift origin, in two dimensions: then, if rounding puts a point in the wrong
# cluster, that costs at most a few thousandths of its squared distance, and few points are so close
# to a boundary.
_GAP = 0.03
# And only while a centroid still moves by more than this fraction of the smallest gap.
_SHIFT = 1e-4
# float32 sums are good enough while the squared distance of points from their centroids is more
# than this fraction of the squared distance of the farthest point from the shift origin.
_TIGHT = 1e-4
# Beyond this many centroids labels are always checked: comparing all pairs would cost more.
_ALWAYS_EXACT = 1024
# The size of the sample that distances are estimated from.
SAMPLE = 32


class Needs(NamedTuple):
    """The precision that an iteration needs, as () bool tensors; see `Shape`."""

    exact_labels: tf.Tensor
    float64_sums: tf.Tensor


def rounding(n_dims: int) -> float:
    """Return the largest relative error of a float32 dot product of D dimensions."""
    return UNIT * (1 + min(float(n_dims), max(_WORST, _ROOTS * math.sqrt(n_dims))))


def score_bound(squares: tf.Tensor, least: tf.Tensor, lost: Any) -> tf.Tensor:
    """Return the margin between the two smallest scores below which rounding may swap them.

    With |c| <= |x| + d, all terms of the errors of both scores (the products, |c|^2 / 2, and the
    rounding of c itself) are together at most 10 (|x|^2 + d^2) / 2 times the relative error of a
    product, and d^2 = |x|^2 + 2 score.

    Args:
        squares: (rows,) |x|^2.
        least: (rows,) the smallest score |c|^2 / 2 - x.c.
        lost: The relative error of a product, see `rounding`.

    Returns:
        (rows,) the largest difference of two scores whose order rounding may reverse.
    """
    return 10 * lost * (squares + tf.maximum(least, 0))


def is_doubtful(squares: tf.Tensor, least: tf.Tensor, second: tf.Tensor, lost: Any) -> tf.Tensor:
    """Return where rounding may have decided which centroid is the nearest.

    Args:
        squares: (rows,) |x|^2.
        least: (rows,) the smallest score |c|^2 / 2 - x.c.
        second: (rows,) the second smallest.
        lost: The relative error of a product, see `rounding`.

    Returns:
        (rows,) bool.
    """
    return second - least < score_bound(squares, least, lost)


def nearest_by_differences(
    squares: Callable[[Any], tf.Tensor], n_rows: Any, n_clusters: Any
) -> tf.Tensor:
    """Assign points by squared float64 differences, so that nothing cancels out.

    Args:
        squares: Maps the index of a centroid to (rows,) float64, the squared distances to it.
        n_rows: How many points.
        n_clusters: How many centroids.

    Returns:
        (rows,) int32; a tie goes to the lower index.
    """

    def body(cluster: Any, least: tf.Tensor, label: tf.Tensor) -> tuple[Any, ...]:
        distances = squares(cluster)
        nearer = distances < least
        return cluster + 1, tf.where(nearer, distances, least), tf.where(nearer, cluster, label)

    far = tf.fill((n_rows,), tf.constant(np.inf, tf.float64))
    state = (0, far, tf.zeros((n_rows,), tf.int32))
    return tf.while_loop(lambda cluster, *_: cluster < n_clusters, body, state)[2]


def needs(
    centroids: tf.Tensor, n_used: tf.Tensor, shift: tf.Tensor, sample: tf.Tensor, largest: tf.Tensor
) -> Needs:
    """Return the precision that the next iteration needs.

    Args:
        centroids: (K, D) float64, shifted; those from `n_used` on are padding.
        n_used: () int32.
        shift: () float64, the centroid shift that led to them.
        sample: (S, D) float32, some of the points, shifted.
        largest: () float32, the largest absolute value of all points, shifted.
    """
    places = tf.cast(centroids, tf.float32)
    is_used = tf.range(tf.shape(places)[0]) < n_used
    squared = tf.where(is_used[:, tf.newaxis], _squared(places, sample), np.float32(np.inf))
    distance = tf.reduce_mean(tf.sqrt(tf.maximum(tf.reduce_min(squared, 0), 0)))
    float64_sums = tf.square(distance) < np.float32(_TIGHT * centroids.shape[1]) * tf.square(
        largest
    )
    if centroids.shape[0] > _ALWAYS_EXACT:
        return Needs(tf.constant(True), float64_sums)
    return Needs(_are_close(places, is_used, shift), float64_sums)


def _are_close(places: tf.Tensor, is_used: tf.Tensor, shift: tf.Tensor) -> tf.Tensor:
    """Whether any two of (K, D) centroids are close for their position, or hardly move any more."""
    n_dims = places.shape[1]
    squares = tf.reduce_sum(tf.square(places), 1)
    gaps = _squared(places, places)
    pairs = is_used[:, tf.newaxis] & is_used & ~tf.eye(places.shape[0], dtype=tf.bool)
    gaps = tf.where(pairs, gaps, np.float32(np.inf))
    fraction = np.float32(_GAP**2 * rounding(n_dims) / rounding(2))
    beyond = gaps - fraction * tf.maximum(squares[:, tf.newaxis], squares)
    # One axis after another: the first reduction is fast.
    is_close = tf.reduce_min(tf.reduce_min(beyond, 0)) < 0
    smallest = tf.cast(tf.reduce_min(tf.reduce_min(gaps, 0)), tf.float64)
    return is_close | (tf.square(shift) < _SHIFT**2 * smallest)


def _squared(places: tf.Tensor, others: tf.Tensor) -> tf.Tensor:
    """(K, M) squared distances between (K, D) and (M, D)."""
    n_dims = places.shape[1]
    if n_dims <= _WORST:
        return tf.add_n(
            [
                tf.math.squared_difference(places[:, dim, tf.newaxis], others[:, dim])
                for dim in range(n_dims)
            ]
        )
    # Exact enough: the thresholds for close and tight are far larger than its rounding error.
    squares, of_others = (tf.reduce_sum(tf.square(each), 1) for each in (places, others))
    products = tf.matmul(places, others, transpose_b=True)
    return squares[:, tf.newaxis] + of_others - 2 * products

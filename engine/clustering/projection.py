"""Principal component analysis: points seen from where they are spread out most.

Pearson, K. (1901). On lines and planes of closest fit to systems of points in space. Philosophical
Magazine 2. Hotelling, H. (1933). Analysis of a complex of statistical variables into principal
components. Journal of Educational Psychology 24.

Large tables take a randomised decomposition: Halko, N., Martinsson, P. G. and Tropp, J. A. (2011).
Finding structure with randomness: probabilistic algorithms for constructing approximate matrix
decompositions. SIAM Review 53(2), 217-288.
"""

from dataclasses import dataclass

import numpy as np

from engine.backend import tf
from engine.errors import DataError, ParameterError
from engine.frames import sealed

# Multiplications of an exact decomposition that takes a fifth of a second.
_EXACT_WORK = 2**28
# Directions drawn beyond those asked for, and how often the product with them is repeated.
_OVERSAMPLES, _POWERS = 10, 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Projection:
    """N points of D dimensions, projected to C.

    Attributes:
        projected: (N, C), around zero.
        components: (C, D), orthogonal and of length 1; the largest loading of each is positive.
        mean: (D,), the barycenter of the points.
        explained: (C,) parts of the points' variance, falling; zeros where all points are equal.
    """

    projected: np.ndarray
    components: np.ndarray
    mean: np.ndarray
    explained: np.ndarray


def pca(points: np.ndarray, n_components: int = 2, seed: int = 0) -> Projection:
    """Project points to the directions in which they vary most.

    A small table is decomposed exactly, a large one by a randomised method: `is_exact` says which.

    Args:
        points: (N, D) finite numbers, N at least 1.
        n_components: C, at most D. Beyond N - 1 a component explains nothing.
        seed: Of the randomised method; the same seed gives the same components.

    Raises:
        DataError: There are no points, or some are not finite.
        ParameterError: There cannot be so many components.
    """
    points = np.asarray(points)
    if points.ndim != 2 or not len(points) or not np.isfinite(points).all():
        raise DataError("Only finite points can be projected, at least one.")
    if not 1 <= n_components <= points.shape[1]:
        raise ParameterError(
            f"Points of {points.shape[1]} dimensions cannot be projected to {n_components}."
        )
    table = tf.constant(points, tf.float64)
    mean = tf.reduce_mean(table, 0)
    centred = table - mean
    if is_exact(points.shape, n_components):
        lengths, directions = _decompose(centred, n_components)
    else:
        lengths, directions = _decompose_at_random(centred, n_components, seed)
    components = _upright(tf.transpose(directions)[:n_components])
    shares = tf.square(lengths) / tf.maximum(tf.reduce_sum(tf.square(centred)), 1e-300)
    padded = tf.pad(shares, [[0, n_components]])[:n_components]
    return Projection(
        projected=sealed(tf.matmul(centred, components, transpose_b=True).numpy()),
        components=sealed(components.numpy()),
        mean=sealed(mean.numpy()),
        explained=sealed(padded.numpy()),
    )


def is_exact(shape: tuple[int, ...], n_components: int) -> bool:
    """Whether points of shape (N, D) are decomposed exactly, because it is soon done.

    So are those with so few points or dimensions that the random products would take as long.
    """
    smaller = min(shape)
    work = smaller * shape[0] * shape[1]
    return work <= _EXACT_WORK or smaller <= 2 * _POWERS * (n_components + _OVERSAMPLES)


def _decompose(centred: tf.Tensor, n_components: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Singular values, (M,) float64 falling, and the right singular vectors, (D, M or more)."""
    # Full, so that there are enough directions where points are few; only C of them are used.
    few = centred.shape[0] < n_components
    lengths, _, directions = tf.linalg.svd(centred, full_matrices=few)
    return lengths, directions


def _decompose_at_random(
    centred: tf.Tensor, n_components: int, seed: int
) -> tuple[tf.Tensor, tf.Tensor]:
    """As `_decompose`, of the few directions that a random product finds (algorithms 4.4 and 5.1).

    Args:
        centred: (N, D) float64.
        n_components: C.
        seed: Of the (D, C + 10) normal numbers.

    Returns:
        (C + 10,) singular values and (D, C + 10) right singular vectors.
    """
    shape = (centred.shape[1], n_components + _OVERSAMPLES)
    drawn = np.random.default_rng(seed).standard_normal(shape)
    basis, _ = tf.linalg.qr(centred @ tf.constant(drawn))  # (N, C + 10)
    for _ in range(_POWERS):  # each makes small directions smaller beside large ones
        other, _ = tf.linalg.qr(tf.matmul(centred, basis, transpose_a=True))
        basis, _ = tf.linalg.qr(centred @ other)
    lengths, _, directions = tf.linalg.svd(tf.matmul(basis, centred, transpose_a=True))
    return lengths, directions


def _upright(components: tf.Tensor) -> tf.Tensor:
    """Turn (C, D) directions so that the largest loading of each is positive."""
    largest = tf.argmax(tf.abs(components), 1)
    signs = tf.sign(tf.gather(components, largest, batch_dims=1))
    return components * signs[:, tf.newaxis]

"""Principal component analysis: the directions in which points vary most.

Pearson, K. (1901). On lines and planes of closest fit to systems of points in space. Philosophical
Magazine 2. Hotelling, H. (1933). Analysis of a complex of statistical variables into principal
components. Journal of Educational Psychology 24.

Large tables with many columns use a randomised decomposition: Halko, N., Martinsson, P. G. and
Tropp, J. A. (2011). Finding structure with randomness: probabilistic algorithms for constructing
approximate matrix decompositions. SIAM Review 53(2), 217-288.
"""

from dataclasses import dataclass

import numpy as np

from engine.errors import DataError, ParameterError
from engine.frames import sealed
from engine.runtime.backend import tf

# The most multiplications of an exact decomposition: a fifth of a second.
_EXACT_WORK = 2**28
# Values copied to float64 at a time while the covariance of many points is summed.
_CHUNK_VALUES = 2**20
# Random directions beyond those requested, and the number of power iterations.
_OVERSAMPLES, _POWERS = 10, 6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Projection:
    """N points of D dimensions, projected to C.

    Attributes:
        projected: (N, C), centred; float32 if there are many points.
        components: (C, D), orthogonal and of length 1; the largest loading of each is positive.
        mean: (D,), the barycenter of the points.
        explained: (C,) fractions of the variance, descending; zeros if all points are equal.
    """

    projected: np.ndarray
    components: np.ndarray
    mean: np.ndarray
    explained: np.ndarray


def pca(points: np.ndarray, n_components: int = 2, seed: int = 0) -> Projection:
    """Project points onto the directions in which they vary most.

    A small table is decomposed exactly, and so is the covariance of a large one with few columns. A
    large table with many columns is decomposed by a randomised method; see `is_exact`.

    Args:
        points: (N, D) finite numbers, N at least 1.
        n_components: C, at most D. Beyond N - 1 a component explains nothing.
        seed: The seed of the randomised method.

    Raises:
        DataError: There are no points, or some are not finite.
        ParameterError: There cannot be that many components.
    """
    points = np.asarray(points)
    if points.ndim != 2 or not len(points) or not np.isfinite(points).all():
        raise DataError("Only finite points can be projected, at least one.")
    if not 1 <= n_components <= points.shape[1]:
        raise ParameterError(
            f"Points of {points.shape[1]} dimensions cannot be projected to {n_components}."
        )
    if (
        points.shape[1] <= _few_dimensions(n_components)
        and _multiplications(points.shape) > _EXACT_WORK
    ):
        return _of_covariance(points, n_components)
    table = tf.constant(points, tf.float64)
    mean = tf.reduce_mean(table, 0)
    centred = table - mean
    if is_exact(points.shape, n_components):
        lengths, directions = _decompose(centred, n_components)
    else:
        lengths, directions = _decompose_at_random(centred, n_components, seed)
    components = _with_positive_signs(tf.transpose(directions)[:n_components])
    shares = tf.square(lengths) / tf.maximum(tf.reduce_sum(tf.square(centred)), 1e-300)
    padded = tf.pad(shares, [[0, n_components]])[:n_components]
    return Projection(
        projected=sealed(tf.matmul(centred, components, transpose_b=True).numpy()),
        components=sealed(components.numpy()),
        mean=sealed(mean.numpy()),
        explained=sealed(padded.numpy()),
    )


def is_exact(shape: tuple[int, ...], n_components: int) -> bool:
    """Whether points of shape (N, D) are decomposed exactly, because that is fast enough.

    The exact method is also used if the randomised one would be no faster, for few points or
    dimensions.
    """
    return _multiplications(shape) <= _EXACT_WORK or min(shape) <= _few_dimensions(n_components)


def _few_dimensions(n_components: int) -> int:
    return 2 * _POWERS * (n_components + _OVERSAMPLES)


def _multiplications(shape: tuple[int, ...]) -> int:
    return min(shape) * shape[0] * shape[1]


def _of_covariance(points: np.ndarray, n_components: int) -> Projection:
    """Compute `pca` from the covariance, summed in chunks: exact, and without copying the points.

    Directions whose standard deviation is below 1e-8 of the largest are lost: they are invisible.
    """
    n_points, n_dims = points.shape
    n_rows = max(1, _CHUNK_VALUES // n_dims)
    parts = [slice(start, start + n_rows) for start in range(0, n_points, n_rows)]
    mean = points.mean(0, dtype=np.float64)
    scatter = np.zeros((n_dims, n_dims))
    for part in parts:
        centred = points[part] - mean
        scatter += centred.T @ centred
    squares, directions = np.linalg.eigh(scatter)  # ascending
    components = _with_positive_signs(tf.constant(directions.T[::-1][:n_components])).numpy()
    projected = np.empty((n_points, n_components), np.float32)
    for part in parts:
        projected[part] = (points[part] - mean) @ components.T
    shares = np.maximum(squares[::-1][:n_components], 0) / max(np.trace(scatter), 1e-300)
    return Projection(
        projected=sealed(projected),
        components=sealed(components),
        mean=sealed(mean),
        explained=sealed(shares),
    )


def _decompose(centred: tf.Tensor, n_components: int) -> tuple[tf.Tensor, tf.Tensor]:
    """Singular values, (M,) float64 descending, and right singular vectors, (D, M or more)."""
    # Full, so that there are enough directions if points are few; only C of them are used.
    few = centred.shape[0] < n_components
    lengths, _, directions = tf.linalg.svd(centred, full_matrices=few)
    return lengths, directions


def _decompose_at_random(
    centred: tf.Tensor, n_components: int, seed: int
) -> tuple[tf.Tensor, tf.Tensor]:
    """Apply `_decompose` within the few directions that a random product finds (alg. 4.4, 5.1).

    Args:
        centred: (N, D) float64.
        n_components: C.
        seed: The seed of the (D, C + 10) normal random numbers.

    Returns:
        (C + 10,) singular values and (D, C + 10) right singular vectors.
    """
    shape = (centred.shape[1], n_components + _OVERSAMPLES)
    drawn = np.random.default_rng(seed).standard_normal(shape)
    basis, _ = tf.linalg.qr(centred @ tf.constant(drawn))  # (N, C + 10)
    for _ in range(
        _POWERS
    ):  # each makes the small singular values smaller relative to the large ones
        other, _ = tf.linalg.qr(tf.matmul(centred, basis, transpose_a=True))
        basis, _ = tf.linalg.qr(centred @ other)
    lengths, _, directions = tf.linalg.svd(tf.matmul(basis, centred, transpose_a=True))
    return lengths, directions


def _with_positive_signs(components: tf.Tensor) -> tf.Tensor:
    """Turn (C, D) directions so that the largest loading of each is positive."""
    largest = tf.argmax(tf.abs(components), 1)
    signs = tf.sign(tf.gather(components, largest, batch_dims=1))
    return components * signs[:, tf.newaxis]

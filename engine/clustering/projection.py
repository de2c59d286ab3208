"""Principal component analysis: points seen from where they are spread out most.

Pearson, K. (1901). On lines and planes of closest fit to systems of points in space. Philosophical
Magazine 2. Hotelling, H. (1933). Analysis of a complex of statistical variables into principal
components. Journal of Educational Psychology 24.
"""

from dataclasses import dataclass

import numpy as np

from engine.backend import tf
from engine.errors import DataError, ParameterError
from engine.frames import sealed


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


def pca(points: np.ndarray, n_components: int = 2) -> Projection:
    """Project points to the directions in which they vary most.

    Args:
        points: (N, D) finite numbers, N at least 1.
        n_components: C, at most D. Beyond N - 1 a component explains nothing.

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
    exact = tf.constant(points, tf.float64)
    mean = tf.reduce_mean(exact, 0)
    centred = exact - mean
    # Full, so that there are enough directions where points are few; only C of them are used.
    variances, _, directions = tf.linalg.svd(centred, full_matrices=len(points) < n_components)
    components = _upright(tf.transpose(directions)[:n_components])
    shares = tf.square(variances) / tf.maximum(tf.reduce_sum(tf.square(centred)), 1e-300)
    padded = tf.pad(shares, [[0, n_components]])[:n_components]
    return Projection(
        projected=sealed(tf.matmul(centred, components, transpose_b=True).numpy()),
        components=sealed(components.numpy()),
        mean=sealed(mean.numpy()),
        explained=sealed(padded.numpy()),
    )


def _upright(components: tf.Tensor) -> tf.Tensor:
    """Turn (C, D) directions so that the largest loading of each is positive."""
    largest = tf.argmax(tf.abs(components), 1)
    signs = tf.sign(tf.gather(components, largest, batch_dims=1))
    return components * signs[:, tf.newaxis]

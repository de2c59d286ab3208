"""Checks that points and centroids can be clustered."""

from typing import Any

import numpy as np

from engine.errors import DataError, ParameterError
from engine.numbers import counted

# The sum of the squares of many values up to this size still fits float32.
_LARGEST = 1e15
# The squares of differences between values below this underflow.
_SMALLEST = 1e-17


def as_numbers(table: Any) -> np.ndarray:
    """Convert a table of points or centroids to float32 if that is lossless, else to float64.

    Raises:
        DataError: It is masked, or not of real numbers.
    """
    if np.ma.is_masked(table):
        raise DataError("Points must not be masked; leave out rows with missing values.")
    array = np.asarray(table)
    if array.dtype == np.float32:
        return array
    if array.dtype.kind not in "biuf":
        raise DataError(f"Points must be numbers, not of type {array.dtype}.")
    wide = array.astype(np.float64)
    with np.errstate(over="ignore"):
        narrow = wide.astype(np.float32)
    return narrow if np.array_equal(narrow, wide) else wide


def check(points: np.ndarray, centroids: np.ndarray) -> None:
    """Raise an error if the points or the centroids cannot be used, or do not fit together.

    Raises:
        DataError: The points are not an (N, D) array of at least one point, or not finite, or so
            large or so small that their squares would not fit float32; or the centroids are not
            finite.
        ParameterError: The centroids are not a (K, D) array, or more than the points.
    """
    check_shapes(points.shape, centroids)
    check_range(np.maximum(np.abs(points).max(), np.abs(centroids).max()))


def check_shapes(shape: tuple[int, ...], centroids: np.ndarray) -> None:
    """Check only the shape of the points and the centroids; raises what `check` raises."""
    if len(shape) != 2 or 0 in shape:
        raise DataError(f"Points must be a table of rows and columns, not of shape {shape}.")
    if centroids.ndim != 2 or len(centroids) == 0 or centroids.shape[1] != shape[1]:
        raise ParameterError(
            f"The points have {shape[1]} columns, so centroids must be (K, {shape[1]}), not "
            f"{centroids.shape}."
        )
    if len(centroids) > shape[0]:
        raise ParameterError(f"{shape[0]:,} points cannot have {len(centroids):,} centroids.")


def check_range(largest: float) -> None:
    """Check the largest absolute value, NaN if there is a NaN; raises what `check` raises."""
    if not np.isfinite(largest):
        raise DataError("Points and centroids must be finite; leave out rows with missing values.")
    if largest > _LARGEST:
        raise DataError(
            f"Values up to {largest:.2g} are too large: their squares do not fit. Divide the "
            "columns by a constant, or standardize them."
        )
    if 0 < largest < _SMALLEST:
        raise DataError(
            f"Values up to {largest:.2g} are too small: their squares do not fit. Multiply the "
            "columns by a constant, or standardize them."
        )


def check_number(n_points: int, n_clusters: int) -> None:
    """Raise a ParameterError if there are more clusters than points."""
    if n_clusters > n_points:
        raise ParameterError(
            f"{counted(n_points, 'point')} cannot have {n_clusters:,} clusters; choose k = "
            f"{n_points:,} or less."
        )

"""Chooses the backend, by where the points are and how the half-steps are to be computed."""

from typing import Any

import numpy as np

from engine.clustering.checks import as_numbers
from engine.clustering.kmeans.backends.base import Backend
from engine.clustering.kmeans.backends.float64 import Float64
from engine.clustering.kmeans.backends.fused import Fused
from engine.clustering.kmeans.backends.streamed import Streamed
from engine.clustering.kmeans.options import Formulation
from engine.data.arrays.mapped import MappedPoints, Points


def backend_for(points: Points, centroids: np.ndarray, formulation: Formulation) -> Backend[Any]:
    """Return the backend for (N, D) points on one device, with (K, D) centroids to start from.

    Points in a file are streamed, whatever the formulation. Points with more digits than float32
    use the tiled formulation unless the lecture's is requested.

    Raises:
        DataError: The points cannot be clustered.
        ParameterError: The centroids do not fit the points.
        CapacityError: The lecture's formulation would not fit in memory.
    """
    if isinstance(points, MappedPoints):
        return Streamed(points, centroids)
    points, centroids, formulation = (
        as_numbers(points),
        as_numbers(centroids),
        formulation.resolved(),
    )
    if formulation is not Formulation.FUSED:
        return Float64(points, centroids, formulation)
    if points.dtype != np.float32:
        return Float64(points, centroids, Formulation.TILED)
    return Fused(points, centroids)

"""The lecture and the tiled backend: float64, one operation at a time."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.clustering.checks import check
from engine.clustering.frames import label_dtype
from engine.clustering.kmeans.backends import half_steps, lecture
from engine.clustering.kmeans.backends.base import Assignment, Goal, Move, Work
from engine.clustering.kmeans.backends.packing import shift_origin
from engine.clustering.kmeans.backends.relocation import Farthest, farthest_first
from engine.clustering.kmeans.options import Formulation
from engine.frames import sealed
from engine.runtime.backend import tf


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Float64Assignment(Assignment):
    """Labels on the host, and on the device.

    Attributes:
        on_device: (N,) int32 labels.
    """

    on_device: Any


class Float64:
    """Points in memory, shifted; for reading and for comparison, not for speed.

    Attributes:
        points: (N, D) float64 on the device, shifted.

    Raises:
        DataError: The points cannot be clustered.
        ParameterError: The centroids do not fit the points.
        CapacityError: The lecture's formulation would not fit in memory.
    """

    def __init__(self, points: np.ndarray, centroids: np.ndarray, formulation: Formulation) -> None:
        check(points, centroids)
        if formulation is Formulation.LECTURE:
            lecture.check_capacity(len(centroids), *points.shape)
        self.origin = shift_origin(points)
        self.points = tf.constant(points - self.origin, tf.float64)
        self.start = self.to_device(centroids - self.origin)
        self._half_steps: Any = lecture if formulation is Formulation.LECTURE else half_steps
        self._dtype = label_dtype(len(centroids))

    def assign(
        self, centroids: tf.Tensor, before: Float64Assignment | None, goal: Goal
    ) -> Work[Float64Assignment]:
        """See `Backend.assign`; makes one assignment."""
        yield from ()
        on_device = self._half_steps.assign(self.points, centroids)
        labels = sealed(on_device, self._dtype)
        changed = np.count_nonzero(labels != before.labels) if before else len(labels)
        return Float64Assignment(
            centroids=centroids,
            labels=labels,
            sizes=sealed(np.bincount(labels, minlength=len(centroids))),
            changed=int(changed),
            shift=goal.shift,
            on_device=on_device,
        )

    def update(self, assignment: Float64Assignment) -> Move:
        """See `Backend.update`."""
        centroids = assignment.centroids
        moved = self._half_steps.update(self.points, assignment.on_device, centroids)
        return Move(moved, float(half_steps.centroid_shift(centroids, moved)))

    def farthest(self, assignment: Float64Assignment, n_points: int) -> Work[Farthest]:
        """See `Backend.farthest`."""
        yield from ()
        squared = self._own_distances(assignment, assignment.centroids)
        chosen = farthest_first(squared, n_points)
        return Farthest(squared[chosen], tf.gather(self.points, chosen).numpy())

    def inertias(self, assignment: Float64Assignment, centroids: tf.Tensor) -> Work[np.ndarray]:
        """See `Backend.inertias`."""
        yield from ()
        squared = self._own_distances(assignment, centroids)
        return np.bincount(assignment.labels, weights=squared, minlength=len(centroids))

    def host_labels(self, assignment: Float64Assignment) -> np.ndarray:
        """See `Backend.host_labels`."""
        labels: np.ndarray = assignment.labels
        return labels

    def to_host(self, centroids: tf.Tensor) -> np.ndarray:
        """See `Backend.to_host`."""
        return np.asarray(centroids)

    def to_device(self, centroids: np.ndarray) -> tf.Tensor:
        """See `Backend.to_device`."""
        return tf.constant(centroids, tf.float64)

    def _own_distances(self, assignment: Float64Assignment, centroids: tf.Tensor) -> np.ndarray:
        distances = half_steps.own_distances(self.points, assignment.on_device, centroids)
        return np.asarray(distances)

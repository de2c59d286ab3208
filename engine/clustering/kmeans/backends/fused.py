"""The fused backend: points in memory, packed for compiled programs that iterate on the device."""

import functools
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.clustering.checks import check_range, check_shapes
from engine.clustering.frames import label_dtype
from engine.clustering.kmeans.backends import packing
from engine.clustering.kmeans.backends.base import Assignment, Goal, Move, Work
from engine.clustering.kmeans.backends.compiled.distances import measuring
from engine.clustering.kmeans.backends.compiled.iterate import LloydState, iterating
from engine.clustering.kmeans.backends.packing import Shape
from engine.clustering.kmeans.backends.relocation import Farthest, farthest_first
from engine.clustering.kmeans.precision import SAMPLE, Needs
from engine.frames import sealed
from engine.runtime.backend import as_it_lies, tf

# Multiplications in one call, after which a run can be cancelled: 6 to 60 ms on two AVX-512 cores.
_CALL_WORK = 2**28
# Up to this many values distances are computed in NumPy, without calling a program.
_FEW_VALUES = 2**14


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FusedAssignment(Assignment):
    """Labels on the host, and what the program returned.

    Attributes:
        state: Where the program ended, with the labels on the device.
        shape: What the program was compiled for.
    """

    state: LloydState
    shape: Shape

    def shape_for(self, centroids: tf.Tensor) -> Shape:
        """Return what the program for the next assignment, to these centroids, is compiled for."""
        if self.shape.is_precise or centroids is not self.state.moved:
            return self.shape  # the program decides that itself
        return _with_needs(self.shape, self.state.needs)


def _with_needs(shape: Shape, needs: Needs) -> Shape:
    return shape.with_precision(bool(needs.exact_labels), bool(needs.float64_sums))


@functools.lru_cache(maxsize=64)
def _no_sample(n_dims: int) -> tf.Tensor:
    return tf.zeros((SAMPLE, n_dims))


class Fused:
    """Points in memory, shifted, rounded to float32 and packed in tiles.

    Centroids are (K', D) float64 on the device, padded to the K' of `Shape`.

    Raises:
        DataError: The points cannot be clustered.
        ParameterError: The centroids do not fit the points.
    """

    def __init__(self, points: np.ndarray, centroids: np.ndarray) -> None:
        check_shapes(points.shape, centroids)
        (self._n_points, n_dims), self._n_clusters = points.shape, len(centroids)
        self.origin = packing.shift_origin(points)
        self._points = points
        self._shape = Shape.of(self._n_points, n_dims, self._n_clusters, precise=False)
        self._is_small = points.size <= _FEW_VALUES
        packed, self._largest = packing.packed(points, self.origin, self._shape)
        check_range(np.maximum(self._largest, np.abs(centroids).max()))
        shares = packing.shares(self._n_points, self._shape)
        self._packed, self._packed_shape = (as_it_lies(packed), tf.constant(shares)), packed.shape
        self._sample = _no_sample(n_dims)
        if not self._shape.is_precise:
            rows = np.arange(SAMPLE) * (self._n_points - 1) // (SAMPLE - 1)
            self._sample = tf.constant(self._shifted(rows))
        self.start = self.to_device(np.asarray(centroids, np.float64) - self.origin)
        self._most_iterations = max(1, _CALL_WORK // (points.size * self._n_clusters))

    def assign(
        self, centroids: tf.Tensor, before: FusedAssignment | None, goal: Goal
    ) -> Work[FusedAssignment]:
        """See `Backend.assign`; makes several assignments in one call if the goal allows."""
        yield from ()
        shape = before.shape_for(centroids) if before else self._shape
        goal = goal._replace(limit=min(goal.limit, self._most_iterations))
        state = self._run(shape, centroids, goal)
        if not shape.is_precise and int(state.done) == 0:  # the first assignment needs more
            shape = _with_needs(shape, state.needs)
            state = self._run(shape, centroids, goal)
        if not shape.float64_sums and state.needs.float64_sums:  # these sums needed more
            shape = _with_needs(shape, state.needs)
            once_more = goal._replace(limit=1, shift=float(state.shift))
            again = self._run(shape, state.centroids, once_more)
            state = again._replace(done=state.done, before=state.before)
        return self._assignment(shape, state, before)

    def _run(self, shape: Shape, centroids: tf.Tensor, goal: Goal) -> LloydState:
        # From arrays, which TensorFlow converts four times as fast as tuples.
        counts = self._n_points, self._n_clusters, goal.limit, goal.stop_on_empty
        numbers = tf.constant(np.array(counts, np.int32))
        reals = tf.constant(np.array((goal.tol, goal.shift, self._largest), np.float64))
        program = iterating(shape, self._packed_shape)
        state = LloydState(*program(*self._packed, centroids, numbers, reals, self._sample))
        return state._replace(needs=Needs(*state.needs))

    def _assignment(
        self, shape: Shape, state: LloydState, before: FusedAssignment | None
    ) -> FusedAssignment:
        n_done, changed = int(state.done), self._n_points
        labels = sealed(self._in_order(state.labels, shape), label_dtype(self._n_clusters))
        if n_done > 1:
            changed = int(np.count_nonzero(labels != self._in_order(state.before, shape)))
        elif before:
            changed = int(np.count_nonzero(labels != before.labels))
        return FusedAssignment(
            centroids=state.centroids,
            labels=labels,
            sizes=sealed(state.counts.numpy()[: self._n_clusters], np.int64),
            changed=changed,
            n_done=n_done,
            shift=float(state.shift),
            state=state,
            shape=shape,
        )

    def update(self, assignment: FusedAssignment) -> Move:
        """See `Backend.update`; the program has already computed it."""
        return Move(assignment.state.moved, float(assignment.state.next_shift))

    def farthest(self, assignment: FusedAssignment, n_points: int) -> Work[Farthest]:
        """See `Backend.farthest`."""
        yield from ()
        squared = self._own_distances(assignment, assignment.centroids)
        chosen = farthest_first(squared, n_points)
        return Farthest(squared[chosen], self._shifted(chosen))

    def inertias(self, assignment: FusedAssignment, centroids: tf.Tensor) -> Work[np.ndarray]:
        """See `Backend.inertias`."""
        yield from ()
        if self._is_small:
            squared = self._own_distances(assignment, centroids)
            return np.bincount(assignment.labels, weights=squared, minlength=self._n_clusters)
        _, sums = self._measured(assignment, centroids)
        return np.asarray(sums.numpy()[: self._n_clusters])

    def host_labels(self, assignment: FusedAssignment) -> np.ndarray:
        """See `Backend.host_labels`."""
        labels: np.ndarray = assignment.labels
        return labels

    def to_host(self, centroids: tf.Tensor) -> np.ndarray:
        """See `Backend.to_host`."""
        return np.asarray(centroids.numpy()[: self._n_clusters])

    def to_device(self, centroids: np.ndarray) -> tf.Tensor:
        """See `Backend.to_device`."""
        padded = np.zeros((self._shape.n_clusters, self._shape.n_dims))
        padded[: self._n_clusters] = centroids
        return tf.constant(padded)

    def _own_distances(self, assignment: FusedAssignment, centroids: tf.Tensor) -> np.ndarray:
        """Return (N,) squared distances from points to their own centroids."""
        if not self._is_small:
            distances, _ = self._measured(assignment, centroids)
            return self._in_order(distances, assignment.shape)
        own = (self.to_host(centroids) + self.origin)[assignment.labels]
        differences = self._points - own
        return np.asarray(np.einsum("nd,nd->n", differences, differences))

    def _measured(self, assignment: FusedAssignment, centroids: tf.Tensor) -> Any:
        """Return what `distances.measuring` computes."""
        program = measuring(assignment.shape, self._packed_shape)
        n_points = tf.constant(self._n_points)
        return program(*self._packed, centroids, n_points, assignment.state.labels)

    def _shifted(self, rows: np.ndarray) -> np.ndarray:
        """Return (M, D) float32, some of the points, as they are on the device."""
        return packing.shifted(self._points[rows], self.origin)

    def _in_order(self, computed: Any, shape: Shape) -> np.ndarray:
        return packing.in_order([each.numpy() for each in computed], shape, self._n_points)

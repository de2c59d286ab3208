"""One clustering on the device: the points, and the half-steps of a formulation on them."""

import functools
from dataclasses import replace
from typing import Any

import numpy as np

from engine.clustering.checks import check_range, check_shapes
from engine.clustering.frames import label_dtype
from engine.clustering.kmeans.backends import fused, half_steps, lecture, measures
from engine.clustering.kmeans.backends import packing as layout
from engine.clustering.kmeans.backends.fused import Settled
from engine.clustering.kmeans.backends.packing import Shape
from engine.clustering.kmeans.options import Formulation
from engine.clustering.kmeans.precision import SAMPLE, Needs
from engine.frames import sealed
from engine.runtime.backend import as_it_lies, tf

# So few are measured before a program is called.
_FEW_VALUES = 2**14


class Plain:
    """Points that are shifted to a place near them, `origin`, for operations one after the other.

    All is float64: they are there to be read and to compare with, not for speed. Labels stay on the
    device between half-steps.
    """

    def __init__(self, points: np.ndarray, centroids: np.ndarray, formulation: Formulation) -> None:
        self.origin = layout.shift_origin(points)
        self.points = tf.constant(points - self.origin, tf.float64)
        self.start = tf.constant(centroids - self.origin, tf.float64)
        is_lecture = formulation is Formulation.LECTURE
        self._steps: Any = lecture if is_lecture else half_steps
        self._dtype = label_dtype(len(centroids))

    def assign(self, centroids: tf.Tensor) -> tf.Tensor:
        """Labels on the device, to (K, D) centroids."""
        return self._steps.assign(self.points, centroids)

    def update(self, labels: tf.Tensor, centroids: tf.Tensor) -> tf.Tensor:
        """Where (K, D) centroids move, that have these labels; one without points stays."""
        return self._steps.update(self.points, labels, centroids)

    def relocate(self, labels: tf.Tensor, centroids: tf.Tensor, moved: tf.Tensor) -> tf.Tensor:
        """`moved`, and those without points jump, as `half_steps.relocate`."""
        return half_steps.relocate(self.points, labels, centroids, moved)

    def way(self, centroids: tf.Tensor, moved: tf.Tensor) -> float:
        """The longest way that one of the centroids moved."""
        return float(half_steps.longest_shift(centroids, moved))

    def sizes(self, labels: tf.Tensor) -> np.ndarray:
        """(K,) int64, how many points have each label."""
        return np.bincount(labels.numpy(), minlength=len(self.start))

    def inertias(self, labels: tf.Tensor, centroids: tf.Tensor) -> np.ndarray:
        """(K,) float64, squared distances from points to their own centroids, summed over each."""
        distances = half_steps.own_distances(self.points, labels, centroids).numpy()
        return np.bincount(labels.numpy(), weights=distances, minlength=len(self.start))

    def on_host(self, labels: tf.Tensor) -> np.ndarray:
        """(N,) labels of the smallest type, read-only."""
        return sealed(labels, self._dtype)

    def off_origin(self, centroids: tf.Tensor) -> np.ndarray:
        """(K, D) float64, in the units of the points."""
        return sealed(np.asarray(centroids) + self.origin)


@functools.lru_cache(maxsize=64)
def _no_sample(n_dims: int) -> tf.Tensor:
    return tf.zeros((SAMPLE, n_dims))


class Fused:
    """Points laid out for the fused program, and what it did last; otherwise as `Plain`."""

    def __init__(self, points: np.ndarray, centroids: np.ndarray) -> None:
        check_shapes(points.shape, centroids)
        (self.n_points, n_dims), self._k = points.shape, len(centroids)
        self.origin = layout.shift_origin(points)
        # Points of more digits than float32 has are rounded after they are shifted.
        is_single = points.dtype == np.float32
        self._points, self._shift = points, self.origin.astype(np.float32 if is_single else float)
        self._shape = Shape.of(self.n_points, n_dims, self._k, precise=False)
        self._is_small = points.size <= _FEW_VALUES
        laid, self._largest = layout.laid_out(points, self._shift, self._shape)
        check_range(np.maximum(self._largest, np.abs(centroids).max()))
        shares = layout.shares(self.n_points, self._shape)
        self._given, self._laid = (as_it_lies(laid), tf.constant(shares)), laid.shape
        self._sample = _no_sample(n_dims)
        if not self._is_precise:
            rows = np.arange(SAMPLE) * (self.n_points - 1) // (SAMPLE - 1)
            self._sample = tf.constant(self._shifted(rows))
        self.start = self._on_device(np.asarray(centroids, np.float64) - self.origin)
        self._last: Settled | None = None

    def iterate(
        self, centroids: tf.Tensor, limit: int, tol: float, way: float, halt: bool
    ) -> Settled:
        """Assign and move, `limit` times or until there is nothing left for this program to do."""
        if self._last is not None and centroids is self._last.moved and not self._is_precise:
            self._provide(self._last.needs)
        last = self._run(centroids, limit, tol, way, halt)
        if not self._is_precise and int(last.done) == 0:  # the first assignment needs more
            self._provide(last.needs)
            last = self._run(centroids, limit, tol, way, halt)
        if not self._shape.wide and last.needs.wide:  # these sums needed more
            self._provide(last.needs)
            again = self._run(last.centroids, 1, tol, float(last.way_here), halt)
            last = again._replace(done=last.done, before=last.before)
        self._last = last
        return last

    def _run(self, centroids: tf.Tensor, limit: int, tol: float, way: float, halt: bool) -> Settled:
        # Of arrays, which take TensorFlow a quarter of the time that tuples do.
        numbers = tf.constant(np.array((self.n_points, self._k, limit, halt), np.int32))
        reals = tf.constant(np.array((tol, way, self._largest), np.float64))
        program = fused.iterating(self._shape, self._laid)
        end = Settled(*program(*self._given, centroids, numbers, reals, self._sample))
        return end._replace(needs=Needs(*end.needs))

    @property
    def _is_precise(self) -> bool:
        """Whether the program has all there is."""
        return self._shape.certified and self._shape.wide

    def _provide(self, needs: Needs) -> None:
        """Take a program with what is needed, from now on."""
        certified, wide = (bool(need) for need in needs)
        shape = self._shape
        self._shape = replace(
            shape, certified=shape.certified or certified, wide=shape.wide or wide
        )

    def assign(self, centroids: tf.Tensor) -> Any:
        """Labels on the device, to (K, D) centroids; `update` and `sizes` are known with them."""
        return self.iterate(centroids, 1, 0, np.inf, False).labels

    def update(self, labels: Any, _: tf.Tensor) -> tf.Tensor:
        """Where the centroids of the last `assign` move; one without points stays."""
        return self._of(labels).moved

    def relocate(self, labels: Any, centroids: tf.Tensor, moved: tf.Tensor) -> tf.Tensor:
        """`moved`, and those without points jump, as `half_steps.relocate`."""
        empty = np.flatnonzero(self.sizes(labels) == 0)
        if not len(empty):
            return moved
        distances = self._distances(labels, centroids)
        farthest = np.argsort(-distances, kind="stable")[: len(empty)]
        jumping = distances[farthest] > 0
        jumped = moved.numpy()[: self._k]
        jumped[empty[jumping]] = self._shifted(farthest[jumping])
        return self._on_device(jumped)

    def way(self, centroids: tf.Tensor, moved: tf.Tensor) -> float:
        """The longest way that one of the centroids moved."""
        if self._last is not None and moved is self._last.moved:
            return float(self._last.way)
        return float(half_steps.longest_shift(centroids, moved))

    def sizes(self, labels: Any) -> np.ndarray:
        """(K,) int64, how many points have each label of the last `assign`."""
        return np.asarray(self._of(labels).counts.numpy()[: self._k], np.int64)

    def inertias(self, labels: Any, centroids: tf.Tensor) -> np.ndarray:
        """(K,) float64, squared distances from points to their own centroids, summed over each."""
        if self._is_small:
            own = self._in_order(labels)
            distances = self._distances(labels, centroids)
            return np.asarray(np.bincount(own, weights=distances, minlength=self._k))
        _, sums = self._measured(labels, centroids)
        return np.asarray(sums.numpy()[: self._k])

    def on_host(self, labels: Any) -> np.ndarray:
        """(N,) labels of the smallest type, read-only."""
        return sealed(self._in_order(labels), label_dtype(self._k))

    def off_origin(self, centroids: tf.Tensor) -> np.ndarray:
        """(K, D) float64, in the units of the points."""
        return sealed(centroids.numpy()[: self._k] + self.origin)

    def _of(self, labels: Any) -> Settled:
        """What else is known of the labels of the last `assign`."""
        assert self._last is not None
        assert labels is self._last.labels
        return self._last

    def _distances(self, labels: Any, centroids: tf.Tensor) -> np.ndarray:
        """(N,) squared distances from points to their own centroids."""
        if not self._is_small:
            return self._in_order(self._measured(labels, centroids)[0])
        own = self.off_origin(centroids)[self._in_order(labels)]
        ways = self._points - own
        return np.asarray(np.einsum("nd,nd->n", ways, ways))

    def _shifted(self, rows: Any) -> np.ndarray:
        """(M, D) float32, some of the points, as they are on the device."""
        return np.asarray(self._points[rows] - self._shift, np.float32)

    def _measured(self, labels: Any, centroids: tf.Tensor) -> Any:
        """What `measures.measuring` returns."""
        program = measures.measuring(self._shape, self._laid)
        return program(*self._given, centroids, tf.constant(self.n_points), labels)

    def _in_order(self, parts: Any) -> np.ndarray:
        arrays = [part.numpy() for part in parts]
        return layout.in_order(arrays, self._shape, self.n_points)

    def _on_device(self, centroids: np.ndarray) -> tf.Tensor:
        """(K, D), filled up to the class."""
        filled = np.zeros((self._shape.n_clusters, self._shape.n_dims))
        filled[: self._k] = centroids
        return tf.constant(filled)

"""One shift of mean shift on the device: moves positions to the weighted mean of nearby points.

Positions and points are sorted along the column with the largest range and processed in tiles: some
positions with one chunk of points at a time. Chunks out of the kernel's reach are skipped, and no
(M, N) array is made. Both are float32 if that is enough for the bandwidth, and float64 if the
points are so far apart that rounding alone would move a position by more than the tolerance. Arrays
are padded, so that a program compiled by XLA serves all similar sizes. Compiled, a shift is two to
five times as fast.
"""

from functools import lru_cache
from typing import Any

import numpy as np

from engine.clustering.mean_shift.frames import Kernel
from engine.runtime.backend import tf
from engine.runtime.programs import Program

# With small chunks more are skipped, but XLA's exponential is only fast in large ones: 40 MiB.
_MAX_ROWS, _MAX_CHUNK = 512, {Kernel.FLAT: 1024, Kernel.GAUSSIAN: 20_480}
# Weights computed in one call: about 50 ms on two cores.
_WEIGHTS_AT_ONCE = 2**26
# Up to this many dimensions differences are exact and as fast as a product.
_LOW_DIMS = 8
# The most bandwidths that a position may be from the origin in float32, with squared differences
# and with products: the errors of a mean of many points, and of the weights, are then below a tenth
# of `TOLERANCE`.
_FAR, _FAR_IN_MANY = 128.0, 16.0
# Beyond this many bandwidths a weight is lost in the rounding of a sum: exp(-6^2 / 2) is 1.5e-8.
_REACH = {Kernel.FLAT: 1.001, Kernel.GAUSSIAN: 6.0}


def type_for(points: np.ndarray, bandwidth: float) -> type[np.floating]:
    """Return the type in which climbs over centred (N, D) points converge: float32 or float64."""
    farthest = float(np.sqrt(np.square(points).sum(1, dtype=np.float64).max()))
    far = _FAR if points.shape[1] <= _LOW_DIMS else _FAR_IN_MANY
    return np.float32 if farthest <= far * bandwidth else np.float64


class Climber:
    """Points to average, and the program that shifts several positions at once."""

    def __init__(
        self, points: np.ndarray, weights: np.ndarray, kernel: Kernel, bandwidth: float, most: int
    ) -> None:
        """Prepare the points.

        Args:
            points: (N, D) around zero, of the type that `type_for` returns.
            weights: (N,) float32, the weight of each point in a mean.
            kernel: How points are weighted by distance.
            bandwidth: How far the kernel reaches.
            most: The largest number of positions in one call.
        """
        self._type = points.dtype
        self._bandwidth, self._reach = bandwidth, bandwidth * _REACH[kernel]
        self._point_weights = weights
        n_padded = _bucket(len(points))
        self._n_chunk = min(n_padded, _MAX_CHUNK[kernel])
        self._n_padded = _whole(n_padded, self._n_chunk)
        n_rows = _tile_rows(most)
        slab = max(1, _WEIGHTS_AT_ONCE // (self._n_padded * n_rows)) * n_rows
        self.n_at_once = min(slab, _whole(_bucket(most), n_rows))
        self._program = _program(kernel, points.shape[1], n_rows, self._n_chunk, self._type.name)
        self.move_points(points)

    def move_points(self, points: np.ndarray) -> None:
        """Replace the points by the same number of others."""
        self._axis = int(np.ptp(points, 0).argmax())
        order = np.argsort(points[:, self._axis], kind="stable")
        along = points[order, self._axis]
        starts = np.arange(0, self._n_padded, self._n_chunk)
        lows = np.full(len(starts), np.inf, self._type)  # chunks of padding are out of reach
        highs = lows.copy()
        n_real = -(-len(points) // self._n_chunk)
        lows[:n_real] = along[starts[:n_real]]
        highs[:n_real] = along[np.minimum(starts[:n_real] + self._n_chunk, len(points)) - 1]
        self._chunks = (
            tf.constant(self._padded(points[order], self._n_padded)),
            tf.constant(self._padded(self._point_weights[order], self._n_padded)),
            tf.constant(lows),
            tf.constant(highs),
        )

    def climb(
        self, places: np.ndarray, n_steps: int, tolerance: float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
        """Shift positions, each until its shift is at most the tolerance.

        Args:
            places: (m, D) of the type of the points, at most `n_at_once`.
            n_steps: The largest number of shifts.
            tolerance: In the units of the points.

        Returns:
            The positions; (m,) the last shift of each; (m,) the sum of the weights of all points
            where it was before that shift; and the largest number of shifts of any.
        """
        order = np.argsort(places[:, self._axis], kind="stable")
        *done, n_done = self._program(
            self._padded(places[order], self.n_at_once),
            *self._chunks,
            np.array([self._bandwidth, self._reach, tolerance], self._type),
            np.array([self._axis, len(places), n_steps], np.int32),
        )
        back = np.argsort(order, kind="stable")
        moved, shifts, density = (part.numpy()[back] for part in done)
        return moved, shifts, density, int(n_done)

    def _padded(self, rows: np.ndarray, length: int) -> np.ndarray:
        """Pad rows with zeros at the end."""
        below = [(0, length - len(rows))] + [(0, 0)] * (rows.ndim - 1)
        return np.pad(np.asarray(rows, self._type), below)


@lru_cache(maxsize=32)
def _program(kernel: Kernel, n_dims: int, n_rows: int, n_chunk: int, name: str) -> Any:
    """Build the program of `Climber.climb`; XLA compiles it once for each size of padded arrays.

    `name` is that of the type of all arrays.
    """
    real = tf.as_dtype(name)
    infinite, zero = tf.constant(np.inf, real), tf.constant(0, real)

    def climb(
        places: tf.Tensor,
        points: tf.Tensor,
        weights: tf.Tensor,
        lows: tf.Tensor,
        highs: tf.Tensor,
        numbers: tf.Tensor,
        counts: tf.Tensor,
    ) -> tuple[tf.Tensor, ...]:
        bandwidth, reach, tolerance = tf.unstack(numbers, num=3)
        axis, n_places, n_steps = tf.unstack(counts, num=3)
        ones = tf.ones_like(weights)[:, tf.newaxis]
        counted = tf.concat([points, ones], 1) * weights[:, tf.newaxis]  # (N, D + 1)
        counted = tf.reshape(counted, [-1, n_chunk, n_dims + 1])
        columns = tf.transpose(tf.reshape(points, [-1, n_chunk, n_dims]), [0, 2, 1])

        def sums(rows: tf.Tensor, moves: tf.Tensor) -> tf.Tensor:
            """(n_rows, D + 1): sums of weighted points and of weights over the chunks in reach."""
            along = tf.gather(rows, axis, axis=1)
            low = tf.reduce_min(tf.where(moves, along, infinite)) - reach
            high = tf.reduce_max(tf.where(moves, along, -infinite)) + reach
            first = tf.reduce_sum(tf.cast(highs < low, tf.int32))
            last = tf.reduce_sum(tf.cast(lows <= high, tf.int32))

            def add(index: tf.Tensor, total: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
                near = _weights(kernel, _squared(rows, columns[index], n_dims), bandwidth)
                return index + 1, total + near @ counted[index]

            none = tf.zeros([n_rows, n_dims + 1], real)
            return tf.while_loop(lambda index, _: index < last, add, [first, none])[1]

        def step(done: tf.Tensor, rows: tf.Tensor, shifts: tf.Tensor, density: tf.Tensor) -> Any:
            moves = shifts > tolerance
            total = sums(rows, moves)
            weight = total[:, n_dims:]
            means = tf.where(weight > 0, total[:, :n_dims] / weight, rows)  # none near: it stays
            return (
                done + 1,
                tf.where(moves[:, tf.newaxis], means, rows),
                tf.where(moves, tf.norm(means - rows, axis=1), shifts),
                tf.where(moves, weight[:, 0], density),
            )

        def tile(start: tf.Tensor, *ended: tf.Tensor) -> Any:
            """Let `n_rows` positions climb, from index `start` on."""
            rows = tf.slice(ended[0], [start, 0], [n_rows, n_dims])
            there = start + tf.range(n_rows) < n_places
            far = tf.where(there, infinite, zero)
            done, *climbed = tf.while_loop(
                lambda done, _, shifts, __: (done < n_steps) & tf.reduce_any(shifts > tolerance),
                step,
                [0, rows, far, tf.zeros([n_rows], real)],
            )
            where = start + tf.range(n_rows)[:, tf.newaxis]
            written = [
                tf.tensor_scatter_nd_update(whole, where, part)
                for whole, part in zip(ended[:3], climbed, strict=True)
            ]
            return start + n_rows, *written, tf.maximum(ended[3], done)

        nothing = tf.zeros_like(places[:, 0])
        ended = tf.while_loop(
            lambda start, *_: start < n_places, tile, [0, places, nothing, nothing, 0]
        )
        return tuple(ended[1:])

    row, rows = tf.TensorSpec([None], real), tf.TensorSpec([None, n_dims], real)
    few, counts = tf.TensorSpec([3], real), tf.TensorSpec([3], tf.int32)
    signature = [rows, rows, row, row, row, few, counts]
    return Program(climb, (kernel, n_dims, n_rows, n_chunk, name), signature)


def _squared(rows: tf.Tensor, chunk: tf.Tensor, n_dims: int) -> tf.Tensor:
    """Return (n_rows, n_chunk) squared distances."""
    if n_dims <= _LOW_DIMS:
        differences = [rows[:, d : d + 1] - chunk[d] for d in range(n_dims)]
        return tf.add_n([tf.square(difference) for difference in differences])
    lengths = tf.reduce_sum(tf.square(rows), 1, keepdims=True)
    products = tf.matmul(rows, chunk)
    return tf.maximum(lengths - 2 * products + tf.reduce_sum(tf.square(chunk), 0), 0)


def _weights(kernel: Kernel, squared: tf.Tensor, bandwidth: tf.Tensor) -> tf.Tensor:
    """Compute `Kernel.weights` on the device."""
    if kernel is Kernel.FLAT:
        return tf.cast(squared <= tf.square(bandwidth), squared.dtype)
    return tf.exp(squared * (-0.5 / tf.square(bandwidth)))


def _tile_rows(n_places: int) -> int:
    """Return how many positions a tile has: a power of 2."""
    return min(_MAX_ROWS, 1 << max(3, (n_places - 1).bit_length()))


def _bucket(number: int) -> int:
    """Return the size an array is padded to: at most a quarter more than needed."""
    return _whole(number, max(64, 1 << max(0, number.bit_length() - 3)))


def _whole(number: int, step: int) -> int:
    return -(-number // step) * step

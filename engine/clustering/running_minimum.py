"""The squared distance from each point to the nearest centroid so far, as one compiled pass.

Every seeding but AFK-MC2 needs it. The points are laid out with a row a dimension, so that a vector
lane is a point, and the differences are squared as they are: nothing is lost far from the origin.
XLA would compute distances once more for whatever reads them, so the maximum is looked for in the
minimum of the centroid before, which is the state of a loop.

A program is compiled for the number of dimensions and for a class of numbers of points; the number
of centroids is no part of it. Few points do without a program, in NumPy.
"""

import functools
from typing import Any

import numpy as np

from engine.backend import as_it_lies, tf
from engine.clustering.layout import in_threads, size_class, zeros
from engine.programs import Program

# Points of a tile; dimensions that are written out one after the other.
_ROWS, _DIMS = 512, 8
# Centroids that one call chooses at most, and values it reads: some 40 ms on one core.
_MOST_CHOSEN, _SLICE_VALUES = 64, 2**27
# Values that are not worth a program.
_FEW_VALUES = 2**14
# Points that are laid out at once, so that they stay in the cache.
_LAID_ROWS = 4096


def _laid_out(points: np.ndarray) -> np.ndarray:
    """(N, D) points as (D, tiles, rows), filled up with zeros; many D too, to a multiple."""
    n_points, n_dims = points.shape
    n_tiles = size_class(-(-n_points // _ROWS))
    n_filled = n_dims if n_dims <= _DIMS else -(-n_dims // _DIMS) * _DIMS
    laid = zeros((n_filled, n_tiles * _ROWS))

    def lay(start: int) -> None:
        part = points[start : start + _LAID_ROWS]
        laid[:n_dims, start : start + len(part)] = part.T

    in_threads(lay, range(0, n_points, _LAID_ROWS), points.size)
    return laid.reshape(n_filled, n_tiles, _ROWS)


def _distances(points: tf.Tensor, centroid: tf.Tensor) -> tf.Tensor:
    """(tiles, rows), squared; the sum goes from the first dimension to the last."""
    n_dims, *shape = points.shape
    n_written = min(n_dims, _DIMS)

    def add(block: Any, total: tf.Tensor) -> tuple[Any, tf.Tensor]:
        some = tf.slice(points, [block * n_written, 0, 0], [n_written, *shape])
        place = tf.slice(centroid, [block * n_written], [n_written])
        for dim in range(n_written):
            total += tf.math.squared_difference(some[dim], place[dim])
        return block + 1, total

    if n_dims == n_written:
        return add(0, tf.zeros(shape))[1]
    n_blocks = n_dims // n_written
    return tf.while_loop(lambda block, _: block < n_blocks, add, (0, tf.zeros(shape)))[1]


def _first_farthest(nearest: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """The index of the first of the farthest points, and whether it is away from all centroids.

    Gathered, not sliced: to compile a slice from a place that is computed, TensorFlow computes the
    place by a slow interpreter first, for seconds.
    """
    n_tiles, n_rows = nearest.shape
    most = tf.reduce_max(tf.reduce_max(nearest, 0))  # lane by lane, then of the lanes
    is_there = tf.reduce_any(nearest == most, 1)
    tile = tf.reduce_min(tf.where(is_there, tf.range(n_tiles), n_tiles))
    is_there = tf.gather(nearest, tile) == most
    row = tf.reduce_min(tf.where(is_there, tf.range(n_rows), n_rows))
    return tile * n_rows + row, most > 0


@functools.cache
def _program() -> Any:
    """The program; TensorFlow compiles it anew for each class of points."""

    def take(points: Any, nearest: Any, centroid: Any, n_taken: Any) -> Any:
        """Take a centroid, and after it so many less one of the farthest points."""

        def body(done: Any, nearest: Any, chosen: Any) -> tuple[Any, Any, Any]:
            index, is_away = _first_farthest(nearest)
            farthest = tf.gather(tf.reshape(points, (points.shape[0], -1)), index, axis=1)
            place = tf.where(done == 0, centroid, farthest)
            index = tf.where(is_away, index, -1)
            distances = _distances(points, place)
            # One that is not a number takes no point.
            nearest = tf.where(distances < nearest, distances, nearest)
            return done + 1, nearest, tf.tensor_scatter_nd_update(chosen, [[done]], [index])

        start = (0, nearest, tf.zeros([_MOST_CHOSEN], tf.int32))
        return tf.while_loop(lambda done, *_: done < n_taken, body, start)[1:]

    return Program(take)


class RunningMinimum:
    """Points on the device, and how far the nearest centroid is from each.

    Args:
        points: (N, D) float32.
        nearest: (N,) float32, where to go on from; otherwise there is no centroid yet.
    """

    def __init__(self, points: np.ndarray, nearest: np.ndarray | None = None) -> None:
        self._n_points, self._n_dims = points.shape
        self._points = as_it_lies(_laid_out(points))
        # What only fills up is never away from a centroid, so that it is never chosen.
        filled = np.zeros(self._points.shape[1:], np.float32)
        filled.reshape(-1)[: len(points)] = np.inf if nearest is None else nearest
        self._nearest = tf.convert_to_tensor(filled)

    @property
    def nearest(self) -> np.ndarray:
        """(N,) float32, squared; infinite as long as there is no centroid."""
        return np.asarray(self._nearest).reshape(-1)[: self._n_points]

    @property
    def n_at_once(self) -> int:
        """How many centroids are taken in some 40 ms."""
        n_values: int = self._n_points * (self._n_dims + 2)
        return max(1, min(_MOST_CHOSEN, _SLICE_VALUES // n_values))

    def take(self, centroid: np.ndarray) -> np.ndarray:
        """Let one more (D,) centroid take the points that it is nearest to: `nearest` then."""
        self._advance(centroid, 1)
        return self.nearest

    def take_farthest(self, first: np.ndarray, n_taken: int) -> np.ndarray:
        """Take a (D,) centroid, then the point that is farthest from all, and so on.

        Args:
            first: The first one.
            n_taken: How many, with it: 64 at most.

        Returns:
            (n_taken - 1,) the indices of the others, each the first of equally far points; -1
            where none was away from all.
        """
        return self._advance(first, n_taken)[1:n_taken]

    def _advance(self, centroid: np.ndarray, n_taken: int) -> np.ndarray:
        filled = np.zeros(self._points.shape[0], np.float32)
        filled[: self._n_dims] = centroid
        self._nearest, chosen = _program()(
            self._points, self._nearest, tf.constant(filled), tf.constant(n_taken)
        )
        return np.asarray(chosen)


class FewPoints:
    """As `RunningMinimum` in NumPy, where calling a program would take longer than the work."""

    n_at_once = _MOST_CHOSEN

    def __init__(self, points: np.ndarray, nearest: np.ndarray | None = None) -> None:
        self._columns = np.ascontiguousarray(points.T, np.float32)
        start = np.inf if nearest is None else nearest
        self.nearest = np.full(len(points), start, np.float32)

    def take(self, centroid: np.ndarray) -> np.ndarray:
        """As `RunningMinimum.take`."""
        place = np.asarray(centroid, np.float32)[:, np.newaxis]  # rounded as the points are
        distances = np.square(self._columns - place).sum(0)
        self.nearest = np.fmin(distances, self.nearest)
        return self.nearest

    def take_farthest(self, first: np.ndarray, n_taken: int) -> np.ndarray:
        """As `RunningMinimum.take_farthest`."""
        nearest, chosen = self.take(first), np.empty(n_taken - 1, np.int32)
        for number in range(n_taken - 1):
            index = nearest.argmax()
            chosen[number] = index if nearest[index] > 0 else -1
            nearest = self.take(self._columns[:, index])
        return chosen


def running_minimum(
    points: np.ndarray, nearest: np.ndarray | None = None, n_values: int | None = None
) -> RunningMinimum | FewPoints:
    """What suits so many points.

    Args:
        points: As of `RunningMinimum`.
        nearest: As of `RunningMinimum`.
        n_values: Of a table that the points are a part of: what suits it is taken, since the last
            digit of a distance is not the same.
    """
    few = (points.size if n_values is None else n_values) <= _FEW_VALUES
    return (FewPoints if few else RunningMinimum)(points, nearest)

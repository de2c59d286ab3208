"""The squared distance from each point to its nearest centroid so far, in one compiled pass.

Every seeding but AFK-MC2 needs it. The points are packed as a structure of arrays, one point in
each vector lane, and differences are squared without expanding the product, so that nothing is lost
far from the origin. XLA would compute distances again for everything that reads them, so the
farthest point is found in the minimum that the centroid before left, which is the state of a loop.

Several candidates for a centroid are compared in one pass: bands of points stay in the cache while
each candidate is measured, and the minimum that each would leave is stored, so that adding the best
needs no further pass.

A program is compiled for the number of dimensions, a class of numbers of points, and the number of
candidates, rounded up; it serves any number of centroids. Few points are handled in NumPy.
"""

import functools
from typing import Any

import numpy as np

from engine.clustering.kmeans.backends.packing import in_threads, size_class, zeros
from engine.runtime.backend import as_it_lies, tf
from engine.runtime.programs import Program

# Points in a tile; dimensions written out one after another.
_ROWS, _DIMS = 512, 8
# Tiles in a band, which is read once for each candidate, and dimensions written out: measured.
_BAND_TILES, _BAND_DIMS = 4, 16
# Candidates are padded to a multiple, so that there are fewer programs.
_CANDIDATES = 2
# Sums with a smaller relative difference count as equal: points in a file are summed in a different
# order, and the first of equally good candidates must still be the same.
_EQUAL = 1e-9
# The most centroids that one call chooses, and values that it reads: about 40 ms on one core.
_MOST_CHOSEN, _SLICE_VALUES = 64, 2**27
# Up to this many values NumPy is used: calling a program does not pay.
_FEW_VALUES = 2**14
# Points packed at once, so that they stay in the cache.
_PACKED_ROWS = 4096


def _packed(points: np.ndarray) -> np.ndarray:
    """Pack (N, D) points as (D, tiles, rows), padded with zeros; many D are padded too."""
    n_points, n_dims = points.shape
    n_tiles = size_class(-(-n_points // _ROWS))
    n_padded = n_dims if n_dims <= _DIMS else -(-n_dims // _DIMS) * _DIMS
    packed = zeros((n_padded, n_tiles * _ROWS))

    def pack(start: int) -> None:
        chunk = points[start : start + _PACKED_ROWS]
        packed[:n_dims, start : start + len(chunk)] = chunk.T

    in_threads(pack, range(0, n_points, _PACKED_ROWS), points.size)
    return packed.reshape(n_padded, n_tiles, _ROWS)


def _zeros(nearest: tf.Tensor) -> tf.Tensor:
    """Return zeros that the compiler does not know to be zero, so that it adds all squares alike.

    With known zeros it would add two squares at once, in either order, and round differently.
    """
    return tf.minimum(nearest, 0)


def _distances(points: tf.Tensor, centroid: tf.Tensor, zeros: tf.Tensor) -> tf.Tensor:
    """Return (tiles, rows) squared distances, summed from the first dimension to the last."""
    n_dims, *shape = points.shape
    n_written = min(n_dims, _DIMS)

    def add(block: Any, total: tf.Tensor) -> tuple[Any, tf.Tensor]:
        some = tf.slice(points, [block * n_written, 0, 0], [n_written, *shape])
        place = tf.slice(centroid, [block * n_written], [n_written])
        for dim in range(n_written):
            total += tf.math.squared_difference(some[dim], place[dim])
        return block + 1, total

    if n_dims == n_written:
        return add(0, zeros)[1]
    n_blocks = n_dims // n_written
    return tf.while_loop(lambda block, _: block < n_blocks, add, (0, zeros))[1]


def _first_farthest(nearest: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
    """Return the index of the first of the farthest points, and whether it is at no centroid.

    It is gathered, not sliced: to compile a slice at a computed index, TensorFlow first computes
    the index with a slow interpreter, which takes seconds.
    """
    n_tiles, n_rows = nearest.shape
    most = tf.reduce_max(tf.reduce_max(nearest, 0))  # in each lane, then over the lanes
    is_there = tf.reduce_any(nearest == most, 1)
    tile = tf.reduce_min(tf.where(is_there, tf.range(n_tiles), n_tiles))
    is_there = tf.gather(nearest, tile) == most
    row = tf.reduce_min(tf.where(is_there, tf.range(n_rows), n_rows))
    return tile * n_rows + row, most > 0


@functools.cache
def _program() -> Any:
    """Build the program; TensorFlow compiles it anew for each class of points."""

    def add_centroids(points: Any, nearest: Any, centroid: Any, n_added: Any) -> Any:
        """Add a centroid, then the farthest points one at a time, up to a total of `n_added`."""

        def body(done: Any, nearest: Any, chosen: Any) -> tuple[Any, Any, Any]:
            index, is_away = _first_farthest(nearest)
            farthest = tf.gather(tf.reshape(points, (points.shape[0], -1)), index, axis=1)
            place = tf.where(done == 0, centroid, farthest)
            index = tf.where(is_away, index, -1)
            distances = _distances(points, place, _zeros(nearest))
            # A NaN is never the minimum.
            nearest = tf.where(distances < nearest, distances, nearest)
            return done + 1, nearest, tf.tensor_scatter_nd_update(chosen, [[done]], [index])

        start = (0, nearest, tf.zeros([_MOST_CHOSEN], tf.int32))
        return tf.while_loop(lambda done, *_: done < n_added, body, start)[1:]

    return Program(add_centroids)


@functools.cache
def _comparison() -> Any:
    """Build the program that compares candidates, compiled for each class of points and number."""

    def compare(points: Any, nearest: Any, candidates: Any) -> Any:
        """Compute the minimum that each of (L, D) candidates would leave.

        Returns:
            L arrays, (bands, tiles of a band, rows) float32, and (L,) float64: their sums.
        """
        n_tiles, n_rows = nearest.shape
        n_band = _n_band(n_tiles)

        def left(band: Any) -> list[tf.Tensor]:
            """(tiles in a band, rows) for each candidate."""
            first = tf.minimum(band * n_band, n_tiles - n_band)  # after the last, the last again
            before = tf.slice(nearest, [first, 0], [n_band, n_rows])
            totals = _distances_of_band(points, candidates, first, _zeros(before))
            # A NaN is never the minimum.
            return [tf.where(total < before, total, before) for total in totals]

        # The minimum is the state of the loop, so that XLA does not compute it for each reader.
        def body(band: Any, found: Any, written: Any, sums: Any) -> tuple[Any, ...]:
            sums = [
                total + tf.reduce_sum(tf.cast(each, tf.float64), 0)
                for total, each in zip(sums, found, strict=True)
            ]
            written = [each.write(band, kept) for each, kept in zip(written, found, strict=True)]
            return band + 1, left(band + 1), written, sums

        n_candidates, n_bands = candidates.shape[0], n_tiles // n_band
        written = [
            tf.TensorArray(tf.float32, n_bands, element_shape=(n_band, n_rows))
            for _ in range(n_candidates)
        ]
        nothing = [tf.zeros([n_rows], tf.float64)] * n_candidates
        start = (0, left(0), written, nothing)
        _, _, written, sums = tf.while_loop(lambda band, *_: band < n_bands, body, start)
        return [each.stack() for each in written], tf.reduce_sum(tf.stack(sums), 1)

    return Program(compare)


def _distances_of_band(
    points: tf.Tensor, candidates: tf.Tensor, first: Any, zeros: tf.Tensor
) -> list[tf.Tensor]:
    """(tiles in a band, rows) for each of (L, D) candidates, squared; summed as in `_distances`."""
    n_dims, (n_band, n_rows) = points.shape[0], zeros.shape
    n_written = next(size for size in (n_dims, _BAND_DIMS, _DIMS) if _is_written(size, n_dims))

    def add(block: Any, *totals: tf.Tensor) -> tuple[Any, ...]:
        corner = [block * n_written, first, 0]
        some = tf.slice(points, corner, [n_written, n_band, n_rows])
        added = []
        for index, total in enumerate(totals):
            place = tf.slice(candidates, [index, block * n_written], [1, n_written])[0]
            for dim in range(n_written):
                total += tf.math.squared_difference(some[dim], place[dim])
            added.append(total)
        return block + 1, *added

    start = (0, *[zeros] * candidates.shape[0])
    if n_dims == n_written:
        return list(add(*start)[1:])
    n_blocks = n_dims // n_written
    return list(tf.while_loop(lambda block, *_: block < n_blocks, add, start)[1:])


def _is_written(size: int, n_dims: int) -> bool:
    """Whether this many dimensions can be written out at once."""
    return size <= _BAND_DIMS and n_dims % size == 0


def _n_band(n_tiles: int) -> int:
    """Return how many tiles a band has: a power of two that divides their number."""
    return min(_BAND_TILES, n_tiles & -n_tiles)


def first_best(sums: np.ndarray) -> int:
    """Return the first of (L,) float64 sums that are minimal up to rounding."""
    return int(np.argmax(sums <= sums.min() * (1 + _EQUAL)))


class RunningMinimum:
    """Points on the device, and their squared distances to the nearest centroid.

    Args:
        points: (N, D) float32.
        nearest: (N,) float32, squared distances to continue from; None if there is no centroid yet.
    """

    def __init__(self, points: np.ndarray, nearest: np.ndarray | None = None) -> None:
        self._n_points, self._n_dims = points.shape
        self._points = as_it_lies(_packed(points))
        # Padding has no distance to a centroid, so that it is never chosen.
        padded = np.zeros(self._points.shape[1:], np.float32)
        padded.reshape(-1)[: len(points)] = np.inf if nearest is None else nearest
        self._nearest = tf.convert_to_tensor(padded)
        self._compared: list[tf.Tensor] = []

    @property
    def nearest(self) -> np.ndarray:
        """(N,) float32, squared; infinite if there is no centroid yet."""
        return np.asarray(self._nearest).reshape(-1)[: self._n_points]

    @property
    def n_at_once(self) -> int:
        """How many centroids can be added in about 40 ms."""
        n_values: int = self._n_points * (self._n_dims + 2)
        return max(1, min(_MOST_CHOSEN, _SLICE_VALUES // n_values))

    def add(self, centroid: np.ndarray) -> np.ndarray:
        """Add a (D,) centroid; returns `nearest` after it."""
        self._advance(centroid, 1)
        return self.nearest

    def add_farthest(self, first: np.ndarray, n_added: int) -> np.ndarray:
        """Add a (D,) centroid, then the point that is farthest from all centroids, and so on.

        Args:
            first: The first one.
            n_added: How many in total: at most 64.

        Returns:
            (n_added - 1,) indices of the others, each the first of equally far points; -1 if every
            point was at a centroid.
        """
        return self._advance(first, n_added)[1:n_added]

    def compare(self, candidates: np.ndarray) -> np.ndarray:
        """Return the sum of the minimum with one more centroid.

        Args:
            candidates: (L, D) float32, its possible positions.

        Returns:
            (L,) float64, the sum for each of them.
        """
        n_candidates = len(candidates)
        n_padded = -(-n_candidates // _CANDIDATES) * _CANDIDATES
        padded = np.zeros((n_padded, self._points.shape[0]), np.float32)
        padded[:n_candidates, : self._n_dims] = candidates
        self._compared, sums = _comparison()(self._points, self._nearest, tf.constant(padded))
        return np.asarray(sums)[:n_candidates]

    def add_best(self, candidates: np.ndarray) -> int:
        """Add the first of (L, D) candidates that leaves the smallest sum; returns its index."""
        best = first_best(self.compare(candidates))
        self._nearest = tf.reshape(self._compared[best], self._nearest.shape)
        self._compared = []
        return best

    def _advance(self, centroid: np.ndarray, n_added: int) -> np.ndarray:
        padded = np.zeros(self._points.shape[0], np.float32)
        padded[: self._n_dims] = centroid
        self._nearest, chosen = _program()(
            self._points, self._nearest, tf.constant(padded), tf.constant(n_added)
        )
        return np.asarray(chosen)


class FewPoints:
    """The same in NumPy, for few points: calling a program would take longer than the work."""

    n_at_once = _MOST_CHOSEN

    def __init__(self, points: np.ndarray, nearest: np.ndarray | None = None) -> None:
        self._columns = np.ascontiguousarray(points.T, np.float32)
        start = np.inf if nearest is None else nearest
        self.nearest = np.full(len(points), start, np.float32)

    def add(self, centroid: np.ndarray) -> np.ndarray:
        """See `RunningMinimum.add`."""
        self.nearest = self._left_by(centroid)
        return self.nearest

    def compare(self, candidates: np.ndarray) -> np.ndarray:
        """See `RunningMinimum.compare`."""
        return np.array([self._left_by(each).sum(dtype=np.float64) for each in candidates])

    def add_best(self, candidates: np.ndarray) -> int:
        """See `RunningMinimum.add_best`."""
        best = first_best(self.compare(candidates))
        self.add(candidates[best])
        return best

    def _left_by(self, centroid: np.ndarray) -> np.ndarray:
        place = np.asarray(centroid, np.float32)[:, np.newaxis]  # rounded as the points are
        left: np.ndarray = np.fmin(np.square(self._columns - place).sum(0), self.nearest)
        return left

    def add_farthest(self, first: np.ndarray, n_added: int) -> np.ndarray:
        """See `RunningMinimum.add_farthest`."""
        nearest, chosen = self.add(first), np.empty(n_added - 1, np.int32)
        for number in range(n_added - 1):
            index = nearest.argmax()
            chosen[number] = index if nearest[index] > 0 else -1
            nearest = self.add(self._columns[:, index])
        return chosen


def running_minimum(
    points: np.ndarray, nearest: np.ndarray | None = None, n_values: int | None = None
) -> RunningMinimum | FewPoints:
    """Return a running minimum: in NumPy for few points, a program for many.

    Args:
        points: See `RunningMinimum`.
        nearest: See `RunningMinimum`.
        n_values: The size of the whole table if these points are a chunk of it: all chunks must be
            handled alike, since the last digit of a distance differs.
    """
    few = (points.size if n_values is None else n_values) <= _FEW_VALUES
    return (FewPoints if few else RunningMinimum)(points, nearest)

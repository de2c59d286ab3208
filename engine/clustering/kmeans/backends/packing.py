"""How points are packed in tiles, and for which shapes programs are compiled."""

import functools
import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from engine.clustering.frames import label_dtype
from engine.data.arrays.mapped import Points
from engine.frames import sealed
from engine.runtime import device
from engine.runtime.backend import ALIGNMENT

# Beyond so many dimensions a matrix product is faster than products written out.
_LOW_DIMS = 8
# Centroids that are compared at once, with few dimensions.
_BLOCK = 8
# Up to so many sums, each is an array of lanes to which all points are added, zeros for those of
# other clusters. Beyond, each point is added to the sums of its own cluster.
_MOST_LANE_SUMS = 48
# Points and values of a tile.
_ROWS, _TILE_VALUES = 512, 2**18
# Points of a tile on a GPU, which would starve on small ones; values of its points or its scores.
_GPU_ROWS, _GPU_VALUES = 2**17, 2**26
# Multiplications that are worth a second core.
_SHARE_WORK = 2**20
# Multiplications that are too few for a second program.
_ONE_PROGRAM_WORK = 2**19
# Values that are packed at once, so that they stay in the cache.
_CHUNK_VALUES = 2**19
# Values of the sample whose median is the shift origin: any place near the points serves. And the
# fewest rows that it has, however many dimensions there are.
_ORIGIN_VALUES, _ORIGIN_ROWS = 2**10, 64
# Up to so many values, all are checked for lost digits; beyond, only the sample.
_CHECKED_VALUES = 2**16
# Values that are worth threads to pack them.
_MANY_VALUES = 2**20

_Packed = TypeVar("_Packed")


def size_class(size: int) -> int:
    """The next number of tiles that programs are compiled for: an eighth more at most beyond 8."""
    if size <= 8:
        return 1 << (size - 1).bit_length()
    step = 1 << (size.bit_length() - 4)
    return -(-size // step) * step


@dataclass(frozen=True, slots=True)
class Shape:
    """What a program is compiled for.

    Attributes:
        n_dims: D.
        n_clusters: K, rounded up.
        n_rows: Points of a tile.
        n_tiles: Tiles of each share, rounded up.
        n_shares: How many shares of the tiles are computed in parallel.
        exact_labels: Whether labels that float32 may get wrong are decided again in float64.
        float64_sums: Whether sums are float64 from the first point on. `precision` says when either
            is needed.
    """

    n_dims: int
    n_clusters: int
    n_rows: int
    n_tiles: int
    n_shares: int
    exact_labels: bool = True
    float64_sums: bool = True

    @classmethod
    def of(cls, n_points: int, n_dims: int, n_clusters: int, precise: bool = True) -> "Shape":
        """The class of N points in D dimensions and K clusters, with full precision or the least.

        Few points always have full precision: it takes hardly longer, and is one program instead of
        two.
        """
        on_gpu = device.start().kind == "GPU"
        if on_gpu:
            n_rows = _at_most(_GPU_ROWS, _GPU_VALUES // max(n_dims, n_clusters))
            n_rows = min(n_rows, 1 << max(3, (n_points - 1).bit_length()))
        else:
            n_rows = _at_most(_ROWS, _TILE_VALUES // n_dims)
        work = n_points * n_dims * n_clusters // _SHARE_WORK
        n_shares = 1 if on_gpu else max(1, min(work, n_cores()))
        n_tiles = size_class(-(-n_points // (n_rows * n_shares)))
        precise = precise or n_points * n_dims * n_clusters < _ONE_PROGRAM_WORK
        n_filled = _padded(n_clusters, n_dims)
        return cls(n_dims, n_filled, n_rows, n_tiles, n_shares, precise, precise)

    @property
    def is_precise(self) -> bool:
        """Whether the program has all the precision there is."""
        return self.exact_labels and self.float64_sums

    def with_precision(self, exact_labels: bool, float64_sums: bool) -> "Shape":
        """The shape that has at least this precision."""
        return replace(
            self,
            exact_labels=self.exact_labels or exact_labels,
            float64_sums=self.float64_sums or float64_sums,
        )

    @property
    def is_low_dimensional(self) -> bool:
        """Whether points are packed as a structure of arrays, and products written out."""
        return self.n_dims <= _LOW_DIMS

    @property
    def sums_per_lane(self) -> bool:
        """Whether each lane of a vector has sums of its own."""
        return self.is_low_dimensional and self.n_clusters * (self.n_dims + 1) <= _MOST_LANE_SUMS

    @property
    def n_block(self) -> int:
        """Centroids that are compared at once."""
        if self.is_low_dimensional:
            return _BLOCK
        return next(size for size in range(64, 0, -4) if self.n_clusters % size == 0)

    @property
    def dtype(self) -> np.dtype:
        """The type of labels, with room for one more that marks what is doubtful."""
        return label_dtype(self.n_clusters + self.exact_labels)


def shift_origin(points: Points) -> np.ndarray:
    """A place near (N, D) points that is subtracted from them: (D,) float64 that float32 holds.

    It is near the median of a sample: the nearer the origin, the better float32 tells points apart,
    and one point far away would draw their mean far from all others. It is a multiple of a power of
    two about as large as half their interquartile range, since subtracting a number of few digits
    is mostly exact. A column where it is not exact is not shifted: it has values near 0, such as
    readings beside many missing-value codes 999999, whose digits would be rounded off.
    """
    n_points, n_dims = points.shape
    n_rows = max(_ORIGIN_ROWS, _ORIGIN_VALUES // n_dims)
    sample = np.asarray(points[:: max(1, n_points // n_rows)])
    with np.errstate(all="ignore"):  # no spread; points that will be refused
        low, median, high = _quartiles(sample)
        step = np.exp2(np.floor(np.log2((high - low) / 2)))
        multiple = np.round(median / step) * step
        origin = np.where(step > 0, multiple, median).astype(np.float32)
        checked = np.asarray(points[:]) if n_points * n_dims <= _CHECKED_VALUES else sample
        shifted = (checked - origin).astype(np.float32, copy=False)
        lost = shifted.astype(np.float64) + origin != checked
        if checked.dtype != np.float32:  # they have more digits in any case
            lost &= checked.astype(np.float32) == checked
        if lost.any():
            origin[lost.any(0)] = 0
        return np.asarray(origin, np.float64)


def _quartiles(sample: np.ndarray) -> np.ndarray:
    """(3, D) float64, to the nearest row: `np.quantile` takes five times as long."""
    rows = [len(sample) * quarters // 4 for quarters in (1, 2, 3)]
    return np.asarray(np.partition(sample, rows, 0)[rows], np.float64)


def n_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _at_most(most: int, size: int) -> int:
    """A power of two, 8 at least, up to both."""
    return min(most, 1 << max(3, size.bit_length() - 1))


def _padded(n_clusters: int, n_dims: int) -> int:
    """K rounded up to whole blocks, and for many centroids to fewer classes."""
    block = _BLOCK if n_dims <= _LOW_DIMS else 4
    step = block if n_clusters <= 64 else 1 << (n_clusters.bit_length() - 3)
    return -(-n_clusters // step) * step


def packed(points: np.ndarray, origin: np.ndarray, shape: Shape) -> tuple[np.ndarray, float]:
    """Points shifted and packed in tiles, as a program takes them.

    They are copied in threads, and their largest value is found on the way: reading a large array
    once more would take a tenth of ten iterations.

    Args:
        points: (N, D). Those of more digits than float32 are rounded after they are shifted.
        origin: (D,) float64 that float32 holds, what they are shifted by.
        shape: What the program is compiled for.

    Returns:
        float32 that begins at a multiple of 64 bytes: with few dimensions (tiles, D + 1, rows), a
        row a dimension, and one of weights, 1 for a point and 0 for padding; with many (tiles,
        rows, D). And the largest absolute value of these, NaN where there is one.
    """
    origin = shift_of(points, origin)
    n_tiles, n_rows = shape.n_shares * shape.n_tiles, shape.n_rows
    sizes = (shape.n_dims + 1, n_rows) if shape.is_low_dimensional else (n_rows, shape.n_dims)
    packed = zeros((n_tiles, *sizes))
    at_once = max(1, _CHUNK_VALUES // (shape.n_dims * n_rows))

    def pack(first: int) -> float:
        chunk = points[first * n_rows : (first + at_once) * n_rows]
        tiles = packed[first : first + -(-len(chunk) // n_rows)]
        with np.errstate(invalid="ignore", over="ignore"):  # the largest value tells
            if shape.is_low_dimensional:
                _pack_structure_of_arrays(chunk, origin, tiles)
            else:
                rows = tiles.reshape(-1, shape.n_dims)[: len(chunk)]
                np.subtract(chunk, origin, out=rows, casting="same_kind")
        values = tiles[:, :-1] if shape.is_low_dimensional else tiles
        return float(np.maximum(values.max(), -values.min()))

    firsts = range(0, -(-len(points) // n_rows), at_once)
    return packed, float(np.max([0.0, *in_threads(pack, firsts, points.size)]))


def shift_of(points: np.ndarray, origin: np.ndarray) -> np.ndarray:
    """The origin in the type that points are shifted in: their own if they are float32."""
    return origin.astype(np.float32 if points.dtype == np.float32 else np.float64)


def shifted(points: np.ndarray, origin: np.ndarray) -> np.ndarray:
    """(n, D) float32, the values that `packed` has."""
    out = np.empty(points.shape, np.float32)
    np.subtract(points, shift_of(points, origin), out=out, casting="same_kind")
    return out


def in_threads(
    pack: Callable[[int], _Packed], firsts: Sequence[int], n_values: int
) -> list[_Packed]:
    """Do something for chunks of so many values, on all cores where they are many."""
    if n_values < _MANY_VALUES:
        return list(map(pack, firsts))
    with ThreadPoolExecutor(n_cores()) as threads:
        return list(threads.map(pack, firsts))


def zeros(shape: tuple[int, ...]) -> np.ndarray:
    """float32 that begin at a multiple of `ALIGNMENT`."""
    n_values, n_more = math.prod(shape), ALIGNMENT // 4
    more = np.zeros(n_values + n_more, np.float32)
    start = -more.ctypes.data % ALIGNMENT // 4
    return more[start : start + n_values].reshape(shape)


def _pack_structure_of_arrays(points: np.ndarray, origin: np.ndarray, tiles: np.ndarray) -> None:
    n_rows = tiles.shape[2]
    n_whole, n_rest = divmod(len(points), n_rows)
    n_in_whole = n_whole * n_rows
    for dim, column in enumerate(points.T):
        whole = column[:n_in_whole].reshape(n_whole, n_rows)
        np.subtract(whole, origin[dim], out=tiles[:n_whole, dim], casting="same_kind")
        tiles[n_whole:, dim, :n_rest] = column[n_in_whole:] - origin[dim]
    tiles[:n_whole, -1] = 1
    tiles[n_whole:, -1, :n_rest] = 1


def in_order(computed: list[np.ndarray], shape: Shape, n_points: int) -> np.ndarray:
    """What a program computed for each point, in the order of the points: (N,).

    Args:
        computed: (tiles, rows) of each share.
        shape: What the program is compiled for.
        n_points: N.
    """
    counts = shares(n_points, shape)[:, 1]
    used = [each[:count] for each, count in zip(computed, counts, strict=True)]
    return np.concatenate(used).reshape(-1)[:n_points]


@functools.lru_cache(maxsize=64)
def shares(n_points: int, shape: Shape) -> np.ndarray:
    """(shares, 2) int32, the first tile of each share of N points, and how many tiles it has."""
    n_tiles = -(-n_points // shape.n_rows)
    share = -(-n_tiles // shape.n_shares)
    firsts = np.minimum(np.arange(shape.n_shares) * share, n_tiles)
    return sealed(np.stack([firsts, np.minimum(share, n_tiles - firsts)], 1), np.int32)

"""Packs points in tiles, and defines the shapes that programs are compiled for."""

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

# With more dimensions than this, a matrix product is faster than written-out products.
_LOW_DIMS = 8
# Centroids compared at once, with few dimensions.
_BLOCK = 8
# Up to this many sums, each is an array of lanes to which all points are added, as zeros if they
# are in other clusters. Beyond, each point is added only to the sums of its own cluster.
_MOST_LANE_SUMS = 48
# Points and values in a tile.
_ROWS, _TILE_VALUES = 512, 2**18
# Points in a tile on a GPU, where small tiles are slow; values of its points or its scores.
_GPU_ROWS, _GPU_VALUES = 2**17, 2**26
# From this many multiplications on, a second core pays.
_SHARE_WORK = 2**20
# Up to this many multiplications, a second program does not pay.
_ONE_PROGRAM_WORK = 2**19
# Values packed at once, so that they stay in the cache.
_CHUNK_VALUES = 2**19
# Values in the sample whose median is the shift origin, since any place near the points will do.
# And the fewest rows it has, however many dimensions there are.
_ORIGIN_VALUES, _ORIGIN_ROWS = 2**10, 64
# Up to this many values, all are checked for lost digits; beyond, only the sample.
_CHECKED_VALUES = 2**16
# From this many values on, packing in threads pays.
_MANY_VALUES = 2**20

_Packed = TypeVar("_Packed")


def size_class(size: int) -> int:
    """Round up to a number of tiles that programs are compiled for, by at most 1/8 beyond 8."""
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
        n_rows: Points in a tile.
        n_tiles: Tiles in each share, rounded up.
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
        """Return the class for N points, D dimensions and K clusters, with full or least precision.

        Few points always get full precision: it takes hardly longer, and needs one program instead
        of two.
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
        """Whether the program has full precision."""
        return self.exact_labels and self.float64_sums

    def with_precision(self, exact_labels: bool, float64_sums: bool) -> "Shape":
        """Return the same shape with at least this precision."""
        return replace(
            self,
            exact_labels=self.exact_labels or exact_labels,
            float64_sums=self.float64_sums or float64_sums,
        )

    @property
    def is_low_dimensional(self) -> bool:
        """Whether points are packed as a structure of arrays and products written out."""
        return self.n_dims <= _LOW_DIMS

    @property
    def sums_per_lane(self) -> bool:
        """Whether each lane of a vector has its own sums."""
        return self.is_low_dimensional and self.n_clusters * (self.n_dims + 1) <= _MOST_LANE_SUMS

    @property
    def n_block(self) -> int:
        """How many centroids are compared at once."""
        if self.is_low_dimensional:
            return _BLOCK
        return next(size for size in range(64, 0, -4) if self.n_clusters % size == 0)

    @property
    def dtype(self) -> np.dtype:
        """The type of labels, with room for one more value that marks doubtful ones."""
        return label_dtype(self.n_clusters + self.exact_labels)


def shift_origin(points: Points) -> np.ndarray:
    """Return a place near (N, D) points to subtract from them: (D,) float64 that fits float32.

    It is near the median of a sample: the nearer the origin, the better float32 tells points apart,
    and one distant point would draw the mean far from all others. It is a multiple of a power of
    two, about half the interquartile range, since subtracting a number of few digits is mostly
    exact. A column in which it is not exact is not shifted: it has values near 0, such as readings
    beside many missing-value codes 999999, whose digits would be rounded off.
    """
    n_points, n_dims = points.shape
    n_rows = max(_ORIGIN_ROWS, _ORIGIN_VALUES // n_dims)
    sample = np.asarray(points[:: max(1, n_points // n_rows)])
    with np.errstate(all="ignore"):  # no spread, or points refused later
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
    """(3, D) float64 quartiles, to the nearest row: `np.quantile` takes five times as long."""
    rows = [len(sample) * quarters // 4 for quarters in (1, 2, 3)]
    return np.asarray(np.partition(sample, rows, 0)[rows], np.float64)


def n_cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _at_most(most: int, size: int) -> int:
    """Return a power of two, at least 8, that is at most the limit and the size."""
    return min(most, 1 << max(3, size.bit_length() - 1))


def _padded(n_clusters: int, n_dims: int) -> int:
    """Round K up to whole blocks, and to fewer classes if there are many centroids."""
    block = _BLOCK if n_dims <= _LOW_DIMS else 4
    step = block if n_clusters <= 64 else 1 << (n_clusters.bit_length() - 3)
    return -(-n_clusters // step) * step


def packed(points: np.ndarray, origin: np.ndarray, shape: Shape) -> tuple[np.ndarray, float]:
    """Shift points and pack them in tiles, as programs expect them.

    They are copied in threads, which also find the largest value: reading a large array once more
    would take a tenth of ten iterations.

    Args:
        points: (N, D). Values with more digits than float32 are rounded after the shift.
        origin: (D,) float64 that fits float32, subtracted from the points.
        shape: What the program is compiled for.

    Returns:
        float32 aligned to 64 bytes: with few dimensions (tiles, D + 1, rows), one row for each
        dimension and one of weights, 1 for a point and 0 for padding; with many (tiles, rows, D).
        And the largest absolute value, NaN if there is a NaN.
    """
    origin = shift_of(points, origin)
    n_tiles, n_rows = shape.n_shares * shape.n_tiles, shape.n_rows
    sizes = (shape.n_dims + 1, n_rows) if shape.is_low_dimensional else (n_rows, shape.n_dims)
    packed = zeros((n_tiles, *sizes))
    at_once = max(1, _CHUNK_VALUES // (shape.n_dims * n_rows))

    def pack(first: int) -> float:
        chunk = points[first * n_rows : (first + at_once) * n_rows]
        tiles = packed[first : first + -(-len(chunk) // n_rows)]
        with np.errstate(invalid="ignore", over="ignore"):  # the largest value shows it
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
    """Convert the origin to the type that points are shifted in: their own if it is float32."""
    return origin.astype(np.float32 if points.dtype == np.float32 else np.float64)


def shifted(points: np.ndarray, origin: np.ndarray) -> np.ndarray:
    """Return (n, D) float32, the same values that `packed` contains."""
    out = np.empty(points.shape, np.float32)
    np.subtract(points, shift_of(points, origin), out=out, casting="same_kind")
    return out


def in_threads(
    pack: Callable[[int], _Packed], firsts: Sequence[int], n_values: int
) -> list[_Packed]:
    """Call a function for chunks of this many values, on all cores if that pays."""
    if n_values < _MANY_VALUES:
        return list(map(pack, firsts))
    with ThreadPoolExecutor(n_cores()) as threads:
        return list(threads.map(pack, firsts))


def zeros(shape: tuple[int, ...]) -> np.ndarray:
    """Return float32 zeros aligned to `ALIGNMENT` bytes."""
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
    """Return what a program computed for each point, in the order of the points: (N,).

    Args:
        computed: (tiles, rows) from each share.
        shape: What the program is compiled for.
        n_points: N.
    """
    counts = shares(n_points, shape)[:, 1]
    used = [each[:count] for each, count in zip(computed, counts, strict=True)]
    return np.concatenate(used).reshape(-1)[:n_points]


@functools.lru_cache(maxsize=64)
def shares(n_points: int, shape: Shape) -> np.ndarray:
    """(shares, 2) int32: the first tile of each share of N points, and its number of tiles."""
    n_tiles = -(-n_points // shape.n_rows)
    share = -(-n_tiles // shape.n_shares)
    firsts = np.minimum(np.arange(shape.n_shares) * share, n_tiles)
    return sealed(np.stack([firsts, np.minimum(share, n_tiles - firsts)], 1), np.int32)

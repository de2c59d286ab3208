"""How points lie on the device for the fused formulation, and for which shapes it is compiled."""

import functools
import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from engine.clustering.frames import label_dtype
from engine.data.arrays.mapped import Points
from engine.frames import sealed
from engine.runtime import device
from engine.runtime.backend import ALIGNMENT

# Beyond so many dimensions a matrix product is faster than products written out.
_FEW_DIMS = 8
# Centroids that are compared at once, with few dimensions.
_BLOCK = 8
# Up to so many sums, each is an array of lanes to which all points are added, zeros for those of
# other clusters. Beyond, each point is added to the sums of its own cluster.
_MOST_LANES = 48
# Points and values of a tile.
_ROWS, _TILE_VALUES = 512, 2**18
# Of one on a GPU, which would starve on small ones; values of its points, or of its scores.
_GPU_ROWS, _GPU_VALUES = 2**17, 2**26
# Multiplications that are worth a second core.
_PART_WORK = 2**20
# Multiplications that are too few for a second program.
_ONE_PROGRAM_WORK = 2**19
# Values that are laid out at once, so that they stay in the cache.
_LAID_VALUES = 2**19
# Values that the shift origin is the median of: any place near the points serves. And the fewest
# rows that they are taken from, however many dimensions there are.
_ORIGIN_VALUES, _ORIGIN_ROWS = 2**10, 64
# Up to so many values all are looked at, and beyond the same few.
_CHECKED_VALUES = 2**16
# Values that are worth threads to lay them out.
_MANY_VALUES = 2**20

_Laid = TypeVar("_Laid")


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
        n_tiles: Of each part, rounded up.
        n_parts: How many parts are computed side by side.
        certified: Whether labels that float32 may get wrong are decided again in float64.
        wide: Whether sums are float64 from the first point on. `precision` says when either is
            needed.
    """

    n_dims: int
    n_clusters: int
    n_rows: int
    n_tiles: int
    n_parts: int
    certified: bool = True
    wide: bool = True

    @classmethod
    def of(cls, n_points: int, n_dims: int, n_clusters: int, precise: bool = True) -> "Shape":
        """The class of N points in D dimensions and K clusters, `certified` and `wide` or neither.

        Few points are always both: it takes hardly longer, and is one program instead of two.
        """
        on_gpu = device.start().kind == "GPU"
        if on_gpu:
            n_rows = _at_most(_GPU_ROWS, _GPU_VALUES // max(n_dims, n_clusters))
            n_rows = min(n_rows, 1 << max(3, (n_points - 1).bit_length()))
        else:
            n_rows = _at_most(_ROWS, _TILE_VALUES // n_dims)
        work = n_points * n_dims * n_clusters // _PART_WORK
        n_parts = 1 if on_gpu else max(1, min(work, n_cores()))
        n_tiles = size_class(-(-n_points // (n_rows * n_parts)))
        precise = precise or n_points * n_dims * n_clusters < _ONE_PROGRAM_WORK
        n_filled = _padded(n_clusters, n_dims)
        return cls(n_dims, n_filled, n_rows, n_tiles, n_parts, precise, precise)

    @property
    def few(self) -> bool:
        """Whether products are written out."""
        return self.n_dims <= _FEW_DIMS

    @property
    def in_lanes(self) -> bool:
        """Whether sums are kept as lanes."""
        return self.few and self.n_clusters * (self.n_dims + 1) <= _MOST_LANES

    @property
    def n_block(self) -> int:
        """Centroids that are compared at once."""
        if self.few:
            return _BLOCK
        return next(size for size in range(64, 0, -4) if self.n_clusters % size == 0)

    @property
    def dtype(self) -> np.dtype:
        """Of labels, of which there is one more for what is doubtful."""
        return label_dtype(self.n_clusters + self.certified)


def shift_origin(points: Points) -> np.ndarray:
    """A place near (N, D) points, where they are shifted to: (D,) float64 that float32 holds.

    It is near the median of some of them: the nearer the origin, the better float32 tells points
    apart, and their mean would be far from all of them if one were far away. It is a multiple of a
    power of two about as large as their spread, since subtracting a number of few digits is mostly
    exact. A column where it is not stays where it is: it has values near 0, such as readings beside
    many missing-value codes 999999, whose detail would be rounded off.
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
    rows = [len(sample) * part // 4 for part in (1, 2, 3)]
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
    block = _BLOCK if n_dims <= _FEW_DIMS else 4
    step = block if n_clusters <= 64 else 1 << (n_clusters.bit_length() - 3)
    return -(-n_clusters // step) * step


def laid_out(points: np.ndarray, origin: np.ndarray, shape: Shape) -> tuple[np.ndarray, float]:
    """Points as a program takes them.

    They are copied in threads, and looked at on the way: reading a large array once more would take
    a tenth of ten iterations.

    Args:
        points: (N, D).
        origin: (D,) of their type, what they are shifted by.
        shape: Of the program.

    Returns:
        float32 that begins at a multiple of 64 bytes: with few dimensions (tiles, D + 1, rows), a
        row a dimension, and one of weights, 1 for a point and 0 for what only fills up; with many
        (tiles, rows, D). And the largest absolute value of these, NaN where there is one.
    """
    n_tiles, n_rows = shape.n_parts * shape.n_tiles, shape.n_rows
    sizes = (shape.n_dims + 1, n_rows) if shape.few else (n_rows, shape.n_dims)
    laid = zeros((n_tiles, *sizes))
    at_once = max(1, _LAID_VALUES // (shape.n_dims * n_rows))

    def lay(first: int) -> float:
        part = points[first * n_rows : (first + at_once) * n_rows]
        tiles = laid[first : first + -(-len(part) // n_rows)]
        with np.errstate(invalid="ignore", over="ignore"):  # the largest value tells
            if shape.few:
                _lay_in_lanes(part, origin, tiles)
            else:
                rows = tiles.reshape(-1, shape.n_dims)[: len(part)]
                np.subtract(part, origin, out=rows, casting="same_kind")
        values = tiles[:, :-1] if shape.few else tiles
        return float(np.maximum(values.max(), -values.min()))

    firsts = range(0, -(-len(points) // n_rows), at_once)
    return laid, float(np.max(in_threads(lay, firsts, points.size)))


def in_threads(lay: Callable[[int], _Laid], firsts: Sequence[int], n_values: int) -> list[_Laid]:
    """Do something for parts of so many values, on all cores where they are many."""
    if n_values < _MANY_VALUES:
        return list(map(lay, firsts))
    with ThreadPoolExecutor(n_cores()) as threads:
        return list(threads.map(lay, firsts))


def zeros(shape: tuple[int, ...]) -> np.ndarray:
    """float32 that begin at a multiple of `ALIGNMENT`."""
    n_values, n_more = math.prod(shape), ALIGNMENT // 4
    more = np.zeros(n_values + n_more, np.float32)
    start = -more.ctypes.data % ALIGNMENT // 4
    return more[start : start + n_values].reshape(shape)


def _lay_in_lanes(points: np.ndarray, origin: np.ndarray, tiles: np.ndarray) -> None:
    n_rows = tiles.shape[2]
    n_whole, n_rest = divmod(len(points), n_rows)
    n_in_whole = n_whole * n_rows
    for dim, column in enumerate(points.T):
        whole = column[:n_in_whole].reshape(n_whole, n_rows)
        np.subtract(whole, origin[dim], out=tiles[:n_whole, dim], casting="same_kind")
        tiles[n_whole:, dim, :n_rest] = column[n_in_whole:] - origin[dim]
    tiles[:n_whole, -1] = 1
    tiles[n_whole:, -1, :n_rest] = 1


def in_order(parts: list[np.ndarray], shape: Shape, n_points: int) -> np.ndarray:
    """What a program computed for each point, in the order of the points: (N,).

    Args:
        parts: (tiles, rows) of each part.
        shape: Of the program.
        n_points: N.
    """
    taken = [part[:count] for part, (_, count) in zip(parts, shares(n_points, shape), strict=True)]
    return np.concatenate(taken).reshape(-1)[:n_points]


@functools.lru_cache(maxsize=64)
def shares(n_points: int, shape: Shape) -> np.ndarray:
    """(parts, 2) int32, the first tile of each part of N points, and how many tiles it has."""
    n_tiles = -(-n_points // shape.n_rows)
    share = -(-n_tiles // shape.n_parts)
    firsts = np.minimum(np.arange(shape.n_parts) * share, n_tiles)
    return sealed(np.stack([firsts, np.minimum(share, n_tiles - firsts)], 1), np.int32)

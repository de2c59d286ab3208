"""How points lie on the device for the fused formulation, and for which shapes it is compiled."""

import os
from dataclasses import dataclass

import numpy as np

from engine import device
from engine.frames import label_dtype

# Beyond so many dimensions a matrix product is faster than products written out.
_FEW_DIMS = 8
# Centroids that are compared at once, with few dimensions.
_BLOCK = 8
# Up to so many sums, each is an array of lanes to which all points are added, zeros for those of
# other clusters. Beyond, each point is added to the sums of its own cluster.
_MOST_LANES = 48
# Points and values of a tile, and points of one on a GPU, which would starve on small ones.
_ROWS, _TILE_VALUES, _GPU_ROWS = 512, 2**19, 2**17
# Multiplications that are worth a second core.
_PART_WORK = 2**20
# Beyond so many values points are not copied for the sake of a shape's class.
_MOST_PADDED = 2**24


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
    """

    n_dims: int
    n_clusters: int
    n_rows: int
    n_tiles: int
    n_parts: int

    @classmethod
    def of(cls, n_points: int, n_dims: int, n_clusters: int) -> "Shape":
        """The class of N points in D dimensions and K clusters."""
        on_gpu = device.start().kind == "GPU"
        n_rows = min(_ROWS, 1 << max(3, (_TILE_VALUES // n_dims).bit_length() - 1))
        n_rows = _GPU_ROWS if on_gpu else n_rows
        work = n_points * n_dims * n_clusters // _PART_WORK
        n_parts = 1 if on_gpu else max(1, min(work, n_cores()))
        n_tiles = size_class(-(-n_points // (n_rows * n_parts)))
        return cls(n_dims, _padded(n_clusters), n_rows, n_tiles, n_parts)

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
        sizes = (_BLOCK,) if self.few else (64, 56, 48, 40, 32, 24, 16, 8)
        return next(size for size in sizes if self.n_clusters % size == 0)

    @property
    def dtype(self) -> np.dtype:
        """Of labels."""
        return label_dtype(self.n_clusters)


def n_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _padded(n_clusters: int) -> int:
    """K rounded up to whole blocks, and for many centroids to fewer classes."""
    step = _BLOCK if n_clusters <= 64 else 1 << (n_clusters.bit_length() - 3)
    return -(-n_clusters // step) * step


def laid_out(points: np.ndarray, origin: np.ndarray, shape: Shape) -> np.ndarray:
    """Points as a program takes them.

    Args:
        points: (N, D) float32.
        origin: (D,) float32, what few dimensions are shifted by.
        shape: Of the program.

    Returns:
        With few dimensions (tiles, D + 1, rows): a row a dimension, and one of weights, 1 for a
        point and 0 for what only fills up. With many (M, D), as they are or filled up.
    """
    (n_points, n_dims), n_rows = points.shape, shape.n_rows
    n_whole, n_rest = divmod(n_points, n_rows)
    n_tiles = shape.n_parts * shape.n_tiles
    if not shape.few:
        if points.size > _MOST_PADDED and n_points >= n_rows:
            return np.ascontiguousarray(points)
        filled = np.zeros((n_tiles * n_rows, n_dims), np.float32)
        filled[:n_points] = points
        return filled
    tiles = np.zeros((n_tiles, n_dims + 1, n_rows), np.float32)
    for dim, column in enumerate(points.T):
        whole = column[: n_whole * n_rows].reshape(n_whole, n_rows)
        np.subtract(whole, origin[dim], out=tiles[:n_whole, dim])
        tiles[n_whole : n_whole + 1, dim, :n_rest] = column[n_whole * n_rows :] - origin[dim]
    tiles[:n_whole, n_dims] = 1
    tiles[n_whole : n_whole + 1, n_dims, :n_rest] = 1
    return tiles


def in_order(parts: list[np.ndarray], shape: Shape, n_points: int, filled_up: bool) -> np.ndarray:
    """What a program computed for each point, in the order of the points: (N,).

    Args:
        parts: (tiles, rows) of each part.
        shape: Of the program.
        n_points: N.
        filled_up: Whether the last tile is filled up. Otherwise it begins before its place, so
            that it ends with the last point.
    """
    n_whole, n_rest = divmod(n_points, shape.n_rows)
    taken = [part[:count] for part, (_, count) in zip(parts, shares(n_points, shape), strict=True)]
    tiles = np.concatenate(taken)
    if filled_up or n_rest == 0:
        return np.asarray(tiles.reshape(-1)[:n_points])
    return np.concatenate([tiles[:n_whole].reshape(-1), tiles[n_whole, -n_rest:]])


def shares(n_points: int, shape: Shape) -> np.ndarray:
    """(parts, 2) int32, the first tile of each part of N points, and how many tiles it has."""
    n_tiles = -(-n_points // shape.n_rows)
    share = -(-n_tiles // shape.n_parts)
    firsts = np.minimum(np.arange(shape.n_parts) * share, n_tiles)
    return np.stack([firsts, np.minimum(share, n_tiles - firsts)], 1).astype(np.int32)

"""Finds the neighbours of points exactly, by a grid.

The points are sorted into cells at least eps wide, along the columns that spread them most, at most
three. The neighbours of a point are in its own cell and the adjacent ones; their distances are
computed in all columns. Cells that follow one another along the last of these columns are one range
of the sorted points, so one, three or nine ranges hold all candidates.

Distances are compared as squares, in float64: a point is a neighbour where d^2 <= eps^2.
"""

from collections.abc import Iterator
from itertools import product
from typing import NamedTuple

import numpy as np

from engine.errors import CapacityError

# Pairs of points times columns between two yields: about 10 ms.
_CHUNK_WORK = 2**21
# The most pairs compared in total: a few minutes.
_MAX_PAIRS = 2**33
# The most neighbours stored: 256 MB. If there are more, they are found again.
_MAX_STORED = 2**26
_MAX_GRID_DIMS = 3
# Pairs already too far apart in these columns are dropped before the next ones.
_COLUMNS_AT_ONCE = 4
# The most cells along a column: the product for three columns still fits int64.
_MAX_CELLS = 2**20


class _Pairs(NamedTuple):
    """(P,) pairs, sorted by query: the index of the query, and of the sorted point."""

    queries: np.ndarray
    places: np.ndarray


class Neighbors:
    """Points sorted into a grid.

    Attributes:
        counts: (N,) int32, the neighbours of each point, including itself; 0 until `count` has
            reached it.
    """

    def __init__(self, points: np.ndarray, eps: float, min_points: int) -> None:
        """Sort the points into cells.

        Args:
            points: (N, D) float32.
            eps: The largest distance between neighbours.
            min_points: The least number of neighbours of a core point.

        Raises:
            CapacityError: Comparing all candidate pairs would take minutes.
        """
        self._eps, self._min_points = eps, min_points
        keys, steps = _cells(points.astype(np.float64), eps)
        self._order = np.argsort(keys, kind="stable")
        self._rank = np.empty_like(self._order)
        self._rank[self._order] = np.arange(len(points))
        self._columns = np.ascontiguousarray(points[self._order].T, np.float64)
        self._starts, self._stops = _ranges(keys[self._order], steps)
        self._check_capacity()
        self.counts = np.zeros(len(points), np.int32)
        self._store = _Store(len(points))

    def count(self) -> Iterator[None]:
        """Count the neighbours of all points, yielding about every 10 ms."""
        n_points = len(self._order)
        widths = (self._stops - self._starts).sum(0)
        for places in _chunks(np.arange(n_points), widths * len(self._columns)):
            pairs = self._near(places, self._starts[:, places], self._stops[:, places])
            counts = np.bincount(pairs.queries, minlength=len(places))
            ids = self._order[places]
            self.counts[ids] = counts
            is_core = counts >= self._min_points
            kept = is_core[pairs.queries]
            self._store.add(ids[is_core], counts[is_core], self._order[pairs.places[kept]])
            yield
        self._store.finish()

    def reached(self, cores: np.ndarray, labels: np.ndarray) -> Iterator[np.ndarray]:
        """Yield the neighbours of core points that have no label yet.

        The caller must label them before asking for the next ones.

        Args:
            cores: (C,) indices of core points, once all neighbours have been counted.
            labels: (N,), -1 for none.

        Yields:
            Indices of points, each only once.
        """
        if self._store.complete:
            for chunk in _chunks(cores, self.counts[cores]):
                near = self._store.of(chunk)
                yield np.unique(near[labels[near] < 0])
            return
        places = self._rank[cores]
        work = (self._stops - self._starts)[:, places].sum(0) * len(self._columns)
        for chunk in _chunks(places, work):
            # Only points without a label are compared: the others would be found again and again.
            free = np.flatnonzero(labels[self._order] < 0)
            starts, stops = (
                np.searchsorted(free, ends[:, chunk]) for ends in (self._starts, self._stops)
            )
            near = self._near(chunk, starts, stops, free).places
            yield np.unique(self._order[near])

    def _near(
        self,
        places: np.ndarray,
        starts: np.ndarray,
        stops: np.ndarray,
        candidates: np.ndarray | None = None,
    ) -> _Pairs:
        """Return the candidates, given by (R, Q) ranges, that are within eps of (Q,) points."""
        widths = (stops - starts).T.ravel()
        queries = np.repeat(np.arange(len(places)).repeat(len(starts)), widths)
        found = _concatenated(starts.T.ravel(), widths)
        if candidates is not None:
            found = candidates[found]
        squared = np.zeros(len(found))
        for first in range(0, len(self._columns), _COLUMNS_AT_ONCE):
            for column in self._columns[first : first + _COLUMNS_AT_ONCE]:
                squared += np.square(column[places[queries]] - column[found])
            near = squared <= self._eps**2
            queries, found, squared = queries[near], found[near], squared[near]
        return _Pairs(queries, found)

    def _check_capacity(self) -> None:
        n_points = len(self._order)
        n_pairs = int((self._stops - self._starts).sum())
        if n_pairs > _MAX_PAIRS:
            raise CapacityError(
                f"With an eps of {self._eps:.3g} each of {n_points:,} points is compared with "
                f"{n_pairs // n_points:,} others, which would take too long; choose a smaller eps."
            )


class _Store:
    """The neighbours of core points, concatenated, unless they exceed the limit."""

    def __init__(self, n_points: int) -> None:
        self.complete = True
        self._begins, self._widths = np.zeros(n_points, np.int64), np.zeros(n_points, np.int64)
        self._lists: list[np.ndarray] = []
        self._all = np.zeros(0, np.int32)
        self._n_stored = 0

    def add(self, cores: np.ndarray, widths: np.ndarray, neighbors: np.ndarray) -> None:
        """Add the neighbours of some core points; (C,) widths are their numbers."""
        if self._n_stored + len(neighbors) > _MAX_STORED:
            self.complete, self._lists = False, []
        if self.complete:
            self._begins[cores] = self._n_stored + np.cumsum(widths) - widths
            self._widths[cores] = widths
            self._lists.append(neighbors.astype(np.int32))
            self._n_stored += len(neighbors)

    def finish(self) -> None:
        """Finish adding: all neighbours have been stored."""
        self._all = np.concatenate(self._lists) if self._lists else self._all
        self._lists = []

    def of(self, cores: np.ndarray) -> np.ndarray:
        """Return the neighbours of some core points, concatenated."""
        return np.asarray(self._all[_concatenated(self._begins[cores], self._widths[cores])])


def _cells(points: np.ndarray, eps: float) -> tuple[np.ndarray, list[int]]:
    """Return the cell of each point, and the distance to the next cell along each column used.

    Cells are numbered, and those at the border of the grid stay empty, so that a neighbouring
    number is never at the opposite side of the grid.
    """
    low, extents = points.min(0), np.ptp(points, 0)
    columns = np.argsort(-extents, kind="stable")[:_MAX_GRID_DIMS]
    keys, step = np.zeros(len(points), np.int64), 1
    steps: list[int] = []
    for column in columns[::-1]:
        # Slightly wider than eps, so that rounding never puts a neighbour two cells away.
        width = max(eps * (1 + 1e-9), extents[column] / _MAX_CELLS)
        cell = ((points[:, column] - low[column]) / width).astype(np.int64)
        keys += (cell + 1) * step
        steps.insert(0, step)
        step *= int(cell.max()) + 3
    return keys, steps


def _ranges(keys: np.ndarray, steps: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Return (R, N) start and end positions of the sorted points that may be neighbours."""
    offsets = np.array([sum(row) for row in product(*([-step, 0, step] for step in steps[:-1]))])
    cells, own = np.unique(keys, return_inverse=True)
    wanted = cells + offsets[:, np.newaxis]
    starts = np.searchsorted(keys, wanted - 1)
    stops = np.searchsorted(keys, wanted + 2)
    return starts[:, own], stops[:, own]


def _concatenated(starts: np.ndarray, widths: np.ndarray) -> np.ndarray:
    """Concatenate start, start + 1, ... of all ranges."""
    begins = np.cumsum(widths) - widths
    return np.asarray(np.arange(int(widths.sum())) + np.repeat(starts - begins, widths))


def _chunks(items: np.ndarray, work: np.ndarray) -> Iterator[np.ndarray]:
    """Cut (n,) items into chunks of about equal work, each with at least one item."""
    ends = np.cumsum(work)
    start = 0
    while start < len(items):
        done = ends[start - 1] if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, done + _CHUNK_WORK, side="right")))
        yield items[start:stop]
        start = stop

"""The streamed backend: reads points a chunk at a time from their file, or from an array.

Only one chunk is on the device. Sums and counts of the chunks add up to those of all points, and
each method reads all points once. The results are those of the fused backend, up to the rounding of
sums.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

import numpy as np

from engine.clustering.checks import check, check_range, check_shapes
from engine.clustering.chunks import chunks_of
from engine.clustering.frames import label_dtype
from engine.clustering.kmeans.backends import packing, tiled
from engine.clustering.kmeans.backends.base import Assignment, Goal, Move, Work
from engine.clustering.kmeans.backends.compiled.summaries import summarize
from engine.clustering.kmeans.backends.half_steps import centroid_shift
from engine.clustering.kmeans.backends.packing import Shape
from engine.clustering.kmeans.backends.relocation import Farthest, farthest_first
from engine.data.arrays.mapped import MappedPoints, Points
from engine.frames import sealed
from engine.runtime.backend import as_it_lies


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StreamedAssignment(Assignment):
    """Labels in memory, and the sums over all chunks.

    Attributes:
        totals: (K, D) float64, the sum of the points of each centroid.
    """

    totals: np.ndarray


class Streamed:
    """Points that are shifted and packed a chunk at a time.

    Attributes:
        points: (N, D), as passed in.

    Raises:
        DataError: The points cannot be clustered.
        ParameterError: The centroids do not fit the points.
    """

    def __init__(self, points: Points, centroids: np.ndarray) -> None:
        if isinstance(points, MappedPoints):  # their largest value is known
            check_shapes(points.shape, centroids)
            check_range(np.maximum(points.largest, np.abs(centroids).max()))
        else:
            check(points, centroids)
        self.points, self._n_clusters = points, len(centroids)
        self.origin = packing.shift_origin(points)
        self.start = centroids - self.origin

    def assign(
        self, centroids: np.ndarray, before: StreamedAssignment | None, goal: Goal
    ) -> Work[StreamedAssignment]:
        """See `Backend.assign`; makes one assignment."""
        labels = np.empty(len(self.points), label_dtype(self._n_clusters))
        changed, totals, sizes = 0, np.zeros(centroids.shape), np.zeros(self._n_clusters)
        for rows in self._chunks():
            yield from _fraction_before(rows, len(labels))
            found, total, size = self.summarize(self.points[rows], centroids)
            labels[rows] = found
            if before:
                changed += int(np.count_nonzero(before.labels[rows] != found))
            totals += total
            sizes += size
        labels.flags.writeable = False
        return StreamedAssignment(
            centroids=centroids,
            labels=labels,
            sizes=sealed(sizes, np.int64),
            changed=changed if before else len(labels),
            shift=goal.shift,
            totals=totals,
        )

    def update(self, assignment: StreamedAssignment) -> Move:
        """See `Backend.update`; needs the sums, not the points."""
        centroids, counts = assignment.centroids, assignment.sizes.astype(np.float64)
        moved = tiled.moved(tiled.mean(assignment.totals, counts), counts, centroids).numpy()
        return Move(moved, float(centroid_shift(centroids, moved)))

    def farthest(self, assignment: StreamedAssignment, n_points: int) -> Work[Farthest]:
        """See `Backend.farthest`; leaves out points that are at their own centroids."""
        best = np.zeros(0)
        places = np.zeros((0, self.points.shape[1]), np.float32)
        for rows in self._chunks():
            yield from _fraction_before(rows, len(self.points))
            points = self.points[rows]
            squared = self.own_distances(points, assignment.labels[rows], assignment.centroids)
            floor = best[-1] if len(best) == n_points else 0
            far = np.flatnonzero(squared > floor)
            best = np.concatenate([best, squared[far]])
            places = np.concatenate([places, packing.shifted(points[far], self.origin)])
            kept = farthest_first(best, n_points)
            best, places = best[kept], places[kept]
        return Farthest(best, places)

    def inertias(self, assignment: StreamedAssignment, centroids: np.ndarray) -> Work[np.ndarray]:
        """See `Backend.inertias`."""
        inertias = np.zeros(self._n_clusters)
        for rows in self._chunks():
            yield from _fraction_before(rows, len(self.points))
            labels = assignment.labels[rows]
            squared = self.own_distances(self.points[rows], labels, centroids)
            inertias += np.bincount(labels, weights=squared, minlength=self._n_clusters)
        return inertias

    def host_labels(self, assignment: StreamedAssignment) -> np.ndarray:
        """See `Backend.host_labels`."""
        labels: np.ndarray = assignment.labels
        return labels

    def to_host(self, centroids: np.ndarray) -> np.ndarray:
        """See `Backend.to_host`."""
        return centroids

    def to_device(self, centroids: np.ndarray) -> np.ndarray:
        """See `Backend.to_device`."""
        return centroids

    def summarize(self, points: np.ndarray, centroids: np.ndarray) -> tuple[np.ndarray, ...]:
        """Assign some of the points, as passed in.

        Args:
            points: (n, D).
            centroids: (K, D) float64, shifted.

        Returns:
            (n,) int32 labels; (K, D) float64 sums of the points of each centroid, shifted; (K,)
            float64, their numbers.
        """
        n_points, n_dims = points.shape
        shape = Shape.of(n_points, n_dims, self._n_clusters)
        tiles, _ = packing.packed(points, self.origin, shape)
        return tuple(each.numpy() for each in summarize(as_it_lies(tiles), n_points, centroids))

    def own_distances(
        self, points: np.ndarray, labels: np.ndarray, centroids: np.ndarray
    ) -> np.ndarray:
        """Return (n,) float64, squared distances from some points to their own centroids.

        In NumPy: calling a compiled program would take a hundred times as long for a small batch,
        and no less for a large chunk.
        """
        differences = packing.shifted(points, self.origin).astype(np.float64)
        differences -= centroids[labels]
        squared: np.ndarray = np.einsum("ij,ij->i", differences, differences)
        return squared

    def _chunks(self) -> Iterator[slice]:
        return chunks_of(self.points, self._n_clusters)


def _fraction_before(rows: slice, n_points: int) -> Generator[float, None, None]:
    """Yield the fraction of the points before a chunk, unless it is the first."""
    if rows.start:
        yield rows.start / n_points

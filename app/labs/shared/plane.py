"""The plane of the plot: which two columns are across and up, in the units of the data."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.data.scaling import Scaling

# Besides the data, each point takes 8 bytes for its position, 5 for pixel and colour, and 12 for
# the search: half a gigabyte in all.
MAX_DRAWN = 20_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """Converts between the plot and frames, which are in scaled units and D dimensions.

    A single column is drawn across; up is then the number of the row, which does not affect the
    distance.

    Attributes:
        n_dims: D.
        axes: Which columns are across and up.
        scaling: Converts between the units of the data and those of the frames.
        n_points: N.
        rows: (N,) the number of each point's row in the source, from 0; None if all rows are there.
    """

    n_dims: int
    axes: tuple[int, ...]
    scaling: Scaling
    n_points: int = 0
    rows: np.ndarray | None = None

    @property
    def stride(self) -> int:
        """Every n-th point is drawn, for this n: more than `MAX_DRAWN` would need much memory."""
        return max(1, -(-self.n_points // MAX_DRAWN))

    @property
    def metric(self) -> np.ndarray | None:
        """(2,) a unit of distance on each axis; None if distances are not visible in the plane."""
        if self.n_dims > 2:
            return None
        if self.n_dims == 1:
            return np.array([self.scaling.scale[0], 1.0])
        return np.asarray(self.scaling.scale[list(self.axes)], np.float64)

    @property
    def radius(self) -> float | None:
        """How far the axes reach from zero in every direction; None if the points determine it."""
        return None

    def names(self, columns: Sequence[str]) -> tuple[str, str]:
        """The labels of the axes."""
        if self.n_dims == 1:
            return columns[0], "row"
        return columns[self.axes[0]], columns[self.axes[1]]

    def of_points(self, points: np.ndarray) -> np.ndarray:
        """Map (N, D) points of the data to (N / stride, 2)."""
        drawn = points[:: self.stride]
        if self.n_dims == 1:
            rows = np.arange(self.n_points) if self.rows is None else self.rows
            return np.column_stack([drawn[:, 0], rows[:: self.stride] + 1])  # counted from 1
        return drawn[:, list(self.axes)]

    def to_points(self, xy: np.ndarray) -> np.ndarray:
        """Map (N, 2) positions in the plane of two columns to points of the data."""
        points = np.empty((len(xy), 2), np.float32)
        points[:, list(self.axes)] = xy
        return points

    def scaled(self, points: np.ndarray) -> np.ndarray:
        """Convert (N, D) points from the units of the data to those of the frames."""
        return self.scaling.forward(points)

    def unscaled(self, places: np.ndarray) -> np.ndarray:
        """Convert (..., D) positions from the units of the frames to those of the data."""
        return self.scaling.inverse(places)

    def in_units(self, scaling: Scaling) -> np.ndarray:
        """Return (D,) the standard deviations of another scaling, in units of distance."""
        return np.asarray(scaling.scale / self.scaling.scale)

    def of_labels(self, labels: np.ndarray) -> np.ndarray:
        """Return the (N,) labels of the points drawn; the same array if all are drawn."""
        return labels if self.stride == 1 else labels[:: self.stride]

    def of_centroids(self, centroids: np.ndarray) -> np.ndarray:
        """Map (..., D) centroids of a frame to (..., 2)."""
        shown = self.unscaled(centroids)
        if self.n_dims == 1:
            return np.concatenate([shown, np.full_like(shown, (self.n_points + 1) / 2)], axis=-1)
        return shown[..., list(self.axes)]

    def dragged(self, centroids: np.ndarray, index: int, x: float, y: float) -> np.ndarray:
        """Return the (K, D) centroids of a frame with one of them at a position in the plot.

        Columns that are not shown keep their values.
        """
        place = self.unscaled(centroids[index : index + 1])[0]
        if self.n_dims == 1:
            place[0] = x
        else:
            place[list(self.axes)] = x, y
        moved = centroids.copy()
        moved[index] = self.scaled(place[np.newaxis])[0]
        return moved

"""The plane of the plot: which two columns are across and up, in the units of the data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.labs.clustering import climbs
from app.views.scatter.scenery import Picture
from engine.clustering.frames import Phase
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.mean_shift.frames import MeanShiftFrame
from engine.data.scaling import Scaling

# Of each are held, beside the data: its place 8 bytes, pixel and colour 5, and 12 to find it.
# So that is half a gigabyte.
MAX_DRAWN = 20_000_000
_MAX_PLACES = 100


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """Between frames, which are in scaled units and D dimensions, and the plot.

    A single column is drawn across; up is then the number of the row, which does not count for
    the distance.

    Attributes:
        n_dims: D.
        axes: Which columns are across and up.
        scaling: Between the units of the data and those of the frames.
        n_points: N.
        rows: (N,) the number of each point's row in the source, from 0; None if all are there.
    """

    n_dims: int
    axes: tuple[int, ...]
    scaling: Scaling
    n_points: int = 0
    rows: np.ndarray | None = None

    @property
    def stride(self) -> int:
        """Every how many-th point is drawn: more than `MAX_DRAWN` would take much memory."""
        return max(1, -(-self.n_points // MAX_DRAWN))

    @property
    def metric(self) -> np.ndarray | None:
        """(2,) a unit of distance on each axis; None if nearness cannot be seen in the plane."""
        if self.n_dims > 2:
            return None
        if self.n_dims == 1:
            return np.array([self.scaling.scale[0], 1.0])
        return np.asarray(self.scaling.scale[list(self.axes)], np.float64)

    @property
    def radius(self) -> float | None:
        """How far the axes reach from zero, from whichever side; None where points say that."""
        return None

    def names(self, columns: Sequence[str]) -> tuple[str, str]:
        """What is written at the axes."""
        if self.n_dims == 1:
            return columns[0], "row"
        return columns[self.axes[0]], columns[self.axes[1]]

    def of_points(self, points: np.ndarray) -> np.ndarray:
        """(N, D) points of the data to (N / stride, 2)."""
        drawn = points[:: self.stride]
        if self.n_dims == 1:
            rows = np.arange(self.n_points) if self.rows is None else self.rows
            return np.column_stack([drawn[:, 0], rows[:: self.stride] + 1])  # as people count
        return drawn[:, list(self.axes)]

    def to_points(self, xy: np.ndarray) -> np.ndarray:
        """(N, 2) places in the plane of two columns to points of the data."""
        points = np.empty((len(xy), 2), np.float32)
        points[:, list(self.axes)] = xy
        return points

    def of_labels(self, labels: np.ndarray) -> np.ndarray:
        """(N,) labels to those of the points drawn; the same array where all are."""
        return labels if self.stride == 1 else labels[:: self.stride]

    def of_centroids(self, centroids: np.ndarray) -> np.ndarray:
        """(..., D) centroids of a frame to (..., 2)."""
        shown = self.scaling.inverse(centroids)
        if self.n_dims == 1:
            return np.concatenate([shown, np.full_like(shown, (self.n_points + 1) / 2)], axis=-1)
        return shown[..., list(self.axes)]

    def trails(self, frames: Sequence[KMeansFrame]) -> list[np.ndarray]:
        """Where each centroid of the last frame was since the seeding: K paths, (M, 2) each.

        Of many frames the later ones are thinned out: most of the way is made in the first.
        """
        if not frames or frames[-1].phase is Phase.SEED:
            return []
        n_seeding = next(n for n, frame in enumerate(frames) if frame.phase is not Phase.SEED)
        some = climbs.thinned(frames[n_seeding:], _MAX_PLACES)
        places = self.of_centroids(np.stack([frame.centroids for frame in some]))
        return list(places.transpose(1, 0, 2))

    def picture(self, frames: Sequence[Any], place: int) -> Picture:
        """What a frame looks like, with the trails of those before it."""
        frame = frames[place]
        if isinstance(frame, MeanShiftFrame):
            return self._climbing(frames[: place + 1])
        return Picture(
            self.of_centroids(frame.centroids),
            self.of_labels(frame.labels),
            self.trails(frames[: place + 1]),
            frame.empty,
        )

    def _climbing(self, frames: Sequence[MeanShiftFrame]) -> Picture:
        frame = frames[-1]
        return Picture(
            self.of_centroids(frame.centroids[: climbs.MAX_MODES]),
            self.of_labels(frame.labels),
            [],
            (),
            climbs.ways(frames, self.of_centroids),
            climbs.labels(frame),
        )

    def dragged(self, centroids: np.ndarray, index: int, x: float, y: float) -> np.ndarray:
        """The (K, D) centroids of a frame with one of them at a place of the plot.

        Columns that are not shown keep their values.
        """
        place = self.scaling.inverse(centroids[index : index + 1])[0]
        if self.n_dims == 1:
            place[0] = x
        else:
            place[list(self.axes)] = x, y
        moved = centroids.copy()
        moved[index] = self.scaling.forward(place[np.newaxis])[0]
        return moved

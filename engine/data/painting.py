"""Points painted by hand: added, sprayed, erased and moved on a canvas of two columns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset
from engine.frames import sealed

PAINTED = "painted"
# Each movement of the pointer examines and redraws all points.
MAX_PAINTED = 100_000
NO_LABEL = -1
# The largest float32, and so the largest coordinate.
LARGEST = float(np.finfo(np.float32).max)


def can_hold(places: np.ndarray) -> np.ndarray:
    """Whether float32 can represent each of (..., 2) positions: (...,) bool."""
    held: np.ndarray = (np.abs(places) <= LARGEST).all(-1)
    return held


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """Points that are being painted; each method returns a new canvas.

    Attributes:
        points: (N, 2) float32.
        labels: (N,) int64, `NO_LABEL` for points that have not been assigned.
    """

    points: np.ndarray
    labels: np.ndarray

    @classmethod
    def of(cls, points: np.ndarray, labels: np.ndarray | None) -> "Canvas":
        """Start with (N, 2) points and their (N,) labels; None for points without labels."""
        none = np.full(len(points), NO_LABEL, np.int64)
        return cls(points, none if labels is None else labels.astype(np.int64))

    def add(self, places: np.ndarray) -> "Canvas":
        """Add points without a label at (M, 2) positions, up to `MAX_PAINTED` points in all.

        Positions for which `can_hold` is false are skipped.
        """
        held = places[can_hold(places)]
        if not len(held):
            return self
        room = max(0, MAX_PAINTED - len(self.points))
        added = np.float32(held[:room]).reshape(-1, 2)
        labels = np.full(len(added), NO_LABEL, np.int64)
        return Canvas(np.concatenate([self.points, added]), np.concatenate([self.labels, labels]))

    def erase(self, centre: npt.ArrayLike, radii: npt.ArrayLike) -> "Canvas":
        """Remove the points inside an ellipse.

        Args:
            centre: (2,), its centre.
            radii: (2,), its half-axes; both above 0.
        """
        away = (self.points - np.asarray(centre)) / np.asarray(radii)
        stays = np.einsum("nd,nd->n", away, away) > 1
        return self if stays.all() else Canvas(self.points[stays], self.labels[stays])

    def move(self, index: int, place: npt.ArrayLike) -> "Canvas":
        """Move one point, which keeps its label; nothing happens if `can_hold` is false."""
        if not can_hold(np.asarray(place)):
            return self
        points = self.points.copy()
        points[index] = place
        return replace(self, points=points)


def dab(rng: np.random.Generator, n_points: int, jitter: float) -> np.ndarray:
    """Draw the points of one dab of a brush, uniformly distributed over its disc.

    Args:
        rng: The random generator of the brush.
        n_points: The number of points.
        jitter: The radius they cover, from 0, all at the centre, to 1, the whole disc.

    Returns:
        (n_points, 2) float64 offsets from the centre of a disc of radius 1.
    """
    angle, part = rng.uniform(0.0, 2 * np.pi, n_points), rng.uniform(0.0, 1.0, n_points)
    distance = jitter * np.sqrt(part)  # the area within a distance is proportional to its square
    return np.stack([distance * np.cos(angle), distance * np.sin(angle)], axis=1)


def painted(points: np.ndarray, columns: Sequence[str]) -> Dataset:
    """Make a data set of (N, 2) painted points.

    Unlike other data sets it may be empty: a canvas on which nothing has been painted yet.
    """
    return Dataset(
        points=sealed(np.ascontiguousarray(points), np.float32),
        columns=tuple(columns),
        source=PAINTED,
        kept=None,
        n_rows=len(points),
        left_out=(),
        notes=(),
    )

"""Points painted by hand: added, sprayed, erased and moved on a canvas of two columns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from engine.data.dataset import Dataset
from engine.frames import sealed

PAINTED = "painted"
# With each movement of the hand all points are looked at, and drawn anew.
MAX_PAINTED = 100_000
NO_LABEL = -1
# Of a coordinate, the largest number of float32.
LARGEST = float(np.finfo(np.float32).max)


def can_hold(places: np.ndarray) -> np.ndarray:
    """Whether float32 has numbers for each of (..., 2) places: (...,) bool."""
    held: np.ndarray = (np.abs(places) <= LARGEST).all(-1)
    return held


@dataclass(frozen=True, slots=True, eq=False)
class Canvas:
    """Points while they are being painted; each method gives another canvas.

    Attributes:
        points: (N, 2) float32.
        labels: (N,) int64, `NO_LABEL` for points that were not assigned yet.
    """

    points: np.ndarray
    labels: np.ndarray

    @classmethod
    def of(cls, points: np.ndarray, labels: np.ndarray | None) -> "Canvas":
        """Begin with (N, 2) points and their (N,) labels; None if they have none."""
        none = np.full(len(points), NO_LABEL, np.int64)
        return cls(points, none if labels is None else labels.astype(np.int64))

    def add(self, places: np.ndarray) -> "Canvas":
        """Put points without a label at (M, 2) places; no more than `MAX_PAINTED` in all.

        There is none at a place outside of `can_hold`.
        """
        held = places[can_hold(places)]
        if not len(held):
            return self
        room = max(0, MAX_PAINTED - len(self.points))
        added = np.float32(held[:room]).reshape(-1, 2)
        labels = np.full(len(added), NO_LABEL, np.int64)
        return Canvas(np.concatenate([self.points, added]), np.concatenate([self.labels, labels]))

    def erase(self, centre: npt.ArrayLike, radii: npt.ArrayLike) -> "Canvas":
        """Take the points away that lie in an ellipse.

        Args:
            centre: (2,), where it is.
            radii: (2,), its half-axes; both above 0.
        """
        away = (self.points - np.asarray(centre)) / np.asarray(radii)
        stays = np.einsum("nd,nd->n", away, away) > 1
        return self if stays.all() else Canvas(self.points[stays], self.labels[stays])

    def move(self, index: int, place: npt.ArrayLike) -> "Canvas":
        """Put one point elsewhere; its label goes with it. It stays if `can_hold` says no."""
        if not can_hold(np.asarray(place)):
            return self
        points = self.points.copy()
        points[index] = place
        return replace(self, points=points)


def dab(rng: np.random.Generator, n_points: int, jitter: float) -> np.ndarray:
    """Draw where the points of one dab of a brush fall, each part of the ring as likely.

    Args:
        rng: Of the brush.
        n_points: How many.
        jitter: How far they stray, from 0, all in the middle, to 1, the whole ring.

    Returns:
        (n_points, 2) float64 offsets from the middle of a ring of radius 1.
    """
    angle, part = rng.uniform(0.0, 2 * np.pi, n_points), rng.uniform(0.0, 1.0, n_points)
    distance = jitter * np.sqrt(part)  # the area within a distance grows with its square
    return np.stack([distance * np.cos(angle), distance * np.sin(angle)], axis=1)


def painted(points: np.ndarray, columns: Sequence[str]) -> Dataset:
    """Make a data set of (N, 2) painted points.

    Unlike any other it may be empty: a canvas on which nothing is painted yet.
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

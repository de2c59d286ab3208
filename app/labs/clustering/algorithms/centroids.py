"""What the algorithms with k centroids share in the window: trails, regions, the inertia curve."""

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np

from app.labs.clustering.algorithms.base import AlgorithmView, Options
from app.labs.clustering.algorithms.climbs import thinned
from app.labs.shared.plane import Plane
from app.numbers import in_millions
from app.views.scatter.scenery import Scene
from engine.clustering.frames import Phase
from engine.clustering.kmeans.frames import EmptyPolicy, KMeansFrame

CentroidFrame = TypeVar("CentroidFrame", bound=KMeansFrame)
_MAX_PLACES = 100


class CentroidView(AlgorithmView[Options, CentroidFrame]):
    """An algorithm whose frames are `KMeansFrame`s."""

    measure_text = "Sum of squared distances"
    has_regions = True

    def place(self, frame: CentroidFrame) -> tuple[float, float]:
        """Iteration and inertia; an update lies half-way between two assignments.

        Seeding has no place: its inertia, with centroids still missing, would make the rest of the
        curve flat.
        """
        if frame.phase is Phase.SEED or not np.isfinite(frame.inertia):
            return np.nan, np.nan
        return frame.iteration - 0.5 * (frame.phase is Phase.UPDATE), frame.inertia

    def branch_value(self, frame: CentroidFrame | None, over: bool) -> str:
        """The inertia, which can only fall."""
        if frame is None or not np.isfinite(self.place(frame)[1]):
            return "–"
        return ("" if over else "≤ ") + in_millions(frame.inertia)

    def layers(self, frames: list[Any], plane: Plane) -> Scene:
        """Centroids with their trails, and labels."""
        frame = frames[-1]
        return Scene(
            plane.of_centroids(frame.centroids),
            plane.of_labels(frame.labels),
            trails(frames, plane),
            frame.empty,
        )

    def glides(self, frame: CentroidFrame) -> bool:
        """Centroids glide in an update."""
        return frame.phase is Phase.UPDATE

    def previews(self, frame: CentroidFrame) -> bool:
        """The assignment is previewed, but not while centroids are still missing."""
        return frame.phase is not Phase.SEED


def empty(frame: KMeansFrame) -> list[str]:
    """Which centroids have no points, and what they do; nothing while some are missing."""
    if not frame.empty or frame.phase is Phase.SEED:
        return []
    labels = ", ".join(str(label) for label in frame.empty)
    does = "stays" if frame.empty_policy is EmptyPolicy.KEEP else "jumps to the farthest point"
    return [f"no points in {labels}, which {does}"]


def trails(frames: Sequence[KMeansFrame], plane: Plane) -> list[np.ndarray]:
    """Where each centroid of the last frame was since the seeding: K paths, (M, 2) each.

    The later frames of many are thinned out: most of a path is covered in the first ones.
    """
    if not frames or frames[-1].phase is Phase.SEED:
        return []
    n_seeding = next(n for n, frame in enumerate(frames) if frame.phase is not Phase.SEED)
    some = thinned(frames[n_seeding:], _MAX_PLACES)
    places = plane.of_centroids(np.stack([frame.centroids for frame in some]))
    return list(places.transpose(1, 0, 2))

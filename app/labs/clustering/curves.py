"""The curves of a history, inertia or shift: one a branch, longer with each frame that comes."""

from collections.abc import Sequence

import numpy as np

from app.labs.clustering.climbs import place_on_curve
from app.running.history import Branch
from engine.clustering.frames import Phase
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.mean_shift.frames import MeanShiftFrame


class Curves:
    """Remembers what is known of each curve, so that each frame is looked at once."""

    def __init__(self) -> None:
        self._known: dict[Branch, np.ndarray] = {}

    def clear(self) -> None:
        """Forget all."""
        self._known = {}

    def lack(self, branch: Branch) -> bool:
        """Whether a branch has frames that its curve has not."""
        return len(self._of(branch)) < len(branch.frames)

    def of(self, branches: Sequence[Branch]) -> list[np.ndarray]:
        """The curve of each branch, as `curve` gives it."""
        for branch in branches:
            known = self._of(branch)
            if len(known) < len(branch.frames):
                new = curve(branch.frames[len(known) :])
                self._known[branch] = np.concatenate([known, new])
        return [self._of(branch) for branch in branches]

    def _of(self, branch: Branch) -> np.ndarray:
        return self._known.get(branch, np.empty((0, 2)))


def curve(frames: Sequence[KMeansFrame | MeanShiftFrame]) -> np.ndarray:
    """Where each frame stands on the curve.

    An update lies half-way between two assignments. Seeding has no place: its inertia, with
    centroids still missing, would make the rest of the curve flat.

    Returns:
        (M, 2) iteration and inertia, or shift in mean shift; NaN for frames without a place.
    """
    places = [
        place_on_curve(frame) if isinstance(frame, MeanShiftFrame) else _inertia(frame)
        for frame in frames
    ]
    return np.array(places, np.float64).reshape(-1, 2)


def _inertia(frame: KMeansFrame) -> tuple[float, float]:
    if frame.phase is Phase.SEED:
        return np.nan, np.nan
    return frame.iteration - 0.5 * (frame.phase is Phase.UPDATE), frame.inertia

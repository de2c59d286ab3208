"""The inertia curves of a history: one for each branch, longer with each frame that comes."""

from collections.abc import Sequence

import numpy as np

from app.history import Branch
from engine.frames import KMeansFrame, Phase


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


def curve(frames: Sequence[KMeansFrame]) -> np.ndarray:
    """Where each frame stands on the inertia curve.

    An update lies half-way between two assignments. Seeding has no place: its inertia, with
    centroids still missing, would make the rest of the curve flat.

    Returns:
        (M, 2) iteration and inertia, NaN for frames of the seeding.
    """
    places = [
        (np.nan, np.nan)
        if frame.phase is Phase.SEED
        else (frame.iteration - 0.5 * (frame.phase is Phase.UPDATE), frame.inertia)
        for frame in frames
    ]
    return np.array(places, np.float64).reshape(-1, 2)

"""The curves of a history: one for each branch, which grows with each frame that comes."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from app.running.history import Branch

# Where a frame is on the curve; NaN for both if it is not on it.
Place = Callable[[Any], tuple[float, float]]


class Curves:
    """Keeps what is known of each curve, so that each frame is looked at once."""

    def __init__(self) -> None:
        self._known: dict[Branch, np.ndarray] = {}

    def clear(self) -> None:
        """Forget all."""
        self._known = {}

    def lack(self, branch: Branch) -> bool:
        """Whether a branch has frames that its curve has not."""
        return len(self._of(branch)) < len(branch.frames)

    def of(self, branches: Sequence[Branch], place: Place) -> list[np.ndarray]:
        """The curve of each branch, as `curve` gives it."""
        for branch in branches:
            known = self._of(branch)
            if len(known) < len(branch.frames):
                new = curve(branch.frames[len(known) :], place)
                self._known[branch] = np.concatenate([known, new])
        return [self._of(branch) for branch in branches]

    def _of(self, branch: Branch) -> np.ndarray:
        return self._known.get(branch, np.empty((0, 2)))


def curve(frames: Sequence[Any], place: Place) -> np.ndarray:
    """Where each frame is on the curve.

    Returns:
        (M, 2) iteration and measure; NaN for frames that are not on it.
    """
    return np.array([place(frame) for frame in frames], np.float64).reshape(-1, 2)

"""The history of a player: branches of frames, which can be restored."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from app.running.bridge import Run, Stepper
from app.running.packing import packed, packed_bytes

# The most memory for the packed arrays of all branches together.
HISTORY_BYTES = 2**30


@dataclass(eq=False)
class Branch:
    """A line of frames. It shares the frames before `fork` with the branch it came from.

    Attributes:
        frames: All frames, oldest first, with their large arrays packed.
        fork: How many frames it shares; 0 for the first branch.
        run: Delivers more frames; None if there are no more.
        cancelled: Whether the run was cancelled, so that there would be more frames.
        over: Whether the run has ended, so that there are no more frames.
        origin: The branch it came from; None for the first.
        name: What the user did there, as text to show.
        stepper: Makes the frames.
        to_skip: How many of its own frames a restarted run computes again before it reaches new
            ones.
        newest: The last frame, unpacked, if it is known; the next one is packed against it.
    """

    frames: list[Any] = field(default_factory=list)
    fork: int = 0
    run: Run | None = None
    cancelled: bool = False
    over: bool = False
    origin: "Branch | None" = None
    name: str = ""
    stepper: Stepper | None = None
    to_skip: int = 0
    newest: Any = None

    def extend(self, frames: Iterable[Any]) -> None:
        """Append new frames, packed."""
        for frame in frames:
            before = self.frames[-1] if self.frames else None
            self.frames.append(packed(frame, before, self.newest))
            self.newest = frame

    def stop(self) -> None:
        """Ask for no more frames."""
        if self.run is not None:
            self.run.cancel()
            self.run = None

    def holder(self, position: int) -> "Branch":
        """Return the branch that owns a frame: this one, or the one that shares it."""
        branch = self
        while branch.origin is not None and position < branch.fork:
            branch = branch.origin
        return branch


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """All branches, and the position in them. The branches themselves may still grow."""

    branches: tuple[Branch, ...]
    branch: Branch
    position: int


def is_full(branches: Iterable[Branch]) -> bool:
    """Whether branches need more than `HISTORY_BYTES` together."""
    return packed_bytes(chain(*(branch.frames for branch in branches))) > HISTORY_BYTES


def expendable(branches: Sequence[Branch], current: Branch) -> Branch | None:
    """Return the oldest branch except the first, which all are compared with, and the current."""
    return next((branch for branch in branches[1:] if branch is not current), None)

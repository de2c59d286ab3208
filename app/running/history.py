"""A history that branches: what a player remembers, and what can be put back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from app.running.bridge import Run, Stepper
from app.running.packing import held, packed

# What the large arrays of all branches together may need in memory.
HISTORY_BYTES = 2**30


@dataclass(eq=False)
class Branch:
    """One line of history; what lies before `fork` it shares with the branch it came from.

    Attributes:
        frames: All frames, oldest first, with their large arrays packed.
        fork: How many of them were taken over; 0 for the first branch.
        run: Where more come from; None when there are no more.
        cancelled: Whether there would be more, but nobody wants them.
        over: Whether there are no more, wanted or not.
        origin: The branch it left; None for the first.
        name: What was done there, in words.
        stepper: What its frames come from.
        to_skip: How many frames that it has already are computed again before others come.
        newest: The last frame as it came, if it is known: what the next one is packed against.
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
        """Keep frames that came."""
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
        """The branch that a frame belongs to: this one, or the one it was taken over from."""
        branch = self
        while branch.origin is not None and position < branch.fork:
            branch = branch.origin
        return branch


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """All branches, and the place among them; the branches themselves may still grow."""

    branches: tuple[Branch, ...]
    branch: Branch
    position: int


def is_full(branches: Iterable[Branch]) -> bool:
    """Whether branches hold more than they may together."""
    return held(chain(*(branch.frames for branch in branches))) > HISTORY_BYTES


def expendable(branches: Sequence[Branch], current: Branch) -> Branch | None:
    """The oldest branch but the first, with which all are compared, and the current one."""
    return next((branch for branch in branches[1:] if branch is not current), None)

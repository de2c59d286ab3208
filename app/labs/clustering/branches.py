"""The branches of a player on their tree, and the way from one to the other."""

from collections.abc import Sequence

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QAction

from app.labs.base import Lab
from app.numbers import in_millions
from app.running.history import Branch
from app.views.curves.branch_tree import BranchTree, Twig
from engine.clustering.frames import Phase
from engine.clustering.kmeans.frames import KMeansFrame

_FIRST = "From the start"


class Branches(QObject):
    """Shows the branches of a lab's history."""

    def __init__(self, lab: Lab) -> None:
        super().__init__(lab)
        self._player = lab.player
        self.tree = BranchTree()
        self.tree.picked.connect(self._on_picked)
        self.actions: list[QAction | None] = [
            lab.action("Next branch", lambda: self._walk(1), "PgDown"),
            lab.action("Previous branch", lambda: self._walk(-1), "PgUp"),
        ]

    def draw(self) -> None:
        """Draw the branches there are."""
        player = self._player
        current = player.branches.index(player.branch) if player.branches else -1
        self.tree.draw(twigs(player.branches), current)

    def _walk(self, by: int) -> None:
        branches = self._player.branches
        if len(branches) > 1:
            self._on_picked((branches.index(self._player.branch) + by) % len(branches))

    def _on_picked(self, index: int) -> None:
        """Go to a branch: the same place on it, or the first that is its own."""
        player = self._player
        branch = player.branches[index]
        if branch is not player.branch:
            player.pause()
            player.seek(max(player.position, branch.fork), branch)


def twigs(branches: Sequence[Branch]) -> list[Twig]:
    """What the tree shows of branches; one whose origin was forgotten hangs a step higher."""
    return [
        Twig(branch.name or _FIRST, _parent(branch, branches), _inertia(branch), _tip(branch))
        for branch in branches
    ]


def _parent(branch: Branch, branches: Sequence[Branch]) -> int:
    origin = branch.origin
    while origin is not None:
        if origin in branches:
            return branches.index(origin)
        origin = origin.origin
    return -1


def _inertia(branch: Branch) -> str:
    frame = branch.frames[-1] if branch.frames else None
    if not isinstance(frame, KMeansFrame) or frame.phase is Phase.SEED:
        return "–"
    return ("" if branch.over else "≤ ") + in_millions(frame.inertia)  # it can only fall


def _tip(branch: Branch) -> str:
    n_frames = len(branch.frames) - branch.fork
    end = "to its end" if branch.over else "so far"
    return f"{branch.name or _FIRST}: {n_frames} steps of its own {end}"

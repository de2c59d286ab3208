"""The branches of a history as a tree, and how to go from one to another."""

from collections.abc import Callable, Sequence
from typing import Any

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QAction

from app.labs.clustering.state import ClusteringState
from app.labs.shared.actions import Actions
from app.running.history import Branch
from app.running.player import Player
from app.views.curves.branch_tree import BranchTree, Twig

_FIRST = "From the start"
# The text at the end of a branch, from its last frame, or None, and whether its run is over.
Value = Callable[[Any, bool], str]


class Branches(QObject):
    """Shows the branches of the history.

    Attributes:
        tree: The view.
        actions: For a menu.
    """

    def __init__(self, state: ClusteringState, player: Player, actions: Actions) -> None:
        super().__init__(state)
        self._state, self._player = state, player
        self.tree = BranchTree()
        self.tree.picked.connect(self._on_picked)
        self.actions: list[QAction | None] = [
            actions.action("Next branch", lambda: self._walk(1), "PgDown"),
            actions.action("Previous branch", lambda: self._walk(-1), "PgUp"),
        ]

    def draw(self) -> None:
        """Draw the branches there are."""
        branches = self._player.branches
        current = branches.index(self._player.branch) if branches else -1
        self.tree.draw(twigs(branches, self._state.view.branch_value), current)

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


def twigs(branches: Sequence[Branch], value: Value) -> list[Twig]:
    """What the tree shows of branches; one whose origin was forgotten hangs a step higher."""
    return [
        Twig(
            branch.name or _FIRST,
            _parent(branch, branches),
            value(branch.frames[-1] if branch.frames else None, branch.over),
            _tip(branch),
        )
        for branch in branches
    ]


def _parent(branch: Branch, branches: Sequence[Branch]) -> int:
    origin = branch.origin
    while origin is not None:
        if origin in branches:
            return branches.index(origin)
        origin = origin.origin
    return -1


def _tip(branch: Branch) -> str:
    n_frames = len(branch.frames) - branch.fork
    end = "to its end" if branch.over else "so far"
    return f"{branch.name or _FIRST}: {n_frames} steps of its own {end}"

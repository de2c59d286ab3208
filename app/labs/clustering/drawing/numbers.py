"""What is read of the history: the curves, the table, the tree of branches, and the words."""

from typing import Any

from PyQt6.QtCore import QObject

from app.labs.clustering.drawing.branches import Branches
from app.labs.clustering.drawing.curves import Curves
from app.labs.clustering.drawing.state_lines import StateLines
from app.labs.clustering.state import ClusteringState
from app.running.player import Player
from app.views.curves.curve import CurveView
from app.views.tables.cluster_table import ClusterTable


class Numbers(QObject):
    """Draws what is read beside the plot, and says it in words."""

    def __init__(
        self,
        state: ClusteringState,
        player: Player,
        curve: CurveView,
        table: ClusterTable,
        branches: Branches,
        lines: StateLines,
    ) -> None:
        """Draw nothing yet.

        Args:
            state: Which frame is on screen.
            player: Its history.
            curve: The measure by iteration.
            table: The clusters.
            branches: The branches of the history.
            lines: The words.
        """
        super().__init__(state)
        self._state, self._player = state, player
        self._curve, self._table, self._branches = curve, table, branches
        self._lines, self._curves = lines, Curves()
        curve.picked.connect(self._on_picked)
        state.options_changed.connect(self.name_measures)

    def name_measures(self) -> None:
        """Head curve and table by what the algorithm measures."""
        view = self._state.view
        self._curve.name_measure(view.measure_name, view.step_name)
        self._table.name_measure(view.column_name)

    def clear(self) -> None:
        """Take the history away."""
        self._curves.clear()
        self._curve.draw([], 0, -1)
        self._branches.draw()
        self._table.setRowCount(0)
        self._lines.show()

    def draw(self) -> None:
        """Draw all of it."""
        self._draw_curves()
        self.draw_table(self._state.frame)
        self._lines.show()

    def draw_table(self, frame: Any) -> None:
        """Draw the clusters of a frame, which may be a preview."""
        numbers = self._state.view.numbers(frame)
        self._table.draw(numbers.sizes, numbers.measures, numbers.n_noise)

    def catch_up(self) -> None:
        """Say where the run is, and draw the curves of frames that are not on screen."""
        self._lines.show()
        if self._curves.lack(self._player.branch):
            self._draw_curves()

    def _draw_curves(self) -> None:
        player = self._player
        if player.frame is None:
            return
        branches = player.branches
        curves = self._curves.of(branches, self._state.view.place)
        self._curve.draw(curves, branches.index(player.branch), player.position)
        self._branches.draw()

    def _on_picked(self, branch: int, index: int) -> None:
        self._player.seek(index, self._player.branches[branch])

"""The lines of text around the views: headline, where the run is, and the measure."""

from collections.abc import Callable
from typing import Any

from PyQt6.QtCore import QObject, QTimer

from app.labs.clustering import words
from app.labs.clustering.state import ClusteringState
from app.running.player import Player
from app.widgets import StateLine, label

# Who waits longer is told why.
_LONG_MS = 400


class StateLines(QObject):
    """Says in words what is on screen.

    Attributes:
        headline: The algorithm.
        status: Where the run is.
        measure: What the curve measures, as a heading.
        value: What the curve measures, with its value now.
    """

    def __init__(
        self, state: ClusteringState, player: Player, is_ready: Callable[[], bool]
    ) -> None:
        """Say nothing yet.

        Args:
            state: What is on screen.
            player: Where the run is.
            is_ready: Whether TensorFlow is there.
        """
        super().__init__(state)
        self._state, self._player, self._is_ready = state, player, is_ready
        self.headline, self.measure = label("", "heading"), label("", "heading")
        self.status, self.value = StateLine(), StateLine()
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        for signal, slot in (
            (self._patience.timeout, self._on_long),
            (player.searching, lambda search: self.status.setText(words.searching(search))),
            (state.options_changed, self.name_algorithm),
            (state.player_changed, self._be_patient),
        ):
            signal.connect(slot)
        self.name_algorithm()

    def name_algorithm(self) -> None:
        """Head everything by the algorithm."""
        view = self._state.view
        self.headline.setText(view.headline)
        self.measure.setText(view.measure_name)

    def show(self) -> None:
        """Say where the run is, or why there is none."""
        self.status.setText(self._status())
        self.value.setText(self._state.view.measure_line(self._state.frame))

    def preview(self, frame: Any) -> None:
        """Say what would be if the centroid in the hand were let go."""
        self.status.setText(words.in_the_hand(frame))
        self.value.setText(self._state.view.measure_line(frame))

    def _be_patient(self) -> None:
        self._patience.start(_LONG_MS) if self._player.waiting else self._patience.stop()

    def _on_long(self) -> None:
        if self._player.waiting and self._state.frame is not None:
            self.status.setText(f"{self._status()} · {words.LONG}")

    def _status(self) -> str:
        state, player = self._state, self._player
        if state.frame is not None:
            return self._status_of_frame()
        if state.has_too_few:
            return words.too_few(state.n_points, state.n_needed)
        is_asked = player.branch.run is not None
        return words.before_first_frame(state.n_points, is_asked, self._is_ready())

    def _status_of_frame(self) -> str:
        player = self._player
        text = self._state.describe(player.last_slice if player.drawing_some else 1)
        is_cancelled = player.branch.cancelled and player.at_end
        return f"{text} · {words.CANCELLED}" if is_cancelled else text

"""Draws the frame on screen: the scatter at once, curves and numbers when they can be read."""

from typing import Any

from PyQt6.QtCore import QObject, QTimer

from app.labs.clustering.drawing.numbers import Numbers
from app.labs.clustering.drawing.pace import Pace
from app.labs.clustering.state import ClusteringState
from app.running.player import Player
from app.views.scatter.view import ScatterView

# How often curves and numbers are drawn while frames follow as fast as they can: nobody reads
# faster, and the points need the time.
_READING_MS = 60


class Drawing(QObject):
    """Draws what the player is at."""

    def __init__(
        self,
        state: ClusteringState,
        player: Player,
        scatter: ScatterView,
        numbers: Numbers,
        pace: Pace,
    ) -> None:
        """Draw nothing yet.

        Args:
            state: What is on screen.
            player: Whether frames follow as fast as they can.
            scatter: The plot.
            numbers: What is read beside it.
            pace: How fast frames follow.
        """
        super().__init__(state)
        self._state, self._player, self._scatter = state, player, scatter
        self._numbers, self._pace = numbers, pace
        self._reading, self._is_late = QTimer(self), False
        self._reading.setSingleShot(True)
        self._reading.timeout.connect(self._on_read)
        for signal, slot in (
            (state.history_cleared, self._clear),
            (state.frame_changed, self._draw),
            (state.player_changed, self._catch_up),
        ):
            signal.connect(slot)

    def redraw(self) -> None:
        """Draw the frame on screen, if there is one."""
        if self._state.frame is not None:
            self._draw()

    def preview(self, frame: Any) -> None:
        """Show who would be assigned to whom, while a centroid is in the hand."""
        self._scatter.recolor(self._state.plane.of_labels(frame.labels))
        self._numbers.draw_table(frame)

    def _clear(self) -> None:
        self._is_late = False
        if not self._state.keeps_scene:
            self._scatter.clear_scene()
        self._numbers.clear()

    def _draw(self) -> None:
        state = self._state
        if state.has_stroke:
            return
        glides = state.view.glides(state.frame)
        self._scatter.draw(state.scene(), self._pace.glide_ms if glides else 0)
        state.hover(state.hovered)
        if self._can_be_read():
            self._numbers.draw()

    def _can_be_read(self) -> bool:
        """Whether it is time for curves and numbers; if not, they come when it is."""
        self._is_late = self._player.fast and self._reading.isActive()
        if not self._is_late:
            self._reading.start(_READING_MS)
        return not self._is_late

    def _on_read(self) -> None:
        if self._is_late and not self._state.has_stroke:
            self._can_be_read()
            self._numbers.draw()

    def _catch_up(self) -> None:
        """Something about the player is different; frames may have come that are not drawn."""
        if self._is_late and self._player.fast:
            return
        if self._is_late:
            self._on_read()
        self._numbers.catch_up()

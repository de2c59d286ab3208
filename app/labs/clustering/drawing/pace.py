"""How fast frames follow one another, and what that leaves time for."""

from PyQt6.QtGui import QAction

from app.controls.transport import TransportBar
from app.running.player import Player

# A glide takes this part of the time between two frames, and a third of a second at most.
_GLIDE_PART, _GLIDE_MS, _TOO_SHORT_MS = 0.6, 330, 60
# While frames follow faster than this, nobody could read along.
_READABLE_MS = 240
# While playing, the walk through the operations takes this part of the time of a frame.
_WALK_PART = 0.8


class Pace:
    """Asks the player whether it plays, the transport bar how fast, and an action what may move."""

    def __init__(self, player: Player, transport: TransportBar, animates: QAction) -> None:
        """Keep them.

        Args:
            player: Whether it plays.
            transport: How fast.
            animates: Whether things may move by themselves between two frames.
        """
        self._player, self._transport, self._animates = player, transport, animates

    @property
    def animates(self) -> bool:
        """Whether things may move by themselves between two frames."""
        return self._animates.isChecked()

    @property
    def glide_ms(self) -> int:
        """How long centroids glide to their next place; 0 for not at all."""
        if not self.animates:
            return 0
        if not self._player.playing:
            return _GLIDE_MS
        between = self._transport.interval_ms
        return min(_GLIDE_MS, round(_GLIDE_PART * between)) if between > _TOO_SHORT_MS else 0

    @property
    def walk_ms(self) -> float | None:
        """How long a walk through the operations may take; None for as long as reading takes."""
        return _WALK_PART * self._transport.interval_ms if self._player.playing else None

    @property
    def is_unreadable(self) -> bool:
        """Whether frames follow so fast that nobody could read what is said of each."""
        player = self._player
        return player.fast or (player.playing and self._transport.interval_ms < _READABLE_MS)

"""A centroid in the hand: the assignment while it is held, and a branch where it is let go."""

from PyQt6.QtCore import QObject, pyqtSignal

from app.labs.clustering import words
from app.labs.clustering.state import ClusteringState
from app.running.bridge import Bridge, Stepper
from app.running.player import Player
from app.running.requests import Request
from app.views.scatter.view import ScatterView


class Preview(QObject):
    """Brings the first frame of the newest stepper asked for; those in between are skipped.

    Signals:
        came: The frame.
        failed: Why there is none.
    """

    came = pyqtSignal(object)
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._request = Request(bridge, self)
        self._request.failed.connect(self.failed)
        self._next: Stepper | None = None

    def ask(self, stepper: Stepper) -> None:
        """Ask for the first frame of a stepper, once the engine is done with the one before."""
        self._next = stepper
        if not self._request.is_busy:
            self._start()

    def stop(self) -> None:
        """Want no more frames; no signal follows."""
        self._next = None
        self._request.cancel()

    def _start(self) -> None:
        if self._next is not None:
            stepper, self._next = self._next, None
            self._request.follow(stepper, self._on_came)

    def _on_came(self, frame: object) -> None:
        self._request.cancel()  # the rest of that run is not wanted
        self._start()
        self.came.emit(frame)


class Hand(QObject):
    """Lets a centroid of the frame on screen be dragged.

    Signals:
        previewed: What the assignment would be, as a frame, while it is held.
        failed: Why there is none.
        branching: The history is about to branch; what was done, in words.
    """

    previewed = pyqtSignal(object)
    failed = pyqtSignal(Exception)
    branching = pyqtSignal(str)

    def __init__(
        self, bridge: Bridge, state: ClusteringState, player: Player, scatter: ScatterView
    ) -> None:
        """Get ready.

        Args:
            bridge: To the engine.
            state: Which frame is on screen, and what follows it.
            player: Its history, which branches.
            scatter: Where centroids are dragged.
        """
        super().__init__(state)
        self._state, self._player = state, player
        self._plays_on = False
        self._preview = Preview(bridge, self)
        for signal, slot in (
            (self._preview.came, self.previewed),
            (self._preview.failed, self.failed),
            (scatter.dragging, self.drag),
            (scatter.dropped, self.drop),
            (state.history_cleared, self._preview.stop),
        ):
            signal.connect(slot)

    def drag(self, index: int, x: float, y: float) -> None:
        """Hold a centroid at x, y: ask who would be assigned to whom."""
        if self._player.playing:  # the history must not walk away under the hand
            self._plays_on = True
            self._player.pause()
        stepper = self._state.dragged(index, x, y)
        if stepper is not None and self._state.can_preview:
            self._preview.ask(stepper)

    def drop(self, index: int, x: float, y: float) -> None:
        """Let a centroid go at x, y: branch the history, and play on if it played before."""
        self._preview.stop()
        stepper = self._state.dragged(index, x, y)
        if stepper is not None:
            name = words.dragged(index, self._state.frame, self._state.view.step_name)
            self.branching.emit(f"dragging centroid {index}")
            self._player.fork(stepper, name=name)
        if self._plays_on:
            self._plays_on = False
            self._player.play()

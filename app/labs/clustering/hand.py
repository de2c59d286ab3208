"""A centroid in the hand: the assignment while it is held, and a branch where it is let go."""

from collections.abc import Callable

from PyQt6.QtCore import QObject, pyqtSignal

from app.labs.clustering import words
from app.running.bridge import Bridge, Run, Stepper
from app.running.player import Player
from engine.clustering.frames import Phase


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
        self._bridge = bridge
        self._run: Run | None = None
        self._next: Stepper | None = None

    def ask(self, stepper: Stepper) -> None:
        """Ask for the first frame of a stepper, once the engine is done with the one before."""
        self._next = stepper
        if self._run is None:
            self._start()

    def stop(self) -> None:
        """Want no more frames; no signal follows."""
        self._next = None
        if self._run is not None:
            self._run.cancel()
            self._run = None

    def _start(self) -> None:
        if self._next is None:
            return
        self._run, self._next = self._bridge.run(self._next), None
        self._run.advanced.connect(lambda frames: self._on_came(frames[0]))
        self._run.failed.connect(self._on_failed)
        self._run.advance()

    def _on_came(self, frame: object) -> None:
        following = self._next
        self.stop()  # the rest of that run is not wanted
        self._next = following
        self._start()
        self.came.emit(frame)

    def _on_failed(self, error: Exception) -> None:
        self._run = None
        self.failed.emit(error)


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
        self,
        bridge: Bridge,
        player: Player,
        moved: Callable[[int, float, float], Stepper | None],
        parent: QObject,
    ) -> None:
        """Get ready.

        Args:
            bridge: To the engine.
            player: Whose frame is on screen, and whose history branches.
            moved: Makes the stepper that follows when a centroid stands at x, y.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self._player = player
        self._moved = moved
        self._plays_on = False
        self._preview = Preview(bridge, self)
        self._preview.came.connect(self.previewed)
        self._preview.failed.connect(self.failed)
        player.cleared.connect(self._preview.stop)

    def drag(self, index: int, x: float, y: float) -> None:
        """Hold a centroid at x, y: ask who would be assigned to whom."""
        if self._player.playing:  # the history must not walk away under the hand
            self._plays_on = True
            self._player.pause()
        stepper = self._moved(index, x, y)
        if stepper is not None and self._player.frame.phase is not Phase.SEED:
            self._preview.ask(stepper)

    def drop(self, index: int, x: float, y: float) -> None:
        """Let a centroid go at x, y: branch the history, and play on if it played before."""
        self._preview.stop()
        stepper = self._moved(index, x, y)
        if stepper is not None:
            name = words.dragged(index, self._player.frame)
            self.branching.emit(f"dragging centroid {index}")
            self._player.fork(stepper, name=name)
        if self._plays_on:
            self._plays_on = False
            self._player.play()

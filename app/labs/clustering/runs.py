"""Runs of the algorithm chosen: when one begins, from where, and what is said of its end."""

from collections.abc import Callable

from PyQt6.QtCore import QObject, pyqtSignal

from app.controls.clustering.algorithm import AlgorithmControl
from app.labs.clustering.state import ClusteringState
from app.running.bridge import Bridge
from app.running.history import Branch
from app.running.player import Player
from app.running.requests import Request
from engine.clustering.base import Start


class Runs(QObject):
    """Begins runs on the points on screen.

    Signals:
        restarting: The history is about to be replaced by that of a run with other options.
        noticed: A sentence about the end of a run.
    """

    restarting = pyqtSignal()
    noticed = pyqtSignal(str)

    def __init__(self, state: ClusteringState, player: Player, algorithm: AlgorithmControl) -> None:
        """Begin nothing yet.

        Args:
            state: The points, and the options of the run.
            player: Plays it.
            algorithm: Where options are chosen.
        """
        super().__init__(state)
        self._state, self._player, self._algorithm = state, player, algorithm
        self._noted: Branch | None = None
        for signal, slot in (
            (algorithm.changed, self.restart),
            (state.frame_changed, self._note_end),
        ):
            signal.connect(slot)

    def restart(self) -> None:
        """Forget the history, and run with what is chosen now."""
        if self._state.loaded is not None:
            self.restarting.emit()
            self._state.set_options(self._algorithm.options)
            self.begin()

    def begin(self, start: Start | None = None) -> None:
        """Begin a history, with the same options.

        Args:
            start: Where the run goes on from; None to begin at the beginning.
        """
        if self._state.has_too_few:
            self._player.clear()
        else:
            self._player.load(self._state.stepper(start))

    def _note_end(self) -> None:
        """Say once of a run what should be said of its end."""
        frame, branch = self._state.frame, self._player.branch
        if frame.stop is None or branch is self._noted:
            return
        self._noted = branch
        if sentence := self._state.view.algorithm.note(frame):
            self.noticed.emit(sentence)


class WarmUp(QObject):
    """Compiles while the first frame is looked at, so that play does not wait for it."""

    def __init__(
        self, bridge: Bridge, state: ClusteringState, player: Player, is_seen: Callable[[], bool]
    ) -> None:
        """Compile nothing yet.

        Args:
            bridge: To the engine.
            state: What the run needs.
            player: Whether it is at the first frame.
            is_seen: Whether the lab is on screen.
        """
        super().__init__(state)
        self._state, self._player, self._is_seen = state, player, is_seen
        # What goes wrong here goes wrong in the run too, and is told there.
        self._request = Request(bridge, self)
        state.frame_changed.connect(self._begin)

    @property
    def is_busy(self) -> bool:
        """Whether it is compiling."""
        return self._request.is_busy

    def _begin(self) -> None:
        is_first = len(self._player.branch.frames) == 1
        if self._player.playing or not (is_first and self._is_seen()):
            return
        if (stepper := self._state.warm_up()) is not None:
            self._request.ask(stepper, lambda _: None)

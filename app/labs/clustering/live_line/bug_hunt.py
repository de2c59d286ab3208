"""The bug to be found: broadcasting, executed on the points on screen."""

from collections.abc import Callable

from PyQt6.QtCore import QObject, pyqtSignal

from app.controls.busy import BusyLine
from app.labs.clustering.live_line import tracing, words
from app.labs.clustering.state import ClusteringState
from app.running.bridge import Bridge
from app.running.requests import Request
from app.views.live_line.bug_card import BugCard
from app.views.scatter.view import ScatterView
from engine.clustering.operations.bug_result import BugResult
from engine.errors import EngineError


class BugHunt(QObject):
    """Executes the buggy operations, and shows on the plot what it found.

    Signals:
        failed: A mistake of this program.

    Attributes:
        busy: Whether the operations are being executed.
    """

    failed = pyqtSignal(Exception)

    def __init__(
        self,
        bridge: Bridge,
        state: ClusteringState,
        scatter: ScatterView,
        card: BugCard,
        seed: Callable[[], int],
    ) -> None:
        """Ask nothing yet.

        Args:
            bridge: To the engine.
            state: The points.
            scatter: Where the point that was found is shown.
            card: Shows the result.
            seed: The seed of the first point.
        """
        super().__init__(state)
        self._state, self._scatter, self._card, self._seed = state, scatter, card, seed
        self._asked: tuple[object, ...] | None = None
        self.busy = BusyLine()
        self._request = Request(bridge, self, self.busy)
        for signal, slot in (
            (self._request.failed, self._on_failed),
            (self.busy.cancelled, self._forget),
            (card.answered, self._on_answered),
        ):
            signal.connect(slot)

    @property
    def is_busy(self) -> bool:
        """Whether the operations are being executed."""
        return self._request.is_busy

    def ask(self) -> None:
        """Execute them on the points on screen, unless that was already requested."""
        state, seed = self._state, self._seed()
        asked = state.loaded, seed, state.standardized
        if state.loaded is None or self._asked == asked:
            return
        stepper = tracing.find_bug(state.points, state.plane.scaled, seed)
        self._request.ask(stepper, self._card.draw, words.MEASURING)
        self._asked = asked

    def cancel(self) -> None:
        """Cancel the question, if it is not answered yet."""
        if self._request.is_busy:
            self._request.cancel()
            self._forget()

    def _forget(self) -> None:
        self._asked = None

    def _on_answered(self, is_right: bool) -> None:
        """Show on the plot which point the buggy code takes for the farthest."""
        result: BugResult | None = self._card.result
        if is_right and result is not None and self._state.draws_all:
            self._scatter.show_note(result.found, "the bug takes this point for the farthest")

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, EngineError):
            self._card.say(str(error))
        else:
            self.failed.emit(error)

"""Draws pictures on background threads, so that the window stays responsive."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any

from PyQt6.QtCore import QObject, Qt, pyqtSignal

from app.running.threads import DRAWING, threads

# Keeps objects alive that a thread is about to signal: their owners may be deleted by then.
_at_work: dict[Future[Any], "Latest"] = {}
# One thread for what is on screen, one for what is prepared for later.
_threads = threads("drawing", 2, DRAWING)


class Latest(QObject):
    """Does one task at a time; of the tasks requested meanwhile only the last is done.

    It has no parent, because it may outlive its owner while a task runs.

    Signals:
        came: The result of a task.
    """

    came = pyqtSignal(object)
    _done = pyqtSignal(Future)

    def __init__(self) -> None:
        super().__init__()
        self._running: Future[Any] | None = None
        self._next: Callable[[], Any] | None = None
        # The stubs of PyQt6 lack the second argument.
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]

    @property
    def busy(self) -> bool:
        """Whether a result is still to come."""
        return self._running is not None

    def ask(self, work: Callable[[], Any]) -> None:
        """Request a task, which must take no lock and hold the interpreter lock only briefly."""
        self._next = work
        if self._running is None:
            self._start()

    def drop(self) -> None:
        """Wait for the running task and drop all results: no signal follows."""
        self._next = None
        if self._running is not None:
            wait([self._running])
            self._running = None

    def _start(self) -> None:
        if self._next is not None:
            self._running, self._next = _threads.submit(self._next), None
            _at_work[self._running] = self
            self._running.add_done_callback(self._done.emit)

    def _on_done(self, future: Future[Any]) -> None:
        del _at_work[future]
        if future is not self._running:  # it was dropped
            return
        self._running = None
        self._start()
        self.came.emit(future.result())

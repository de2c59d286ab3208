"""Work for a picture on threads of their own, so that the window goes on meanwhile."""

from collections.abc import Callable
from concurrent.futures import Future, wait
from typing import Any

from PyQt6.QtCore import QObject, Qt, pyqtSignal

from app.running.threads import DRAWING, threads

# Qt must not delete what a thread is about to signal, and its owner may be gone by then.
_at_work: dict[Future[Any], "Latest"] = {}
# One for what is on screen now, one for what is made ready for later.
_threads = threads("drawing", 2, DRAWING)


class Latest(QObject):
    """Does one piece of work at a time; of those asked for meanwhile only the last is done.

    It has no parent, for it may outlive its owner by the work that is being done.

    Signals:
        came: What a piece of work returned.
    """

    came = pyqtSignal(object)
    _done = pyqtSignal(Future)

    def __init__(self) -> None:
        super().__init__()
        self._running: Future[Any] | None = None
        self._next: Callable[[], Any] | None = None
        # PyQt6's stubs leave out the second argument.
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]

    @property
    def busy(self) -> bool:
        """Whether something is yet to come."""
        return self._running is not None

    def ask(self, work: Callable[[], Any]) -> None:
        """Ask for work that takes no lock, and holds the interpreter's only for moments."""
        self._next = work
        if self._running is None:
            self._start()

    def drop(self) -> None:
        """Wait for what is being done, and want nothing any more: no signal follows."""
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

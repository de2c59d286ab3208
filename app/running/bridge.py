"""The border between the GUI thread and the engine thread; nothing else crosses it.

A stepper is a function that makes a generator of frames. The bridge pulls frames from it on one
background thread, one slice for each request. So at most one event for each run is queued for the
GUI, however fast the engine is.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, NamedTuple

from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSignal

from app.running.threads import ENGINE, threads
from engine.frames import Search

# After this many seconds a search reports its progress, and other runs get their turn.
_SEARCH_TURN = 0.05
Frames = Generator[Any, None, None]
Stepper = Callable[[], Frames]


# Runs whose slice had not arrived when their bridge closed. The engine thread will still emit their
# signals, so Qt must not delete them.
_orphans: list["Run"] = []


class Slice(NamedTuple):
    """The result of one call of `Run.advance`: frames, and how the stepper ended if it did.

    Attributes:
        frames: Oldest first; empty while the stepper searches.
        over: Whether the stepper has ended.
        error: The exception it raised, if any.
        reached: The progress of a search; None if there are frames.
    """

    frames: tuple[Any, ...]
    over: bool
    error: Exception | None = None
    reached: Search | None = None


def _leave(frames: Frames, last: "Future[Slice] | None") -> None:
    """Close a generator after the slice in flight, and raise what that slice raised."""
    error = None if last is None else last.result().error
    if error is not None:
        raise error
    frames.close()


def _slice(frames: Frames, cancelled: threading.Event, budget: float) -> Slice:
    """Pull frames for `budget` seconds, at least one; or search until other runs have a turn."""
    began = time.monotonic()
    deadline, turn = began + budget, began + _SEARCH_TURN
    taken: list[Any] = []
    try:
        for frame in frames:
            if isinstance(frame, Search):
                if cancelled.is_set() or time.monotonic() >= turn:
                    return Slice((), over=False, reached=frame)
                continue
            taken.append(frame)
            if cancelled.is_set() or time.monotonic() >= deadline:
                return Slice(tuple(taken), over=False)
    except Exception as error:
        return Slice(tuple(taken), over=True, error=error)
    return Slice(tuple(taken), over=True)


class Run(QObject):
    """One stepper on the engine thread. It deletes itself when it has ended.

    Args:
        stepper: Makes the frames.
        engine: The thread.
        parent: Qt's owner.
        ended: Called on any thread when nothing is left to do: with the exception that was raised
            while it was cancelled, which no signal reports, and whether all went well.

    Signals:
        searching: The progress of the stepper's search; frames follow without another request.
        advanced: The frames of one slice, oldest first, never empty.
        finished: The stepper returned. Nothing follows.
        failed: The stepper raised this exception. Nothing follows.
    """

    searching = pyqtSignal(Search)
    advanced = pyqtSignal(tuple)
    finished = pyqtSignal()
    failed = pyqtSignal(Exception)
    _sliced = pyqtSignal(Future)

    def __init__(
        self,
        stepper: Stepper,
        engine: ThreadPoolExecutor,
        parent: QObject,
        ended: Callable[[BaseException | None, bool], object] = lambda *_: None,
    ) -> None:
        super().__init__(parent)
        self._ended = ended
        self._last: Future[Slice] | None = None
        self._frames = stepper()
        self._engine = engine
        self._cancelled = threading.Event()
        self._in_flight, self._budget = False, 0.0
        self._over = False
        # Queued even when the slice is done before this is connected: `advance` never re-enters.
        # PyQt6's stubs leave out the second argument.
        self._sliced.connect(self._on_sliced, Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]
        # Qt handles all queued events before its timers. A slice waits for a timer, so that other
        # events are handled between the painting of a frame and the drawing of the next.
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._take)
        self._arrived: Future[Slice] | None = None

    @property
    def in_flight(self) -> bool:
        """Whether a slice was requested and has not arrived."""
        return self._in_flight

    def advance(self, budget: float = 0.0) -> None:
        """Request the next slice; does nothing while one is in flight.

        Args:
            budget: Seconds of frames to deliver together; 0 delivers exactly one frame.
        """
        if self._in_flight or self._over:
            return
        self._in_flight, self._budget = True, budget
        self._last = self._engine.submit(_slice, self._frames, self._cancelled, budget)
        self._last.add_done_callback(self._sliced.emit)

    def cancel(self) -> None:
        """Stop at the next frame; no signal follows. Does nothing if it has ended."""
        if self._over or self._cancelled.is_set():
            return
        self._cancelled.set()
        last = self._last if self._in_flight else None
        left = self._engine.submit(_leave, self._frames, last)  # one thread: this is run after it
        ended = self._ended
        left.add_done_callback(lambda done: ended(done.exception(), not done.exception()))
        self._end()

    def _on_sliced(self, future: Future[Slice]) -> None:
        self._arrived = future
        self._turn.start()

    def _take(self) -> None:
        assert self._arrived is not None
        self._in_flight, future = False, self._arrived
        if self._over:
            self.deleteLater()
            return
        frames, over, error, reached = future.result()
        if reached is not None:
            self.searching.emit(reached)
            self.advance(self._budget)  # does nothing if a slot of `searching` has cancelled
            return
        if frames:
            self.advanced.emit(frames)
        if over and not self._over:  # a slot of `advanced` may have cancelled
            self._end()
            if error is None:
                self.finished.emit()
            else:
                self.failed.emit(error)
            self._ended(None, error is None)

    def _end(self) -> None:
        self._over = True
        if not self._in_flight:  # otherwise its slice has yet to arrive
            self.deleteLater()


class Bridge(QObject):
    """Owns the engine thread. Runs take turns on it, slice by slice.

    Signals:
        lost: The error of a cancelled run that could not write its results.
        settled: Nothing is `unsaved` any more; carries whether everything was written.
    """

    lost = pyqtSignal(Exception)
    settled = pyqtSignal(bool)
    _ended = pyqtSignal(object, object, bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = threads("engine", 1, ENGINE)
        self._unsaved: dict[object, str] = {}
        self._all_saved = True
        # PyQt6's stubs leave out the second argument.
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]

    @property
    def unsaved(self) -> tuple[str, ...]:
        """What would be lost if the process ended now, as text to show."""
        return tuple(dict.fromkeys(self._unsaved.values()))

    def run(self, stepper: Stepper, unsaved: str = "") -> Run:
        """Make a run. It yields its first frame only after the first `advance`.

        Args:
            stepper: Makes the frames.
            unsaved: What would be lost if the process ended before the run, as text to show. A
                cancelled run may still write it when its generator is closed.
        """
        if not unsaved:
            return Run(stepper, self._engine, self)
        return Run(stepper, self._engine, self, self.hold(unsaved))

    def hold(self, unsaved: str) -> Callable[[BaseException | None, bool], None]:
        """Record what would be lost if the process ended now.

        Args:
            unsaved: What would be lost, as text to show.

        Returns:
            A function to call at the end, on any thread: with an exception that nothing else
            reports, and whether it was written or is no longer wanted.
        """
        token = object()
        self._unsaved[token] = unsaved

        def ended(error: BaseException | None, is_saved: bool) -> None:
            with contextlib.suppress(RuntimeError):  # the window has been deleted
                self._ended.emit(token, error, is_saved)

        return ended

    def _on_ended(self, token: object, error: BaseException | None, is_saved: bool) -> None:
        if self._unsaved.pop(token, None) is None:
            return
        self._all_saved &= is_saved
        if isinstance(error, Exception):
            self.lost.emit(error)
        if not self._unsaved:
            all_saved, self._all_saved = self._all_saved, True
            self.settled.emit(all_saved)

    def close(self, timeout: float | None = None) -> bool:
        """Cancel every run and wait for the engine thread.

        Args:
            timeout: The most seconds to wait; None waits as long as necessary.

        Returns:
            Whether the engine thread has nothing left to do. Work that cannot be cancelled, such
            as the import of TensorFlow, may take longer than the timeout.
        """
        for run in self.findChildren(Run):
            run.cancel()
        last = self._engine.submit(lambda: None)
        self._engine.shutdown(wait=False)
        idle = not wait([last], timeout).not_done
        if not idle:
            for run in self.findChildren(Run):
                run.setParent(None)
                _orphans.append(run)
        return idle

"""The border between the GUI thread and the engine thread; no other file crosses it.

A stepper is a function that makes a generator of frames. The bridge pulls frames from it on one
background thread, a slice per request, so at most one event per run is ever queued for the GUI,
however fast the engine is.
"""

import math
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, NamedTuple

from PyQt6.QtCore import QObject, Qt, QTimer, pyqtSignal

from app.threads import ENGINE, threads

Frames = Generator[Any, None, None]
Stepper = Callable[[], Frames]


# Runs whose slice had not come back when their bridge closed. Qt must not delete what the engine
# thread is about to signal.
_orphans: list["Run"] = []


class Slice(NamedTuple):
    """What one request brought back: frames, and how the stepper ended if it did."""

    frames: tuple[Any, ...]
    over: bool
    error: Exception | None = None


def _slice(frames: Frames, cancelled: threading.Event, budget: float) -> Slice:
    """Pull frames for `budget` seconds, at least one."""
    deadline = time.monotonic() + budget
    taken: list[Any] = []
    try:
        for frame in frames:
            taken.append(frame)
            if cancelled.is_set() or time.monotonic() >= deadline:
                return Slice(tuple(taken), over=False)
    except Exception as error:
        return Slice(tuple(taken), over=True, error=error)
    return Slice(tuple(taken), over=True)


class Run(QObject):
    """One stepper on the engine thread. It deletes itself when it is over.

    Signals:
        advanced: The frames of one slice, oldest first, never empty.
        finished: The stepper returned. Nothing follows.
        failed: The stepper raised this exception. Nothing follows.
    """

    advanced = pyqtSignal(tuple)
    finished = pyqtSignal()
    failed = pyqtSignal(Exception)
    _sliced = pyqtSignal(Future)

    def __init__(self, stepper: Stepper, engine: ThreadPoolExecutor, parent: QObject) -> None:
        super().__init__(parent)
        self._frames = stepper()
        self._engine = engine
        self._cancelled = threading.Event()
        self._in_flight = False
        self._over = False
        # Queued even when the slice is done before we listen, so `advance` never re-enters.
        # PyQt6's stubs leave out the second argument.
        self._sliced.connect(self._on_sliced, Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]
        # Qt works off all that is queued before it looks at its timers. A slice waits for one, so
        # that others have their turn between the painting of a frame and the drawing of the next.
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._take)
        self._arrived: Future[Slice] | None = None

    @property
    def in_flight(self) -> bool:
        """Whether a slice was asked for and has not come back."""
        return self._in_flight

    def advance(self, budget: float = 0.0) -> None:
        """Ask for the next slice; does nothing while one is on its way.

        Args:
            budget: Seconds of frames to bring back together; 0 brings exactly one.
        """
        if self._in_flight or self._over:
            return
        self._in_flight = True
        future = self._engine.submit(_slice, self._frames, self._cancelled, budget)
        future.add_done_callback(self._sliced.emit)

    def cancel(self) -> None:
        """Stop within one frame; no signal follows."""
        if self._cancelled.is_set():
            return
        self._cancelled.set()
        self._engine.submit(self._frames.close)  # after the slice in flight: one thread, in order
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
        frames, over, error = future.result()
        if frames:
            self.advanced.emit(frames)
        if over and not self._over:  # a slot of `advanced` may have cancelled
            self._end()
            if error is None:
                self.finished.emit()
            else:
                self.failed.emit(error)

    def _end(self) -> None:
        self._over = True
        if not self._in_flight:  # else its slice still has to arrive somewhere
            self.deleteLater()


class Bridge(QObject):
    """Owner of the engine thread. Runs take turns on it, a slice at a time."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = threads("engine", 1, ENGINE)

    def run(self, stepper: Stepper) -> Run:
        """Make a run; its first frame comes after the first `advance`."""
        return Run(stepper, self._engine, self)

    def ask(
        self,
        stepper: Stepper,
        answered: Callable[[Any], object],
        failed: Callable[[Exception], object],
    ) -> Run:
        """Run a stepper of one frame at once.

        Args:
            stepper: Makes the frame.
            answered: Called with it.
            failed: Called with the exception, if there is no answer.
        """
        run = self.run(stepper)
        run.advanced.connect(lambda frames: answered(frames[0]))
        run.failed.connect(failed)
        run.advance(math.inf)  # however long it takes, its end comes along
        return run

    def close(self, timeout: float | None = None) -> bool:
        """Cancel every run and wait for the engine thread.

        Args:
            timeout: Seconds to wait at most; None waits as long as it takes.

        Returns:
            Whether the engine thread has nothing left to do. What cannot be cancelled, such as
            the import of TensorFlow, may outlast the timeout.
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

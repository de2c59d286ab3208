"""A long computation followed to its end: the newest frame of each slice, and a way to leave it."""

from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from app.controls.busy import BusyLine
from app.running.bridge import Bridge, Run, Stepper

# Seconds of frames a slice: what is asked elsewhere gets in between two.
_BUDGET = 0.05


class Follower(QObject):
    """Runs one stepper at a time; only what it has reached is of interest.

    Signals:
        came: The newest frame.
        ended: Nothing is going on any more, whatever the reason; after the last `came`.
        failed: Why it ended too early; after `ended`.

    Attributes:
        busy_line: For the status bar.
    """

    came = pyqtSignal(object)
    ended = pyqtSignal()
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._run: Run | None = None
        self.busy_line = BusyLine()

    @property
    def busy(self) -> bool:
        """Whether something is going on."""
        return self._run is not None

    def start(self, stepper: Stepper, text: str) -> None:
        """Run a stepper, in place of the one before.

        Args:
            stepper: What to run.
            text: For the status bar.
        """
        self.cancel()
        self._run = self._bridge.run(stepper)
        self._run.advanced.connect(self._on_advanced)
        self._run.finished.connect(lambda: self._on_end(None))
        self._run.failed.connect(self._on_end)
        self.busy_line.start(text, self.cancel)
        self._run.advance(_BUDGET)

    def cancel(self) -> None:
        """Leave it; what has come stays."""
        if self._run is not None:
            self._run.cancel()
            self._on_end(None)

    def _on_advanced(self, frames: tuple[Any, ...]) -> None:
        run = self._run
        self.came.emit(frames[-1])
        if run is not None and run is self._run:  # a slot may have cancelled
            run.advance(_BUDGET)

    def _on_end(self, error: Exception | None) -> None:
        self._run = None
        self.busy_line.stop()
        self.ended.emit()
        if error is not None:
            self.failed.emit(error)

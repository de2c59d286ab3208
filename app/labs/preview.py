"""What the assignment would be, while a centroid is still in the hand."""

from PyQt6.QtCore import QObject, pyqtSignal

from app.bridge import Bridge, Run, Stepper


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

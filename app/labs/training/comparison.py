"""The shipped speller beside the one in training: it is asked to spell the same words."""

from PyQt6.QtCore import QObject, pyqtSignal

from app.controls.busy import BusyLine
from app.labs.training.trainings import Trainings
from app.running.bridge import Bridge, Run
from engine.spelling import library
from engine.spelling.training.frames import Validation


class ShippedComparison(QObject):
    """What the shipped speller of a recipe's name makes of the words.

    Signals:
        changed: `measured` is another, or whether it is being measured.
        failed: An exception that the window should tell about.
    """

    changed = pyqtSignal()
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, trainings: Trainings, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._trainings = bridge, trainings
        self._names = frozenset(library.names())
        self._run: Run | None = None
        self.measured: Validation | None = None
        self.busy = BusyLine()

    def is_possible(self, name: str) -> bool:
        """Whether there is such a speller, and it is not at work already."""
        return name in self._names and self._run is None

    def start(self, name: str) -> None:
        """Let it spell the words."""
        if not self.is_possible(name):
            return
        self.busy.start("Asking the shipped speller…", None)
        self._run = self._bridge.ask(
            self._trainings.shipped(name), self._on_measured, self.failed.emit
        )
        self._run.finished.connect(self._on_over)
        self._run.failed.connect(self._on_over)
        self.changed.emit()

    def forget(self) -> None:
        """Another training begins; what was said was of this one."""
        if self._run is not None:
            self._run.cancel()
        self.measured = None
        self._on_over()

    def _on_measured(self, measured: Validation) -> None:
        self.measured = measured

    def _on_over(self) -> None:
        self._run = None
        self.busy.stop()
        self.changed.emit()

"""Compares the shipped speller with the one in training, on the same words."""

from PyQt6.QtCore import QObject, pyqtSignal

from app.controls.busy import BusyLine
from app.labs.training.trainings import Trainings
from app.running.bridge import Bridge
from app.running.requests import Request
from engine.spelling import library
from engine.spelling.training.frames import Validation


class ShippedComparison(QObject):
    """Measures the shipped speller that has the name of a recipe.

    Signals:
        changed: `measured` or `is_possible` has changed.
        failed: An exception for the window to report.
    """

    changed = pyqtSignal()
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, trainings: Trainings, parent: QObject) -> None:
        super().__init__(parent)
        self._trainings = trainings
        self._names = frozenset(library.names())
        self.measured: Validation | None = None
        self.busy = BusyLine()
        self._request = Request(bridge, self, self.busy)
        self._request.ended.connect(self.changed)
        self._request.failed.connect(self.failed)

    def is_possible(self, name: str) -> bool:
        """Whether there is such a speller, and it is not being measured."""
        return name in self._names and not self._request.is_busy

    def start(self, name: str) -> None:
        """Let it spell the words of the validation set."""
        if not self.is_possible(name):
            return
        text = "Asking the shipped speller…"
        stepper = self._trainings.shipped(name)
        self._request.ask(stepper, self._on_measured, text, can_cancel=False)
        self.changed.emit()

    def forget(self) -> None:
        """Drop the comparison, because another training begins."""
        self.measured = None
        self._request.cancel()
        self.changed.emit()

    def _on_measured(self, measured: Validation) -> None:
        self.measured = measured

"""Writes the weights of a training to a file."""

from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from app.controls.busy import BusyLine
from app.labs.training import texts
from app.labs.training.trainings import Trainings
from app.running.bridge import Bridge
from app.running.requests import Request


class WeightsExport(QObject):
    """Writes the averaged weights of the last checkpoint as a speller.

    Signals:
        saved: A sentence that says where they were saved.
        failed: Why they could not be written.
    """

    saved = pyqtSignal(str)
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, trainings: Trainings, parent: QObject) -> None:
        super().__init__(parent)
        self._trainings = trainings
        self.busy = BusyLine()
        self._request = Request(bridge, self, self.busy)
        self._request.failed.connect(self.failed)

    def save(self, name: str, path: Path) -> None:
        """Write the weights of a recipe's training."""
        self._request.queue(
            self._trainings.export(name, path),
            lambda step: self.saved.emit(texts.saved(step, path)),
            "Saving weights…",
            can_cancel=False,
            unsaved=texts.weights_in(path),
        )

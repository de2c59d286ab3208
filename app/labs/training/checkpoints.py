"""Which trainings have a checkpoint. The engine thread looks, since the disk may be slow."""

from collections.abc import Mapping

from PyQt6.QtCore import QObject, pyqtSignal

from app.labs.training.trainings import Job, Trainings
from app.running.bridge import Bridge
from app.running.requests import Request


class TrainingCheckpoints(QObject):
    """The checkpoints in the user's folder.

    Signals:
        changed: `waiting` or `are_known` has changed.
        looked: The folder was read, and `waiting` is up to date.
        failed: An exception for the window to report.
    """

    changed = pyqtSignal()
    looked = pyqtSignal()
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, trainings: Trainings, parent: QObject) -> None:
        super().__init__(parent)
        self._trainings = trainings
        self.jobs: Mapping[str, Job] = {}
        self._request = Request(bridge, self)
        self._request.ended.connect(self._on_ended)
        self._request.failed.connect(self.failed)

    @property
    def are_known(self) -> bool:
        """Whether `waiting` is up to date."""
        return not self._request.is_busy

    @property
    def waiting(self) -> dict[str, Job]:
        """The trainings that can be continued, by the name of the recipe, the newest first."""
        return {name: job for name, job in self.jobs.items() if not job.is_done}

    def offered(self, name: str) -> Job | None:
        """The training to continue: that of this recipe, or else the newest."""
        newest = next(iter(self.waiting.values()), None)
        return self.waiting.get(name, newest)

    def has(self, name: str) -> bool:
        """Whether there is a checkpoint of this recipe's training."""
        return name in self.jobs

    def checksum(self, name: str) -> str:
        """The checksum of the checkpoint of this recipe's training; empty if there is none."""
        job = self.jobs.get(name)
        return "" if job is None else job.checksum

    def look(self) -> None:
        """Read the folder: at the start, and after a training has ended."""
        self._request.queue(self._trainings.kept(), self._on_found)
        self.changed.emit()

    def forget(self, job: Job) -> None:
        """Delete the checkpoint of a training."""
        self._request.queue(self._trainings.forget(job), lambda _: None)
        self.look()

    def _on_found(self, jobs: Mapping[str, Job]) -> None:
        self.jobs = jobs

    def _on_ended(self) -> None:
        self.changed.emit()
        self.looked.emit()

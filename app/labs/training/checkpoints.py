"""Which trainings have a checkpoint, as the engine thread last saw it: the disk may be slow."""

from collections.abc import Mapping

from PyQt6.QtCore import QObject, pyqtSignal

from app.labs.training.trainings import Job, Trainings
from app.running.bridge import Bridge, Run


class TrainingCheckpoints(QObject):
    """The checkpoints in the user's folder.

    Signals:
        changed: Others are known, or they are being looked for.
        looked: They were looked for.
        failed: An exception that the window should tell about.
    """

    changed = pyqtSignal()
    looked = pyqtSignal()
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, trainings: Trainings, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._trainings = bridge, trainings
        self._looking: Run | None = None
        self.jobs: Mapping[str, Job] = {}

    @property
    def are_known(self) -> bool:
        """Whether nothing has changed since they were looked for."""
        return self._looking is None

    @property
    def waiting(self) -> dict[str, Job]:
        """Those of trainings that can be gone on with, by the recipe's name, the newest first."""
        return {name: job for name, job in self.jobs.items() if not job.is_done}

    def offered(self, name: str) -> Job | None:
        """The training to go on with: of this recipe, else the newest."""
        newest = next(iter(self.waiting.values()), None)
        return self.waiting.get(name, newest)

    def look(self) -> None:
        """Look for them: at the start, and when a training has ended."""
        run = self._bridge.ask(self._trainings.kept(), self._on_found, self.failed.emit)
        run.finished.connect(lambda: self._on_looked(run))
        run.failed.connect(lambda: self._on_looked(run))
        self._looking = run
        self.changed.emit()

    def forget(self, job: Job) -> None:
        """Delete that of a training."""
        self._bridge.ask(self._trainings.forget(job), lambda _: None, self.failed.emit)
        self.look()  # the engine thread does one after the other

    def _on_found(self, jobs: Mapping[str, Job]) -> None:
        self.jobs = jobs

    def _on_looked(self, run: Run) -> None:
        if run is self._looking:
            self._looking = None
            self.changed.emit()
            self.looked.emit()

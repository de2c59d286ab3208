"""The training on screen, and what can be done with it. Parts of the lab observe it."""

from collections.abc import Sequence
from dataclasses import replace

from PyQt6.QtCore import QObject, pyqtSignal

from app.controls.spelling.training import TrainingChoice
from app.labs.training import texts
from app.labs.training.checkpoints import TrainingCheckpoints
from app.labs.training.trainings import Job, Trainings
from app.running.player import Player
from engine.spelling.training.frames import TrainFrame


class TrainingState(QObject):
    """Begins, pauses and stops trainings, one at a time. A training is a run of the player.

    Signals:
        began: There is another training on screen.
        changed: Anything has changed, such as what can be done.
        noticed: A sentence for the user.

    Attributes:
        job: The training on screen; None before the first.
        choice: The choices in the form.
    """

    began = pyqtSignal()
    changed = pyqtSignal()
    noticed = pyqtSignal(str)

    def __init__(
        self,
        player: Player,
        trainings: Trainings,
        checkpoints: TrainingCheckpoints,
        choice: TrainingChoice,
        parent: QObject,
    ) -> None:
        """Show no training.

        Args:
            player: Plays the steps.
            trainings: Makes the trainings.
            checkpoints: Knows which trainings have a checkpoint.
            choice: The choices in the form.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self._player, self._trainings, self._checkpoints = player, trainings, checkpoints
        self.choice = choice
        self.job: Job | None = None
        self._was_open = False
        checkpoints.changed.connect(self.changed)
        player.changed.connect(self._on_changed)

    # Properties

    @property
    def frames(self) -> Sequence[TrainFrame]:
        """The steps so far, oldest first."""
        return self._player.frames

    @property
    def position(self) -> int:
        """The index of the step on screen; -1 before the first."""
        return self._player.position

    @property
    def is_open(self) -> bool:
        """Whether there is a training that can deliver more steps."""
        return self._player.is_open

    @property
    def is_playing(self) -> bool:
        """Whether steps follow automatically."""
        return self._player.playing

    @property
    def is_free(self) -> bool:
        """Whether a training may begin: none is open, and it is known which are waiting."""
        return not self.is_open and self._checkpoints.are_known

    @property
    def is_waiting(self) -> bool:
        """Whether a training of the chosen recipe can be continued."""
        return self.choice.name in self._checkpoints.waiting

    @property
    def offered(self) -> Job | None:
        """The training to continue, if there is one."""
        return self._checkpoints.offered(self.choice.name)

    @property
    def has_checkpoint(self) -> bool:
        """Whether there is a checkpoint of the training on screen: each validation writes one."""
        if self.job is None:
            return False
        if not self.is_open:
            return self._checkpoints.has(self.job.name)
        return self.job.is_begun or any(frame.validation for frame in self.frames)

    @property
    def is_stale(self) -> bool:
        """Whether the training on screen has ended and another one is chosen."""
        return self.job is not None and not self.is_open and not self.job.is_of(self.choice)

    @property
    def refusal(self) -> str:
        """Why no training can begin now; empty if one can."""
        if self.is_open:
            return texts.going_on(self.is_playing)
        if not self._checkpoints.are_known:
            return texts.LOOKING
        return texts.waiting(self.choice.name) if self.is_waiting else ""

    # Actions

    def choose(self, choice: TrainingChoice) -> None:
        """Change the choices in the form."""
        self.choice = choice
        self.changed.emit()

    def train(self) -> None:
        """Train what is chosen, from the start, in place of a training that is done."""
        choice = self.choice
        job = Job(recipe=choice.recipe, n_words=choice.n_words, seed=choice.seed)
        self._open(replace(job, checksum=self._checkpoints.checksum(choice.name)))

    def go_on(self) -> None:
        """Continue the offered training."""
        if self.offered is not None and self.is_free:
            self._open(self.offered)

    def restart(self) -> None:
        """Train; continue if that would discard a training; or say why neither is possible."""
        if not self.refusal:
            self.train()
        elif self.is_free:
            self.go_on()
        else:
            self.noticed.emit(self.refusal)

    def pause_or_go_on(self) -> None:
        """Pause; or continue from the last step, whichever is on screen."""
        if not self.is_playing:
            self._player.seek_last()
        self._player.toggle()

    def stop(self) -> None:
        """Stop; what was learned is in a checkpoint, which is offered again."""
        if self.job is not None and self.is_open:
            self._player.give_up()
            self.noticed.emit(texts.stopped(self.job.name))

    def forget(self, job: Job) -> None:
        """Delete the checkpoint of a training."""
        self._checkpoints.forget(job)

    def _open(self, job: Job) -> None:
        self.job = job
        self._player.unsaved = texts.learned(job.name)
        self._player.load(self._trainings.steps(job))
        self.began.emit()
        self._player.play()

    def _on_changed(self) -> None:
        if self._was_open and not self.is_open:
            self._on_over()
        self._was_open = self.is_open
        self.changed.emit()

    def _on_over(self) -> None:
        """Handle the end: it was stopped, is done, or failed."""
        last = self.frames[-1] if self.frames else None
        if self.job is not None and last is not None and last.step == last.n_steps:
            self.noticed.emit(texts.done(self.job.name))
        self._checkpoints.look()

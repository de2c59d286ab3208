"""The training lab: a speller is made, and seen to learn."""

from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QVBoxLayout

from app.controls.busy import BusyLine
from app.controls.spelling.training import (
    TrainingButtons,
    TrainingControl,
    WaitingTraining,
    keep_or_forget,
)
from app.controls.widgets import card, label
from app.labs.base import Lab
from app.labs.shared.columns import Columns, stage
from app.labs.shared.files import FileWriter
from app.labs.training import words
from app.labs.training.checkpoints import TrainingCheckpoints
from app.labs.training.comparison import ShippedComparison
from app.labs.training.display import TrainingDisplay
from app.labs.training.settings import TrainingSettings
from app.labs.training.trainings import Job, Trainings
from app.running.bridge import Bridge
from app.views.figure import Figure, figure_of
from app.views.veil import Stale, still_shown

# Frames may come a hundred times a second; a picture of them is drawn this often at most.
_DRAW_MS = 80


class TrainingLab(Lab):
    """Train a speller on all or part of the dictionary."""

    def __init__(self, bridge: Bridge, settings: TrainingSettings, trainings: Trainings) -> None:
        """Make the lab.

        Args:
            bridge: To the engine.
            settings: What was chosen last time.
            trainings: Where trainings lie, and of what.
        """
        super().__init__(bridge, rate=0.0)
        self.trainings = trainings
        self.checkpoints = TrainingCheckpoints(bridge, trainings, self)
        self.comparison = ShippedComparison(bridge, trainings, self)
        self.form = TrainingControl(
            trainings.recipes, settings.recipe, settings.words, settings.epochs, settings.seed
        )
        self.buttons, self.offer = TrainingButtons(), WaitingTraining()
        self.display = TrainingDisplay()
        self.state = label("", "muted")
        self.saving, self.files = BusyLine(), FileWriter(bridge, self)
        self.job: Job | None = None
        self._was_open = False
        self._drawing = QTimer(self)
        self._drawing.setSingleShot(True)
        self._drawing.setInterval(_DRAW_MS)
        self._lay_out()
        self._wire()
        self.checkpoints.look()

    # A training

    @property
    def is_open(self) -> bool:
        """Whether there is a training that more steps can come from."""
        return self.player.branch.run is not None

    @property
    def is_free(self) -> bool:
        """Whether a training may begin: none is open, and it is known which are waiting."""
        return not self.is_open and self.checkpoints.are_known

    @property
    def has_checkpoint(self) -> bool:
        """Whether there is a checkpoint of the training on screen: each validation writes one."""
        if self.job is None:
            return False
        if not self.is_open:
            return self.job.recipe.name in self.checkpoints.jobs
        return self.job.is_begun or any(frame.validation for frame in self.player.branch.frames)

    @property
    def refusal(self) -> str:
        """Why no training can begin now; empty where one can."""
        if self.is_open:
            return words.going_on(self.player.playing)
        if not self.checkpoints.are_known:
            return words.LOOKING
        return words.waiting(self.form.name) if self._is_waiting else ""

    def restart(self) -> None:
        """Train, or go on where that would throw away a training; or say why neither can be."""
        if not self.refusal:
            self.train()
        elif self.is_free:
            self.go_on()
        else:
            self.noticed.emit(self.refusal)

    def train(self) -> None:
        """Train what is chosen, from the start, in the place of a training that is done."""
        form = self.form
        known = self.checkpoints.jobs.get(form.name)
        job = Job(recipe=form.chosen, n_words=form.n_words, seed=form.seed.value())
        self._open(job if known is None else replace(job, checksum=known.checksum))

    def go_on(self) -> None:
        """Go on with the training that is offered."""
        job = self._offered()
        if job is not None and self.is_free:
            self._open(job)

    def pause_or_go_on(self) -> None:
        """Pause; or go on from the last step, whichever is on screen."""
        if not self.player.playing:
            self.player.seek(len(self.player.branch.frames) - 1)
        self.player.toggle()

    def stop_training(self) -> None:
        """Stop; what was learned lies in a checkpoint, and is offered again."""
        if self.job is not None and self.is_open:
            self.player.give_up()
            self.noticed.emit(words.stopped(self.job.recipe.name))

    def forget(self) -> None:
        """Delete the checkpoint of the training that is offered, if that is really wanted."""
        job = self._offered()
        if job is not None:
            box = keep_or_forget(*words.forgetting(job), self)
            box.accepted.connect(lambda: self.checkpoints.forget(job))
            box.open()  # not exec: what plays goes on behind it

    def save(self, path: Path) -> None:
        """Write the averaged weights of the last checkpoint as a speller."""
        if self.job is None:
            return
        self.saving.start("Saving weights…", None)
        run = self.bridge.ask(
            self.trainings.export(self.job.recipe.name, path),
            lambda step: self.noticed.emit(words.saved(step, path)),
            self.failed.emit,
            unsaved=words.weights_in(path),
        )
        run.finished.connect(self.saving.stop)
        run.failed.connect(self.saving.stop)

    def compare(self) -> None:
        """Let the shipped speller spell the same words."""
        if self.job is not None:
            self.comparison.start(self.job.recipe.name)

    def stop(self) -> None:
        """Leave the training, which writes down what it learned: the window closes after that."""
        self.player.give_up()

    @property
    def settings(self) -> TrainingSettings:
        """What is chosen, for the next start."""
        return TrainingSettings(
            recipe=self.form.name,
            words=self.form.n_words,
            epochs=self.form.own_epochs,
            seed=self.form.seed.value(),
        )

    def _open(self, job: Job) -> None:
        self.job = job
        self.player.unsaved = words.learned(job.recipe.name)
        self.player.load(self.trainings.steps(job))
        self.comparison.forget()
        self.player.play()

    def _on_compared(self) -> None:
        self.display.compare(self.comparison.measured)
        self._draw()
        self._show_state()

    @property
    def _is_waiting(self) -> bool:
        """Whether a training of the recipe chosen can be gone on with."""
        return self.form.name in self.checkpoints.waiting

    def _offered(self) -> Job | None:
        return self.checkpoints.offered(self.form.name)

    # Drawing

    def _on_cleared(self) -> None:
        self.display.begin(self.job)
        self._draw()

    def _on_changed(self) -> None:
        if self._was_open and not self.is_open:
            self._on_over()
        self._was_open = self.is_open
        self._show_state()

    def _on_over(self) -> None:
        """No more steps follow: it was stopped, or is done, or failed."""
        frame = self.player.branch.frames[-1] if self.player.branch.frames else None
        if self.job is not None and frame is not None and frame.step == frame.n_steps:
            self.noticed.emit(words.done(self.job.recipe.name))
        self.checkpoints.look()

    def showEvent(self, event: QShowEvent | None) -> None:
        """Draw what came while the tab was hidden."""
        super().showEvent(event)
        self._draw()

    def _draw_soon(self) -> None:
        if not self._drawing.isActive():
            self._drawing.start()

    def _draw(self) -> None:
        """Draw what the frame on screen shows."""
        if self.isVisible():
            self.display.draw(self.player.branch.frames, self.player.position, self.job)

    def _show_state(self) -> None:
        player = self.player
        frames, over = player.branch.frames, not self.is_open
        if self.job is None:
            text = words.before(self._is_waiting)
        else:
            text = words.state(self.job, frames, player.position, player.playing, over)
        self.state.setText(text)
        self._show_staleness()
        self._show_buttons()
        self._show_offer()

    def _show_staleness(self) -> None:
        """Name a training that is over, where another one is chosen."""
        job, form = self.job, self.form
        if job is None or self.is_open:
            self.stale.say("")
            return
        chosen = (form.name, form.epochs.value(), form.n_words, form.seed.value())
        was = (job.recipe.name, job.recipe.epochs, job.n_words, job.seed)
        what = f"the training of {words.named(job)}"
        self.stale.say("" if chosen == was else still_shown(what, words.OTHER))

    def _show_buttons(self) -> None:
        buttons, job, is_open = self.buttons, self.job, self.is_open
        buttons.refuse(self.refusal)
        buttons.pause.setEnabled(is_open and bool(self.player.branch.frames))
        buttons.show_going(self.player.playing or not is_open)
        buttons.stop.setEnabled(is_open)
        for save in (buttons.save, self._save_action):
            save.setEnabled(self.has_checkpoint)
        comparable = job is not None and self.comparison.is_possible(job.recipe.name)
        buttons.compare.setEnabled(comparable)

    def _show_offer(self) -> None:
        offered = self._offered()
        self._offer_card.setVisible(offered is not None and self.is_free)
        if offered is not None:
            self.offer.text.setText(words.offer(offered))

    def _show_waiting(self) -> None:
        # Only the first step takes long; after it there is enough to see.
        if self.player.waiting and self.ready and not self.player.branch.frames:
            self.computing.start("Preparing the training…", self.stop_training)
        else:
            self.computing.stop()

    def figure(self) -> Figure:
        """The curves."""
        return figure_of(self.display.curves, "Training curves")

    def save_picture(self, path: Path) -> None:
        """Write the curves as a picture."""
        self.files.write_picture(path, self.figure())

    # Putting it together

    def _lay_out(self) -> None:
        self._offer_card = card(self.offer, heading="Waiting")
        self.state.setWordWrap(True)
        self._fix_speed()
        results = self.display.cards()
        self.stale = Stale(self.display.curves, *results)
        self.columns = Columns(
            self,
            [self._offer_card, card(self.form, self.buttons, heading="Training")],
            stage("Learning", [], self.display.curves, self.state, self.transport),
            results,
            names=("Controls", "Progress and words"),
        )
        QVBoxLayout(self).addWidget(self.columns)
        self._save_action = self.save_action("Save &weights…", self.save, "speller.npz", "Ctrl+S")
        save_picture = self.save_action("Save &picture…", self.save_picture, "training.png")
        self.file_actions = [self._save_action, save_picture]
        self.edit_actions = [self.action("Throw another &seed", self.form.seed.throw, "D")]
        self.view_actions = [*self.columns.panel_actions]
        self.busy_lines += [self.saving, self.comparison.busy, self.files.busy]

    def _fix_speed(self) -> None:
        """It trains as fast as it can."""
        while self.transport.speed.count() > 1:  # the last: as many as can be computed
            self.transport.speed.removeItem(0)
        self.transport.speed.hide()
        for action in self.speed_actions:
            self.run_actions.remove(action)
            self.removeAction(action)

    def _wire(self) -> None:
        player, buttons = self.player, self.buttons
        player.failed.connect(self.failed)
        self.bridge.lost.connect(self.failed)  # what was learned, and could not be written down
        for part in (self.checkpoints, self.comparison):
            part.failed.connect(self.failed)
        self.files.saved.connect(self.noticed)
        self.files.failed.connect(self.failed)
        self.checkpoints.changed.connect(self._show_state)
        self.comparison.changed.connect(self._on_compared)
        player.cleared.connect(self._on_cleared)
        player.moved.connect(self._draw_soon)
        player.changed.connect(self._on_changed)
        self._drawing.timeout.connect(self._draw)
        self.form.recipe_chosen.connect(lambda _: self._show_state())
        self.form.changed.connect(self._show_staleness)
        buttons.train.clicked.connect(self.train)
        buttons.pause.clicked.connect(self.pause_or_go_on)
        buttons.stop.clicked.connect(self.stop_training)
        buttons.save.clicked.connect(self._save_action.trigger)
        buttons.compare.clicked.connect(self.compare)
        self.offer.go_on.clicked.connect(self.go_on)
        self.offer.forget.clicked.connect(self.forget)

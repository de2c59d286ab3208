"""The training lab: a speller is made, and seen to learn."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QTimer, pyqtSignal
from PyQt6.QtGui import QPixmap, QShowEvent
from PyQt6.QtWidgets import QVBoxLayout

from app.bridge import Bridge, Run, Stepper
from app.controls.busy import BusyLine
from app.controls.training import TrainingButtons, TrainingControl, WaitingTraining
from app.controls.widgets import card, label
from app.labs import training_words as words
from app.labs.columns import Columns, stage
from app.labs.lab import Lab
from app.labs.training_display import TrainingDisplay
from app.labs.trainings import Job, Trainings
from app.settings import Settings
from app.theme import Theme
from engine.frames import Validation
from engine.seq2seq import library

# Frames may come a hundred times a second; a picture of them is drawn this often at most.
_DRAW_MS = 80
_CLOSE_SECONDS = 20.0  # to end a step, or its tracing, and to write a checkpoint


class TrainingLab(Lab):
    """Train a speller on all or part of the dictionary.

    Signals:
        looked: It is known which trainings are waiting, `waiting`.
    """

    title = "Training"
    looked = pyqtSignal()

    def __init__(self, bridge: Bridge, settings: Settings, trainings: Trainings) -> None:
        """Make the lab.

        Args:
            bridge: To the engine.
            settings: What was chosen last time.
            trainings: Where trainings lie, and of what.
        """
        super().__init__(bridge, rate=0.0)
        self.trainings = trainings
        self.form = TrainingControl(settings, self.trainings.recipes)
        self.buttons, self.offer = TrainingButtons(), WaitingTraining()
        self.display = TrainingDisplay()
        self.state = label("", "muted")
        self.saving, self.comparing = BusyLine(), BusyLine()
        self.job: Job | None = None
        self.waiting: dict[str, Job] = {}
        self._was_open = False
        self._shipped_names = frozenset(library.names())
        self._comparison: Run | None = None
        self._drawing = QTimer(self)
        self._drawing.setSingleShot(True)
        self._drawing.setInterval(_DRAW_MS)
        self._lay_out()
        self._wire()
        self._show_state()
        if self.trainings.any_there():
            self._look()

    # A training

    @property
    def is_open(self) -> bool:
        """Whether there is a training that more steps can come from."""
        return self.player.branch.run is not None

    @property
    def close_seconds(self) -> float:
        """How long closing may wait: a training is written down first."""
        return _CLOSE_SECONDS if self.is_open else super().close_seconds

    def restart(self) -> None:
        """Train, unless that would throw away a training."""
        if self.buttons.train.isEnabled():
            self.train()

    def train(self) -> None:
        """Train what is chosen, from the start."""
        form = self.form
        self._open(Job(recipe=form.chosen, n_words=form.n_words, seed=form.seed.value()))

    def go_on(self) -> None:
        """Go on with the training that is offered."""
        job = self._offered()
        if job is not None and not self.is_open:
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
        """Delete the checkpoint of the training that is offered."""
        job = self._offered()
        if job is not None:
            self._ask(self.trainings.forget(job.recipe.name), lambda _: self._look())

    def save(self, path: Path) -> None:
        """Write the averaged weights of the last checkpoint as a speller."""
        if self.job is None:
            return
        self.saving.start("Saving weights…", None)
        stepper = self.trainings.export(self.job.recipe.name, path)
        run = self._ask(stepper, lambda step: self.noticed.emit(words.saved(step, path)))
        run.finished.connect(self.saving.stop)
        run.failed.connect(self.saving.stop)

    def compare(self) -> None:
        """Let the shipped speller spell the same words."""
        if self.job is None or self._comparison is not None:
            return
        self.comparing.start("Asking the shipped speller…", None)
        self._comparison = self._ask(self.trainings.shipped(self.job.recipe.name), self._on_shipped)
        self._comparison.finished.connect(self._on_compared)
        self._comparison.failed.connect(self._on_compared)
        self._show_state()

    def stop(self) -> None:
        """Leave everything that is going on: the window closes, and the bridge ends the run."""
        self.player.pause()

    def remember(self, settings: Settings) -> Settings:
        """The settings with what is chosen here."""
        return self.form.remember(settings)

    def _open(self, job: Job) -> None:
        self.job = job
        self.waiting.pop(job.recipe.name, None)
        self._forget_comparison()
        self.player.load(self.trainings.steps(job))
        self.player.play()

    def _forget_comparison(self) -> None:
        """What the shipped speller said was of another training."""
        if self._comparison is not None:
            self._comparison.cancel()
            self._on_compared()
        self.display.compare(None)

    # What the engine answers

    def _ask(self, stepper: Stepper, answered: Callable[[Any], object]) -> Run:
        return self.bridge.ask(stepper, answered, self.failed.emit)

    def _look(self) -> None:
        """See which trainings are waiting: when the tab is new, and when one has ended."""
        self._ask(self.trainings.waiting(), self._on_waiting)

    def _on_waiting(self, jobs: dict[str, Job]) -> None:
        current = self.job.recipe.name if self.job and self.is_open else None
        self.waiting = {name: job for name, job in jobs.items() if name != current}
        self._show_state()
        self.looked.emit()

    def _on_shipped(self, measured: Validation) -> None:
        self.display.compare(measured)
        self._draw()

    def _on_compared(self) -> None:
        self._comparison = None
        self.comparing.stop()
        self._show_state()

    def _offered(self) -> Job | None:
        """The training that is offered: of the recipe chosen, else the newest."""
        newest = next(iter(self.waiting.values()), None)
        return self.waiting.get(self.form.name, newest)

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
        self._look()

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
        player, job, name = self.player, self.job, self.form.name
        frames, buttons, is_open = player.branch.frames, self.buttons, self.is_open
        text = words.state(
            job,
            len(frames),
            going=player.playing,
            over=not is_open,
            at_last=player.position == len(frames) - 1,
        )
        self.state.setText(text)
        buttons.train.setEnabled(not is_open and name not in self.waiting)
        buttons.pause.setEnabled(is_open and len(frames) > 0)
        buttons.show_going(player.playing, self.theme)
        buttons.stop.setEnabled(is_open)
        saved = job is not None and self.trainings.checkpoint(job.recipe.name).exists()
        buttons.save.setEnabled(saved)
        self._save_action.setEnabled(saved)
        shipped = job is not None and job.recipe.name in self._shipped_names
        buttons.compare.setEnabled(shipped and self._comparison is None)
        offered = self._offered()
        self._offer_card.setVisible(offered is not None and not is_open)
        if offered is not None:
            self.offer.text.setText(words.offer(offered))

    def _show_waiting(self) -> None:
        # Only the first step takes long; after it there is enough to see.
        if self.player.waiting and self.ready and not self.player.branch.frames:
            self.computing.start("Preparing the training…", self.stop_training)
        else:
            self.computing.stop()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        super().restyle(theme)
        for part in (self.form, self.buttons, self.offer, self.display, self.columns):
            part.restyle(theme)

    def picture(self) -> QPixmap:
        """The curves."""
        return QPixmap(self.display.curves.grab())

    # Putting it together

    def _lay_out(self) -> None:
        self._offer_card = card(self.offer, heading="Waiting")
        self.state.setWordWrap(True)
        while self.transport.speed.count() > 1:  # the last: as many as can be computed
            self.transport.speed.removeItem(0)
        self.transport.speed.hide()
        for action in self.speed_actions:  # it trains as fast as it can
            self.run_actions.remove(action)
            self.removeAction(action)
        self.columns = Columns(
            self,
            [self._offer_card, card(self.form, self.buttons, heading="Training")],
            stage("Learning", [], self.display.curves, self.state, self.transport),
            self.display.cards(),
            names=("Controls", "Progress and words"),
        )
        layout = QVBoxLayout(self)
        layout.addWidget(self.columns)
        self._save_action = self.save_action("Save &weights…", self.save, "speller.npz", "Ctrl+S")
        self.file_actions = [self._save_action]
        self.edit_actions = [self.action("Throw another &seed", self.form.seed.throw, "D")]
        self.view_actions = [*self.columns.panel_actions]
        self.busy_lines += [self.saving, self.comparing]

    def _wire(self) -> None:
        player, buttons = self.player, self.buttons
        player.failed.connect(self.failed)
        player.cleared.connect(self._on_cleared)
        player.moved.connect(self._draw_soon)
        player.changed.connect(self._on_changed)
        self._drawing.timeout.connect(self._draw)
        self.form.recipe_chosen.connect(lambda _: self._show_state())
        buttons.train.clicked.connect(self.train)
        buttons.pause.clicked.connect(self.pause_or_go_on)
        buttons.stop.clicked.connect(self.stop_training)
        buttons.save.clicked.connect(self._save_action.trigger)
        buttons.compare.clicked.connect(self.compare)
        self.offer.go_on.clicked.connect(self.go_on)
        self.offer.forget.clicked.connect(self.forget)

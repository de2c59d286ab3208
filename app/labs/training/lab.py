"""The training lab: trains a speller while you watch."""

from pathlib import Path

from PyQt6.QtCore import QTimer
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QVBoxLayout

from app.controls.spelling.training import TrainingButtons, TrainingControl, WaitingTraining
from app.labs.base import Lab
from app.labs.shared.columns import Columns, stage
from app.labs.training import texts
from app.labs.training.checkpoints import TrainingCheckpoints
from app.labs.training.comparison import ShippedComparison
from app.labs.training.display import TrainingDisplay
from app.labs.training.exports import WeightsExport
from app.labs.training.panel import TrainingPanel
from app.labs.training.settings import TrainingSettings
from app.labs.training.state import TrainingState
from app.labs.training.trainings import Trainings
from app.running.bridge import Bridge
from app.views.figure import Figure, figure_of
from app.views.veil import Stale, still_shown
from app.widgets import card, label

# Frames may come a hundred times a second; they are drawn at most this often.
_DRAW_MS = 80


class TrainingLab(Lab):
    """Trains a speller on all or part of the dictionary. Assembles the parts."""

    def __init__(self, bridge: Bridge, settings: TrainingSettings, trainings: Trainings) -> None:
        """Make the lab.

        Args:
            bridge: The bridge to the engine.
            settings: The settings from the last start.
            trainings: The trainings in the user's folder, and what can be trained.
        """
        super().__init__(bridge, rate=0.0)
        self.checkpoints = TrainingCheckpoints(bridge, trainings, self)
        self.comparison = ShippedComparison(bridge, trainings, self)
        self.form = TrainingControl(
            trainings.recipes, settings.recipe, settings.words, settings.epochs, settings.seed
        )
        self.buttons, self.offer = TrainingButtons(), WaitingTraining()
        self.display = TrainingDisplay()
        self.state_line = label("", "muted")
        self.weights = WeightsExport(bridge, trainings, self)
        self.state = TrainingState(self.player, trainings, self.checkpoints, self.form.choice, self)
        self.panel = TrainingPanel(self.state, self.comparison, self.buttons, self.offer, self)
        self._drawing = QTimer(self)
        self._drawing.setSingleShot(True)
        self._drawing.setInterval(_DRAW_MS)
        self._lay_out()
        self._wire()
        self.checkpoints.look()

    def restart(self) -> None:
        """Train, or continue if that would discard a training; or say why neither is possible."""
        self.state.restart()

    def save(self, path: Path) -> None:
        """Write the averaged weights of the last checkpoint as a speller."""
        if self.state.job is not None:
            self.weights.save(self.state.job.name, path)

    def stop(self) -> None:
        """Stop the training, which saves what it learned: the window closes after that."""
        self.player.give_up()

    @property
    def settings(self) -> TrainingSettings:
        """The settings for the next start."""
        choice, epochs = self.form.choice, self.form.own_epochs
        return TrainingSettings(
            recipe=choice.name, words=choice.n_words, epochs=epochs, seed=choice.seed
        )

    def figure(self) -> Figure:
        """The curves."""
        return figure_of(self.display.curves, "Training curves")

    # Drawing

    def showEvent(self, event: QShowEvent | None) -> None:
        """Draw what arrived while the tab was hidden."""
        super().showEvent(event)
        self._draw()

    def _draw_soon(self) -> None:
        if not self._drawing.isActive():
            self._drawing.start()

    def _draw(self) -> None:
        """Draw the frame on screen."""
        if self.isVisible():
            self.display.draw(self.state.frames, self.state.position, self.state.job)

    def _on_cleared(self) -> None:
        self.display.begin(self.state.job)
        self._draw()

    def _on_compared(self) -> None:
        self.display.compare(self.comparison.measured)
        self._draw()
        self._show_state()

    def _show_state(self) -> None:
        state, job = self.state, self.state.job
        if job is None:
            text = texts.before(state.is_waiting)
        else:
            text = texts.state(
                job, state.frames, state.position, state.is_playing, not state.is_open
            )
        self.state_line.setText(text)
        self._show_staleness()
        self.panel.show_state()
        self._save_action.setEnabled(state.has_checkpoint)
        self._offer_card.setVisible(self.panel.has_offer)

    def _show_staleness(self) -> None:
        """Say which training is on screen if it has ended and another one is chosen."""
        job = self.state.job
        if job is not None and self.state.is_stale:
            self.stale.say(still_shown(f"the training of {texts.named(job)}", texts.OTHER))
        else:
            self.stale.say("")

    def _show_waiting(self) -> None:
        # Only the first step takes long; after that there is enough to see.
        if self.player.waiting and self.ready and not self.player.frames:
            self.computing.start("Preparing the training…", self.state.stop)
        else:
            self.computing.stop()

    # Layout and signals

    def _lay_out(self) -> None:
        self._offer_card = card(self.offer, heading="Waiting")
        self.state_line.setWordWrap(True)
        self._fix_speed()
        results = self.display.cards()
        self.stale = Stale(self.display.curves, *results)
        self.columns = Columns(
            self,
            [self._offer_card, card(self.form, self.buttons, heading="Training")],
            stage("Learning", [], self.display.curves, self.state_line, self.transport),
            results,
            names=("Controls", "Progress and words"),
        )
        QVBoxLayout(self).addWidget(self.columns)
        self._save_action = self.save_action("Save &weights…", self.save, "speller.npz", "Ctrl+S")
        save_picture = self.save_action("Save &picture…", self.save_picture, "training.png")
        self.file_actions = [self._save_action, save_picture]
        self.edit_actions = [self.action("New random &seed", self.form.randomize_seed, "D")]
        self.view_actions = [*self.columns.panel_actions]
        self.busy_lines += [self.weights.busy, self.comparison.busy]

    def _fix_speed(self) -> None:
        """Fix the speed: it trains as fast as it can."""
        self.transport.fix_rate()
        for action in self.speed_actions:
            self.run_actions.remove(action)
            self.removeAction(action)

    def _wire(self) -> None:
        player, state = self.player, self.state
        self.bridge.lost.connect(self.failed)  # what was learned but could not be written
        for part in (player, self.checkpoints, self.comparison, self.weights):
            part.failed.connect(self.failed)
        state.noticed.connect(self.noticed)
        self.weights.saved.connect(self.noticed)
        self.comparison.changed.connect(self._on_compared)
        player.cleared.connect(self._on_cleared)
        player.moved.connect(self._draw_soon)
        state.changed.connect(self._show_state)
        state.began.connect(self.comparison.forget)
        self._drawing.timeout.connect(self._draw)
        self.form.changed.connect(lambda: state.choose(self.form.choice))
        self.buttons.save_asked.connect(self._save_action.trigger)

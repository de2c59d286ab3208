"""The buttons of the training lab and the offer to continue: they show what can be done now."""

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QWidget

from app.controls.spelling.training import Allowed, TrainingButtons, WaitingTraining, keep_or_forget
from app.labs.training import texts
from app.labs.training.comparison import ShippedComparison
from app.labs.training.state import TrainingState


class TrainingPanel(QObject):
    """Drives a state with buttons, and shows which of them can be clicked."""

    def __init__(
        self,
        state: TrainingState,
        comparison: ShippedComparison,
        buttons: TrainingButtons,
        offer: WaitingTraining,
        parent: QWidget,
    ) -> None:
        """Show nothing yet.

        Args:
            state: The state to drive.
            comparison: Compares the training on screen with a shipped speller.
            buttons: Train, pause, stop, save, compare.
            offer: Offers to continue a training.
            parent: Qt's owner; the question whether to forget a training opens over it.
        """
        super().__init__(parent)
        self._state, self._comparison, self._parent = state, comparison, parent
        self._buttons, self._offer = buttons, offer
        buttons.train_asked.connect(state.train)
        buttons.pause_asked.connect(state.pause_or_go_on)
        buttons.stop_asked.connect(state.stop)
        buttons.compare_asked.connect(self._compare)
        offer.go_on_asked.connect(state.go_on)
        offer.forget_asked.connect(self._ask_forget)

    def show_state(self) -> None:
        """Show what can be done now."""
        state, job = self._state, self._state.job
        self._buttons.show_allowed(
            Allowed(
                refusal=state.refusal,
                can_pause=state.is_open and bool(state.frames),
                is_going=state.is_playing or not state.is_open,
                can_stop=state.is_open,
                can_save=state.has_checkpoint,
                can_compare=job is not None and self._comparison.is_possible(job.name),
            )
        )
        offered = state.offered
        if offered is not None:
            self._offer.show_text(texts.offer(offered))

    @property
    def has_offer(self) -> bool:
        """Whether there is a training to continue, and that is possible now."""
        return self._state.offered is not None and self._state.is_free

    def _compare(self) -> None:
        """Let the shipped speller spell the same words."""
        if self._state.job is not None:
            self._comparison.start(self._state.job.name)

    def _ask_forget(self) -> None:
        """Delete the checkpoint of the offered training, after asking."""
        job = self._state.offered
        if job is not None:
            box = keep_or_forget(*texts.forgetting(job), self._parent)
            box.accepted.connect(lambda: self._state.forget(job))
            box.open()  # not exec: play continues behind it

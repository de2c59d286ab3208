"""The views of a training: curves, numbers, watched words, an alignment."""

from collections.abc import Sequence

import numpy as np
from PyQt6.QtWidgets import QSizePolicy, QWidget

from app.labs.training import texts
from app.labs.training.history import History
from app.labs.training.trainings import Job
from app.views.attention.heatmap import HeatmapView
from app.views.curves.training_curves import TrainingCurves
from app.views.tables.training_numbers import TrainingNumbers, WatchedWords
from app.widgets import card
from engine.spelling.frames import SpellFrame
from engine.spelling.training.frames import TrainFrame, Validation

_NAN = float("nan")


class TrainingDisplay:
    """The views of one training, and the history that they draw."""

    def __init__(self) -> None:
        self.curves, self.alignment = TrainingCurves(), HeatmapView()
        self.numbers, self.watched = TrainingNumbers(), WatchedWords()
        self.history = History()
        self.shipped: Validation | None = None

    def cards(self) -> list[QWidget]:
        """The cards beside the curves."""
        low = [
            card(self.numbers, heading="Progress"),
            card(self.watched, heading="Unseen words"),
        ]
        for part in low:  # as low as possible, so that the alignment gets the height
            part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        return [*low, card(self.alignment, heading="Alignment")]

    def begin(self, job: Job | None) -> None:
        """Show this training from now on."""
        self.history = History()
        if job is not None:
            self.history.begin(job.history)

    def compare(self, measured: Validation | None) -> None:
        """Show the figures of the shipped speller; None shows none."""
        self.shipped = measured
        if measured is None:
            self.curves.show_shipped(_NAN, _NAN, _NAN)
        else:
            self.curves.show_shipped(
                measured.loss, measured.token_accuracy, measured.sequence_accuracy
            )

    def draw(self, frames: Sequence[TrainFrame], position: int, job: Job | None) -> None:
        """Draw one frame of a training.

        Args:
            frames: All frames so far.
            position: The index of the frame on screen; -1 before the first.
            job: The training.
        """
        self.history.extend(frames)
        frame = frames[position] if position >= 0 else None
        n_steps = frame.n_steps if frame is not None else job.n_steps if job is not None else 0
        self.curves.draw(self.history.lines(), self.history.dots(), n_steps)
        self.curves.mark(frame.step if frame is not None else 0)
        self.numbers.draw(self._numbers(frame, position, job))
        self._draw_words(self.history.watched_at(frame.step) if frame is not None else ())

    def _numbers(self, frame: TrainFrame | None, position: int, job: Job | None) -> tuple[str, ...]:
        if frame is None or job is None:
            return texts.no_numbers()
        measured = self.history.measured_at(frame.step)
        words_right = measured[2] if measured is not None else None
        return texts.numbers(frame, self.history.means[position], job.recipe.epochs, words_right)

    def _draw_words(self, watched: tuple[tuple[str, SpellFrame], ...]) -> None:
        pairs = tuple((word, frame.spellings[0].letters) for word, frame in watched)
        self.watched.draw(pairs, self.shipped.outputs if self.shipped is not None else ())
        if not watched:  # otherwise the alignment of the previous training would stay
            self.alignment.draw((), "", np.zeros((0, 0)))
            return
        first = watched[0][1]
        best = first.spellings[0]
        self.alignment.draw(first.phonemes, best.symbols, best.alignment, not first.sees_phonemes)

"""The curves of a training, and the measurements up to a step."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from engine.spelling.frames import SpellFrame
from engine.spelling.training.frames import TrainFrame

MOST_POINTS = 1000  # in one line
_DECAY = 0.95  # weight of the running mean before


@dataclass(slots=True)
class History:
    """Grows with the frames, so that drawing never reads all of them again.

    Attributes:
        steps: The step of each frame.
        losses: The loss of each frame.
        means: The running mean of the loss.
        rights: The letter accuracy of each frame.
        measured_steps: The steps of the validations, including those of earlier sessions.
        measured: The loss, letter accuracy and word accuracy of each validation.
        watched_steps: The steps at which the watched words were spelled.
        watched: The spellings at these steps.
    """

    steps: list[int] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    means: list[float] = field(default_factory=list)
    rights: list[float] = field(default_factory=list)
    measured_steps: list[int] = field(default_factory=list)
    measured: list[tuple[float, float, float]] = field(default_factory=list)
    watched_steps: list[int] = field(default_factory=list)
    watched: list[tuple[tuple[str, SpellFrame], ...]] = field(default_factory=list)

    def begin(self, past: Sequence[Mapping[str, float]]) -> None:
        """Continue from the validations of earlier sessions."""
        for line in past:
            self.measured_steps.append(int(line["step"]))
            self.measured.append((line["loss"], line["letters_right"], line["words_right"]))

    def extend(self, frames: Sequence[TrainFrame]) -> bool:
        """Append new frames; returns whether there were any."""
        new = frames[len(self.steps) :]
        for frame in new:
            mean = self.means[-1] if self.means else frame.loss
            n_before = len(self.means)
            decay = min(_DECAY, n_before / (n_before + 5))  # at first the mean is over few frames
            self.steps.append(frame.step)
            self.losses.append(frame.loss)
            self.means.append(decay * mean + (1 - decay) * frame.loss)
            self.rights.append(frame.token_accuracy)
            if frame.validation is not None:
                found = frame.validation
                self.measured_steps.append(found.step)
                self.measured.append((found.loss, found.token_accuracy, found.sequence_accuracy))
            if frame.watched:
                self.watched_steps.append(frame.step)
                self.watched.append(frame.watched)
        return bool(new)

    def measured_at(self, step: int) -> tuple[float, float, float] | None:
        """The latest validation up to a step."""
        place = bisect_right(self.measured_steps, step)
        return self.measured[place - 1] if place else None

    def watched_at(self, step: int) -> tuple[tuple[str, SpellFrame], ...]:
        """The latest spellings of the watched words up to a step."""
        place = bisect_right(self.watched_steps, step)
        return self.watched[place - 1] if place else ()

    def lines(self) -> dict[str, np.ndarray]:
        """(P, 2) steps and values of the losses, means and letter accuracies, thinned out."""
        stride = -(-len(self.steps) // MOST_POINTS) or 1
        every = {"losses": self.losses, "means": self.means, "rights": self.rights}
        steps = self.steps[::stride]
        return {
            name: np.column_stack([steps, values[::stride]]).reshape(-1, 2).astype(float)
            for name, values in every.items()
        }

    def dots(self) -> np.ndarray:
        """(M, 4) step, loss, letter and word accuracy of the validations, thinned out."""
        stride = -(-len(self.measured) // MOST_POINTS) or 1
        measured = np.array(self.measured[::stride], float).reshape(-1, 3)
        return np.column_stack([self.measured_steps[::stride], measured])

"""The frames of a training."""

from dataclasses import dataclass
from typing import Generic, TypeVar

# What a task shows of an output in full: all its hypotheses, with their alignments.
Output = TypeVar("Output")

# No slots here: with them, calling `TrainFrame[...]`, which is frozen and generic, raises a
# TypeError in Python 3.11.


@dataclass(frozen=True, kw_only=True, eq=False)
class Validation(Generic[Output]):
    """How well the averaged weights do on examples they were not trained on.

    Attributes:
        step: Training steps done.
        loss: Cross-entropy in nats a symbol, by teacher forcing.
        token_accuracy: Fraction of symbols that are correct, by teacher forcing.
        sequence_accuracy: Fraction of outputs that are correct, by greedy search.
        outputs: Pairs of a fixed target and what the model writes for it now.
        watched: The output for the first of the fixed examples, in full.
    """

    step: int
    loss: float
    token_accuracy: float
    sequence_accuracy: float
    outputs: tuple[tuple[str, str], ...]
    watched: Output


@dataclass(frozen=True, kw_only=True, eq=False)
class TrainFrame(Generic[Output]):
    """One step of a training.

    Attributes:
        step: Steps done, from 1.
        n_steps: Steps in all.
        epoch: The epoch of this step, from 1.
        loss: Cross-entropy in nats a symbol on this step's examples, with dropout.
        token_accuracy: Fraction of their symbols that are correct, by teacher forcing.
        learning_rate: The learning rate of this step.
        examples_per_second: Since this training was started or resumed, in steps alone, without the
            first step of each length, which TensorFlow traces.
        examples_left: Examples still to be seen, counted over all epochs.
        validation: The validation after this step, if there was one.
        watched: Pairs of a fixed target and the output for it now, if asked for at this step.
    """

    step: int
    n_steps: int
    epoch: int
    loss: float
    token_accuracy: float
    learning_rate: float
    examples_per_second: float
    examples_left: int
    validation: Validation[Output] | None = None
    watched: tuple[tuple[str, Output], ...] = ()

    @property
    def seconds_left(self) -> float:
        """How long the rest will take at this pace, without validations."""
        return self.examples_left / self.examples_per_second

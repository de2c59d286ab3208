"""The frames of a training."""

from dataclasses import dataclass

from engine.spelling.frames import SpellFrame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Validation:
    """How well the averaged weights spell words they were not trained on, running free.

    Attributes:
        step: After how many training steps.
        loss: Cross-entropy in nats a letter, given the right letters before it.
        letters_right: Part of the letters, given the right letters before them.
        words_right: Part of the words, greedy.
        spelled: Pairs of a fixed word and how it is spelled now.
        watched: How the first of the fixed words is spelled, with its alignment.
    """

    step: int
    loss: float
    letters_right: float
    words_right: float
    spelled: tuple[tuple[str, str], ...]
    watched: SpellFrame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrainFrame:
    """One step of a training.

    Attributes:
        step: Steps done, from 1.
        n_steps: Steps in all.
        epoch: Which time all words are being seen, from 1.
        loss: Cross-entropy in nats a letter on this step's words, with dropout.
        letters_right: Part of their letters, given the right letters before them.
        learning_rate: Of this step.
        words_per_second: Since this training was started or resumed, steps alone, and of those not
            the first of each length, which TensorFlow traces.
        words_left: Pronunciations that are still to be seen, those of all epochs counted.
        validation: Now and then.
        watched: More often, if asked for: pairs of a fixed word and how it is spelled now.
    """

    step: int
    n_steps: int
    epoch: int
    loss: float
    letters_right: float
    learning_rate: float
    words_per_second: float
    words_left: int
    validation: Validation | None = None
    watched: tuple[tuple[str, SpellFrame], ...] = ()

    @property
    def seconds_left(self) -> float:
        """How long it still takes at this pace, without validations."""
        return self.words_left / self.words_per_second

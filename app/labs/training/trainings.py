"""The trainings in the user's folder, as steppers for the engine thread.

The methods of `Trainings` only return steppers: files, the dictionary and TensorFlow are used when
these run on the engine thread.
"""

import errno
import gc
import os
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.controls.spelling.training import TrainingChoice
from app.running.bridge import Stepper
from engine.errors import DataError, EngineError
from engine.runtime.collector import uncollected
from engine.seq2seq import cards, checkpoints
from engine.seq2seq.training.folder import CHECKPOINT, held
from engine.spelling.dictionary.pronunciations import (
    Entry,
    Part,
    lecture_entries,
    pronunciations,
    sample,
    training_entries,
)
from engine.spelling.recipes import RECIPES, SpellerRecipe
from engine.spelling.training.frames import TrainFrame, Validation

WATCH_EVERY = 5  # steps
VALIDATE_EVERY = 25
# What the user can do about a checkpoint that cannot be used, and about a folder in use.
TRAIN_AGAIN = "press Train to start again in its place"
_OTHERWISE = "train another speller"
_N_VALIDATION = 200
_TRACED_SECONDS = 0.6  # a step that takes longer was traced


class Material:
    """The words of a training. Used on the engine thread: reading the dictionary takes a second."""

    def entries(self, n_words: int) -> Sequence[Entry]:
        """The training set: this many pronunciations, or all for 0."""
        found = training_entries()
        return sample(found, n_words or len(found))

    def validation(self) -> Sequence[Entry]:
        """The validation set: few enough words to measure often."""
        return sample(lecture_entries(Part.VALID), _N_VALIDATION)

    def watched(self) -> Sequence[Entry]:
        """The words whose spelling is watched during the training."""
        from engine.spelling.training.stepper import WATCHED

        return [Entry(word, pronunciations()[word][0]) for word in WATCHED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A training to begin, or to continue.

    Attributes:
        recipe: What to train, and how.
        n_words: Pronunciations to train on; 0 for all.
        seed: The seed of everything random in it.
        step: The number of steps done.
        n_steps: The total number of steps; 0 if it has not begun.
        history: The validations so far, oldest first, as in the card of the checkpoint.
        checksum: The checksum of its checkpoint; for a new training, that of the checkpoint it
            replaces; empty if there is none.
    """

    recipe: SpellerRecipe
    n_words: int
    seed: int
    step: int = 0
    n_steps: int = 0
    history: tuple[Mapping[str, float], ...] = ()
    checksum: str = ""

    @property
    def name(self) -> str:
        """The name of the recipe."""
        return self.recipe.name

    def is_of(self, choice: TrainingChoice) -> bool:
        """Whether this is the training that the form describes."""
        chosen = (choice.name, choice.epochs, choice.n_words, choice.seed)
        return chosen == (self.name, self.recipe.epochs, self.n_words, self.seed)

    @property
    def is_begun(self) -> bool:
        """Whether there is a checkpoint to continue from."""
        return self.n_steps > 0

    @property
    def is_done(self) -> bool:
        """Whether all steps are done."""
        return 0 < self.n_steps <= self.step


@dataclass(slots=True)
class Trainings:
    """A folder for each recipe, with the checkpoint of its last training.

    Attributes:
        folder: The folder that contains these folders.
        recipes: What can be trained, by name.
        material: The words.
    """

    folder: Path
    recipes: Mapping[str, SpellerRecipe] = field(default_factory=lambda: RECIPES)
    material: Material = field(default_factory=Material)

    def checkpoint(self, name: str) -> Path:
        """The checkpoint of a recipe's training."""
        return self.folder / name / CHECKPOINT

    def steps(self, job: Job) -> Stepper:
        """Return a stepper for the frames of a training, continued if it has begun."""

        def frames() -> Generator[TrainFrame, None, None]:
            with closing(self._train(job)) as steps:
                try:
                    yield from _without_gaps(steps)
                finally:
                    gc.unfreeze()

        return frames

    def _train(self, job: Job) -> Generator[TrainFrame, None, None]:
        """Yield the frames; none of this, not even the dictionary, is garbage-collected."""
        material, folder = self.material, self.folder / job.recipe.name
        with held(folder, _OTHERWISE):
            if not job.is_begun:
                _remove_checkpoint(folder, job)
            from engine.spelling.training.stepper import train

            yield from train(
                job.recipe,
                folder,
                seed=job.seed,
                resume=job.is_begun,
                entries=material.entries(job.n_words),
                validation=material.validation(),
                watched=material.watched(),
                validate_every=VALIDATE_EVERY,
                watch_every=WATCH_EVERY,
            )

    def kept(self) -> Stepper:
        """Return a stepper of one frame: a `Job` by name for each checkpoint, the newest first."""

        def frames() -> Generator[dict[str, Job], None, None]:
            jobs: dict[str, Job] = {}
            trouble: list[EngineError] = []
            for path in _newest_first([self.checkpoint(name) for name in self.recipes], trouble):
                try:
                    jobs[path.parent.name] = _job_of(checkpoints.card(path, TRAIN_AGAIN), path)
                except EngineError as error:
                    trouble.append(error)
            yield jobs
            if trouble:
                raise trouble[0]

        return frames

    def forget(self, job: Job) -> Stepper:
        """Return a stepper of one frame, the name, which deletes the checkpoint."""

        def frames() -> Generator[str, None, None]:
            folder = self.folder / job.recipe.name
            with held(folder, _OTHERWISE):
                _remove_checkpoint(folder, job)
            yield job.recipe.name

        return frames

    def export(self, name: str, path: Path) -> Stepper:
        """Return a stepper of one frame: the step whose averaged weights were written to `path`."""

        def frames() -> Generator[int, None, None]:
            yield int(checkpoints.extract(self.checkpoint(name), path)["step"])

        return frames

    def shipped(self, name: str) -> Stepper:
        """Return a stepper of one frame: the shipped speller measured on the same words."""

        def frames() -> Generator[Validation, None, None]:
            from engine.spelling import library
            from engine.spelling.training.validation import Validator

            speller = library.load(name).speller
            material = self.material
            yield Validator(speller, material.validation(), material.watched()).measure(0)

        return frames


def _without_gaps(steps: Iterator[TrainFrame]) -> Iterator[TrainFrame]:
    """Yield the same frames, without long garbage collections that would freeze the window.

    A step that TensorFlow traces makes hundreds of thousands of objects, which live as long as the
    training. The collector would visit all of them repeatedly, half a second each time.
    """
    gc.freeze()
    while True:
        began = time.monotonic()
        with uncollected():
            frame = next(steps, None)
            # Before it is enabled again: the next object made anywhere would start it.
            if time.monotonic() - began > _TRACED_SECONDS:
                gc.freeze()
        if frame is None:
            return
        yield frame


def _newest_first(paths: Sequence[Path], trouble: list[EngineError]) -> list[Path]:
    """Return the files that exist; appends the errors of unreadable ones to `trouble`."""
    times: dict[Path, float] = {}
    for path in paths:
        try:
            times[path] = path.stat().st_mtime
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            reason = error.strerror or error
            trouble.append(
                DataError(f"{path.parent} cannot be read ({reason}): it may be another user's.")
            )
    return sorted(times, key=lambda path: times[path], reverse=True)


def _remove_checkpoint(folder: Path, job: Job) -> None:
    """Remove the checkpoint that a job knows, and no other; the folder is locked.

    Raises:
        DataError: The checkpoint belongs to another training, or cannot be removed.
    """
    path = folder / CHECKPOINT
    try:
        if not os.path.lexists(path):
            return
        if path.is_file() and not os.access(path, os.R_OK):  # its content is not known
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        if _checksum_of(path) not in (None, job.checksum):
            raise DataError(
                f"Another window or command has trained {folder.name} in the meantime: continue "
                "its training, or forget it, before you start another."
            )
        path.unlink()
    except OSError as error:
        raise DataError(f"{path} cannot be removed: {error.strerror or error}.") from error


def _checksum_of(path: Path) -> str | None:
    """Return the checksum on a checkpoint's card; None if it is damaged, and can be replaced."""
    try:
        return str(checkpoints.card(path)["sha256"])
    except (EngineError, KeyError):
        return None


def _job_of(card: Mapping[str, Any], path: Path) -> Job:
    try:
        n_steps = cards.count(card, "n_steps", least=1)
        return Job(
            recipe=cards.recipe(card, SpellerRecipe),
            n_words=cards.count(card, "n_entries"),
            seed=cards.count(card, "seed"),
            step=cards.count(card, "step", most=n_steps),
            n_steps=n_steps,
            history=tuple(cards.history(card)),
            checksum=str(card["sha256"]),
        )
    except (KeyError, ValueError) as error:
        raise DataError(f"{path} is damaged or of another version; {TRAIN_AGAIN}.") from error

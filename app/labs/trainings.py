"""The trainings in the user's folder, and what the engine thread does with them.

Every method of `Trainings` that makes a stepper only says what to do; files, the dictionary and
TensorFlow are touched on the engine thread.
"""

import gc
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.bridge import Stepper
from engine.collector import uncollected
from engine.data.writing import make_folder
from engine.errors import DataError, EngineError
from engine.frames import TrainFrame, Validation
from engine.seq2seq import checkpoints
from engine.seq2seq.recipes import CHECKPOINT, RECIPES, Recipe

if TYPE_CHECKING:
    from engine.data.pronunciations import Entry

WATCH_EVERY = 5  # steps
VALIDATE_EVERY = 25
_N_VALIDATION = 200
_TRACED_SECONDS = 0.6  # a step that took so long was traced


class Material:
    """The words of a training. Asked for on the engine thread: the dictionary takes a second."""

    def entries(self, n_words: int) -> Sequence["Entry"]:
        """What to train on: so many pronunciations, or all for 0."""
        from engine.data.pronunciations import sample, training_entries

        found = training_entries()
        return sample(found, n_words or len(found))

    def validation(self) -> Sequence["Entry"]:
        """What to measure on: few enough to measure often."""
        from engine.data.pronunciations import Part, lecture_entries, sample

        return sample(lecture_entries(Part.VALID), _N_VALIDATION)

    def watched(self) -> Sequence["Entry"]:
        """What to watch turn from noise to words."""
        from engine.data.pronunciations import Entry, pronunciations
        from engine.seq2seq.training import WATCHED

        return [Entry(word, pronunciations()[word][0]) for word in WATCHED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A training to begin, or to go on with.

    Attributes:
        recipe: What to train, and how.
        n_words: Pronunciations to train on; 0 for all.
        seed: Of everything random in it.
        step: Steps that it has done.
        n_steps: Steps in all; 0 where it has not begun.
        history: What was measured until then, oldest first, as the checkpoint's card has it.
    """

    recipe: Recipe
    n_words: int
    seed: int
    step: int = 0
    n_steps: int = 0
    history: tuple[Mapping[str, float], ...] = ()

    @property
    def is_begun(self) -> bool:
        """Whether there is a checkpoint to go on from."""
        return self.n_steps > 0

    @property
    def is_done(self) -> bool:
        """Whether no step is left."""
        return 0 < self.n_steps <= self.step


@dataclass(slots=True)
class Trainings:
    """A folder for each recipe, with the checkpoint of its last training.

    Attributes:
        folder: Where these folders are.
        recipes: What can be trained, by name.
        material: The words.
        trouble: Why the last checkpoint could not be kept at the end; nobody hears what a generator
            raises while it is closed, so `kept` tells it.
    """

    folder: Path
    recipes: Mapping[str, Recipe] = field(default_factory=lambda: RECIPES)
    material: Material = field(default_factory=Material)
    trouble: list[EngineError] = field(default_factory=list)

    def checkpoint(self, name: str) -> Path:
        """The checkpoint of a recipe's training."""
        return self.folder / name / CHECKPOINT

    def steps(self, job: Job) -> Stepper:
        """The frames of a training; it begins anew unless it has begun."""

        def frames() -> Generator[TrainFrame, None, None]:
            steps = self._train(job)
            try:
                yield from _without_gaps(steps)
            except GeneratorExit:
                self._close(steps)
                raise
            finally:
                gc.unfreeze()

        return frames

    def _train(self, job: Job) -> Generator[TrainFrame, None, None]:
        """All of it, reading the dictionary too, is what the collector is kept from."""
        material, folder = self.material, self.folder / job.recipe.name
        _prepare(folder, resume=job.is_begun)
        from engine.seq2seq.training import train

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

    def _close(self, steps: Generator[TrainFrame, None, None]) -> None:
        try:
            steps.close()
        except EngineError as error:
            self.trouble.append(error)

    def kept(self) -> Stepper:
        """One frame: by name a `Job` for each training with a checkpoint, the newest first."""

        def frames() -> Generator[dict[str, Job], None, None]:
            jobs, trouble = {}, [self.trouble.pop()] if self.trouble else []
            paths = [self.checkpoint(name) for name in self.recipes]
            there = [path for path in paths if path.exists()]
            for path in sorted(there, key=lambda path: path.stat().st_mtime, reverse=True):
                try:
                    jobs[path.parent.name] = _job_of(checkpoints.card(path), path)
                except EngineError as error:
                    trouble.append(error)
            yield jobs
            if trouble:
                raise trouble[0]

        return frames

    def forget(self, name: str) -> Stepper:
        """One frame, the name, when the checkpoint is gone."""

        def frames() -> Generator[str, None, None]:
            _remove_checkpoint(self.folder / name)
            yield name

        return frames

    def export(self, name: str, path: Path) -> Stepper:
        """One frame: the step whose averaged weights were written to `path`."""

        def frames() -> Generator[int, None, None]:
            yield int(checkpoints.extract(self.checkpoint(name), path)["step"])

        return frames

    def shipped(self, name: str) -> Stepper:
        """One frame: how well the shipped speller of this name does on the same words."""

        def frames() -> Generator[Validation, None, None]:
            from engine.seq2seq import library
            from engine.seq2seq.validation import Validator

            speller = library.load(name).speller
            material = self.material
            yield Validator(speller, material.validation(), material.watched()).measure(0)

        return frames


def _without_gaps(steps: Iterator[TrainFrame]) -> Iterator[TrainFrame]:
    """The same frames, with no long collections of garbage that the window would wait for.

    A step that TensorFlow traces leaves hundreds of thousands of objects, which live as long as the
    training. The collector would go through all of them again and again, half a second each time.
    """
    gc.freeze()
    while True:
        began = time.monotonic()
        with uncollected():
            frame = next(steps, None)
            # Before it is switched on again: the next object made anywhere would set it off.
            if time.monotonic() - began > _TRACED_SECONDS:
                gc.freeze()
        if frame is None:
            return
        yield frame


def _prepare(folder: Path, *, resume: bool) -> None:
    """Make the folder; what is left there of another training goes unless it is gone on with."""
    make_folder(folder)
    if not resume:
        _remove_checkpoint(folder)


def _remove_checkpoint(folder: Path) -> None:
    try:
        for path in (folder / CHECKPOINT, *folder.glob(f".{CHECKPOINT}.*.part")):
            path.unlink(missing_ok=True)
    except OSError as error:
        raise DataError(f"{folder} cannot be changed: {error.strerror or error}.") from error


def _job_of(card: Mapping[str, Any], path: Path) -> Job:
    try:
        return Job(
            recipe=Recipe(**card["recipe"]),
            n_words=int(card["n_entries"]),
            seed=int(card["seed"]),
            step=int(card["step"]),
            n_steps=int(card["n_steps"]),
            history=tuple(card["history"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(f"{path} is of another version of Barycenter; train anew.") from error

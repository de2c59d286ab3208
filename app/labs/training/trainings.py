"""The trainings in the user's folder, and what the engine thread does with them.

Every method of `Trainings` that makes a stepper only says what to do; files, the dictionary and
TensorFlow are touched on the engine thread.
"""

import errno
import gc
import os
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.running.bridge import Stepper
from engine.errors import DataError, EngineError
from engine.runtime.collector import uncollected
from engine.seq2seq import cards, checkpoints
from engine.seq2seq.training.folder import CHECKPOINT, held
from engine.spelling.recipes import RECIPES, SpellerRecipe
from engine.spelling.training.frames import TrainFrame, Validation

if TYPE_CHECKING:
    from engine.spelling.dictionary.pronunciations import Entry

WATCH_EVERY = 5  # steps
VALIDATE_EVERY = 25
# What to do with a checkpoint that cannot be used, and where a folder cannot be.
ANEW = "press Train to train anew in its place"
_OTHERWISE = "train another speller"
_N_VALIDATION = 200
_TRACED_SECONDS = 0.6  # a step that took so long was traced


class Material:
    """The words of a training. Asked for on the engine thread: the dictionary takes a second."""

    def entries(self, n_words: int) -> Sequence["Entry"]:
        """What to train on: so many pronunciations, or all for 0."""
        from engine.spelling.dictionary.pronunciations import sample, training_entries

        found = training_entries()
        return sample(found, n_words or len(found))

    def validation(self) -> Sequence["Entry"]:
        """What to measure on: few enough to measure often."""
        from engine.spelling.dictionary.pronunciations import Part, lecture_entries, sample

        return sample(lecture_entries(Part.VALID), _N_VALIDATION)

    def watched(self) -> Sequence["Entry"]:
        """What to watch turn from noise to words."""
        from engine.spelling.dictionary.pronunciations import Entry, pronunciations
        from engine.spelling.training.stepper import WATCHED

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
        checksum: That of the checkpoint, where there is one; of a new training, that of the one
            which it takes the place of.
    """

    recipe: SpellerRecipe
    n_words: int
    seed: int
    step: int = 0
    n_steps: int = 0
    history: tuple[Mapping[str, float], ...] = ()
    checksum: str = ""

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
    """

    folder: Path
    recipes: Mapping[str, SpellerRecipe] = field(default_factory=lambda: RECIPES)
    material: Material = field(default_factory=Material)

    def checkpoint(self, name: str) -> Path:
        """The checkpoint of a recipe's training."""
        return self.folder / name / CHECKPOINT

    def steps(self, job: Job) -> Stepper:
        """The frames of a training; it begins anew unless it has begun."""

        def frames() -> Generator[TrainFrame, None, None]:
            with closing(self._train(job)) as steps:
                try:
                    yield from _without_gaps(steps)
                finally:
                    gc.unfreeze()

        return frames

    def _train(self, job: Job) -> Generator[TrainFrame, None, None]:
        """All of it, reading the dictionary too, is what the collector is kept from."""
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
        """One frame: by name a `Job` for each training with a checkpoint, the newest first."""

        def frames() -> Generator[dict[str, Job], None, None]:
            jobs: dict[str, Job] = {}
            trouble: list[EngineError] = []
            for path in _newest_first([self.checkpoint(name) for name in self.recipes], trouble):
                try:
                    jobs[path.parent.name] = _job_of(checkpoints.card(path, ANEW), path)
                except EngineError as error:
                    trouble.append(error)
            yield jobs
            if trouble:
                raise trouble[0]

        return frames

    def forget(self, job: Job) -> Stepper:
        """One frame, the name, when the checkpoint is gone."""

        def frames() -> Generator[str, None, None]:
            folder = self.folder / job.recipe.name
            with held(folder, _OTHERWISE):
                _remove_checkpoint(folder, job)
            yield job.recipe.name

        return frames

    def export(self, name: str, path: Path) -> Stepper:
        """One frame: the step whose averaged weights were written to `path`."""

        def frames() -> Generator[int, None, None]:
            yield int(checkpoints.extract(self.checkpoint(name), path)["step"])

        return frames

    def shipped(self, name: str) -> Stepper:
        """One frame: how well the shipped speller of this name does on the same words."""

        def frames() -> Generator[Validation, None, None]:
            from engine.spelling import library
            from engine.spelling.training.validation import Validator

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


def _newest_first(paths: Sequence[Path], trouble: list[EngineError]) -> list[Path]:
    """Those of the files that are there; adds why others cannot be looked at."""
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
    """Remove the checkpoint that a job knows of, and no other one; the folder is held.

    Raises:
        DataError: The checkpoint is that of another training, or cannot be removed.
    """
    path = folder / CHECKPOINT
    try:
        if not os.path.lexists(path):
            return
        if path.is_file() and not os.access(path, os.R_OK):  # what it holds is not known
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        if _checksum_of(path) not in (None, job.checksum):
            raise DataError(
                f"Another window or command has trained {folder.name} in the meantime: go on with "
                "its training, or forget it, before you train anew."
            )
        path.unlink()
    except OSError as error:
        raise DataError(f"{path} cannot be removed: {error.strerror or error}.") from error


def _checksum_of(path: Path) -> str | None:
    """The checksum on a checkpoint's card; None of a damaged one, which holds nothing to lose."""
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
        raise DataError(f"{path} is damaged or of another version; {ANEW}.") from error

"""The texts of the training lab, as pure functions of frames."""

from collections.abc import Sequence
from pathlib import PurePath

from app.labs.training.trainings import Job
from app.numbers import counted
from app.views.tables.training_numbers import NAMES, NOTHING
from engine.spelling.training.frames import TrainFrame


def time_left(seconds: float) -> str:
    """Format a duration, rounded to what is known of it."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 90 * 60:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def no_numbers() -> tuple[str, ...]:
    """Return placeholders before the first frame."""
    return (NOTHING,) * len(NAMES)


def numbers(
    frame: TrainFrame, loss: float, n_epochs: int, words_right: float | None
) -> tuple[str, ...]:
    """Return the values for `NAMES`.

    Args:
        frame: The frame on screen.
        loss: The running mean of the loss.
        n_epochs: The number of epochs.
        words_right: The word accuracy of the validation; None before the first one.
    """
    return (
        f"{frame.step:,} of {frame.n_steps:,}",
        f"{frame.epoch} of {n_epochs}",
        f"{loss:.3f}",
        NOTHING if words_right is None else f"{words_right:.1%}",
        f"{frame.examples_per_second:,.0f}",
        time_left(frame.seconds_left) if frame.examples_left else "done",
    )


def offer(job: Job) -> str:
    """Return the offer to continue a training."""
    return f"A training of {job.recipe.name}, {job.step / job.n_steps:.0%} done, is waiting."


def forgetting(job: Job) -> tuple[str, str]:
    """Return the question before a training is forgotten, and what would be lost."""
    question = f"Forget the training of {job.recipe.name}?"
    return (
        question,
        f"What it learned in {job.step:,} of {job.n_steps:,} steps will be deleted permanently.",
    )


def before(waiting: bool) -> str:
    """Say what to do before the first training; one of the chosen speller may be waiting."""
    if waiting:
        return "A training of this speller is waiting: continue it, or forget it."
    return "Choose what to train and press Train."


def state(job: Job, frames: Sequence[TrainFrame], position: int, going: bool, over: bool) -> str:
    """Describe the progress of a training.

    Args:
        job: The training.
        frames: Its frames so far.
        position: The index of the frame on screen.
        going: Whether it is playing.
        over: Whether no more steps follow.
    """
    if not frames and not over:
        return f"Preparing {job.recipe.name}: the words, the weights, the first step…"
    now = "training" if going else "paused"
    if over:
        now = "done" if frames and not frames[-1].examples_left else "stopped"
    back = "" if position == len(frames) - 1 else " · an earlier step is shown"
    return f"{named(job)} · {now}{back}"


def named(job: Job) -> str:
    """Describe a training by its choices."""
    n_words = f"{job.n_words:,} words" if job.n_words else "all words"
    epochs = counted(job.recipe.epochs, "epoch")
    return f"{job.recipe.name}, {n_words}, {epochs}, seed {job.seed}"


OTHER = "press Train for what is chosen now"  # why a training that has ended is greyed out


LOOKING = "Looking for trainings that are waiting…"  # why none can begin yet


def going_on(playing: bool) -> str:
    """Say why no training can begin while one is open."""
    if playing:
        return "A training is running: stop it before you start another."
    return "A training is paused: continue it, or stop it before you start another."


def waiting(name: str) -> str:
    """Say why no training of this speller can begin while one is waiting."""
    return f"A training of {name} is waiting: continue it, or forget it before you start another."


def learned(name: str) -> str:
    """Say what closing has to wait for while a training is open."""
    return f"what the training of {name} has learned"


def weights_in(path: PurePath) -> str:
    """Say what closing has to wait for while weights are saved."""
    return f"the weights in {path.name}"


def stopped(name: str) -> str:
    """Return the notice that a training was stopped."""
    return f"The training of {name} was stopped; what it learned is kept."


def done(name: str) -> str:
    """Return the notice that a training is done."""
    return f"The training of {name} is done; save its weights to use them."


def saved(step: int, path: object) -> str:
    """Return the notice that weights were saved."""
    return f"The averaged weights after step {step:,} are in {path}."

"""`train`: trains a speller on the pronouncing dictionary."""

import argparse
import os
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rich.progress import Progress

from engine.commands import output
from engine.commands.progress import progress_bar
from engine.data.output import writing
from engine.errors import ParameterError
from engine.plain_text import printable
from engine.runtime import device, interrupts
from engine.seq2seq.training import folder as training_folder
from engine.seq2seq.training.folder import CHECKPOINT
from engine.spelling.recipes import RECIPES, SpellerRecipe, recipe_of
from engine.spelling.training.frames import TrainFrame, Validation

_MOST_EPOCHS = 100_000
_EXAMPLES = """\
examples:
  python main.py train attention --out build/attention
  python main.py train attention --out build/attention --resume

Ctrl-C saves a checkpoint; --resume continues from it, or, after a crash, from the last checkpoint.
The weights are written to NAME.npz in the folder at the end of the training, and
`python main.py spell ... --model FOLDER/NAME.npz` uses them.
"""


def add_parser(commands: Any) -> None:
    """Add the command and its arguments to the parser of the command line."""
    parser = commands.add_parser(
        "train",
        help="train a speller",
        description="Train a speller on the pronouncing dictionary.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("name", metavar="NAME", help=f"what to train: {', '.join(RECIPES)}")
    add("--out", metavar="FOLDER", type=Path, required=True, help="where to write")
    add("--resume", action="store_true", help="continue from the checkpoint in the folder")
    add("--epochs", type=int, help="how often each pronunciation is seen (default the recipe's)")
    add(
        "--seed",
        type=int,
        default=0,
        help="the seed of the weights, the order and dropout (default 0)",
    )
    add("--json", action="store_true", help="print one JSON object at the end")
    parser.set_defaults(run=lambda arguments: run(parse(arguments)))


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainRequest:
    """One call of `train`, parsed.

    Attributes:
        recipe: What to train, and for how long.
        folder: Where to write.
        resume: Whether to continue from the checkpoint there.
        seed: The seed of the weights, the order and dropout.
        as_json: Whether to print JSON.
    """

    recipe: SpellerRecipe
    folder: Path
    resume: bool
    seed: int
    as_json: bool

    @property
    def weights(self) -> Path:
        """The file that the weights are written to at the end."""
        return self.folder / f"{self.recipe.name}.npz"


def parse(arguments: argparse.Namespace) -> TrainRequest:
    """Parse the arguments of `train`.

    Raises:
        ParameterError: A value cannot be used.
    """
    recipe = recipe_of(arguments.name)
    if arguments.epochs is not None:
        if not 1 <= arguments.epochs <= _MOST_EPOCHS:
            raise ParameterError(
                f"--epochs must be from 1 to {_MOST_EPOCHS:,}, not {arguments.epochs}."
            )
        recipe = replace(recipe, epochs=arguments.epochs)
    if not 0 <= arguments.seed < 2**31:
        raise ParameterError(f"--seed must be from 0 to {2**31 - 1}, not {arguments.seed}.")
    return TrainRequest(
        recipe=recipe,
        folder=arguments.out,
        resume=arguments.resume,
        seed=arguments.seed,
        as_json=arguments.json,
    )


def run(request: TrainRequest) -> None:
    """Train to the end, with a progress bar on stderr."""
    with training_folder.held(request.folder, "name another folder"):
        _check(request)
        with progress_bar() as progress:
            progress.add_task("Starting TensorFlow", total=None)
            device.start()
            from engine.spelling.training.stepper import train

            frames = train(request.recipe, request.folder, seed=request.seed, resume=request.resume)
            with closing(frames):
                last = _follow(frames, progress)
    if request.as_json:
        output.show_json(_result(request.weights, last))
    else:
        output.show(f"{_line(last)}\n{printable(request.weights)}")


def _check(request: TrainRequest) -> None:
    """Raise an error if the folder holds another training, or cannot be written to."""
    folder, files = request.folder, (CHECKPOINT, request.weights.name)
    there = [file for file in files if os.path.lexists(folder / file)]
    if there and not request.resume:
        raise ParameterError(
            f"{folder} holds a training ({there[0]}); add --resume to continue it, or name "
            "another folder."
        )
    for file in files:
        writing.check_writable(folder / file)


def _follow(frames: Generator[TrainFrame, None, None], progress: Progress) -> Validation:
    """Show the progress of a training, and a line for each validation; returns the last one."""
    task = progress.task_ids[0]
    measured = None
    for frame in frames:
        interrupts.check()
        if frame.validation:
            measured = frame.validation
            progress.console.print(
                f"step {frame.step:,}: {_line(measured)}",
                highlight=False,
                markup=False,
                soft_wrap=True,
            )
        progress.update(
            task,
            total=frame.n_steps,
            completed=frame.step,
            description=f"epoch {frame.epoch}, loss {frame.loss:.3f}, "
            f"{frame.examples_per_second:,.0f} words/s",
        )
    if measured is None:
        raise ParameterError("This training has already finished; its weights are in the folder.")
    return measured


def _line(measured: Validation) -> str:
    return (
        f"of words not trained on, {measured.sequence_accuracy:.1%} right, "
        f"{measured.token_accuracy:.1%} of letters given those before them, "
        f"loss {measured.loss:.3f}; {', '.join(' → '.join(pair) for pair in measured.outputs)}"
    )


def _result(path: Path, measured: Validation) -> dict[str, Any]:
    return {
        "weights": str(path),
        "steps": measured.step,
        "loss": measured.loss,
        "letters_right": measured.token_accuracy,
        "words_right": measured.sequence_accuracy,
    }

"""The list of algorithms for `cluster`; register a new one here."""

import argparse

from engine.clustering.algorithms import algorithm_named
from engine.commands.clustering import dbscan, kmeans, mean_shift, mini_batch
from engine.commands.clustering.job import AlgorithmCommand, typed
from engine.errors import ParameterError

# In the order of the help; the first is the default.
COMMANDS: tuple[AlgorithmCommand, ...] = (
    kmeans.COMMAND,
    mini_batch.COMMAND,
    mean_shift.COMMAND,
    dbscan.COMMAND,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the argument that chooses an algorithm, and the arguments of each."""
    names = [command.algorithm.name for command in COMMANDS]
    parser.add_argument(
        "--algorithm",
        type=_current_name,
        choices=names,
        default=names[0],
        help=f"(default {names[0]})",
    )
    for command in COMMANDS:
        command.add_arguments(parser)


def chosen(arguments: argparse.Namespace) -> AlgorithmCommand:
    """The algorithm that the arguments ask for.

    Raises:
        ParameterError: An argument was typed that has no effect on this algorithm.
    """
    command = next(each for each in COMMANDS if each.algorithm.name == arguments.algorithm)
    title = command.algorithm.title
    if not command.algorithm.has_k and arguments.k is not None:
        raise ParameterError(
            f"{title[0].upper()}{title[1:]} determines the number of clusters itself: leave -k "
            f"out, or choose {command.instead_of_k}."
        )
    for name in typed(arguments, *(name for each in COMMANDS for name in each.arguments)):
        if name not in command.arguments:
            owners = [each.algorithm.title for each in COMMANDS if name in each.arguments]
            option = f"--{name.replace('_', '-')}"
            raise ParameterError(f"{option} is an option of {_listed(owners)}; leave it out.")
    return command


def titles(last: str) -> str:
    """List the algorithms for users, with a word before the last: "k-means or mean shift"."""
    return _listed([command.algorithm.title for command in COMMANDS], last)


def _current_name(text: str) -> str:
    """Return the current name of an algorithm, given that or an earlier name."""
    algorithm = algorithm_named(text)
    return text if algorithm is None else algorithm.name


def _listed(names: list[str], last: str = "and") -> str:
    return f" {last} ".join(filter(None, [", ".join(names[:-1]), names[-1]]))

"""What every algorithm of `cluster` provides: arguments, the run, and the summary.

Each algorithm has a module here with one `AlgorithmCommand`, which `algorithms.py` registers.
"""

import argparse
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, fields
from typing import Any

from engine.clustering.base import Algorithm
from engine.data.arrays.mapped import MappedDataset, Points
from engine.data.dataset import Dataset
from engine.data.scaling import Scaling

# Shows details of the current stage of the command.
Show = Callable[[str], object]
# Times a named stage of the command, and yields a `Show`.
Stage = Callable[[str], AbstractContextManager[Show]]

# The command-line names of options that differ from their field names.
_ARGUMENTS = {"n_clusters": "k"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadedData:
    """The points of a source, in memory or in their file.

    Attributes:
        dataset: The data as read, in their own units.
        scaling: Converts those units to the ones in which distances are measured.
        points: (N, D) in the units in which distances are measured.
    """

    dataset: Dataset | MappedDataset
    scaling: Scaling
    points: Points


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """The result of a run.

    Attributes:
        device: The device that computed it.
        frame: The last frame.
        values: The JSON values that only this algorithm has.
        elsewhere: If another process prints and writes the results, a sentence that says which;
            else "".
    """

    device: str
    frame: Any
    values: dict[str, Any]
    elsewhere: str = ""


def typed(arguments: argparse.Namespace, *names: str) -> dict[str, Any]:
    """The values of those arguments that were typed, by name.

    The parser has no defaults for the options of algorithms: None means that an option was not
    typed. So one that has no effect on the chosen algorithm is noticed whatever its value, and the
    defaults are those of the options classes.
    """
    values = {name: getattr(arguments, name) for name in names}
    return {name: value for name, value in values.items() if value is not None}


class Job(ABC):
    """A run of one algorithm, as the arguments request it; subclasses are frozen dataclasses."""

    __slots__ = ()

    @property
    def can_stream(self) -> bool:
        """Whether it can run on points that stay in their file."""
        return False

    @property
    def files(self) -> tuple[str, ...]:
        """The files that it reads besides the points."""
        return ()

    @abstractmethod
    def run(self, data: LoadedData, stage: Stage) -> Outcome:
        """Read the files, and cluster to the end.

        Raises:
            EngineError: A file cannot be read or does not fit the points, or the points cannot be
                clustered so.
        """


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AlgorithmCommand:
    """An algorithm's part of the command line.

    Attributes:
        algorithm: Its record.
        add_arguments: Adds those that no algorithm before it has added, without defaults: see
            `typed`.
        parse: Makes the job. Raises a ParameterError for a value outside its range.
        lines: Formats the lines of the summary that only this algorithm has, from a JSON result.
        more_arguments: Names of arguments that change what it does, besides its options.
        instead_of_k: What to choose if the algorithm takes no k.
    """

    algorithm: Algorithm
    add_arguments: Callable[[argparse.ArgumentParser], None]
    parse: Callable[[argparse.Namespace], Job]
    lines: Callable[[dict[str, Any]], list[str]]
    more_arguments: tuple[str, ...] = ()
    instead_of_k: str = ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of all arguments that change what it does."""
        names = [field.name for field in fields(self.algorithm.options)]
        return (*(_ARGUMENTS.get(name, name) for name in names), *self.more_arguments)

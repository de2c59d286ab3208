"""What `cluster` asks of one algorithm: the arguments, the run, and what is said of it.

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
from engine.data.dataset import Dataset, Description
from engine.data.scaling import Scaling

# Tells more about the stage of the command that is going on.
Show = Callable[[str], object]
# Times a stage of the command, by its name, and gives a `Show`.
Stage = Callable[[str], AbstractContextManager[Show]]

# What an option is called on the command line, where that is not the name of its field.
_ARGUMENTS = {"n_clusters": "k"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LoadedData:
    """The points of a source, in memory or in their file.

    Attributes:
        dataset: What was read, in the units of the data.
        scaling: From those units to the ones that distances are measured in.
        points: (N, D) in the units that distances are measured in.
    """

    dataset: Dataset | MappedDataset
    scaling: Scaling
    points: Points


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """What a run came to.

    Attributes:
        device: What computed it.
        frame: The last frame.
        values: What the JSON says of this algorithm, beside what it says of each.
        elsewhere: Which process prints and writes the results, if it is not this one: a sentence.
    """

    device: str
    frame: Any
    values: dict[str, Any]
    elsewhere: str = ""


class Job(ABC):
    """What the arguments ask of an algorithm; a frozen dataclass."""

    __slots__ = ()

    @property
    def can_stream(self) -> bool:
        """Whether it can run on points that stay in their file."""
        return False

    @property
    def files(self) -> tuple[str, ...]:
        """The files that it reads beside the points."""
        return ()

    def with_files(self, dataset: Description) -> "Job":
        """The same job, once it has read its files.

        Args:
            dataset: The points that it is for.

        Raises:
            EngineError: A file cannot be read, or does not fit the points.
        """
        del dataset
        return self

    @abstractmethod
    def run(self, data: LoadedData, stage: Stage) -> Outcome:
        """Cluster to the end.

        Raises:
            EngineError: The points cannot be clustered so.
        """


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AlgorithmCommand:
    """An algorithm on the command line.

    Attributes:
        algorithm: Its record.
        add_arguments: Adds those that no algorithm before it has added.
        parse: Makes the job. Raises a ParameterError for a value outside its range.
        lines: The lines of the summary that are about this algorithm alone, of a JSON result.
        more_arguments: Names of arguments that change what it does, beside its options.
        instead_of_k: What to choose where an algorithm takes no k.
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

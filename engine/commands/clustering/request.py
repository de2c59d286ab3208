"""The request of `cluster`: parsed and checked once, then only read."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from engine.commands import table_arguments
from engine.commands.clustering import algorithms, pictures
from engine.commands.clustering.job import AlgorithmCommand, Job
from engine.commands.table_arguments import SourceRequest
from engine.data.generated.generators import GENERATORS
from engine.data.images import SUFFIXES, is_picture
from engine.data.output import writing
from engine.data.output.formats import PICTURE, TABLE
from engine.errors import ParameterError
from engine.ready_made import READY_MADE


@dataclass(frozen=True, slots=True, kw_only=True)
class Outputs:
    """What to write, and how to print.

    Attributes:
        labels: File for the labels; None for none.
        with_data: Whether that file also contains the whole table.
        centroids: File for the centroids; None for none.
        picture: File for the painted picture; None for none.
        as_json: Whether to print JSON.
    """

    labels: Path | None
    with_data: bool
    centroids: Path | None
    picture: Path | None
    as_json: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterRequest:
    """One call of `cluster`, parsed.

    Attributes:
        source: The points to load.
        position_weight: For a picture, the weight of a pixel's position relative to its colour.
        command: The algorithm.
        job: The run that is requested.
        outputs: What to write and print.
    """

    source: SourceRequest
    position_weight: float
    command: AlgorithmCommand
    job: Job
    outputs: Outputs


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments for the source, the algorithms and the results to the command."""
    parser.add_argument(
        "source",
        metavar="SOURCE",
        help=f"a table (.csv .tsv .parquet .npy .npz), a picture ({' '.join(SUFFIXES)}), or a "
        "recipe: one of "
        f"{', '.join(GENERATORS)}, with parameters as in blobs:clusters=6,seed=0; or ready-made "
        f"data: {', '.join(READY_MADE)}",
    )
    table_arguments.add_column_arguments(parser)
    table_arguments.add_arguments(parser)
    algorithms.add_arguments(parser)
    _add_outputs(parser)
    pictures.add_arguments(parser)


def parse(arguments: argparse.Namespace) -> ClusterRequest:
    """What the arguments ask for. What they alone can get wrong is said here, before the work.

    Raises:
        EngineError: A value cannot be used, two options contradict each other, or a result cannot
            be written.
    """
    command = algorithms.chosen(arguments)
    job = command.parse(arguments)
    pictures.check_options(arguments)
    request = ClusterRequest(
        source=table_arguments.parse(arguments),
        position_weight=arguments.position_weight,
        command=command,
        job=job,
        outputs=Outputs(
            labels=arguments.labels,
            with_data=arguments.with_data,
            centroids=arguments.centroids,
            picture=arguments.picture,
            as_json=arguments.json,
        ),
    )
    _check_outputs(request)
    return request


def _add_outputs(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        "--labels",
        metavar="FILE",
        type=Path,
        help=f"write row,label; the suffix decides: {TABLE.listed}, and a .npy file holds one "
        "int64 for each row of the source, -1 for a row that was left out",
    )
    add(
        "--with-data",
        action="store_true",
        help="the file of --labels holds the whole table as it was read, with one more column, "
        "cluster, which is empty for a row that was left out; as .npy, if all columns are "
        "numbers, float64 with the cluster last and NaN where there is nothing; in .csv and .tsv a "
        "text that a spreadsheet would run as a formula (=1+1) gets a single quote before it",
    )
    add(
        "--centroids",
        metavar="FILE",
        type=Path,
        help=f"write cluster,size and the centroids in the units of the data; {TABLE.listed}, "
        "and a .npy file holds the centroids alone, a row each",
    )
    add("--json", action="store_true", help="print one JSON object")


def _check_outputs(request: ClusterRequest) -> None:
    """Raise an error for a result that will not exist, or that would replace a file in use."""
    outputs, algorithm = request.outputs, request.command.algorithm
    if outputs.with_data and outputs.labels is None:
        raise ParameterError("--with-data adds to the file of --labels; give --labels FILE too.")
    if not algorithm.has_centroids:
        if outputs.centroids:
            raise ParameterError(
                f"{algorithm.title} finds clusters without centroids; leave --centroids out."
            )
        if is_picture(request.source.name):
            raise ParameterError(
                f"A picture is painted in the colours of centroids, and {algorithm.title} has "
                "none; choose another algorithm."
            )
    kinds = (
        (outputs.labels, TABLE),
        (outputs.centroids, TABLE),
        (outputs.picture, PICTURE),
    )
    wanted = [(path, kind) for path, kind in kinds if path]
    writing.check_outputs(wanted, (request.source.name, *request.job.files))

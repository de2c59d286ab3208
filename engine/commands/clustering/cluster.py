"""`cluster`: runs a clustering algorithm on a file or on generated points."""

import argparse
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from engine import source
from engine.commands import output
from engine.commands.clustering import distribute, pictures, streamed
from engine.commands.clustering.algorithms import titles
from engine.commands.clustering.job import LoadedData, Outcome, Show
from engine.commands.clustering.request import ClusterRequest, add_arguments, parse
from engine.commands.clustering.table import cluster_table
from engine.commands.progress import progress_line, timed
from engine.data.arrays.mapped import MappedDataset, is_large
from engine.data.dataset import Dataset
from engine.data.images import is_picture
from engine.data.output import results, writing
from engine.data.output.table_files import check_format
from engine.data.scaling import Scaling

if TYPE_CHECKING:
    import polars as pl

_EXAMPLES = """\
examples:
  python main.py cluster blobs:clusters=6,per_cluster=250,seed=0 -k 6 --json
  python main.py cluster wine -k 3 --standardize --labels labels.csv
  python main.py cluster people.csv -k 4 --labels people-in-clusters.csv --with-data
  python main.py cluster digits -k 10 --seeding k-means++ --n-init 10
  python main.py cluster moons --algorithm mean-shift --bandwidth 5
  python main.py cluster moons --algorithm dbscan
  python main.py cluster photo.jpg -k 8 --picture out.png
  python main.py cluster points.npy -k 64 --distribute mirrored --devices 2 --json
"""


def add_parser(commands: Any) -> None:
    """Add the command and its arguments to the parser of the command line."""
    parser = commands.add_parser(
        "cluster",
        help=f"{titles('or')} on a file or on generated points",
        description=f"Cluster the points of a file, or generated ones, by {titles('or')}.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_arguments(parser)
    distribute.add_arguments(parser)
    parser.set_defaults(run=lambda arguments: run(parse(arguments)))


def run(request: ClusterRequest) -> None:
    """Load, cluster, write and print."""
    seconds: dict[str, float] = {}
    with progress_line() as progress:
        stage = partial(timed, progress, seconds)
        with stage("load") as show:
            data = _load(request, show)
            table = _whole_table(request, data)
        outcome = request.job.run(data, stage)
        painted: dict[str, Any] = {}
        if is_picture(request.source.name):
            with stage("paint") as show:
                painted = _paint(request, data, outcome, show)
    if outcome.elsewhere:
        output.note(outcome.elsewhere)
        return
    for note in (*data.dataset.notes, request.command.algorithm.note(outcome.frame)):
        if note:
            output.note(note)
    _write(request, data, table, outcome)
    result = _result(request, data, outcome)
    result |= painted | {"device": outcome.device, "seconds": seconds}
    if request.outputs.as_json:
        output.show_json(result)
    else:
        own_lines = request.command.lines(result)
        output.show(cluster_table(result, own_lines) + pictures.table(painted))


def _load(request: ClusterRequest, show: Show) -> LoadedData:
    """Read the points."""
    wanted = request.source
    dataset: Dataset | MappedDataset
    if is_picture(wanted.name):
        dataset = pictures.load(wanted.name, request.position_weight)
    elif request.job.can_stream and is_large(wanted.name, wanted.columns):
        dataset = streamed.load(wanted.name, wanted.columns, wanted.how, show)
    else:
        dataset = source.load(wanted.name, wanted.columns, wanted.how)
    return _scaled(dataset, wanted.standardize)


def _scaled(dataset: Dataset | MappedDataset, standardize: bool) -> LoadedData:
    """Return the points in the units in which distances are measured."""
    if isinstance(dataset, MappedDataset):
        if standardize:
            scaling = Scaling.of(dataset.points.moments)
            points = dataset.points.scaled(scaling)
            return LoadedData(dataset=dataset, scaling=scaling, points=points)
        scaling = Scaling.identity(len(dataset.columns))
        return LoadedData(dataset=dataset, scaling=scaling, points=dataset.points)
    scaling = Scaling.identity(len(dataset.columns))
    if standardize:
        scaling = Scaling.fit(dataset.points)
    return LoadedData(dataset=dataset, scaling=scaling, points=scaling.forward(dataset.points))


def _whole_table(request: ClusterRequest, data: LoadedData) -> "pl.DataFrame | None":
    """Read the whole table if the labels are to be written beside it."""
    outputs = request.outputs
    if outputs.labels is None or not outputs.with_data:
        return None
    table = source.read_frame(data.dataset)
    check_format(outputs.labels, table)  # before the run, not after
    return table


def _paint(
    request: ClusterRequest, data: LoadedData, outcome: Outcome, show: Show
) -> dict[str, Any]:
    centroids = data.scaling.inverse(outcome.frame.centroids)
    name, path = request.source.name, request.outputs.picture
    return pictures.paint(name, request.position_weight, path, centroids, show)


def _write(
    request: ClusterRequest, data: LoadedData, table: "pl.DataFrame | None", outcome: Outcome
) -> None:
    outputs, dataset, frame = request.outputs, data.dataset, outcome.frame
    has_noise = request.command.algorithm.has_noise
    with writing.together():
        if outputs.labels and table is not None:
            results.write_with_clusters(
                outputs.labels, table, frame.labels, dataset, has_noise=has_noise
            )
        elif outputs.labels:
            results.write_labels(outputs.labels, frame.labels, dataset, has_noise=has_noise)
        if outputs.centroids:
            centroids = data.scaling.inverse(frame.centroids)
            results.write_centroids(outputs.centroids, centroids, dataset.columns, frame.sizes)


def _result(request: ClusterRequest, data: LoadedData, outcome: Outcome) -> dict[str, Any]:
    dataset, frame, algorithm = data.dataset, outcome.frame, request.command.algorithm
    result = {
        "source": dataset.source,
        "n_points": len(dataset.points),
        "n_dims": len(dataset.columns),
        "columns": list(dataset.columns),
        "dropped_rows": dataset.dropped_rows,
        "standardized": request.source.standardize,
        "algorithm": algorithm.json_name or algorithm.name,
        **outcome.values,
        "iterations": frame.iteration,
        "converged": frame.converged,
        "stopped": frame.stop.value if frame.stop else None,
        "sizes": frame.sizes.tolist(),
    }
    if algorithm.has_centroids:
        centroids = data.scaling.inverse(frame.centroids)
        result["centroids"] = _as_written(centroids)
        result["empty_clusters"] = list(frame.empty)
    return result


def _as_written(centroids: np.ndarray) -> list[list[float]]:
    """(K, D) numbers with no more digits than their type holds."""
    return [[float(str(value)) for value in row] for row in centroids]

"""`cluster`: k-means or mean shift on a file or on generated points, straight to the end."""

import argparse
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from engine.clustering.checks import check_number
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import Formulation, KMeansOptions, MiniBatchOptions, Seeding
from engine.clustering.mean_shift.frames import MeanShiftFrame
from engine.clustering.mean_shift.options import MeanShiftOptions
from engine.commands import output, table_arguments
from engine.commands.clustering import arguments as cluster_arguments
from engine.commands.clustering import distribute, mean_shift, mini_batch, pictures, streamed
from engine.commands.clustering.algorithms import MEAN_SHIFT, MINI_BATCH, refuse_others
from engine.commands.clustering.arguments import check_outputs, kmeans_options
from engine.commands.clustering.table import cluster_table
from engine.commands.progress import progress_line, timed
from engine.data import source
from engine.data.arrays.mapped import MappedDataset, MappedPoints, Points, is_large
from engine.data.dataset import Dataset, Description
from engine.data.images import is_picture
from engine.data.opening import check_file
from engine.data.output import results, writing
from engine.data.output.table_files import check_format
from engine.data.scaling import Scaling
from engine.data.tables.columns import listed
from engine.data.tables.options import TableOptions
from engine.errors import DataError, ParameterError
from engine.runtime import device

if TYPE_CHECKING:
    import polars as pl

_EXAMPLES = """\
examples:
  python main.py cluster blobs:clusters=6,per_cluster=250,seed=0 -k 6 --json
  python main.py cluster wine -k 3 --standardize --labels labels.csv
  python main.py cluster people.csv -k 4 --labels people-in-clusters.csv --with-data
  python main.py cluster digits -k 10 --seeding k-means++ --n-init 10
  python main.py cluster moons --algorithm mean-shift --bandwidth 5
  python main.py cluster photo.jpg -k 8 --picture out.png
  python main.py cluster points.npy -k 64 --distribute mirrored --devices 2 --json
"""


def add_parser(commands: Any) -> None:
    """Add the command and its arguments to the parser of the command line."""
    parser = commands.add_parser(
        "cluster",
        help="k-means or mean shift on a file or on generated points",
        description="Cluster the points of a file, or generated ones, by k-means or mean shift.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    cluster_arguments.add_arguments(parser)
    table_arguments.add_arguments(parser)
    mini_batch.add_arguments(parser)
    mean_shift.add_arguments(parser)
    pictures.add_arguments(parser)
    distribute.add_arguments(parser)
    parser.set_defaults(run=run, default=parser.get_default)


def run(arguments: argparse.Namespace) -> None:
    """Load, cluster, write and print."""
    seconds: dict[str, float] = {}
    # What the arguments alone can get wrong is said before anything slow begins.
    refuse_others(arguments, arguments.default)
    options: KMeansOptions | MeanShiftOptions = kmeans_options(arguments)
    batches = mini_batch.options(arguments) if arguments.algorithm == MINI_BATCH else None
    if arguments.algorithm == MEAN_SHIFT:
        options = mean_shift.options(arguments)
    pictures.check_options(arguments)
    how = table_arguments.options(arguments)
    others = distribute.check_options(arguments)
    check_outputs(arguments)
    with progress_line() as progress:
        stage = partial(timed, progress, seconds)
        with stage("load") as show:
            dataset, scaling, given = _load(arguments, how, show)
            table = _table(arguments, dataset)
        points = _scaled(dataset, scaling, arguments.standardize)
        frame: KMeansFrame | MeanShiftFrame
        if isinstance(options, MeanShiftOptions):
            assert isinstance(points, np.ndarray)  # they stay in their file for k-means alone
            used_device, frame = mean_shift.run(points, options, stage)
            own = mean_shift.result(options, frame)
        else:
            options = kmeans_options(arguments, given)
            start = None if given is None else scaling.forward(given)
            team = distribute.Team(arguments, others)
            used_device, frame = _run(points, start, options, batches, team, stage)
            own = _own_result(arguments, options, frame, dataset) | team.result
            own |= mini_batch.result(batches, frame) if batches else {}
        painted: dict[str, Any] = {}
        if is_picture(arguments.source):
            with stage("paint") as show:
                painted = pictures.paint(arguments, scaling.inverse(frame.centroids), show)
    if distribute.leaves_to_chief(others, frame.iteration):
        return
    own_notes = mean_shift.notes(frame) if isinstance(frame, MeanShiftFrame) else ()
    for note in (*dataset.notes, *own_notes):
        output.note(note)
    centroids = scaling.inverse(frame.centroids)
    with writing.together():
        if table is not None:
            results.write_with_clusters(arguments.labels, table, frame.labels, dataset)
        elif arguments.labels:
            results.write_labels(arguments.labels, frame.labels, dataset)
        if arguments.centroids:
            results.write_centroids(arguments.centroids, centroids, dataset.columns, frame.sizes)
    result = _result(arguments, dataset, own, frame, centroids)
    result |= painted | {"device": used_device, "seconds": seconds}
    if arguments.json:
        output.show_json(result)
    else:
        output.show(cluster_table(result) + pictures.table(painted))


def _run(
    points: Points,
    start: np.ndarray | None,
    options: KMeansOptions,
    batches: MiniBatchOptions | None,
    team: distribute.Team,
    stage: Callable[[str], AbstractContextManager[Any]],
) -> tuple[str, KMeansFrame]:
    """Seed, unless a start is given, and fit by k-means.

    Returns:
        The device, and the last frame of the run, or of the best of several.
    """
    check_number(len(points), options.n_clusters)  # before anything that takes its time
    with stage("compile") as show:
        team.meet(show)
        used_device = device.start()
        if team.strategy is None:  # several devices have programs of their own
            _compile(points, options)
    _check_capacity(options, *points.shape)
    best: KMeansFrame | None = None
    for number, run in enumerate(options.runs, 1):
        which = f"run {number} of {options.n_init}, " if options.n_init > 1 else ""
        with stage("seed") as show:
            first = _start(points, run, _saying(which, show)) if start is None else start
        with stage("fit") as show:
            frame = _fit(points, first, run, batches, team, _saying(which, show))
        if best is None or frame.inertia < best.inertia:
            best = replace(frame, seed=run.seed)
    assert best is not None  # there is one run at least
    return str(used_device), best


def _saying(which: str, show: Callable[[str], object]) -> Callable[[str], object]:
    """Say of which run it is what is told of it."""
    return lambda more: show(f"{which}{more}")


def _load(
    arguments: argparse.Namespace, how: TableOptions, show: Callable[[str], object]
) -> tuple[Dataset | MappedDataset, Scaling, np.ndarray | None]:
    """Read the points, and the centroids if they are given as a file, in the user's units."""
    columns = None if arguments.columns is None else arguments.columns.split(",")
    dataset: Dataset | MappedDataset
    if is_picture(arguments.source):
        dataset = pictures.load(arguments)
    elif streamed.wanted(arguments) and is_large(arguments.source, columns):
        dataset = streamed.load(arguments.source, columns, how, show)
    else:
        dataset = source.load(arguments.source, columns, how)
    given = None
    if arguments.seeding not in set(Seeding):
        given = _read_centroids(arguments.seeding, dataset)
    return dataset, _scaling(dataset, arguments.standardize), given


def _table(
    arguments: argparse.Namespace, dataset: Dataset | MappedDataset
) -> "pl.DataFrame | None":
    """The whole table that the clusters are written beside, if that is asked for."""
    if not arguments.with_data:
        return None
    table = source.read_frame(dataset)
    check_format(arguments.labels, table)  # before the run, not after it
    return table


def _scaling(dataset: Dataset | MappedDataset, standardize: bool) -> Scaling:
    if not standardize:
        return Scaling.identity(len(dataset.columns))
    if isinstance(dataset, MappedDataset):
        return Scaling.of(dataset.points.moments)
    return Scaling.fit(dataset.points)


def _scaled(dataset: Dataset | MappedDataset, scaling: Scaling, standardize: bool) -> Points:
    if isinstance(dataset, MappedDataset):
        return dataset.points.scaled(scaling) if standardize else dataset.points
    return scaling.forward(dataset.points)


def _read_centroids(path: str, dataset: Description) -> np.ndarray:
    """Read centroids from a table, by the points' column names where it has them."""
    try:
        check_file(path)
    except DataError as error:
        raise ParameterError(
            f"The seeding must be {', '.join(Seeding)}, or a file that holds centroids. {error}"
        ) from error
    table = source.load(path)
    every = table.numeric_columns
    # Our own files have a quote before a name that a spreadsheet would run.
    called = {name: name for name in every} | {name.removeprefix("'"): name for name in every}
    if set(dataset.columns) <= called.keys():
        table = source.load(path, [called[name] for name in dataset.columns])
    elif len(every) == len(dataset.columns):  # whatever they look like
        table = source.load(path, every)
    if table.points.shape[1] != len(dataset.columns):
        raise ParameterError(
            f"{path} must hold a centroid a row with the columns {listed(dataset.columns)}; it "
            f"has {listed(table.columns)}."
        )
    return table.points


def _compile(points: Points, options: KMeansOptions) -> None:
    """Compile what the first assignment needs, so that `fit` is measured without it."""
    from engine.clustering.kmeans.runs import warm_up

    if isinstance(points, np.ndarray):
        warm_up(points, options)


def _check_capacity(options: KMeansOptions, n_points: int, n_dims: int) -> None:
    from engine.clustering.kmeans.backends.lecture import check_capacity

    if options.formulation is Formulation.LECTURE:
        check_capacity(options.n_clusters, n_points, n_dims)


def _start(points: Points, options: KMeansOptions, show: Callable[[str], object]) -> np.ndarray:
    if isinstance(points, MappedPoints):
        return streamed.seed(points, options, show)
    from engine.clustering.seeding.in_memory import seed_centroids

    return seed_centroids(points, options.n_clusters, options.seeding, options.seed)


def _fit(
    points: Points,
    start: np.ndarray,
    options: KMeansOptions,
    batches: MiniBatchOptions | None,
    team: distribute.Team,
    show: Callable[[str], object],
) -> KMeansFrame:
    if team.strategy:
        assert isinstance(points, np.ndarray)  # they stay in their file for one device alone
        return team.fit(points, start, options, show)
    if batches:
        return mini_batch.fit(points, start, batches, show)
    if isinstance(points, MappedPoints):
        return streamed.fit(points, start, options, show)
    from engine.clustering.kmeans.lloyd import fit

    return fit(
        points,
        start,
        **options.of_lloyd,
        progress=lambda iteration: show(f"iteration {iteration}"),
    )


def _result(
    arguments: argparse.Namespace,
    dataset: Dataset | MappedDataset,
    own: dict[str, Any],
    frame: KMeansFrame | MeanShiftFrame,
    centroids: np.ndarray,
) -> dict[str, Any]:
    return {
        "source": dataset.source,
        "n_points": len(dataset.points),
        "n_dims": len(dataset.columns),
        "columns": list(dataset.columns),
        "dropped_rows": dataset.dropped_rows,
        "standardized": arguments.standardize,
        "algorithm": arguments.algorithm,
        **own,
        "iterations": frame.iteration,
        "converged": frame.converged,
        "stopped": frame.stop.value if frame.stop else None,
        "sizes": frame.sizes.tolist(),
        "centroids": [[float(str(value)) for value in row] for row in centroids],
        "empty_clusters": list(frame.empty),
    }


def _own_result(
    arguments: argparse.Namespace,
    options: KMeansOptions,
    frame: KMeansFrame,
    dataset: Dataset | MappedDataset,
) -> dict[str, Any]:
    """What the JSON says of k-means, in batches or not."""
    return {
        "seeding": arguments.seeding,
        "seed": options.seed,
        "n_init": options.n_init,
        "best_seed": options.seed if frame.seed is None else frame.seed,
        "formulation": options.formulation.resolved().value,
        "n_clusters": options.n_clusters,
        "inertia": frame.inertia,
        "streamed": isinstance(dataset, MappedDataset),
    }

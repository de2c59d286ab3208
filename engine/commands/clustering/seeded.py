"""Runs of `cluster` that begin with seeded centroids: k-means, with or without batches."""

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine import source
from engine.clustering.checks import check_number
from engine.clustering.kmeans.frames import EmptyPolicy, KMeansFrame
from engine.clustering.kmeans.options import Formulation, KMeansOptions, Seeding
from engine.commands.clustering import streamed
from engine.commands.clustering.job import LoadedData, Outcome, Show, Stage, typed
from engine.data.arrays.mapped import MappedDataset, MappedPoints, Points
from engine.data.dataset import Description
from engine.data.opening import check_file
from engine.data.tables.columns import listed
from engine.errors import DataError, ParameterError
from engine.numbers import counted
from engine.plain_text import printable

N_CLUSTERS = 6


# Runs to the end from (K, D) centroids; raises what `lloyd.fit` raises.
Fit = Callable[[Points, np.ndarray, KMeansOptions, Show], KMeansFrame]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A device that is ready to compute.

    Attributes:
        device: Its name.
        fit: Runs k-means on it.
        values: Its JSON values.
    """

    device: str
    fit: Fit
    values: dict[str, Any]


Prepare = Callable[[Points, KMeansOptions, Show], Prepared]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SeededRuns:
    """One run, or several of which the best counts.

    Attributes:
        options: The options of the runs.
        seeding: What was given: the name of a seeding, or of a file that holds centroids.
        start: (K, D) the centroids of the file, in the units of the data; None if there is none.
    """

    options: KMeansOptions
    seeding: str
    start: np.ndarray | None

    def run(self, data: LoadedData, prepare: Prepare, stage: Stage) -> Outcome:
        """Seed, unless a file has the centroids, and run.

        Args:
            data: The points.
            prepare: Starts the device, and compiles for the points.
            stage: Times the stages.

        Returns:
            The last frame of the run, or of the best of several.

        Raises:
            EngineError: The points cannot be clustered this way.
        """
        options, points = self.options, data.points
        check_number(len(points), options.n_clusters)  # before anything that takes its time
        with stage("compile") as show:
            prepared = prepare(points, options, show)
        _check_capacity(options, *points.shape)
        best = self._one_run(data, prepared.fit, stage, 0)
        for number in range(1, options.n_init):
            frame = self._one_run(data, prepared.fit, stage, number)
            if frame.inertia < best.inertia:
                best = frame
        values = self._values(best, data) | prepared.values
        return Outcome(device=prepared.device, frame=best, values=values)

    def _values(self, frame: KMeansFrame, data: LoadedData) -> dict[str, Any]:
        return {
            "seeding": self.seeding,
            "seed": self.options.seed,
            "n_init": self.options.n_init,
            "best_seed": self.options.seed if frame.seed is None else frame.seed,
            "formulation": self.options.formulation.resolved().value,
            "n_clusters": self.options.n_clusters,
            "inertia": frame.inertia,
            "streamed": isinstance(data.dataset, MappedDataset),
        }

    def _one_run(self, data: LoadedData, fit: Fit, stage: Stage, number: int) -> KMeansFrame:
        options, n_runs = self.options.run(number), self.options.n_init
        which = f"run {number + 1} of {n_runs}, " if n_runs > 1 else ""
        with stage("seed") as show:
            start = self._start(data, options, lambda more: show(f"{which}{more}"))
        with stage("fit") as show:
            frame = fit(data.points, start, options, lambda more: show(f"{which}{more}"))
        return replace(frame, seed=options.seed)

    def _start(self, data: LoadedData, options: KMeansOptions, show: Show) -> np.ndarray:
        """Return the initial centroids, (K, D) in the units of the points."""
        if self.start is not None:
            return data.scaling.forward(self.start)
        return seed(data.points, options, show)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeededRequest:
    """What is asked of the runs, before the file of centroids, if there is one, has been read.

    Attributes:
        seeding: The name of a seeding, or of a file that holds centroids.
        n_clusters: The k that was given; None if there was none.
        template: The options of the runs, except k: a file decides it, if there is one.
    """

    seeding: str
    n_clusters: int | None
    template: KMeansOptions

    @property
    def files(self) -> tuple[str, ...]:
        """The file of the centroids, if there is one."""
        return () if self.seeding in set(Seeding) else (self.seeding,)

    def read(self, dataset: Description) -> SeededRuns:
        """The runs that are asked for; reads the file of the centroids, if there is one.

        Args:
            dataset: The points that they are for.

        Raises:
            EngineError: The file cannot be read, or does not fit the points or the given k.
        """
        if not self.files:
            return SeededRuns(options=self.template, seeding=self.seeding, start=None)
        start = _read_centroids(self.seeding, dataset)
        if self.n_clusters not in (None, len(start)):
            raise ParameterError(
                f"{self.seeding} holds {counted(len(start), 'centroid')}, but -k asks for "
                f"{self.n_clusters}; leave -k out."
            )
        options = replace(self.template, n_clusters=len(start))
        return SeededRuns(options=options, seeding=self.seeding, start=start)


def parse_seeded(arguments: argparse.Namespace) -> SeededRequest:
    """What is asked of the runs.

    Raises:
        ParameterError: A value is outside its range, or there are several runs from one start.
    """
    seeding = Seeding.FARTHEST.value if arguments.seeding is None else arguments.seeding
    from_file = seeding not in set(Seeding)
    if from_file and arguments.n_init not in (None, 1):
        raise ParameterError(
            f"--n-init tries several seeds, but the start is that of {seeding}; leave --n-init out."
        )
    template = KMeansOptions(
        n_clusters=N_CLUSTERS if arguments.k is None else arguments.k,
        seeding=Seeding.FARTHEST if from_file else Seeding(seeding),
        empty=EmptyPolicy(arguments.empty or EmptyPolicy.KEEP),
        formulation=Formulation(arguments.formulation or Formulation.AUTO),
        **typed(arguments, "seed", "n_init", "max_iter", "tol"),
    )
    return SeededRequest(seeding=seeding, n_clusters=arguments.k, template=template)


def seeded_lines(result: dict[str, Any], *more: str) -> list[str]:
    """Return the lines of the summary about the runs; `more` are put above the inertia."""
    units = " (of standardized columns)" if result["standardized"] else ""
    best = ""
    if result["n_init"] > 1:
        best = f", the best of {result['n_init']} runs: seed {result['best_seed']}"
    return [
        f"{counted(result['n_clusters'], 'cluster')}, seeding {printable(result['seeding'])}, "
        f"seed {result['seed']}{best}",
        *more,
        f"inertia {result['inertia']:.6g}{units}",
    ]


def seed(points: Points, options: KMeansOptions, show: Show) -> np.ndarray:
    """Return (K, D) centroids; raises what `seed_centroids` raises."""
    if isinstance(points, MappedPoints):
        return streamed.seed(points, options, show)
    from engine.clustering.seeding.in_memory import seed_centroids

    return seed_centroids(points, options.n_clusters, options.seeding, options.seed)


def _check_capacity(options: KMeansOptions, n_points: int, n_dims: int) -> None:
    from engine.clustering.kmeans.backends.lecture import check_capacity

    if options.formulation is Formulation.LECTURE:
        check_capacity(options.n_clusters, n_points, n_dims)


def _read_centroids(path: str, dataset: Description) -> np.ndarray:
    """Read centroids from a table, by the points' column names if it has them."""
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
    elif len(every) == len(dataset.columns):  # whatever their names
        table = source.load(path, every)
    if table.points.shape[1] != len(dataset.columns):
        raise ParameterError(
            f"{path} must have one centroid in each row, with the columns "
            f"{listed(dataset.columns)}; it has {listed(table.columns)}."
        )
    return table.points

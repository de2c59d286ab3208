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
from engine.commands.clustering.job import LoadedData, Outcome, Show, Stage
from engine.data.arrays.mapped import MappedDataset, MappedPoints, Points
from engine.data.dataset import Description
from engine.data.opening import check_file
from engine.data.tables.columns import listed
from engine.errors import DataError, ParameterError
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
        options: The options of the runs. `n_clusters` is final only after the file has been read.
        seeding: The argument as given: the name of a seeding, or of a file of centroids.
        asked_k: The k given on the command line, if any.
        start: (K, D) the centroids of the file, in the units of the data, after it has been read.
    """

    options: KMeansOptions
    seeding: str
    asked_k: int | None
    start: np.ndarray | None = None

    @property
    def files(self) -> tuple[str, ...]:
        """The file of the centroids, if there is one."""
        return () if self.seeding in set(Seeding) else (self.seeding,)

    def with_files(self, dataset: Description) -> "SeededRuns":
        """Read the file of the centroids, if there is one, and return the runs with them.

        Raises:
            EngineError: It cannot be read, or does not fit the points or the given k.
        """
        if not self.files:
            return self
        start = _read_centroids(self.seeding, dataset)
        if self.asked_k not in (None, len(start)):
            raise ParameterError(
                f"{self.seeding} holds {len(start):,} centroids, but -k asks for "
                f"{self.asked_k}; leave -k out."
            )
        return replace(self, options=replace(self.options, n_clusters=len(start)), start=start)

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


def parse_seeded(arguments: argparse.Namespace) -> SeededRuns:
    """Parse the arguments for the runs.

    Raises:
        ParameterError: A value is outside its range, or there are several runs from one start.
    """
    from_file = arguments.seeding not in set(Seeding)
    if from_file and arguments.n_init != 1:
        raise ParameterError(
            f"--n-init tries several seeds, but the start is that of {arguments.seeding}; leave "
            "--n-init out."
        )
    options = KMeansOptions(
        n_clusters=N_CLUSTERS if arguments.k is None else arguments.k,
        seeding=Seeding.FARTHEST if from_file else Seeding(arguments.seeding),
        seed=arguments.seed,
        n_init=arguments.n_init,
        max_iter=arguments.max_iter,
        tol=arguments.tol,
        empty=EmptyPolicy(arguments.empty),
        formulation=Formulation(arguments.formulation),
    )
    return SeededRuns(options=options, seeding=arguments.seeding, asked_k=arguments.k)


def seeded_lines(result: dict[str, Any], *more: str) -> list[str]:
    """Return the lines of the summary about the runs; `more` are put above the inertia."""
    units = " (of standardized columns)" if result["standardized"] else ""
    best = ""
    if result["n_init"] > 1:
        best = f", the best of {result['n_init']} runs: seed {result['best_seed']}"
    return [
        f"{result['n_clusters']} clusters, seeding {printable(result['seeding'])}, "
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

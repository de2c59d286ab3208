"""`cluster --algorithm mini-batch`."""

import argparse
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.clustering.chunks import finished
from engine.clustering.kmeans.algorithm import MINI_BATCH
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import KMeansOptions, MiniBatchOptions
from engine.commands.clustering.job import (
    AlgorithmCommand,
    Job,
    LoadedData,
    Outcome,
    Show,
    Stage,
)
from engine.commands.clustering.kmeans import one_device
from engine.commands.clustering.seeded import Prepared, SeededRuns, parse_seeded, seeded_lines
from engine.data.arrays.mapped import Points
from engine.data.dataset import Description

_DEFAULTS = MiniBatchOptions()


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("mini-batch k-means").add_argument
    add(
        "--batch-size",
        type=int,
        default=_DEFAULTS.batch_size,
        metavar="B",
        help=f"points drawn for each batch (default {_DEFAULTS.batch_size:,})",
    )
    add(
        "--max-batches",
        type=int,
        default=_DEFAULTS.max_batches,
        metavar="N",
        help=f"stop after this many, even if still improving (default {_DEFAULTS.max_batches:,})",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MiniBatchJob(Job):
    """Runs mini-batch k-means from a seeding, or from a file of centroids."""

    runs: SeededRuns
    options: MiniBatchOptions

    @property
    def can_stream(self) -> bool:
        """It always can."""
        return True

    @property
    def files(self) -> tuple[str, ...]:
        """The file of the centroids, if there is one."""
        return self.runs.files

    def with_files(self, dataset: Description) -> "MiniBatchJob":
        """Read the file of the centroids, and return the job with them."""
        return replace(self, runs=self.runs.with_files(dataset))

    def run(self, data: LoadedData, stage: Stage) -> Outcome:
        """Run to the end; raises what `mini_batch.fit_in_chunks` raises."""
        outcome = self.runs.run(data, self._prepare, stage)
        n_points = len(outcome.frame.labels)
        n_seen = outcome.frame.iteration * min(self.options.batch_size, n_points)
        batches = {
            "batch_size": self.options.batch_size,
            "points_seen": n_seen,
            "passes": n_seen / n_points,
        }
        return replace(outcome, values=outcome.values | batches)

    def _prepare(self, points: Points, options: KMeansOptions, _: Show) -> Prepared:
        return one_device(points, options, self._fit)

    def _fit(self, points: Points, start: np.ndarray, _: KMeansOptions, show: Show) -> KMeansFrame:
        """Process batches, then assign all points; errors as in `mini_batch.fit_in_chunks`."""
        from engine.clustering.kmeans.mini_batch import Seen, fit_in_chunks

        def report(reached: Any) -> None:
            if isinstance(reached, Seen):
                show(f"batch {reached.iteration:,}")
            else:
                show(f"assigning all points, {reached.percent}")

        return finished(fit_in_chunks(points, start, self.options), report)


def _parse(arguments: argparse.Namespace) -> MiniBatchJob:
    runs = parse_seeded(arguments)
    options = MiniBatchOptions(
        n_clusters=runs.options.n_clusters,
        seeding=runs.options.seeding,
        batch_size=arguments.batch_size,
        max_batches=arguments.max_batches,
        seed=arguments.seed,
    )
    return MiniBatchJob(runs=runs, options=options)


def _lines(result: dict[str, Any]) -> list[str]:
    return seeded_lines(
        result,
        f"{result['iterations']:,} batches of {result['batch_size']:,} points, "
        f"{result['passes']:.2f} of a pass over all; then all points were assigned once",
    )


COMMAND = AlgorithmCommand(
    algorithm=MINI_BATCH, add_arguments=_add_arguments, parse=_parse, lines=_lines
)

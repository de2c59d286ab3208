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
    typed,
)
from engine.commands.clustering.kmeans import one_device
from engine.commands.clustering.seeded import Prepared, SeededRequest, parse_seeded, seeded_lines
from engine.data.arrays.mapped import Points
from engine.numbers import counted

_DEFAULTS = MiniBatchOptions()


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("mini-batch k-means").add_argument
    add(
        "--batch-size",
        type=int,
        metavar="B",
        help=f"points drawn for each batch (default {_DEFAULTS.batch_size:,})",
    )
    add(
        "--max-batches",
        type=int,
        metavar="N",
        help=f"stop after this many, even if still improving (default {_DEFAULTS.max_batches:,})",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MiniBatchJob(Job):
    """Runs mini-batch k-means from a seeding, or from a file of centroids.

    Attributes:
        seeded: What is asked of the seeding and of k.
        options: The options of the batches; k is that of the runs.
    """

    seeded: SeededRequest
    options: MiniBatchOptions

    @property
    def can_stream(self) -> bool:
        """It always can."""
        return True

    @property
    def files(self) -> tuple[str, ...]:
        """The file of the centroids, if there is one."""
        return self.seeded.files

    def run(self, data: LoadedData, stage: Stage) -> Outcome:
        """Run to the end; raises what `mini_batch.fit_in_chunks` raises."""
        with stage("load"):
            runs = self.seeded.read(data.dataset)
        outcome = runs.run(data, self._prepare, stage)
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

    def _fit(
        self, points: Points, start: np.ndarray, options: KMeansOptions, show: Show
    ) -> KMeansFrame:
        """Process batches, then assign all points; errors as in `mini_batch.fit_in_chunks`."""
        from engine.clustering.kmeans.mini_batch import Seen, fit_in_chunks

        def report(reached: Any) -> None:
            if isinstance(reached, Seen):
                show(f"batch {reached.iteration:,}")
            else:
                show(f"assigning all points, {reached.percent}")

        batches = replace(self.options, n_clusters=options.n_clusters)
        return finished(fit_in_chunks(points, start, batches), report)


def _parse(arguments: argparse.Namespace) -> MiniBatchJob:
    seeded = parse_seeded(arguments)
    options = MiniBatchOptions(
        n_clusters=seeded.template.n_clusters,
        seeding=seeded.template.seeding,
        **typed(arguments, "batch_size", "max_batches", "seed"),
    )
    return MiniBatchJob(seeded=seeded, options=options)


def _lines(result: dict[str, Any]) -> list[str]:
    return seeded_lines(
        result,
        f"{counted(result['iterations'], 'batch', 'batches')} of "
        f"{counted(result['batch_size'], 'point')} seen, "
        f"{result['passes']:.2f} of a pass over all; then all points were assigned once",
    )


COMMAND = AlgorithmCommand(
    algorithm=MINI_BATCH, add_arguments=_add_arguments, parse=_parse, lines=_lines
)

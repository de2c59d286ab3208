"""`cluster --algorithm k-means`: on one or several devices, with points in memory or in a file."""

import argparse
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.clustering.kmeans.algorithm import KMEANS
from engine.clustering.kmeans.frames import EmptyPolicy, KMeansFrame
from engine.clustering.kmeans.options import MAX_ITER, Formulation, KMeansOptions, Seeding
from engine.commands.clustering import distribute, streamed
from engine.commands.clustering.distribute import ONE_DEVICE, Distribution
from engine.commands.clustering.job import (
    AlgorithmCommand,
    Job,
    LoadedData,
    Outcome,
    Show,
    Stage,
)
from engine.commands.clustering.seeded import (
    N_CLUSTERS,
    Fit,
    Prepared,
    SeededRequest,
    parse_seeded,
    seeded_lines,
)
from engine.data.arrays.mapped import MappedPoints, Points
from engine.runtime import device


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add its own arguments, and those that mini-batch k-means and mean shift share with it."""
    add = parser.add_argument
    add("-k", type=int, metavar="K", help=f"how many clusters (default {N_CLUSTERS})")
    add(
        "--seeding",
        metavar="|".join([*Seeding, "FILE"]),
        help="how the first centroids are chosen, or a table that holds them; k-means++ keeps the "
        "best of 2 + ln k draws for each centroid, k-means++-single draws once (default farthest)",
    )
    add("--seed", type=int, help="the seed of the random numbers (default 0)")
    add(
        "--n-init",
        type=int,
        metavar="N",
        help="runs with this seed and those after it, of which the one with the lowest inertia is "
        "kept (default 1)",
    )
    add("--max-iter", type=int, help=f"iterations (default {MAX_ITER})")
    add(
        "--tol",
        type=float,
        help="stop when no centroid moves farther than this (default 0: when no label changes)",
    )
    add(
        "--empty",
        choices=[policy.value for policy in EmptyPolicy],
        help="a centroid without points stays, or jumps to the farthest point (default keep)",
    )
    add(
        "--formulation",
        choices=[formulation.value for formulation in Formulation],
        help="how it is computed; lecture is the broadcast as taught, for small data",
    )


def one_device(points: Points, options: KMeansOptions, fit: Fit) -> Prepared:
    """Start the device that TensorFlow chooses, and compile what the first assignment needs."""
    used_device = device.start()
    if isinstance(points, np.ndarray):
        from engine.clustering.kmeans.runs import warm_up

        warm_up(points, options)
    return Prepared(str(used_device), fit, ONE_DEVICE)


def _prepare(points: Points, options: KMeansOptions, _: Show) -> Prepared:
    return one_device(points, options, _fit)


def _fit(points: Points, start: np.ndarray, options: KMeansOptions, show: Show) -> KMeansFrame:
    """Run Lloyd's algorithm to the end; raises what `lloyd.fit` raises."""
    if isinstance(points, MappedPoints):
        return streamed.fit(points, start, options, show)
    from engine.clustering.kmeans.driver import fit

    return fit(
        points,
        start,
        **options.of_lloyd,
        progress=lambda iteration: show(f"iteration {iteration}"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KMeansJob(Job):
    """Runs Lloyd's algorithm from a seeding, or from a file of centroids."""

    seeded: SeededRequest
    distribution: Distribution

    @property
    def can_stream(self) -> bool:
        """Whether it can run on points that stay in their file."""
        is_taught = self.seeded.template.formulation is Formulation.LECTURE
        return not is_taught and not self.distribution.asked

    @property
    def files(self) -> tuple[str, ...]:
        """The file of the centroids, if there is one."""
        return self.seeded.files

    def run(self, data: LoadedData, stage: Stage) -> Outcome:
        """Run to the end; raises what `lloyd.fit` raises, and errors of other devices."""
        prepare = self.distribution.prepare if self.distribution.asked else _prepare
        with stage("load"):
            runs = self.seeded.read(data.dataset)
        outcome = runs.run(data, prepare, stage)
        elsewhere = self.distribution.elsewhere(outcome.frame.iteration)
        return replace(outcome, elsewhere=elsewhere)


def _parse(arguments: argparse.Namespace) -> KMeansJob:
    seeded = parse_seeded(arguments)
    distribution = distribute.parse(arguments, seeded.template.formulation)
    return KMeansJob(seeded=seeded, distribution=distribution)


def _lines(result: dict[str, Any]) -> list[str]:
    return seeded_lines(result)


COMMAND = AlgorithmCommand(
    algorithm=KMEANS,
    add_arguments=_add_arguments,
    parse=_parse,
    lines=_lines,
    more_arguments=distribute.ARGUMENTS,
)

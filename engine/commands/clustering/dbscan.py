"""`cluster --algorithm dbscan`."""

import argparse
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.clustering.dbscan.algorithm import DBSCAN
from engine.clustering.dbscan.frames import DbscanFrame
from engine.clustering.dbscan.options import MIN_POINTS, DbscanOptions
from engine.clustering.frames import Phase
from engine.commands.clustering.job import AlgorithmCommand, Job, LoadedData, Outcome, Stage, typed
from engine.numbers import counted
from engine.runtime import interrupts

# It runs without TensorFlow.
_DEVICE = "CPU (NumPy)"


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument_group("DBSCAN").add_argument
    add(
        "--eps",
        type=float,
        metavar="X",
        help="points at most this far apart are neighbours, in the units of the points "
        "(standardized ones with --standardize); by default the distance within which 95 %% of the "
        "points have enough neighbours; the points are compared as float32",
    )
    add(
        "--min-points",
        type=int,
        metavar="N",
        help="a point with at least this many neighbours, itself included, is a core point "
        f"(default {MIN_POINTS})",
    )


@dataclass(frozen=True, slots=True)
class DbscanJob(Job):
    """Runs DBSCAN."""

    options: DbscanOptions

    def run(self, data: LoadedData, stage: Stage) -> Outcome:
        """Run to the end; raises what `dbscan` raises."""
        with stage("fit") as show:
            from engine.clustering.dbscan.stepper import dbscan

            for frame in dbscan(np.asarray(data.points), self.options):
                interrupts.check()
                show(_progress(frame))
        return Outcome(device=_DEVICE, frame=frame, values=_values(self.options, frame))


def _parse(arguments: argparse.Namespace) -> DbscanJob:
    return DbscanJob(DbscanOptions(**typed(arguments, "eps", "min_points")))


def _progress(frame: DbscanFrame) -> str:
    n_points = len(frame.labels)
    if frame.phase is Phase.COUNT:
        n_counted = int(np.count_nonzero(frame.n_neighbors))
        return f"neighbours of {n_counted:,} of {counted(n_points, 'point')} counted"
    return (
        f"{counted(frame.n_clusters, 'cluster')}, {frame.n_unassigned:,} of "
        f"{counted(n_points, 'point')} not reached"
    )


def _values(options: DbscanOptions, frame: DbscanFrame) -> dict[str, Any]:
    return {
        "eps": frame.eps,
        "eps_rule": "k-distance" if options.eps is None else None,
        "min_points": frame.min_points,
        "n_clusters": frame.n_clusters,
        "n_noise": frame.n_unassigned,
        "n_core": frame.n_core.tolist(),
    }


def _lines(result: dict[str, Any]) -> list[str]:
    rule = f" by the rule {result['eps_rule']}" if result["eps_rule"] else ""
    return [
        f"{counted(result['n_clusters'], 'cluster')} and "
        f"{counted(result['n_noise'], 'noise point')}, eps {result['eps']:.6g}{rule}, at least "
        f"{counted(result['min_points'], 'point')}",
    ]


COMMAND = AlgorithmCommand(
    algorithm=DBSCAN,
    add_arguments=_add_arguments,
    parse=_parse,
    lines=_lines,
    instead_of_k="the --eps",
)

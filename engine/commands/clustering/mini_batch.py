"""What `cluster --algorithm mini-batch` has that k-means has not: options, the run, the result."""

import argparse
from collections.abc import Callable
from typing import Any

import numpy as np

from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import MiniBatchOptions
from engine.data.arrays.mapped import Points

_DEFAULTS = MiniBatchOptions()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the arguments of mini-batches to those of the command."""
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
        help=f"stop after so many, though they still help (default {_DEFAULTS.max_batches:,})",
    )


def options(arguments: argparse.Namespace) -> MiniBatchOptions:
    """What the arguments ask for.

    Raises:
        ParameterError: A value is outside its range.
    """
    return MiniBatchOptions(
        batch_size=arguments.batch_size, max_batches=arguments.max_batches, seed=arguments.seed
    )


def fit(
    points: Points, start: np.ndarray, chosen: MiniBatchOptions, show: Callable[[str], object]
) -> KMeansFrame:
    """See batches, then assign all points; `show` is told how far it is."""
    from engine.clustering.chunks import finished
    from engine.clustering.kmeans.mini_batch import Seen, fit_in_chunks

    def tell(reached: Any) -> None:
        if isinstance(reached, Seen):
            show(f"batch {reached.iteration:,}")
        else:
            show(f"assigning all points, {reached.percent}")

    return finished(fit_in_chunks(points, start, chosen), tell)


def result(chosen: MiniBatchOptions, frame: KMeansFrame) -> dict[str, Any]:
    """What the JSON says of this algorithm beside what it says of k-means."""
    n_points = len(frame.labels)
    n_seen = frame.iteration * min(chosen.batch_size, n_points)
    return {"batch_size": chosen.batch_size, "points_seen": n_seen, "passes": n_seen / n_points}


def lines(found: dict[str, Any]) -> list[str]:
    """The lines of the summary that are of this algorithm alone."""
    return [
        f"{found['iterations']:,} batches of {found['batch_size']:,} points seen, "
        f"{found['passes']:.2f} of a pass over all; then all points were assigned once"
    ]

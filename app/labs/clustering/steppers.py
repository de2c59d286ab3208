"""Runs of the clustering lab: what is done on the engine thread."""

from collections.abc import Generator

import numpy as np

from app.running.bridge import Stepper
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import KMeansOptions
from engine.clustering.mean_shift.frames import MeanShiftFrame
from engine.clustering.mean_shift.options import MeanShiftOptions
from engine.data.scaling import Scaling
from engine.frames import Search


def kmeans(
    points: np.ndarray,
    scaling: Scaling,
    options: KMeansOptions,
    given: np.ndarray | None = None,
    labels: np.ndarray | None = None,
    iteration: int = 0,
) -> Stepper:
    """A run of k-means: from the start, or from given centroids, labels and iteration."""

    def frames() -> Generator[KMeansFrame | Search, None, None]:
        from engine.clustering.kmeans.runs import cluster  # on the engine thread

        yield from cluster(scaling.forward(points), options, given, iteration, labels)

    return frames


def warm_up(points: np.ndarray, scaling: Scaling, options: KMeansOptions) -> Stepper:
    """Get ready for the first assignment of a run of k-means: one frame, which is nothing."""

    def frames() -> Generator[None, None, None]:
        from engine.clustering.kmeans.runs import warm_up  # on the engine thread

        warm_up(scaling.forward(points), options)
        yield None

    return frames


def mean_shift(points: np.ndarray, scaling: Scaling, options: MeanShiftOptions) -> Stepper:
    """A run of mean shift."""

    def frames() -> Generator[MeanShiftFrame, None, None]:
        from engine.clustering.mean_shift.stepper import mean_shift  # on the engine thread

        yield from mean_shift(scaling.forward(points), options)

    return frames

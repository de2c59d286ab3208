"""Registers k-means and mini-batch k-means for the window and the command line."""

from collections.abc import Generator

import numpy as np

from engine.clustering.base import Algorithm, Measure, Start
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.mini_batch_frames import MiniBatchFrame
from engine.clustering.kmeans.options import KMeansOptions, MiniBatchOptions
from engine.frames import Search


def _lloyd(
    points: np.ndarray, options: KMeansOptions, start: Start | None
) -> Generator[KMeansFrame | Search, None, None]:
    from engine.clustering.kmeans.runs import cluster

    if start is None:
        yield from cluster(points, options)
    else:
        yield from cluster(points, options, start.centroids, start.iteration, start.labels)


def _warm_up(points: np.ndarray, options: KMeansOptions) -> None:
    from engine.clustering.kmeans.runs import warm_up

    warm_up(points, options)


def _mini_batch(
    points: np.ndarray, options: MiniBatchOptions, start: Start | None
) -> Generator[KMeansFrame, None, None]:
    from engine.clustering.kmeans.mini_batch_stepper import mini_batch

    yield from mini_batch(points, options, start)


_INERTIA = Measure("inertia", lambda frame: frame.inertia)
_INERTIAS = (Measure("inertia", lambda frame: frame.inertias),)

KMEANS = Algorithm(
    name="k-means",
    title="k-means",
    aliases=("kmeans",),
    json_name="kmeans",
    options=KMeansOptions,
    stepper=_lloyd,
    row_arrays={KMeansFrame: ("labels",)},
    measure=_INERTIA,
    columns=_INERTIAS,
    has_centroids=True,
    has_k=True,
    has_inertia=True,
    takes_start=True,
    has_operations=True,
    warm_up=_warm_up,
)

MINI_BATCH = Algorithm(
    name="mini-batch",
    title="mini-batch k-means",
    options=MiniBatchOptions,
    stepper=_mini_batch,
    row_arrays={MiniBatchFrame: ("labels",)},
    measure=_INERTIA,
    columns=_INERTIAS,
    has_centroids=True,
    has_k=True,
    has_inertia=True,
    takes_start=True,
)

"""Whole runs of k-means: seeding and Lloyd's algorithm, alone or the best of several."""

from collections.abc import Generator
from dataclasses import replace
from typing import Any

import numpy as np

from engine.clustering.checks import check
from engine.clustering.chunks import finished
from engine.clustering.kmeans.backends.base import Goal
from engine.clustering.kmeans.backends.fused import Fused
from engine.clustering.kmeans.driver import fit, fit_in_chunks, lloyd
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import Formulation, KMeansOptions
from engine.clustering.seeding.in_memory import seed_in_chunks, seeds
from engine.frames import Search


def run_in_chunks(points: np.ndarray, options: KMeansOptions) -> Generator[Any, None, KMeansFrame]:
    """Run the options once without frames; returns the last frame of `one_run`; errors as there."""
    check(points, points[:1])
    start = yield from seed_in_chunks(points, options.n_clusters, options.seeding, options.seed)
    return (yield from fit_in_chunks(points, start, **options.of_lloyd))


def best_in_chunks(
    points: np.ndarray, options: KMeansOptions
) -> Generator[Search, None, KMeansFrame]:
    """Make all runs without frames; returns the last frame of the best one, with its seed.

    The best has the lowest inertia; ties go to the first. Raises what `cluster` raises.
    """
    first, *others = options.runs
    best = yield from _run_with_progress(points, first, Search(0, options.n_init))
    for number, run in enumerate(others, 1):
        found = Search(number, options.n_init, best.inertia)
        frame = yield from _run_with_progress(points, run, found)
        best = frame if frame.inertia < best.inertia else best
    return best


def _run_with_progress(
    points: np.ndarray, run: KMeansOptions, search: Search
) -> Generator[Search, None, KMeansFrame]:
    """Make one run, and yield the progress of the search after each chunk of work."""
    work = run_in_chunks(points, run)
    while True:
        try:
            next(work)
        except StopIteration as end:
            frame: KMeansFrame = end.value
            return replace(frame, seed=run.seed)
        yield search


def warm_up(points: np.ndarray, options: KMeansOptions) -> None:
    """Trace and compile what the first assignment of `cluster` needs; raises what it raises."""
    check(points, points[: options.n_clusters])
    if options.formulation.resolved() is Formulation.FUSED:
        backend = Fused(points, points[: options.n_clusters])
        finished(backend.assign(backend.start, None, Goal()))
    else:  # traced for points of all shapes
        few = np.eye(3, dtype=np.float32)
        fit(few, few[:2], formulation=options.formulation)


def cluster(
    points: np.ndarray,
    options: KMeansOptions,
    given: np.ndarray | None = None,
    iteration: int = 0,
    before: np.ndarray | None = None,
) -> Generator[KMeansFrame | Search, None, None]:
    """Seed, then run Lloyd's algorithm: all frames of one run, or of the best of several.

    Args:
        points: (N, D) float32.
        options: What to do. If `n_init` is above 1, all runs are made without frames first; a run
            that continues from given centroids is a single run.
        given: See `one_run`.
        iteration: See `one_run`.
        before: See `one_run`.

    Yields:
        If there are several runs, first a `Search` about every 50 ms; then the frames
        of `one_run`.

    Raises:
        EngineError: See `seed_centroids` and `lloyd`.
    """
    if options.n_init == 1 or given is not None:
        yield from one_run(points, options, given, iteration, before)
        return
    best = yield from best_in_chunks(points, options)
    run = replace(options, seed=options.seed if best.seed is None else best.seed)
    for frame in one_run(points, run):
        yield replace(frame, seed=best.seed)


def one_run(
    points: np.ndarray,
    options: KMeansOptions,
    given: np.ndarray | None = None,
    iteration: int = 0,
    before: np.ndarray | None = None,
) -> Generator[KMeansFrame, None, None]:
    """Seed, then run Lloyd's algorithm: all frames of one run.

    Args:
        points: (N, D) float32.
        options: What to do; their `n_init` is ignored.
        given: (J, D), centroids to continue from; with J below K the seeding adds the rest.
        iteration: The iteration count to continue from.
        before: (N,) the labels to continue from, if any.

    Yields:
        Frames of phase SEED, one for each missing centroid, then those of `lloyd`.

    Raises:
        EngineError: See `seed_centroids` and `lloyd`.
    """
    check(points, points[:1] if given is None else given)
    centroids = points[:0] if given is None else given
    if len(centroids) < options.n_clusters:
        for frame in seeds(points, options.n_clusters, options.seeding, options.seed, given):
            yield frame
            centroids, before = frame.centroids, frame.labels
    yield from lloyd(points, centroids, **options.of_lloyd, iteration=iteration, before=before)

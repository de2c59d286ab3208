"""Lloyd's k-means: half-step by half-step as frames, or straight to the end.

Lloyd, S. P. (1982). Least squares quantization in PCM. IEEE Transactions on Information
Theory 28(2), 129-137.

The points are shifted to a place near them before they reach the device, so that float32 is exact
enough far from the origin.
"""

from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any

import numpy as np

from engine.clustering.checks import as_numbers, check
from engine.clustering.frames import Phase, Stop
from engine.clustering.kmeans.backends import lecture
from engine.clustering.kmeans.backends.tasks import Fused, Plain
from engine.clustering.kmeans.frames import EmptyPolicy, KMeansFrame
from engine.clustering.kmeans.options import MAX_ITER, Formulation, KMeansOptions
from engine.clustering.seeding.in_memory import seed_in_slices, seeds
from engine.clustering.slices import finished
from engine.frames import Search, sealed
from engine.runtime.backend import tf

# Multiplications between two looks at whether to go on: 6 to 60 ms on two cores with AVX-512.
_SLICE_WORK = 2**28


def plain(points: np.ndarray, centroids: np.ndarray, formulation: Formulation) -> Plain:
    """Points on the device for the lecture's formulation or the tiled one; errors as `lloyd`."""
    check(points, centroids)
    if formulation is Formulation.LECTURE:
        lecture.check_capacity(len(centroids), *points.shape)
    return Plain(points, centroids, formulation)


def _taken(
    points: np.ndarray, centroids: np.ndarray, formulation: Formulation
) -> tuple[np.ndarray, np.ndarray, Formulation]:
    """What is clustered, and how: points with more digits than float32 by the tiled formulation."""
    points, centroids = as_numbers(points), as_numbers(centroids)
    if points.dtype != np.float32 and formulation.resolved() is Formulation.FUSED:
        formulation = Formulation.TILED
    return points, centroids, formulation


class Task:
    """A clustering of points: half-steps on the device, and the frames they give."""

    def __init__(
        self,
        points: np.ndarray,
        centroids: np.ndarray,
        empty: EmptyPolicy,
        formulation: Formulation = Formulation.AUTO,
    ) -> None:
        is_fused = formulation.resolved() is Formulation.FUSED
        self.steps = Fused(points, centroids) if is_fused else plain(points, centroids, formulation)
        self.empty = empty

    def update(self, labels: Any, centroids: tf.Tensor) -> tf.Tensor:
        """Where (K, D) centroids move that have these labels."""
        moved = self.steps.update(labels, centroids)
        if self.empty is EmptyPolicy.FARTHEST:
            moved = self.steps.relocate(labels, centroids, moved)
        return moved

    def frame(
        self,
        iteration: int,
        phase: Phase,
        centroids: tf.Tensor,
        device_labels: Any,
        labels: np.ndarray,
        **rest: object,
    ) -> KMeansFrame:
        """The frame of (K, D) centroids and (N,) labels that are on the device."""
        return KMeansFrame(
            iteration=iteration,
            phase=phase,
            centroids=self.steps.off_origin(centroids),
            labels=labels,
            sizes=sealed(self.steps.sizes(device_labels)),
            inertias=sealed(self.steps.inertias(device_labels, centroids)),
            empty_policy=self.empty,
            **rest,  # type: ignore[arg-type]
        )


def lloyd(
    points: np.ndarray,
    centroids: np.ndarray,
    *,
    max_iter: int = MAX_ITER,
    tol: float = 0.0,
    empty: EmptyPolicy = EmptyPolicy.KEEP,
    formulation: Formulation = Formulation.AUTO,
    iteration: int = 0,
    before: np.ndarray | None = None,
) -> Generator[KMeansFrame, None, None]:
    """Alternate assignment and update until there is nothing left to move.

    Args:
        points: (N, D) of real numbers. What float32 cannot hold is clustered as float64, by the
            tiled formulation unless the lecture's is asked for.
        centroids: (K, D), where the centroids start.
        max_iter: The iteration after which to stop, converged or not.
        tol: Stop when no centroid moves farther than this, in the units of the points; 0 goes on
            until no label changes.
        empty: What a centroid without points does.
        formulation: How the half-steps are computed.
        iteration: Where to count from, for a run that goes on from another.
        before: (N,) the labels it goes on from: what the first assignment changes is counted
            against them. None where there were none, and all are new.

    Yields:
        The first assignment, then two frames an iteration, update and assignment. The last frame
        is an assignment and says why the run stopped.

    Raises:
        DataError: The points cannot be clustered.
        ParameterError: The centroids do not fit the points.
        CapacityError: The lecture's formulation would not fit in memory.
    """
    points, centroids, formulation = _taken(points, centroids, formulation)
    task = Task(points, centroids, empty, formulation)
    steps = task.steps
    current, shift, is_first = steps.start, 0.0, True
    while True:
        device_labels = steps.assign(current)
        labels = steps.on_host(device_labels)
        changed = len(points) if before is None else int(np.count_nonzero(labels != before))
        # Before the first update nothing has settled, though no label may have changed.
        stop = why_stop(changed + is_first, shift, tol, iteration >= max_iter)
        yield task.frame(
            iteration, Phase.ASSIGN, current, device_labels, labels, changed=changed, stop=stop
        )
        if stop:
            return
        moved = task.update(device_labels, current)
        shift, current, iteration = steps.way(current, moved), moved, iteration + 1
        yield task.frame(
            iteration, Phase.UPDATE, current, device_labels, labels, changed=0, shift=shift
        )
        before, is_first = labels, False


def why_stop(changed: int, shift: float, tol: float, at_limit: bool) -> Stop | None:
    """Why a run ends after an assignment that changed so many labels; None where it goes on."""
    if changed == 0:
        return Stop.LABELS
    if 0 < shift <= tol:
        return Stop.TOLERANCE
    return Stop.MAX_ITER if at_limit else None


def fit(
    points: np.ndarray,
    centroids: np.ndarray,
    *,
    max_iter: int = MAX_ITER,
    tol: float = 0.0,
    empty: EmptyPolicy = EmptyPolicy.KEEP,
    formulation: Formulation = Formulation.AUTO,
    progress: Callable[[int], object] | None = None,
) -> KMeansFrame:
    """Run to the end without making frames; arguments and errors as `lloyd`.

    Args:
        points: (N, D).
        centroids: (K, D), where the centroids start.
        max_iter: The iteration after which to stop, converged or not.
        tol: Stop when no centroid moves farther than this; 0 goes on until no label changes.
        empty: What a centroid without points does.
        formulation: How the half-steps are computed.
        progress: Called now and then with the number of iterations done. What it raises ends the
            run, so it is also the way to cancel.

    Returns:
        The last frame of `lloyd`.
    """
    slices = fit_in_slices(
        points, centroids, max_iter=max_iter, tol=tol, empty=empty, formulation=formulation
    )
    return finished(slices, progress)


def fit_in_slices(
    points: np.ndarray,
    centroids: np.ndarray,
    *,
    max_iter: int = MAX_ITER,
    tol: float = 0.0,
    empty: EmptyPolicy = EmptyPolicy.KEEP,
    formulation: Formulation = Formulation.AUTO,
) -> Generator[int, None, KMeansFrame]:
    """As `fit`; yields the number of iterations done now and then."""
    points, centroids, formulation = _taken(points, centroids, formulation)
    if formulation.resolved() is not Formulation.FUSED:
        for frame in lloyd(
            points, centroids, max_iter=max_iter, tol=tol, empty=empty, formulation=formulation
        ):
            yield frame.iteration
        return frame
    task = Task(points, centroids, empty)
    steps = task.steps
    assert isinstance(steps, Fused)
    halt = empty is EmptyPolicy.FARTHEST
    at_once = max(1, _SLICE_WORK // (points.size * len(centroids)))
    # One that is not a number stops nothing, as in `lloyd`; no way of float32 is longer than this.
    tol = min(tol, float(np.finfo(np.float32).max)) if tol > 0 else 0.0
    start, shift, iteration, labels = steps.start, np.inf, -1, None
    while True:
        limit = max(1, min(at_once, max_iter - iteration))
        end = steps.iterate(start, limit, tol, shift, halt)
        n_done = int(end.done)
        before = steps.on_host(end.before) if n_done > 1 else labels
        labels = steps.on_host(end.labels)
        iteration += n_done
        changed = len(points) if before is None else int(np.count_nonzero(labels != before))
        stop = why_stop(changed, float(end.way_here), tol, iteration >= max_iter)
        yield iteration
        if stop:
            return task.frame(
                iteration,
                Phase.ASSIGN,
                end.centroids,
                end.labels,
                labels,
                changed=changed,
                stop=stop,
            )
        start, shift = end.moved, float(end.way)
        if halt:
            start = steps.relocate(end.labels, end.centroids, end.moved)
            shift = steps.way(end.centroids, start)


def run_in_slices(points: np.ndarray, options: KMeansOptions) -> Generator[int, None, KMeansFrame]:
    """Make one run without frames but the last, which is that of `one_run`; errors as there."""
    check(points, points[:1])
    start = yield from seed_in_slices(points, options.n_clusters, options.seeding, options.seed)
    return (yield from fit_in_slices(points, start, **options.of_lloyd))


def best_in_slices(
    points: np.ndarray, options: KMeansOptions
) -> Generator[Search, None, KMeansFrame]:
    """Make all runs of the options without frames: the last one of the best run, with its seed.

    The best has the lowest inertia; of equal ones it is the first. Errors as of `cluster`.
    """
    best: KMeansFrame | None = None
    for number, run in enumerate(options.runs):
        far = Search(number, options.n_init, best.inertia if best else None)
        frame = yield from _told(run_in_slices(points, run), far)
        if best is None or frame.inertia < best.inertia:
            best = replace(frame, seed=run.seed)
    assert best is not None  # there is one run at least
    return best


def _told(slices: Generator[int, None, KMeansFrame], far: Search) -> Generator[Search, None, Any]:
    """Do all slices, and yield how far the search is after each."""
    while True:
        try:
            next(slices)
        except StopIteration as end:
            return end.value
        yield far


def warm_up(points: np.ndarray, options: KMeansOptions) -> None:
    """Trace and compile what the first assignment of `cluster` will need; errors as there."""
    check(points, points[: options.n_clusters])
    if options.formulation.resolved() is Formulation.FUSED:
        steps = Fused(points, points[: options.n_clusters])
        steps.assign(steps.start)
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
        options: What to do. With `n_init` above 1 all runs are made without frames first; but a run
            that goes on from given centroids is one run.
        given: As of `one_run`.
        iteration: As of `one_run`.
        before: As of `one_run`.

    Yields:
        With several runs first a `Search`, after each bit of work of some 50 ms; then the frames of
        `one_run`.

    Raises:
        EngineError: As `seed_centroids` and `lloyd`.
    """
    if options.n_init == 1 or given is not None:
        yield from one_run(points, options, given, iteration, before)
        return
    best = yield from best_in_slices(points, options)
    assert best.seed is not None
    for frame in one_run(points, replace(options, seed=best.seed)):
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
        options: What to do; their `n_init` does not count.
        given: (J, D), centroids that stand already: with J below K the seeding goes on from them.
        iteration: Where to count from.
        before: (N,) the labels it goes on from, if any.

    Yields:
        Frames of phase SEED, as many as centroids are missing, then those of `lloyd`.

    Raises:
        EngineError: As `seed_centroids` and `lloyd`.
    """
    check(points, points[:1] if given is None else given)
    centroids = given
    if given is None or len(given) < options.n_clusters:
        for frame in seeds(points, options.n_clusters, options.seeding, options.seed, given):
            yield frame
            centroids, before = frame.centroids, frame.labels
    assert centroids is not None  # either given, or seeded: there is at least one
    yield from lloyd(
        points,
        centroids,
        **options.of_lloyd,
        iteration=iteration,
        before=before,
    )

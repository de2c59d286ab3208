"""Lloyd's k-means, with any backend: half-step by half-step as frames, or straight to the end.

Lloyd, S. P. (1982). Least squares quantization in PCM. IEEE Transactions on Information
Theory 28(2), 129-137.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from engine.clustering.chunks import Progress, finished
from engine.clustering.frames import Phase, Stop
from engine.clustering.kmeans.backends.base import A, Assignment, Backend, Goal, Move, Work
from engine.clustering.kmeans.backends.choice import backend_for
from engine.clustering.kmeans.backends.half_steps import centroid_shift
from engine.clustering.kmeans.backends.relocation import relocate
from engine.clustering.kmeans.backends.sharded import Sharded
from engine.clustering.kmeans.frames import EmptyPolicy, KMeansFrame
from engine.clustering.kmeans.options import MAX_ITER, Formulation
from engine.data.arrays.mapped import Points
from engine.frames import sealed

_Result = TypeVar("_Result")

# No centroid shift in float32 is larger.
_LARGEST_SHIFT = float(np.finfo(np.float32).max)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """When a run stops, and what a centroid without points does; see `lloyd`."""

    max_iter: int = MAX_ITER
    tol: float = 0.0
    empty: EmptyPolicy = EmptyPolicy.KEEP

    @property
    def relocates(self) -> bool:
        """Whether centroids without points are relocated."""
        return self.empty is EmptyPolicy.FARTHEST

    @property
    def tolerance(self) -> float:
        """`tol`; 0, which never stops a run, if it is NaN."""
        return min(self.tol, _LARGEST_SHIFT) if self.tol > 0 else 0.0

    def goal(self, iteration: int, shift: float) -> Goal:
        """How far a backend may go from the assignment that follows this many iterations."""
        limit = max(1, self.max_iter - iteration + 1)
        return Goal(limit, self.tolerance, shift, self.relocates)

    def why_stop(self, assignment: Assignment, changed: int, iteration: int) -> Stop | None:
        """Why a run stops after an assignment that changed this many labels; None if it goes on."""
        if changed == 0:
            return Stop.LABELS
        if 0 < assignment.shift <= self.tolerance:
            return Stop.TOLERANCE
        return Stop.MAX_ITER if iteration >= self.max_iter else None


@dataclass(frozen=True, slots=True)
class LloydProgress(Progress):
    """The progress of a run, with the frame of the half-step that has just ended if requested."""

    frame: KMeansFrame | None = None


def iterate(
    backend: Backend[A],
    rules: Rules,
    *,
    iteration: int = 0,
    before: np.ndarray | None = None,
    with_frames: bool = False,
) -> Generator[LloydProgress, None, KMeansFrame]:
    """Alternate assignment and update until a rule stops the run: the driver of every k-means.

    Args:
        backend: The points, and the centroids to start from.
        rules: When to stop.
        iteration: The iteration count to continue from.
        before: (N,) the labels to continue from, if any; see `lloyd`.
        with_frames: Whether to yield the frame of each half-step. Otherwise a backend may make many
            iterations in one call.

    Yields:
        The progress after each assignment and chunk of points, and each frame if requested.

    Returns:
        The frame of the last assignment.
    """
    centroids, shift, first = backend.start, np.inf, iteration
    assignment: A | None = None
    while True:
        goal = rules.goal(iteration, shift)
        goal = goal._replace(limit=1) if with_frames else goal
        assignment = yield from with_progress(
            backend.assign(centroids, assignment, goal), iteration
        )
        iteration += assignment.n_done - 1
        changed = assignment.changed
        if before is not None and iteration == first:
            changed = int(np.count_nonzero(backend.host_labels(assignment) != before))
        # Before the first update nothing has converged, even if no label changed.
        stop = rules.why_stop(assignment, changed + (iteration == first), iteration)
        yield LloydProgress(iteration)
        if stop or with_frames:
            making = make_frame(
                backend, assignment, iteration, changed=changed, stop=stop, empty=rules.empty
            )
            frame = yield from with_progress(making, iteration)
            if with_frames:
                yield LloydProgress(iteration, frame=frame)
            if stop:
                return frame
        move = yield from with_progress(_move(backend, assignment, rules.relocates), iteration)
        iteration += 1
        if with_frames:
            making = make_frame(backend, assignment, iteration, move, empty=rules.empty)
            frame = yield from with_progress(making, iteration)
            yield LloydProgress(iteration, frame=frame)
        centroids, shift = move


def _move(backend: Backend[A], assignment: A, relocates: bool) -> Work[Move]:
    """Move centroids to the means of their points; relocate those without points if requested."""
    move = backend.update(assignment)
    n_empty = int(np.count_nonzero(assignment.sizes == 0))
    if not relocates or n_empty == 0:
        return move
    farthest = yield from backend.farthest(assignment, n_empty)
    relocated = relocate(backend.to_host(move.centroids), assignment.sizes, farthest)
    moved = backend.to_device(relocated)
    return Move(moved, float(centroid_shift(assignment.centroids, moved)))


def make_frame(
    backend: Backend[A],
    assignment: A,
    iteration: int,
    move: Move | None = None,
    *,
    changed: int = 0,
    stop: Stop | None = None,
    empty: EmptyPolicy = EmptyPolicy.KEEP,
) -> Work[KMeansFrame]:
    """Make the frame of an assignment, or of the update after it if a move is given.

    Args:
        backend: The points.
        assignment: Their labels.
        iteration: Updates so far.
        move: Where the centroids have moved since then.
        changed: How many labels this half-step changed.
        stop: Why the run stops here, if it does.
        empty: What a centroid without points does.
    """
    centroids = move.centroids if move else assignment.centroids
    inertias = yield from backend.inertias(assignment, centroids)
    return KMeansFrame(
        iteration=iteration,
        phase=Phase.UPDATE if move else Phase.ASSIGN,
        centroids=sealed(backend.to_host(centroids) + backend.origin),
        labels=backend.host_labels(assignment),
        sizes=assignment.sizes,
        inertias=sealed(inertias),
        changed=changed,
        shift=move.shift if move else 0.0,
        empty_policy=empty,
        stop=stop,
    )


def with_progress(work: Work[_Result], iteration: int) -> Generator[LloydProgress, None, _Result]:
    """Do the work of one half-step, and yield its progress."""
    while True:
        try:
            share = next(work)
        except StopIteration as end:
            result: _Result = end.value
            return result
        yield LloydProgress(iteration, share)


def lloyd(
    points: Points,
    centroids: np.ndarray,
    *,
    max_iter: int = MAX_ITER,
    tol: float = 0.0,
    empty: EmptyPolicy = EmptyPolicy.KEEP,
    formulation: Formulation = Formulation.AUTO,
    iteration: int = 0,
    before: np.ndarray | None = None,
) -> Generator[KMeansFrame, None, None]:
    """Alternate assignment and update until nothing moves.

    Args:
        points: (N, D) real numbers. Points that float32 cannot represent are clustered as float64,
            by the tiled formulation unless the lecture's is requested.
        centroids: (K, D), the initial centroids.
        max_iter: The iteration after which to stop, converged or not.
        tol: Stop when no centroid moves farther than this, in the units of the points; 0 goes on
            until no label changes.
        empty: What a centroid without points does.
        formulation: How the half-steps are computed.
        iteration: The iteration count to continue from, for a run that continues another.
        before: (N,) the labels to continue from: the changes of the first assignment are counted
            against them. None if there are none, so that all labels are new.

    Yields:
        The first assignment, then two frames for each iteration, update and assignment. The last
        frame is an assignment and says why the run stopped.

    Raises:
        DataError: The points cannot be clustered.
        ParameterError: The centroids do not fit the points.
        CapacityError: The lecture's formulation would not fit in memory.
    """
    backend = backend_for(points, centroids, formulation)
    rules = Rules(max_iter=max_iter, tol=tol, empty=empty)
    run = iterate(backend, rules, iteration=iteration, before=before, with_frames=True)
    for reached in run:
        if reached.frame is not None:
            yield reached.frame


def fit(
    points: Points,
    centroids: np.ndarray,
    *,
    max_iter: int = MAX_ITER,
    tol: float = 0.0,
    empty: EmptyPolicy = EmptyPolicy.KEEP,
    formulation: Formulation = Formulation.AUTO,
    strategy: Any = None,
    progress: Callable[[int], object] | None = None,
) -> KMeansFrame:
    """Run to the end without making frames; arguments and errors are those of `lloyd`.

    Args:
        points: (N, D), in memory or in their file.
        centroids: (K, D), the initial centroids.
        max_iter: The iteration after which to stop, converged or not.
        tol: Stop when no centroid moves farther than this; 0 goes on until no label changes.
        empty: What a centroid without points does.
        formulation: How the half-steps are computed.
        strategy: A `tf.distribute.MirroredStrategy` or `MultiWorkerMirroredStrategy` over which
            points in memory are sharded, the same in each process; None for one device.
        progress: Called from time to time with the number of iterations done. An exception from it
            ends the run, which is also the way to cancel.

    Returns:
        The last frame of `lloyd`, the same in every process.

    Raises:
        DataError: Also if another process has different points, centroids or rules.
    """
    run = fit_in_chunks(
        points,
        centroids,
        max_iter=max_iter,
        tol=tol,
        empty=empty,
        formulation=formulation,
        strategy=strategy,
    )
    return finished(run, (lambda reached: progress(reached.number)) if progress else None)


def fit_in_chunks(
    points: Points,
    centroids: np.ndarray,
    *,
    max_iter: int = MAX_ITER,
    tol: float = 0.0,
    empty: EmptyPolicy = EmptyPolicy.KEEP,
    formulation: Formulation = Formulation.AUTO,
    strategy: Any = None,
) -> Generator[Progress, None, KMeansFrame]:
    """Run to the end like `fit`; yields the progress after each chunk of points and iteration."""
    rules = Rules(max_iter=max_iter, tol=tol, empty=empty)
    if strategy is None:
        return (yield from iterate(backend_for(points, centroids, formulation), rules))
    backend = Sharded(strategy, np.asarray(points), centroids, f"{max_iter} {tol} {empty}")
    return (yield from iterate(backend, rules))

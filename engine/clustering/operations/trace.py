"""Executes a half-step operation by operation, and measures shapes, types, bytes and times.

`HALF_STEPS` is the table of what the formulations execute: `lecture.assign` and `lecture.update`
run the operations as listed, `half_steps` calls them inside its loops over tiles, in one graph. The
fused formulation is one compiled program that cannot be executed operation by operation: the
operations of the tiles are listed for it.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from engine.clustering.frames import Phase
from engine.clustering.kmeans.backends import half_steps, lecture, tiled
from engine.clustering.kmeans.backends.float64 import Float64
from engine.clustering.kmeans.backends.relocation import Farthest, farthest_first, relocate
from engine.clustering.kmeans.frames import EmptyPolicy
from engine.clustering.kmeans.options import Formulation
from engine.clustering.operations.execution import Execution, code_of, timed, typical
from engine.clustering.operations.operations import Operation, operation
from engine.clustering.operations.traces import Trace
from engine.errors import ParameterError
from engine.frames import sealed
from engine.runtime.backend import tf

# Larger arrays are not made just for the list: such a half-step would occupy the engine for more
# than about 50 ms.
MAX_BYTES = 2**25


@dataclass(frozen=True, slots=True)
class HalfStep:
    """The operations of a half-step.

    Attributes:
        function: The half-step itself.
        first: Operations on all points at once.
        each: Operations on each tile of points.
        last: Operations after them.
        n_rows: Maps the number of centroids to the number of points in a tile.
    """

    function: Any
    first: tuple[Operation, ...]
    each: tuple[Operation, ...] = ()
    last: tuple[Operation, ...] = ()
    n_rows: Callable[[int], Any] = half_steps.rows_summed


HALF_STEPS = {
    (Formulation.LECTURE, Phase.ASSIGN): HalfStep(lecture.assign, lecture.ASSIGN),
    (Formulation.LECTURE, Phase.UPDATE): HalfStep(lecture.update, lecture.UPDATE),
    (Formulation.TILED, Phase.ASSIGN): HalfStep(
        half_steps.assign,
        (tiled.offset,),
        (tiled.tile, tiled.score, tiled.nearest),
        (tiled.label,),
        half_steps.rows_scored,
    ),
    (Formulation.TILED, Phase.UPDATE): HalfStep(
        half_steps.update,
        (tiled.count, tiled.nothing),
        (tiled.tile, tiled.own, tiled.total),
        (tiled.mean, tiled.moved),
    ),
}


@operation("moved[cluster, dim] = moved[cluster, dim], or a far point[point, dim] where empty")
def jumped(point: tf.Tensor, label: tf.Tensor, centroid: tf.Tensor, moved: tf.Tensor) -> tf.Tensor:
    """(K, D): follows an update if centroids without points are relocated."""
    sizes = np.bincount(label, minlength=len(centroid))
    squared = half_steps.own_distances(point, label, centroid).numpy()
    chosen = farthest_first(squared, int(np.count_nonzero(sizes == 0)))
    farthest = Farthest(squared[chosen], tf.gather(point, chosen).numpy())
    return tf.constant(relocate(moved.numpy(), sizes, farthest))


def trace(
    points: np.ndarray,
    centroids: np.ndarray,
    phase: Phase,
    formulation: Formulation = Formulation.AUTO,
    labels: np.ndarray | None = None,
    *,
    empty: EmptyPolicy = EmptyPolicy.KEEP,
    pick: Mapping[str, int] | None = None,
) -> Generator[Trace, None, None]:
    """Execute one half-step operation by operation, and measure each operation.

    Args:
        points: (N, D).
        centroids: (K, D), before the half-step.
        phase: ASSIGN or UPDATE.
        formulation: How it is computed; for the fused one, those of the tiles are executed.
        labels: (N,), the assignment to these centroids; needed for an update.
        empty: What a centroid without points does in an update.
        pick: A point or a cluster to select: `{"point": 3}`, `{"cluster": 0}`.

    Yields:
        The trace so far after each execution, so that it can be cancelled at any time. The last one
        has the result, which is that of `lloyd`'s frame.

    Raises:
        DataError: See `lloyd`.
        ParameterError: See `lloyd`; or there is no such half-step.
        CapacityError: The lecture's formulation would fill more than `MAX_BYTES`.
    """
    formulation = formulation.listed
    backend = Float64(points, centroids, formulation)
    sizes = {"cluster": len(centroids), "point": len(points), "dim": points.shape[1]}
    half_step = _half_step(phase, formulation, sizes)
    run = Execution(_given(backend, phase, labels), pick or {})
    code = code_of(half_step.function)
    known = Trace(phase=phase, formulation=formulation, sizes=sizes, operations=(), code=code)
    for _ in _executions(half_step, run, phase is Phase.UPDATE and empty is EmptyPolicy.FARTHEST):
        known = replace(known, operations=tuple(run.measured.values()))
        yield known
    yield replace(known, whole=run.whole, result=_result(phase, run, backend))


def _half_step(phase: Phase, formulation: Formulation, sizes: dict[str, int]) -> HalfStep:
    if (formulation, phase) not in HALF_STEPS:
        raise ParameterError("Only an assignment or an update can be traced.")
    if formulation is Formulation.LECTURE:
        lecture.check_capacity(sizes["cluster"], sizes["point"], sizes["dim"], MAX_BYTES)
    return HALF_STEPS[formulation, phase]


def _given(backend: Float64, phase: Phase, labels: np.ndarray | None) -> dict[str, tf.Tensor]:
    """Return the arguments of a half-step, in order."""
    given = {"point": backend.points}
    if phase is Phase.UPDATE:
        if labels is None:
            raise ParameterError("An update needs the labels of the assignment before it.")
        given["label"] = tf.constant(labels, tf.int32)
    return given | {"centroid": backend.start}


def _result(phase: Phase, run: Execution, backend: Float64) -> np.ndarray:
    if phase is Phase.ASSIGN:
        return sealed(run.values["label"])
    return sealed(run.values["moved"].numpy() + backend.origin)


def _executions(half_step: HalfStep, run: Execution, jumps: bool) -> Generator[None, None, None]:
    arguments = tuple(run.values.values())
    for each in half_step.first:
        yield from run.execute(each)
    if half_step.each:
        yield from _tiles(half_step, run)
    for each in (*half_step.last, *((jumped,) if jumps else ())):
        yield from run.execute(each)
    times, _ = yield from timed(lambda: half_step.function(*arguments))
    run.whole = typical(times)


def _tiles(half_step: HalfStep, run: Execution) -> Generator[None, None, None]:
    """Execute the operations on each tile, as the loops of `half_steps` do."""
    values, n_points = run.values, len(run.values["point"])
    n_rows = int(half_step.n_rows(len(values["centroid"])))
    n_tiles = -(-n_points // n_rows)
    tiles = tf.TensorArray(
        tf.int32, n_tiles, infer_shape=False, element_shape=[None], clear_after_read=False
    )
    values["n_rows"] = n_rows
    for tile in range(n_tiles):
        values["start"] = tile * n_rows
        for each in half_step.each:
            yield from run.execute(each, n_tiles)
        if half_step.each[-1].axes == ("row",):
            tiles = tiles.write(tile, values[half_step.each[-1].name])
    values["tiles"] = tiles

"""Lloyd's iterations on the device: a program that assigns and updates until nothing moves.

It also stops if the next assignment needs more precision than it has: see `precision`.
"""

import functools
from typing import Any, NamedTuple

import numpy as np

from engine.clustering.kmeans.backends import tiled
from engine.clustering.kmeans.backends.compiled.sweep import specs, sweeping, uncompiled_sweep
from engine.clustering.kmeans.backends.half_steps import centroid_shift
from engine.clustering.kmeans.backends.packing import Shape
from engine.clustering.kmeans.precision import SAMPLE, Needs, needs
from engine.runtime.backend import tf
from engine.runtime.programs import Program


class LloydState(NamedTuple):
    """The state of the program, which it also returns.

    Attributes:
        done: () int32, the number of assignments made.
        centroids: (K, D) float64, those of the last assignment.
        labels: (tiles, rows) for each share of the points.
        before: The labels of the assignment before.
        counts: (K,) float64, the number of points with each label.
        moved: (K, D) float64, the centroids after the next update.
        shift: () float64, the centroid shift that led to `centroids`.
        next_shift: () float64, the centroid shift that leads to `moved`.
        go_on: () bool, whether this program has anything left to do.
        needs: The precision that the next assignment needs, () bool each.
    """

    done: Any
    centroids: Any
    labels: Any
    before: Any
    counts: Any
    moved: Any
    shift: Any
    next_shift: Any
    go_on: Any
    needs: Needs


class _Moved(NamedTuple):
    """What follows from the sums of an assignment: attributes of `LloydState`."""

    counts: Any
    moved: Any
    next_shift: Any
    go_on: Any
    needs: Needs


def _moving(shape: Shape) -> Any:
    judge = _judging(shape)

    def move(
        sums: list[tf.Tensor], centroids: Any, shift: Any, numbers: Any, reals: Any, sample: Any
    ) -> _Moved:
        """Move centroids with points to their means, and decide whether to go on."""
        (_, k, _, stop_on_empty), (tol, _, largest) = tf.unstack(numbers), tf.unstack(reals)
        totals = tf.add_n(sums)
        counts = totals[:, -1]
        moved = tiled.moved(tiled.mean(totals[:, :-1], counts), counts, centroids)
        next_shift = centroid_shift(centroids, moved)
        needed = judge(moved, k, next_shift, sample, largest)
        is_empty = (counts == 0) & (tf.range(shape.n_clusters) < k)
        go_on = tf.reduce_any(moved != centroids) & ((shift > tol) | (tol <= 0))
        go_on &= ~((stop_on_empty > 0) & tf.reduce_any(is_empty)) & _is_enough(shape, needed)
        return _Moved(counts, moved, next_shift, go_on, needed)

    return move


def _judging(shape: Shape) -> Any:
    def judge(centroids: Any, k: Any, shift: Any, sample: Any, largest: Any) -> Needs:
        """Return what an assignment to these centroids needs, unless the program has it all."""
        if shape.is_precise:  # whatever it is
            return Needs(tf.constant(True), tf.constant(True))
        return needs(centroids, k, shift, sample, tf.cast(largest, tf.float32))

    return judge


def _is_enough(shape: Shape, needed: Needs) -> tf.Tensor:
    return (shape.exact_labels | ~needed.exact_labels) & (shape.float64_sums | ~needed.float64_sums)


@functools.lru_cache(maxsize=64)
def iterating(shape: Shape, packed_shape: tuple[int, ...]) -> Any:
    """Build the program that assigns and updates until nothing moves.

    Args:
        shape: What it is compiled for.
        packed_shape: The shape of the points as `packing.packed` returns them.

    Returns:
        A function of the points; the `packing.shares`; (K, D) float64 centroids; (4,) int32: N, the
        number of centroids without padding, the largest number of assignments, and whether to stop
        if a centroid has no points; (3,) float64: the tolerance, the centroid shift that led to the
        centroids, and the largest absolute value of the points; and (S, D) float32, a sample of the
        points. It returns `LloydState`. It also stops if the next assignment, possibly the first
        one, needs more precision than this program has.
    """
    is_alone = shape.n_shares == 1
    # A separate program would be called in each iteration, at 0.1 ms a call if it is alone.
    sweep, move, judge = uncompiled_sweep(shape), _moving(shape), _judging(shape)
    if not is_alone:
        sweep, move, judge = sweeping(shape), Program(move, shape), Program(judge, shape)

    def iterate(
        points: Any, shares: Any, centroids: Any, numbers: Any, reals: Any, sample: Any
    ) -> LloydState:
        (n_points, k, limit, _), (_, shift, largest) = tf.unstack(numbers), tf.unstack(reals)

        def body(state: LloydState) -> tuple[LloydState]:
            swept = [
                sweep(points, n_points, shares[share], state.moved, k)
                for share in range(shape.n_shares)
            ]
            sums = [sums for _, sums in swept]
            moved = _Moved(*move(sums, state.moved, state.next_shift, numbers, reals, sample))
            after = LloydState(
                done=state.done + 1,
                centroids=state.moved,
                labels=[labels for labels, _ in swept],
                before=state.labels,
                shift=state.next_shift,
                **moved._asdict(),
            )
            return (after,)

        def is_on(state: LloydState) -> tf.Tensor:
            return (state.done < limit) & state.go_on

        nothing = [tf.zeros((shape.n_tiles, shape.n_rows), shape.dtype)] * shape.n_shares
        never = tf.constant(np.inf, tf.float64)
        needed = Needs(*judge(centroids, k, never, sample, largest))
        start = LloydState(
            done=0,
            centroids=centroids,
            labels=nothing,
            before=nothing,
            counts=tf.zeros(shape.n_clusters, tf.float64),
            moved=centroids,
            shift=shift,
            next_shift=shift,
            go_on=_is_enough(shape, needed),
            needs=needed,
        )
        (end,) = tf.while_loop(is_on, body, (start,), parallel_iterations=1)
        return LloydState(*end)

    reals, sample = tf.TensorSpec((3,), tf.float64), (SAMPLE, shape.n_dims)
    signature = [
        *specs(shape, packed_shape),
        tf.TensorSpec((4,), tf.int32),
        reals,
        tf.TensorSpec(sample, tf.float32),
    ]
    return Program(iterate, shape, signature, compiled=is_alone)

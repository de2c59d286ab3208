"""Find the bug: an axis in the wrong place, and nothing fails.

Farthest-first seeding begins with one point and looks for the point farthest from it. A well-known
TensorFlow implementation of k-means turns that point into a table of one centroid by
`expand_dims(point, 1)`, which is (2, 1), instead of `expand_dims(point, 0)`, which is (1, 2).
Broadcasting treats it as two centroids, (x, x) and (y, y): the distances become (2, 1500) instead
of (1, 1500), their minimum is (1500,) again, and the resulting point is not the farthest.
"""

from collections.abc import Generator, Sequence
from dataclasses import replace

import numpy as np

from engine.clustering.checks import check
from engine.clustering.kmeans.backends import lecture
from engine.clustering.operations.bug_result import MOST_POINTS, BugResult
from engine.clustering.operations.execution import Execution
from engine.clustering.operations.operations import Operation, operation
from engine.clustering.operations.trace import MAX_BYTES
from engine.errors import ParameterError
from engine.frames import sealed
from engine.runtime.backend import tf


@operation("first[dim] = point[chosen, dim]")
def first(point: tf.Tensor, chosen: int) -> tf.Tensor:
    """(N, D) to (D,)."""
    return point[chosen]


@operation("centroid[cluster, dim] = first[dim], as a table of one centroid")
def centroid(first: tf.Tensor) -> tf.Tensor:
    """(D,) to (1, D)."""
    return tf.expand_dims(first, 0)


@operation("centroid[cluster, dim] = first[dim], as a table of one centroid")
def misplaced(first: tf.Tensor) -> tf.Tensor:
    """(D,) to (D, 1), which is not a table of one centroid."""
    return tf.expand_dims(first, 1)


@operation("near[point] = min over cluster of distance[cluster, point]")
def near(distance: tf.Tensor) -> tf.Tensor:
    """(K, N) to (N,)."""
    return tf.reduce_min(distance, 0)


@operation("farthest[] = argmax over point of near[point]")
def farthest(near: tf.Tensor) -> tf.Tensor:
    """(N,) to ()."""
    return tf.argmax(near, 0, output_type=tf.int32)


_DISTANCES = (lecture.difference, lecture.square, lecture.distance)
RIGHT = (first, centroid, *_DISTANCES, near, farthest)
WRONG = (first, misplaced, *_DISTANCES, near, farthest)


def compare(points: np.ndarray, seed: int = 0) -> Generator[BugResult, None, None]:
    """Find the farthest point with the right operations, and with the bug.

    Args:
        points: (N, D) float32; only the first `MOST_POINTS` are used.
        seed: The seed of the first point, as in the seedings.

    Yields:
        The result so far after each execution; the last one is complete.

    Raises:
        DataError: The points cannot be clustered.
        ParameterError: There is one column: then both shapes are (1, 1).
        CapacityError: D times as many distances would not fit.
    """
    points = points[:MOST_POINTS]
    check(points, points[:1])
    n_points, n_dims = points.shape
    if n_dims == 1:
        raise ParameterError(
            "With one column the bug does not show: both shapes are 1 x 1. Use points with two "
            "columns or more."
        )
    lecture.check_capacity(n_dims, n_points, n_dims, MAX_BYTES)
    chosen = int(np.random.default_rng(seed).integers(n_points))
    wrong, right = (
        Execution({"point": tf.constant(points), "chosen": chosen}, {"point": chosen})
        for _ in range(2)
    )
    known = BugResult(sizes={"cluster": 1, "point": n_points, "dim": n_dims}, chosen=chosen)
    for run, table in ((wrong, WRONG), (right, RIGHT)):
        for _ in _execute(run, table):
            yield known
    yield replace(
        known,
        wrong=tuple(wrong.measured.values()),
        right=tuple(right.measured.values()),
        wrong_index=WRONG.index(misplaced),
        found=int(wrong.values["farthest"]),
        meant=int(right.values["farthest"]),
        distances=sealed(np.sqrt(right.values["near"])),
    )


def _execute(run: Execution, table: Sequence[Operation]) -> Generator[None, None, None]:
    for each in table:
        yield from run.execute(each)

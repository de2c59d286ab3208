"""Lloyd's k-means on points that stay in their file: every iteration reads them once.

The results are those of `kmeans.fit` on the same points in memory, to the rounding of float32.
"""

from collections.abc import Generator

import numpy as np

from engine.clustering.checks import check_range, check_shapes
from engine.clustering.frames import label_dtype
from engine.clustering.kmeans.backends.half_steps import longest_shift
from engine.clustering.kmeans.backends.passes import Passes, Reached, Summary
from engine.clustering.kmeans.frames import EmptyPolicy, KMeansFrame
from engine.clustering.kmeans.lloyd import why_stop
from engine.clustering.kmeans.options import MAX_ITER
from engine.data.arrays.mapped import MappedPoints
from engine.frames import sealed


def fit_in_slices(
    points: MappedPoints,
    centroids: np.ndarray,
    *,
    max_iter: int = MAX_ITER,
    tol: float = 0.0,
    empty: EmptyPolicy = EmptyPolicy.KEEP,
) -> Generator[Reached, None, KMeansFrame]:
    """Run to the end, a chunk at a time; errors as `kmeans.fit`.

    Args:
        points: (N, D).
        centroids: (K, D), where the centroids start.
        max_iter: The iteration after which to stop, converged or not.
        tol: Stop when no centroid moves farther than this; 0 goes on until no label changes.
        empty: What a centroid without points does.

    Yields:
        After each chunk, the iterations done and the part of the points seen.

    Returns:
        The last frame of `lloyd`.
    """
    check_shapes(points.shape, centroids)
    check_range(np.maximum(points.largest, np.abs(centroids).max()))
    passes = Passes(points, centroids)
    current = passes.start
    labels = np.zeros(len(points), label_dtype(len(centroids)))
    shift, iteration = 0.0, 0
    while True:
        found = yield from passes.assign(current, labels, iteration)
        changed = found.changed if iteration else len(points)
        if stop := why_stop(changed, shift, tol, iteration >= max_iter):
            break
        moved = _moved(found, current)
        if empty is EmptyPolicy.FARTHEST:
            yield from _relocate(passes, current, labels, moved, found.sizes, iteration)
        shift, current = float(longest_shift(current, moved)), moved
        iteration += 1
    rest = {"changed": changed, "empty_policy": empty, "stop": stop}
    return (
        yield from passes.last_frame(current, labels, iteration, sizes=sealed(found.sizes), **rest)
    )


def _moved(found: Summary, centroids: np.ndarray) -> np.ndarray:
    """(K, D): each centroid at the mean of its points; one without any stays."""
    counts = found.sizes[:, np.newaxis]
    means = found.totals / np.maximum(counts, 1)
    return np.where(counts > 0, means, centroids)


def _relocate(
    passes: Passes,
    centroids: np.ndarray,
    labels: np.ndarray,
    moved: np.ndarray,
    sizes: np.ndarray,
    number: int,
) -> Generator[Reached, None, None]:
    """Let each centroid without points jump, in `moved`: as `half_steps.relocate`."""
    empty = np.flatnonzero(sizes == 0)
    if len(empty):
        targets = yield from passes.farthest(centroids, labels, len(empty), number)
        moved[empty[: len(targets)]] = targets

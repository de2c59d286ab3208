"""k-means and mean shift on the same points, one step of each at a time."""

from collections.abc import Generator

import numpy as np

from engine.clustering.kmeans.options import KMeansOptions
from engine.clustering.kmeans.runs import one_run
from engine.clustering.mean_shift.options import MeanShiftOptions
from engine.clustering.mean_shift.stepper import mean_shift
from engine.clustering.side_by_side.frames import PairFrame


def side_by_side(
    points: np.ndarray, kmeans: KMeansOptions, shifting: MeanShiftOptions
) -> Generator[PairFrame, None, None]:
    """Run both until both have ended; arguments and errors as in `one_run` and `mean_shift`.

    Args:
        points: (N, D) float32.
        kmeans: What k-means does.
        shifting: What mean shift does.

    Yields:
        A frame of each.
    """
    left, right = one_run(points, kmeans), mean_shift(points, shifting)
    try:
        pair = PairFrame(kmeans=next(left), mean_shift=next(right))
        yield pair
        while pair.stop is None:
            pair = PairFrame(
                kmeans=pair.kmeans if pair.kmeans.stop else next(left),
                mean_shift=pair.mean_shift if pair.mean_shift.stop else next(right),
            )
            yield pair
    finally:
        left.close()
        right.close()

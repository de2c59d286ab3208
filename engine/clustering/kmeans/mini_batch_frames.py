"""The frames of mini-batch k-means."""

from dataclasses import dataclass

import numpy as np

from engine.clustering.kmeans.frames import KMeansFrame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MiniBatchFrame(KMeansFrame):
    """Centroids after one or several batches, and the points that are known to be nearest to them.

    All numbers refer to the centroids of this frame. If comparing all points with them takes too
    long for one frame, only the points of the batch have labels, and the last frames of the run add
    the others, some at a time.

    Attributes:
        iteration: How many batches have been processed.
        phase: START at the beginning, UPDATE after batches, ASSIGN while the last labels are found.
        labels: (N,) signed, the index of each point's centroid, -1 where it is not known.
        sizes: (K,) int64, the number of points with each label.
        inertias: (K,) float64, squared distances from points to their own centroid, summed over
            each cluster; NaN unless all points have labels.
        changed: How many points have a different label than in the frame before, or their first
            one.
        shift: The largest centroid shift since the frame before.
        batch: (B,) int64, sorted, the indices of the points drawn for the last batch; a point may
            be drawn twice. Empty at the beginning.
    """

    batch: np.ndarray

    @property
    def complete(self) -> bool:
        """Whether all points have labels, so that the sizes and the inertia are those of all."""
        return bool(self.sizes.sum() == len(self.labels))

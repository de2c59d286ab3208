"""Mini-batch k-means in the window."""

import numpy as np

from app.controls.clustering.mini_batch import MiniBatchControl, can_show
from app.labs.clustering.algorithms.base import sizes
from app.labs.clustering.algorithms.centroids import CentroidView, empty
from app.numbers import counted
from engine.clustering.frames import Phase, Stop
from engine.clustering.kmeans import algorithm
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import MiniBatchOptions


class MiniBatchView(CentroidView[MiniBatchOptions, KMeansFrame]):
    """Mini-batch k-means in the window: its seeding is that of k-means, then there are batches."""

    algorithm = algorithm.MINI_BATCH
    section = "mini_batch"
    title = "Mini-batch k-means"
    tip = "Centroids move towards a few points drawn at random, batch after batch."
    step_name = "batch"

    def form(self, options: MiniBatchOptions) -> MiniBatchControl:
        """k, seeding, seed, batch size, number of batches."""
        return MiniBatchControl(options)

    @property
    def default_options(self) -> MiniBatchOptions:
        """Batches that are a small part of the points that are generated."""
        return MiniBatchOptions(batch_size=100, max_batches=300)

    def can_show(self, options: MiniBatchOptions) -> bool:
        """Whether the numbers fit the form."""
        return can_show(options)

    @property
    def headline(self) -> str:
        """Shorter than the title, which would leave the buttons no room."""
        return "Mini-batch"

    def place(self, frame: KMeansFrame) -> tuple[float, float]:
        """Number of batches and inertia; no place while some labels are not known."""
        if frame.phase is Phase.SEED or not np.isfinite(frame.inertia):
            return np.nan, np.nan
        return frame.iteration, frame.inertia

    def measure_line(self, frame: KMeansFrame | None = None) -> str:
        """The inertia, or when it will be known."""
        line = super().measure_line(frame)
        if frame is None or frame.phase is Phase.SEED or np.isfinite(frame.inertia):
            return line
        return f"{line}, once all labels are known"

    def branch_value(self, frame: KMeansFrame | None, over: bool) -> str:
        """The inertia at its end; before that, a batch may still raise it."""
        return super().branch_value(frame, over).replace("≤", "now")

    def describe(self, frame: KMeansFrame, options: MiniBatchOptions) -> list[str]:
        """The batch, the sizes, and how many labels are known; once all are, empty centroids."""
        parts = [_what(frame, options), sizes(frame, "centroid")]
        n_known, n_points = int(frame.sizes.sum()), len(frame.labels)
        if n_known < n_points:
            return [*parts, f"{n_known:,} of {n_points:,} labels known"]
        return [*parts, *empty(frame)]


def _what(frame: KMeansFrame, options: MiniBatchOptions) -> str:
    batches = f"{frame.iteration:,} batch{'' if frame.iteration == 1 else 'es'}"
    if frame.phase is Phase.SEED:
        return f"Seeding · centroid {len(frame.centroids)} of {options.n_clusters}"
    if frame.stop is Stop.PLATEAU:
        return f"Converged after {batches}: the inertia of the batches no longer falls"
    if frame.stop is Stop.MAX_ITER:
        return f"Stopped after {batches}, the most allowed"
    if frame.phase is Phase.ASSIGN:
        return f"After {batches} · assign: the last labels"
    if frame.phase is Phase.START:
        return "Start · every point is assigned to its nearest centroid"
    if not np.isfinite(frame.inertia):
        return f"Batch {frame.iteration:,} · centroids move"
    changed = counted(frame.changed, "point")
    return f"Batch {frame.iteration:,} · centroids move, {changed} changed cluster"


MINI_BATCH = MiniBatchView()

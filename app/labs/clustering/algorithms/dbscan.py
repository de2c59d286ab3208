"""DBSCAN in the window: clusters that grow, noise, and eps as the ring at the pointer."""

from functools import partial

import numpy as np

from app.controls.clustering.dbscan import DbscanControl
from app.labs.clustering.algorithms.base import MAX_ROWS, AlgorithmView
from app.numbers import counted, shortened
from app.theme import cluster_name
from app.views.scatter.kernel import Neighborhood
from engine.clustering.dbscan import algorithm
from engine.clustering.dbscan.frames import DbscanFrame
from engine.clustering.dbscan.options import DbscanOptions
from engine.clustering.frames import Phase
from engine.clustering.mean_shift.frames import Kernel


class DbscanView(AlgorithmView[DbscanOptions, DbscanFrame]):
    """DBSCAN in the window."""

    algorithm = algorithm.DBSCAN
    section = "dbscan"
    title = "DBSCAN"
    tip = "Clusters grow from point to point where points are dense; the rest is noise."
    measure_text = "Not reached yet, or noise"
    measure_name = "Unassigned"
    column_name = "Core"

    def form(self, options: DbscanOptions) -> DbscanControl:
        """The eps with its rule, and the minimum points."""
        return DbscanControl(options)

    def describe(self, frame: DbscanFrame, _: DbscanOptions) -> list[str]:
        """What was counted or reached, the sizes, noise, and what the table leaves out."""
        parts = [_what(frame), counted(len(frame.labels), "point")]
        if frame.n_clusters:
            parts.append(counted(frame.n_clusters, "cluster"))
        if self.knows_noise(frame):
            parts.append(counted(frame.n_unassigned, "noise point"))
        elif frame.phase is Phase.GROW:
            parts.append(f"{frame.n_unassigned:,} not reached yet")
        if frame.n_clusters > MAX_ROWS:
            parts.append(f"listing {counted(MAX_ROWS, 'cluster')}")
        return parts

    def about_point(self, frame: DbscanFrame, index: int, scaled: np.ndarray) -> list[str]:
        """Its cluster, how many points are within eps, and what that makes it."""
        lines = super().about_point(frame, index, scaled)
        if n_neighbors := int(frame.n_neighbors[index]):
            within = f"{counted(n_neighbors, 'point')} within eps"
            lines.append(f"<b>{self._kind(frame, index)}</b>: {within}")
            lines.append(f"{frame.min_points:,} or more make a core point")
        return lines

    def _kind(self, frame: DbscanFrame, index: int) -> str:
        if frame.n_neighbors[index] >= frame.min_points:
            return "core point"
        if frame.labels[index] >= 0:
            return "border point"
        return "noise" if self.knows_noise(frame) else "not a core point"

    def neighborhood(self, frame: DbscanFrame) -> Neighborhood:
        """The points within eps."""
        return Neighborhood(
            Kernel.FLAT,
            frame.eps,
            shows_mean=False,
            rests_on_points=True,
            caption=partial(_caption, frame.min_points),
        )


def _what(frame: DbscanFrame) -> str:
    if frame.phase is Phase.COUNT:
        n_counted = int(np.count_nonzero(frame.n_neighbors))
        return f"Count · neighbours of {counted(n_counted, 'point')} within {shortened(frame.eps)}"
    if frame.stop:
        return f"Complete after {counted(frame.iteration, 'iteration')}: no cluster can grow"
    label, reached = frame.n_clusters - 1, counted(len(frame.reached), "point")
    grows = f"cluster {label} ({cluster_name(label)}) grows"
    return f"Iteration {frame.iteration} · {grows}, {reached} reached"


def _caption(min_points: int, n_within: int) -> str:
    """What a point would be at a place with so many points around it."""
    in_ring = f"{counted(n_within, 'point')} in the ring"
    if n_within + 1 >= min_points:
        return f"{in_ring}<br>a point here would be a <b>core point</b>"
    return f"{in_ring}<br>too few for a core point here"


DBSCAN = DbscanView()

"""Mean shift in the window: climbs, modes, and the kernel at the pointer."""

from typing import Any

import numpy as np

from app.controls.clustering.mean_shift import MeanShiftControl
from app.labs.clustering.algorithms import climbs
from app.labs.clustering.algorithms.base import AlgorithmView, ClusterNumbers
from app.labs.shared.plane import Plane
from app.numbers import counted
from app.views.scatter.kernel import Neighborhood
from app.views.scatter.scenery import Scene
from engine.clustering.frames import Phase, Stop
from engine.clustering.mean_shift import algorithm
from engine.clustering.mean_shift.frames import MeanShiftFrame
from engine.clustering.mean_shift.options import MeanShiftOptions


class MeanShiftView(AlgorithmView[MeanShiftOptions, MeanShiftFrame]):
    """Mean shift in the window."""

    algorithm = algorithm.MEAN_SHIFT
    section = "mean_shift"
    title = "Mean shift"
    tip = "Points climb to where they are densest; no k, but a bandwidth."
    measure_text = "Largest shift of a climb"

    def form(self, options: MeanShiftOptions) -> MeanShiftControl:
        """Bandwidth and its rule, kernel, what moves, where climbs start."""
        return MeanShiftControl(options)

    def describe(self, frame: MeanShiftFrame, _: MeanShiftOptions) -> list[str]:
        """The shift, the sizes, points alone, and what is left out of the picture."""
        n_modes, n_climbs = len(frame.centroids), len(frame.positions)
        parts = [_what(frame), counted(len(frame.labels), "point")]
        if n_modes:
            parts.append(counted(n_modes, "mode"))
        if frame.stop and self.algorithm.note(frame):
            parts.append(f"{counted(frame.n_alone, 'point')} alone: choose a larger bandwidth")
        shown = ((n_climbs, climbs.MAX_CLIMBS, "climb"), (n_modes, climbs.MAX_MODES, "mode"))
        parts += [f"drawing {counted(most, what)}" for n, most, what in shown if n > most]
        return parts

    def measure(self, frame: MeanShiftFrame) -> float:
        """The largest shift; none at the start and while modes are merged."""
        return frame.shift if frame.phase is Phase.SHIFT else np.nan

    def place(self, frame: MeanShiftFrame) -> tuple[float, float]:
        """Iteration and shift; only the last batch of an iteration is on the curve."""
        return (np.nan, np.nan) if frame.waiting else super().place(frame)

    def about_point(self, frame: MeanShiftFrame, index: int, scaled: np.ndarray) -> list[str]:
        """Its mode and the nearest others, once there are some."""
        return super().about_point(frame, index, scaled) if len(frame.centroids) else []

    def numbers(self, frame: MeanShiftFrame) -> ClusterNumbers:
        """Those of the modes that are drawn."""
        most = climbs.MAX_MODES
        return ClusterNumbers(frame.sizes[:most], frame.densities[:most])

    def layers(self, frames: list[Any], plane: Plane) -> Scene:
        """Modes, labels, and the paths of the climbs."""
        frame: MeanShiftFrame = frames[-1]
        return Scene(
            plane.of_centroids(frame.centroids[: climbs.MAX_MODES]),
            plane.of_labels(frame.labels),
            [],
            (),
            climbs.paths(frames, plane.of_centroids),
            climbs.labels(frame),
        )

    def neighborhood(self, frame: MeanShiftFrame) -> Neighborhood:
        """The kernel."""
        return Neighborhood(frame.kernel, frame.bandwidth)


def _what(frame: MeanShiftFrame) -> str:
    iterations, n_climbs = counted(frame.iteration, "iteration"), len(frame.positions)
    if frame.stop is Stop.NO_SHIFT:
        return f"Converged after {iterations}: nothing moves"
    if frame.stop is Stop.MAX_ITER:
        return f"Stopped after {iterations}, the most allowed"
    if frame.phase is Phase.START:
        return f"Start · {counted(n_climbs, 'place')} will climb to where points are denser"
    if frame.phase is Phase.MERGE:
        return f"Merge · mode {len(frame.centroids) - 1} takes what ended within a bandwidth"
    if frame.waiting:
        return f"Iteration {frame.iteration} · shift: {frame.waiting:,} wait for their batch"
    return f"Iteration {frame.iteration} · shift: {frame.moving:,} of {n_climbs:,} still move"


MEAN_SHIFT = MeanShiftView()

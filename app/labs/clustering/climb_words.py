"""A frame of mean shift in words and numbers."""

from app.labs.clustering.climbs import MAX_CLIMBS, MAX_MODES
from app.numbers import counted, shortened
from engine.clustering.frames import Phase, Stop
from engine.clustering.mean_shift.frames import MeanShiftFrame
from engine.clustering.mean_shift.options import note

NO_SHIFT = "The longest way that something moved"


def state(frame: MeanShiftFrame, n_drawn_of: int = 1, stride: int = 1) -> str:
    """What the step on screen did.

    Args:
        frame: The step.
        n_drawn_of: How many frames were computed for this one that is drawn.
        stride: Every how many-th point is drawn.
    """
    n_modes, n_climbs = len(frame.centroids), len(frame.positions)
    parts = [_what(frame), counted(len(frame.labels), "point")]
    if n_modes:
        parts.append(counted(n_modes, "mode"))
    if frame.stop and note(frame):
        parts.append(f"{counted(frame.n_alone, 'point')} alone: choose a larger bandwidth")
    for n_there, most, what in ((n_climbs, MAX_CLIMBS, "climb"), (n_modes, MAX_MODES, "mode")):
        if n_there > most:
            parts.append(f"drawing {counted(most, what)}")
    if n_drawn_of > 1:
        parts.append(f"drawing 1 frame of {n_drawn_of}")
    if stride > 1:
        parts.append(f"drawing 1 point of {stride}")
    return " · ".join(parts)


def _what(frame: MeanShiftFrame) -> str:
    iterations, n_climbs = counted(frame.iteration, "iteration"), len(frame.positions)
    if frame.stop is Stop.STILL:
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


def shift(frame: MeanShiftFrame) -> str:
    """What mean shift waits for to become nothing."""
    return f"{NO_SHIFT}: {shortened(frame.shift)}" if frame.phase is Phase.SHIFT else NO_SHIFT

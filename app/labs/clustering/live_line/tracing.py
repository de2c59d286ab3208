"""Requests of the live line to the engine: traces of half-steps, and the broadcast slip."""

from collections.abc import Generator, Mapping, Sequence

import numpy as np

from app.running.bridge import Stepper
from engine.clustering.frames import Phase
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import Formulation
from engine.clustering.operations.slips import Slip
from engine.clustering.operations.traces import Trace
from engine.data.scaling import Scaling
from engine.errors import EngineError

Key = tuple[Formulation, Phase]


def starts(frames: Sequence[KMeansFrame], place: int) -> dict[Phase, np.ndarray]:
    """Where the centroids of a frame stood before each half-step that can be shown at it.

    Args:
        frames: Of the branch.
        place: Of the frame, which is no seeding.

    Returns:
        (K, D) by half-step: the one on screen, and after an assignment the update to come.
    """
    frame = frames[place]
    if frame.phase is Phase.UPDATE:
        return {Phase.UPDATE: frames[place - 1].centroids}
    return {Phase.ASSIGN: frame.centroids, Phase.UPDATE: frame.centroids}


def traces(
    points: np.ndarray,
    scaling: Scaling,
    frame: KMeansFrame,
    before: Mapping[Phase, np.ndarray],
    keys: Sequence[Key],
    pick: Mapping[str, int],
) -> Stepper:
    """Trace half-steps of a frame, one after the other.

    Args:
        points: (N, D) in the units of the data.
        scaling: To the units of the frame.
        frame: On screen.
        before: As `starts` gives it.
        keys: Which formulations of which half-steps.
        pick: What is looked at.

    Returns:
        A stepper of pairs of a key and what is known of it: a trace, or a sentence that says why
        there is none.
    """

    def frames() -> Generator[tuple[Key, Trace | str], None, None]:
        from engine.clustering.operations.trace import trace  # on the engine thread

        scaled = scaling.forward(points)
        for formulation, phase in keys:
            try:
                for each in trace(
                    scaled,
                    before[phase],
                    phase,
                    formulation,
                    frame.labels if phase is Phase.UPDATE else None,
                    empty=frame.empty_policy,
                    pick=pick,
                ):
                    yield (formulation, phase), each
            except EngineError as error:
                yield (formulation, phase), str(error)

    return frames


def slip(points: np.ndarray, scaling: Scaling, seed: int) -> Stepper:
    """Execute the broadcast slip on (N, D) points: a stepper of slips, the last one whole."""

    def frames() -> Generator[Slip, None, None]:
        from engine.clustering.operations.broadcast_slip import compare  # on the engine thread

        yield from compare(scaling.forward(points), seed)

    return frames

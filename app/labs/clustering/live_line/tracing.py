"""What the live line asks the engine: traces of half-steps, and the broadcasting bug."""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.running.bridge import Stepper
from engine.clustering.frames import Phase
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import Formulation
from engine.clustering.operations.bug_result import BugResult
from engine.clustering.operations.traces import Trace
from engine.errors import EngineError

Key = tuple[Formulation, Phase]
# Brings (N, D) points of the data to the units of the frames.
Scale = Callable[[np.ndarray], np.ndarray]
BOTH = (Formulation.LECTURE, Formulation.TILED)


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """The operations that are listed, or why there are none.

    Attributes:
        frame: The half-step.
        traces: What is known by formulation and half-step: a trace, or a sentence that says why
            there is none.
        chosen: The formulation that is listed.
    """

    frame: KMeansFrame
    traces: Mapping[Key, Trace | str]
    chosen: Formulation

    @property
    def trace(self) -> Trace | str:
        """What is listed."""
        return self.traces[self.chosen, self.frame.phase]

    @property
    def compared(self) -> list[Trace | str]:
        """The half-step in both formulations."""
        return [self.traces[each, self.frame.phase] for each in BOTH]

    @property
    def means(self) -> np.ndarray | None:
        """(K, D) where the update puts the centroids; None if that is not known."""
        update = self.traces.get((self.chosen, Phase.UPDATE))
        return update.result if isinstance(update, Trace) else None


def starts(frames: Sequence[KMeansFrame], place: int) -> dict[Phase, np.ndarray]:
    """Where the centroids of a frame were before each half-step that can be shown at it.

    Args:
        frames: The frames of the branch.
        place: The index of the frame, which is not a seeding.

    Returns:
        (K, D) by half-step: the one on screen, and after an assignment the update to come.
    """
    frame = frames[place]
    if frame.phase is Phase.UPDATE:
        return {Phase.UPDATE: frames[place - 1].centroids}
    return {Phase.ASSIGN: frame.centroids, Phase.UPDATE: frame.centroids}


def traces(
    points: np.ndarray,
    scale: Scale,
    frame: KMeansFrame,
    before: Mapping[Phase, np.ndarray],
    keys: Sequence[Key],
    pick: Mapping[str, int],
) -> Stepper:
    """Trace half-steps of a frame, one after the other.

    Args:
        points: (N, D) in the units of the data.
        scale: To the units of the frame.
        frame: On screen.
        before: As `starts` gives it.
        keys: Which formulations of which half-steps.
        pick: What is looked at.

    Returns:
        A stepper of what is known so far by key: a trace, or a sentence that says why there is
        none.
    """

    def frames() -> Generator[dict[Key, Trace | str], None, None]:
        from engine.clustering.operations.trace import trace  # on the engine thread

        scaled = scale(points)
        known: dict[Key, Trace | str] = {}
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
                    known[formulation, phase] = each
                    yield dict(known)
            except EngineError as error:
                known[formulation, phase] = str(error)
                yield dict(known)

    return frames


def find_bug(points: np.ndarray, scale: Scale, seed: int) -> Stepper:
    """Return a stepper that executes the broadcasting bug on (N, D) points."""

    def frames() -> Generator[BugResult, None, None]:
        from engine.clustering.operations.broadcasting_bug import compare  # on the engine thread

        yield from compare(scale(points), seed)

    return frames

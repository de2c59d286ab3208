"""Work cut into chunks: a generator that yields how far it is, and returns what came of it.

A stepper passes the chunks on with `yield from`, so that it can be left between any two.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import TypeVar

from engine.data.arrays import mapped
from engine.data.arrays.mapped import Points
from engine.runtime import interrupts

# Multiplications of one chunk of points, so that a run can be left after some 50 ms on two cores.
_CHUNK_WORK = 2**28

_Progress = TypeVar("_Progress")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a computation is that goes over all points again and again.

    Attributes:
        number: Iterations done, or centroids found.
        share: The share of the points that this pass has seen, from 0 to 1.
    """

    number: int
    share: float = 1.0

    @property
    def percent(self) -> str:
        """The share as a person reads it."""
        return f"{100 * self.share:.0f} %"


def finished(
    work: Generator[_Progress, None, _Result],
    progress: Callable[[_Progress], object] | None = None,
) -> _Result:
    """Do all of the work at once.

    Args:
        work: The work.
        progress: Called with what is yielded. What it raises ends the work.

    Returns:
        What the generator returns.

    Raises:
        KeyboardInterrupt: Ctrl-C, also where TensorFlow has swallowed it.
    """
    while True:
        try:
            reached = next(work)
        except StopIteration as end:
            result: _Result = end.value
            return result
        interrupts.check()
        if progress:
            progress(reached)


def chunks_of(points: Points, n_clusters: int) -> Iterator[slice]:
    """Cut (N, D) points into chunks of one size, but for the last, to compare with K centroids."""
    n_dims = points.shape[1]
    n_rows = max(1, min(mapped.CHUNK_VALUES, _CHUNK_WORK // n_clusters) // n_dims)
    return (slice(start, start + n_rows) for start in range(0, len(points), n_rows))

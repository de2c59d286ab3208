"""Work cut into chunks: a generator yields its progress and returns the result.

A stepper passes the chunks on with `yield from`, so that it can be cancelled between any two.
"""

from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from typing import TypeVar

from engine.data.arrays import mapped
from engine.data.arrays.mapped import Points
from engine.runtime import interrupts

# Multiplications in one chunk of points, so that a run can be cancelled within about 50 ms on two
# cores.
_CHUNK_WORK = 2**28

_Progress = TypeVar("_Progress")
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Progress:
    """The progress of a computation that passes over all points repeatedly.

    Attributes:
        number: Iterations done, or centroids found.
        share: The fraction of the points that this pass has seen, from 0 to 1.
    """

    number: int
    share: float = 1.0

    @property
    def percent(self) -> str:
        """The fraction as text: "25 %"."""
        return f"{100 * self.share:.0f} %"


def finished(
    work: Generator[_Progress, None, _Result],
    progress: Callable[[_Progress], object] | None = None,
) -> _Result:
    """Do all of the work at once.

    Args:
        work: The work.
        progress: Called with what is yielded. If it raises an exception, the work ends.

    Returns:
        What the generator returns.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed, even if TensorFlow swallowed it.
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
    """Cut (N, D) points into chunks for comparison with K centroids; only the last is smaller."""
    n_dims = points.shape[1]
    n_rows = max(1, min(mapped.CHUNK_VALUES, _CHUNK_WORK // n_clusters) // n_dims)
    return (slice(start, start + n_rows) for start in range(0, len(points), n_rows))

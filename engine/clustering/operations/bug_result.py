"""The result of the broadcasting bug, beside the right operations: NumPy only."""

from dataclasses import dataclass

import numpy as np

from engine.clustering.operations.traces import Measured

# More points do not make the lesson clearer, and the wrong operations take D times the memory.
MOST_POINTS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class BugResult:
    """The same search for the farthest point, right and wrong.

    Attributes:
        sizes: The sizes of the axes cluster, point and dim, as they were meant.
        chosen: The index of the point that both begin with.
        wrong: The operations with the bug.
        right: The operations that were meant.
        wrong_index: The index of the wrong operation.
        found: The index of the point that the wrong ones say is the farthest.
        meant: The index of the point that is the farthest.
        distances: (N,) float32, from each point to the one that both begin with.
    """

    sizes: dict[str, int]
    chosen: int
    wrong: tuple[Measured, ...] = ()
    right: tuple[Measured, ...] = ()
    wrong_index: int = -1
    found: int = -1
    meant: int = -1
    distances: np.ndarray | None = None

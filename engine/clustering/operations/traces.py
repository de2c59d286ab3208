"""The result of executing a half-step operation by operation: NumPy only."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from engine.clustering.frames import Phase
from engine.clustering.kmeans.options import Formulation


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Measured:
    """The measurements of one executed operation.

    Attributes:
        line: The line of text: `name[axis, axis] = how`.
        axes: The axes of its output.
        shape: The size of each axis; the sizes for the first tile if it works on tiles.
        dtype: The type of its output.
        n_bytes: The bytes of its output.
        seconds: The median of executions after the first; for one tile if it works on tiles.
        n_tiles: The number of tiles it was executed on; 0 if it works on all points at once.
        picked: Its output at the selected point or cluster; None if it has no such axis. Axes of
            points are cut off after `MAX_PICKED`.
        code: The function that was executed, without its docstring.
    """

    line: str
    axes: tuple[str, ...]
    shape: tuple[int, ...]
    dtype: str
    n_bytes: int
    seconds: float
    n_tiles: int
    picked: np.ndarray | None
    code: str

    @property
    def name(self) -> str:
        """The name of its output."""
        return self.line.partition("[")[0]

    @property
    def how(self) -> str:
        """The right-hand side of the line."""
        return self.line.partition(" = ")[2]

    @property
    def total_seconds(self) -> float:
        """The seconds for all tiles."""
        return self.seconds * max(self.n_tiles, 1)


MAX_PICKED = 8


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trace:
    """The trace of one half-step.

    Attributes:
        phase: Which half-step.
        formulation: How it is computed.
        sizes: The sizes of the axes cluster, point and dim.
        operations: Those executed so far, in order.
        code: The half-step's function, which calls the operations, without its docstring.
        whole: Seconds of that function as a run calls it; in one graph, operations cost less than
            one by one. 0 until all operations are done.
        result: (N,) int32 labels, or (K, D) float64 centroids, shifted back to where the points
            are; None until all operations are done.
    """

    phase: Phase
    formulation: Formulation
    sizes: dict[str, int]
    operations: tuple[Measured, ...]
    code: str
    whole: float = 0.0
    result: np.ndarray | None = None

    @property
    def seconds(self) -> float:
        """The seconds of all operations, executed one by one."""
        return sum(each.total_seconds for each in self.operations)

    @property
    def n_bytes(self) -> int:
        """The bytes of the largest output."""
        return max((each.n_bytes for each in self.operations), default=0)


def alike(sizes: dict[str, int]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of axes with equal sizes, which a shape alone does not distinguish."""
    return tuple((one, two) for one, two in combinations(sizes, 2) if sizes[one] == sizes[two])

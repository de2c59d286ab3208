"""Executes operations one by one, and measures what each computes and costs."""

import ast
import functools
import inspect
import statistics
import textwrap
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from engine.clustering.operations.operations import Operation
from engine.clustering.operations.traces import MAX_PICKED, Measured
from engine.frames import sealed
from engine.runtime.backend import tf

# A fast operation is repeated this often after its first execution, or for this many seconds.
_REPEATS = 5
_BUDGET = 0.03
_MOST_CLUSTERS = 128


@dataclass(slots=True)
class Execution:
    """Values by name, and the measurements so far.

    Attributes:
        values: The inputs, and what the operations computed.
        pick: The index of the selected point or cluster, by axis.
        measured: The measurements by operation, in order.
        whole: Seconds of the half-step as one function.
    """

    values: dict[str, Any]
    pick: Mapping[str, int] = field(default_factory=dict)
    measured: dict[Operation, Measured] = field(default_factory=dict)
    whole: float = 0.0

    def execute(self, operation: Operation, n_tiles: int = 0) -> Generator[None, None, None]:
        """Execute an operation, repeatedly if it is fast; yields between executions."""
        known = self.measured.get(operation)
        times, output = yield from timed(lambda: operation.of(self.values), known is None)
        self.values[operation.name] = output
        picked = _picked(operation, output, self._indices())
        if known is None:
            self.measured[operation] = _measured(operation, output, times, n_tiles, picked)
        elif picked is not None:  # in a later tile, or summed over the tiles so far
            self.measured[operation] = replace(known, picked=picked)

    def _indices(self) -> Mapping[str, int]:
        """Return the selected index, and the row of that point in this tile, if it is in it."""
        if "point" not in self.pick:
            return self.pick
        return {**self.pick, "row": self.pick["point"] - int(self.values.get("start", 0))}


def timed(
    compute: Callable[[], Any], again: bool = True
) -> Generator[None, None, tuple[list[float], Any]]:
    """Compute something, and if requested, repeat it while it is fast; yields in between.

    Returns:
        The seconds of each execution, and the result.
    """
    times: list[float] = []
    while True:
        began = time.perf_counter()
        output = compute()
        tf.test.experimental.sync_devices()
        times.append(time.perf_counter() - began)
        yield
        if not again or len(times) > _REPEATS or sum(times[1:]) > _BUDGET:
            return times, output


def typical(times: Sequence[float]) -> float:
    """Return the median, without the first execution, which warms up."""
    return statistics.median(times[1:] or times)


def _measured(
    operation: Operation, output: Any, times: list[float], n_tiles: int, picked: np.ndarray | None
) -> Measured:
    arrays = output if isinstance(output, list) else [output]
    shape = tuple(arrays[0].shape)
    if isinstance(output, list):  # subsets: together they have a row for each point
        shape = (sum(len(subset) for subset in arrays), *shape[1:])
    return Measured(
        line=operation.line,
        axes=operation.axes,
        shape=shape,
        dtype=arrays[0].dtype.name,
        n_bytes=int(np.prod(shape)) * arrays[0].dtype.size,
        seconds=typical(times),
        n_tiles=n_tiles,
        picked=picked,
        code=code_of(operation.compute),
    )


def _picked(operation: Operation, output: Any, indices: Mapping[str, int]) -> np.ndarray | None:
    """Return the output at the indices, or None if it has none of their axes."""
    if isinstance(output, list):
        cluster = indices.get("cluster")
        return None if cluster is None else sealed(output[cluster][:MAX_PICKED])
    place: list[int | slice] = []
    for axis, size in zip(operation.axes, output.shape, strict=True):
        most = MAX_PICKED if axis in ("point", "row") else _MOST_CLUSTERS
        place.append(indices.get(axis, slice(most)))
        if axis in indices and not 0 <= indices[axis] < size:
            return None
    if not set(operation.axes) & set(indices):
        return None
    return sealed(output[tuple(place)])


@functools.cache
def code_of(function: Any) -> str:
    """Return the source of a function, without its decorator and its docstring."""
    source = textwrap.dedent(inspect.getsource(getattr(function, "python_function", function)))
    (found,) = ast.parse(source).body
    assert isinstance(found, ast.FunctionDef)
    lines, docstring = source.splitlines(), found.body[0]
    if ast.get_docstring(found) is not None:
        del lines[docstring.lineno - 1 : docstring.end_lineno]
    return "\n".join(lines[found.lineno - 1 :])

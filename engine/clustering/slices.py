"""Work cut into slices: a generator that yields how far it is, and returns what came of it.

A stepper passes the slices on with `yield from`, so that it can be left between any two.
"""

from collections.abc import Callable, Generator
from typing import TypeVar

from engine.runtime import interrupts

_Progress = TypeVar("_Progress")
_Result = TypeVar("_Result")


def finished(
    slices: Generator[_Progress, None, _Result],
    progress: Callable[[_Progress], object] | None = None,
) -> _Result:
    """Do all slices at once.

    Args:
        slices: The work.
        progress: Called with what is yielded. What it raises ends the work.

    Returns:
        What the generator returns.

    Raises:
        KeyboardInterrupt: Ctrl-C, also where TensorFlow has swallowed it.
    """
    while True:
        try:
            reached = next(slices)
        except StopIteration as end:
            result: _Result = end.value
            return result
        interrupts.check()
        if progress:
            progress(reached)

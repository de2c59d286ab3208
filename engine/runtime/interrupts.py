"""Ctrl-C, heard also where TensorFlow swallows it.

Its C++ code calls Python, and clears the exception of an interrupt that comes in such a call. So
the interrupt is noted too, and work that is cut into slices asks for it between two of them.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_noted = threading.Event()


@contextmanager
def noted() -> Iterator[None]:
    """Note each Ctrl-C in this block; called in the main thread."""

    def note(number: int, frame: FrameType | None) -> None:
        _noted.set()
        signal.default_int_handler(number, frame)

    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield  # ignored, as in the background of a shell: it stays so
        return
    signal.signal(signal.SIGINT, note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _noted.clear()


def check() -> None:
    """Raise a KeyboardInterrupt that has been swallowed."""
    if _noted.is_set():
        raise KeyboardInterrupt

"""Notices Ctrl-C even if TensorFlow swallows it.

Its C++ code calls Python, and clears the exception of an interrupt during such a call. So the
interrupt is recorded as well, and long work checks for it between two frames.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_noted = threading.Event()


@contextmanager
def noted() -> Iterator[None]:
    """Record each Ctrl-C in this block; call it in the main thread."""

    def note(number: int, frame: FrameType | None) -> None:
        _noted.set()
        signal.default_int_handler(number, frame)

    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield  # Ctrl-C is ignored, as for a background job of a shell: keep that
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

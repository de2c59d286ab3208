"""Disables the garbage collector while many long-lived objects are created.

It would scan all of them repeatedly, a quarter of a second each time, and hold the interpreter lock
meanwhile, so the window would freeze. Call `gc.freeze()` at the end of the block: then later
collections ignore these objects.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect no garbage in this block, in any thread."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()

"""The garbage collector, kept out while many objects are made that stay.

It would look through all of them again and again, a quarter of a second each time, and it holds the
interpreter while it does, so the window would wait. Call `gc.freeze()` inside once they are made,
and it never looks at them.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """Collect no garbage meanwhile, in no thread."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()

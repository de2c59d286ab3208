"""Threads beside that of the GUI, which goes first where all of them together fill the cores."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

# How much they give way, of 19: a picture is wanted before the next step of an algorithm.
DRAWING, ENGINE = 5, 10


def threads(name: str, n_threads: int, nice: int) -> ThreadPoolExecutor:
    """Threads of lower priority, on Linux, where each has its own and hands it on.

    Args:
        name: What they are called.
        n_threads: How many.
        nice: How much they give way, and so do threads that they make.
    """
    return ThreadPoolExecutor(n_threads, name, initializer=lambda: give_way(nice))


def give_way(nice: int) -> None:
    """Lower the priority of this thread to that, if it is not lower already; Linux alone can."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, max(nice, os.getpriority(os.PRIO_PROCESS, thread)))

"""Threads that yield to the GUI thread if all together would fill the cores."""

import os
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

# Nice values, up to 19: drawing has priority over the next step of an algorithm.
DRAWING, ENGINE = 5, 10


def threads(name: str, n_threads: int, nice: int) -> ThreadPoolExecutor:
    """Make threads of lower priority. Only Linux has a priority for each thread.

    Args:
        name: The prefix of the names of the threads.
        n_threads: How many.
        nice: Their nice value, which threads that they start inherit.
    """
    return ThreadPoolExecutor(n_threads, name, initializer=lambda: give_way(nice))


def give_way(nice: int) -> None:
    """Lower the priority of this thread to a nice value, unless it is lower already; Linux only."""
    if sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, max(nice, os.getpriority(os.PRIO_PROCESS, thread)))

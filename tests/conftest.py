"""Set up every test: no screen, TensorFlow started silently, reproducible examples."""

import gc
import os
import signal
from pathlib import Path

import pytest
from hypothesis import settings

from engine.runtime import device, program_cache
from tests import waiting

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Share compiled programs with other processes and the next run, apart from the user's cache.
os.environ.setdefault(
    program_cache.VARIABLE, str(Path(__file__).parents[1] / ".cache" / "programs")
)

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell ignores SIGINT in background jobs, and processes that tests start would inherit that.
    signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile("reproducible", deadline=None, derandomize=True, max_examples=40)
settings.register_profile("quick", settings.get_profile("reproducible"), max_examples=10)
settings.load_profile("reproducible")


def pytest_configure(config):
    """Start TensorFlow before a test imports k-means, except in the controller of pytest-xdist."""
    only_distributes = config.getoption("numprocesses", None) and not hasattr(config, "workerinput")
    if not only_distributes:
        device.start()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup():
    waiting.start_test()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item, nextitem):
    """Share the programs that the tests of a file compiled with the other processes."""
    if nextitem is None or nextitem.path != item.path:
        program_cache.exchange()


def pytest_collection_finish():
    """Keep imported modules, such as TensorFlow, out of garbage collection."""
    gc.collect()
    gc.freeze()


def pytest_collection_modifyitems(items):
    """Mark the tests that open a window."""
    for item in items:
        if "qapp" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.window)

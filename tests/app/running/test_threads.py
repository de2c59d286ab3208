"""Thread priorities: the GUI thread first, then background drawing, then the engine."""

import os
import sys
import threading

import pytest

import app.running.threads
from app.running.threads import DRAWING, ENGINE, give_way, threads

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="a thread has no priority of its own here"
)


@pytest.fixture(autouse=True)
def lowered_priorities(monkeypatch):
    """Restore the real function: conftest.py replaced it after this file had imported it."""
    monkeypatch.setattr(app.running.threads, "give_way", give_way)


def priority():
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.fixture
def pool(request):
    with threads("tested", 1, request.param) as pool:
        yield pool


@pytest.mark.parametrize("pool", [DRAWING, ENGINE], indirect=True)
def test_a_worker_thread_has_a_lower_priority_than_the_gui_thread(pool, request):
    before = priority()
    nice = request.node.callspec.params["pool"]
    assert pool.submit(priority).result() == max(nice, before)
    assert priority() == before


@pytest.mark.parametrize("pool", [ENGINE], indirect=True)
def test_threads_that_it_starts_inherit_the_priority(pool):
    """The threads of TensorFlow do so."""

    def in_a_child_thread():
        with threads("inner", 1, 0) as inner:
            return inner.submit(priority).result()

    assert pool.submit(in_a_child_thread).result() >= ENGINE


def test_background_drawing_has_priority_over_the_engine():
    assert 0 < DRAWING < ENGINE < 20

"""Threads give way to the GUI thread: a picture less than the engine."""

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
def threads_give_way(monkeypatch):
    """As they do outside of tests: conftest.py replaced it, but not before this file's import."""
    monkeypatch.setattr(app.running.threads, "give_way", give_way)


def priority():
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.fixture
def pool(request):
    with threads("tested", 1, request.param) as pool:
        yield pool


@pytest.mark.parametrize("pool", [DRAWING, ENGINE], indirect=True)
def test_a_thread_gives_way_and_the_gui_thread_does_not(pool, request):
    before = priority()
    nice = request.node.callspec.params["pool"]
    assert pool.submit(priority).result() == max(nice, before)
    assert priority() == before


@pytest.mark.parametrize("pool", [ENGINE], indirect=True)
def test_threads_that_it_makes_give_way_too(pool):
    """As those of TensorFlow do."""

    def in_its_own():
        with threads("inner", 1, 0) as inner:
            return inner.submit(priority).result()

    assert pool.submit(in_its_own).result() >= ENGINE


def test_a_picture_comes_before_the_engine():
    assert 0 < DRAWING < ENGINE < 20

"""Ctrl-C is heard, also where something swallows the exception."""

import contextlib
import os
import signal

import pytest

from engine.clustering.chunks import finished
from engine.runtime import interrupts


def swallowed_at(index):
    """Work whose interrupt is lost, as in a call of TensorFlow."""
    for each in range(5):
        if each == index:
            with contextlib.suppress(KeyboardInterrupt):
                os.kill(os.getpid(), signal.SIGINT)
        yield each


def test_a_swallowed_interrupt_ends_the_work_after_its_slice():
    told = []
    with pytest.raises(KeyboardInterrupt), interrupts.noted():
        finished(swallowed_at(2), told.append)
    assert told == [0, 1]


def test_it_is_forgotten_afterwards():
    handler = signal.getsignal(signal.SIGINT)
    with interrupts.noted():
        list(swallowed_at(0))
    interrupts.check()
    assert signal.getsignal(signal.SIGINT) is handler


def test_an_interrupt_is_raised_where_it_comes():
    with pytest.raises(KeyboardInterrupt), interrupts.noted():
        os.kill(os.getpid(), signal.SIGINT)


def test_where_it_is_ignored_it_stays_ignored():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interrupts.noted():
            os.kill(os.getpid(), signal.SIGINT)
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        interrupts.check()
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)

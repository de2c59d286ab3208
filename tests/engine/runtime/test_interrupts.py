"""Ctrl-C is handled even if a library swallows the exception."""

import contextlib
import os
import signal

import pytest

from engine.clustering.chunks import finished
from engine.runtime import interrupts


def swallowed_at(index):
    """Yield work that swallows an interrupt, as TensorFlow calls can."""
    for each in range(5):
        if each == index:
            with contextlib.suppress(KeyboardInterrupt):
                os.kill(os.getpid(), signal.SIGINT)
        yield each


def test_a_swallowed_interrupt_ends_the_work_at_the_next_yield():
    reported = []
    with pytest.raises(KeyboardInterrupt), interrupts.noted():
        finished(swallowed_at(2), reported.append)
    assert reported == [0, 1]


def test_an_interrupt_is_reset_afterwards():
    handler = signal.getsignal(signal.SIGINT)
    with interrupts.noted():
        list(swallowed_at(0))
    interrupts.check()
    assert signal.getsignal(signal.SIGINT) is handler


def test_an_interrupt_is_raised_where_it_occurs():
    with pytest.raises(KeyboardInterrupt), interrupts.noted():
        os.kill(os.getpid(), signal.SIGINT)


def test_an_ignored_signal_stays_ignored():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with interrupts.noted():
            os.kill(os.getpid(), signal.SIGINT)
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
        interrupts.check()
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)

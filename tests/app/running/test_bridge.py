"""The bridge, with toy steppers instead of TensorFlow."""

import math
import threading
from itertools import pairwise

import pytest
from PyQt6.QtCore import QCoreApplication, QEvent, QObject, QTimer

from app.running.bridge import Bridge, Run
from engine.frames import Search
from tests import waiting
from tests.app.driving import wait_for_engine


def count_to(n):
    def frames():
        yield from range(n)

    return frames


def endless():
    while True:
        yield 0


def test_one_request_delivers_one_frame(bridge, qtbot):
    run = bridge.run(count_to(3))
    with qtbot.waitSignal(run.advanced) as caught:
        run.advance()
    assert caught.args == [(0,)]


def test_a_budget_delivers_several_frames_in_order(bridge, qtbot):
    run = bridge.run(count_to(5))
    with qtbot.waitSignals([run.advanced, run.finished], order="strict") as caught:
        run.advance(budget=math.inf)
    assert caught.all_signals_and_args[0].args == ((0, 1, 2, 3, 4),)


def search_then_count(n_runs, n):
    def frames():
        for number in range(n_runs):
            yield Search(number, n_runs)
        yield from range(n)

    return frames


def test_a_search_delivers_no_frames_until_it_has_ended(bridge, qtbot, monkeypatch):
    monkeypatch.setattr(
        "app.running.bridge._SEARCH_TURN", 0.0
    )  # other requests run after each part of the search
    reported = []
    run = bridge.run(search_then_count(4, 3))
    run.searching.connect(reported.append)
    with qtbot.waitSignal(run.advanced) as caught:
        run.advance()
    assert caught.args == [(0,)]
    assert reported == [Search(number, 4) for number in range(4)]


def test_a_search_can_be_cancelled(bridge, qtbot):
    over = threading.Event()

    def endless_search():
        try:
            while True:
                yield Search(0, 2)
        finally:
            over.set()

    run = bridge.run(endless_search)
    with qtbot.waitSignal(run.searching):
        run.advance()
    run.cancel()
    wait_for_engine(bridge)
    assert over.is_set()


def test_a_repeated_request_delivers_one_batch(bridge, qtbot):
    slices = []
    run = bridge.run(count_to(3))
    run.advanced.connect(slices.append)
    run.advance()
    run.advance()
    wait_for_engine(bridge)
    assert slices == [(0,)]


def test_frames_are_computed_off_the_gui_thread(bridge, qtbot):
    def where():
        yield threading.get_ident()

    run = bridge.run(where)
    with qtbot.waitSignal(run.advanced) as caught:
        run.advance()
    assert caught.args[0][0] != threading.get_ident()


def test_a_cancelled_run_delivers_nothing(bridge, qtbot):
    delivered = []
    run = bridge.run(endless)
    run.advanced.connect(delivered.append)
    run.advance(budget=0.02)
    run.cancel()
    wait_for_engine(bridge)
    assert delivered == []


def test_cancelling_runs_the_steppers_cleanup(bridge, qtbot):
    closed = threading.Event()

    def frames():
        try:
            yield from endless()
        finally:
            closed.set()

    run = bridge.run(frames)
    with qtbot.waitSignal(run.advanced):
        run.advance()
    run.cancel()
    assert closed.wait(waiting.seconds_left())


def test_frames_before_an_error_arrive_and_then_the_error(bridge, qtbot):
    def frames():
        yield "last good one"
        raise ValueError("use fewer centroids")

    run = bridge.run(frames)
    with qtbot.waitSignals([run.advanced, run.failed], order="strict") as caught:
        run.advance(budget=math.inf)
    (good,), (error,) = (signal.args for signal in caught.all_signals_and_args)
    assert good == ("last good one",)
    assert str(error) == "use fewer centroids"


def test_two_runs_take_turns(bridge, qtbot):
    slow = bridge.run(endless)
    slow.advanced.connect(lambda _: slow.advance(budget=0.01))
    slow.advance(budget=0.01)
    quick = bridge.run(count_to(1))
    with qtbot.waitSignal(quick.finished):
        quick.advance(budget=0.01)
    slow.cancel()


def test_paint_events_run_between_two_frames(bridge, qtbot):
    order = []

    class Paper(QObject):
        def event(self, _):
            order.append("painted")
            return True

    def draw(_):
        order.append("drawn")
        QCoreApplication.postEvent(paper, QEvent(QEvent.Type.User))
        run.advance()
        run._engine.submit(
            lambda: None
        ).result()  # the next frames are ready: the engine has one thread

    run, timer, paper = bridge.run(count_to(20)), QTimer(), Paper()
    run.advanced.connect(draw)
    timer.timeout.connect(lambda: order.append("turn"))
    timer.start(0)
    with qtbot.waitSignal(run.finished):
        run.advance()
    assert order.count("drawn") == 20
    assert ("painted", "drawn") not in pairwise(order)


def test_a_slot_may_cancel_its_own_run(bridge, qtbot):
    delivered = []
    run = bridge.run(count_to(1))
    run.advanced.connect(lambda _: run.cancel())
    run.finished.connect(lambda: delivered.append("finished"))
    run.advance(budget=math.inf)  # the end arrives together with its frame
    wait_for_engine(bridge)
    assert delivered == []


@pytest.mark.parametrize("end", ["finish", "fail", "cancel", "cancel in flight"])
def test_a_finished_run_is_deleted(bridge, qtbot, end):
    def frames():
        yield 1
        if end == "fail":
            raise ValueError

    run = bridge.run(frames)
    run.advance(budget=0.0 if end == "cancel" else 1.0)
    if end == "cancel":
        qtbot.waitSignal(run.advanced).wait()
    if end.startswith("cancel"):
        run.cancel()

    def gone():
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return not bridge.findChildren(Run)

    qtbot.waitUntil(gone)


def test_a_deleted_run_can_be_cancelled(bridge, qtbot):
    run = bridge.run(count_to(1))
    with qtbot.waitSignal(run.finished):
        run.advance(budget=math.inf)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    run.cancel()  # its owner need not know that it ended


def test_closing_waits_no_longer_than_its_timeout(qtbot):
    bridge, leave = Bridge(), threading.Event()

    def stuck():
        leave.wait()
        yield 1

    bridge.run(stuck).advance()
    assert not bridge.close(timeout=0.05)  # it is stuck for good
    leave.set()


def test_closing_reports_an_idle_engine(qtbot):
    bridge = Bridge()
    bridge.run(endless).advance(budget=math.inf)
    assert bridge.close(timeout=waiting.seconds_left())

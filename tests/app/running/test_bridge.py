"""The bridge with toy steppers: no TensorFlow, so these tests take milliseconds."""

import math
import threading
from itertools import pairwise

import pytest
from PyQt6.QtCore import QCoreApplication, QEvent, QObject, QTimer

from app.running.bridge import Bridge, Run
from engine.frames import Search
from tests import waiting
from tests.app.driving import let_work


@pytest.fixture
def bridge(qtbot):
    bridge = Bridge()
    yield bridge
    bridge.close()


def count_to(n):
    def frames():
        yield from range(n)

    return frames


def endless():
    while True:
        yield 0


def test_one_request_brings_one_frame(bridge, qtbot):
    run = bridge.run(count_to(3))
    with qtbot.waitSignal(run.advanced) as caught:
        run.advance()
    assert caught.args == [(0,)]


def test_a_budget_brings_frames_together_in_order(bridge, qtbot):
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


def test_a_search_brings_no_frames_and_then_those_that_were_asked_for(bridge, qtbot, monkeypatch):
    monkeypatch.setattr(
        "app.running.bridge._SEARCH_TURN", 0.0
    )  # others get their turn after each bit
    told = []
    run = bridge.run(search_then_count(4, 3))
    run.searching.connect(told.append)
    with qtbot.waitSignal(run.advanced) as caught:
        run.advance()
    assert caught.args == [(0,)]
    assert told == [Search(number, 4) for number in range(4)]


def test_a_search_can_be_left(bridge, qtbot):
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
    let_work(bridge)
    assert over.is_set()


def test_asking_twice_brings_one_slice(bridge, qtbot):
    slices = []
    run = bridge.run(count_to(3))
    run.advanced.connect(slices.append)
    run.advance()
    run.advance()
    let_work(bridge)
    assert slices == [(0,)]


def test_frames_are_made_off_the_gui_thread(bridge, qtbot):
    def where():
        yield threading.get_ident()

    run = bridge.run(where)
    with qtbot.waitSignal(run.advanced) as caught:
        run.advance()
    assert caught.args[0][0] != threading.get_ident()


def test_a_cancelled_run_stays_silent(bridge, qtbot):
    heard = []
    run = bridge.run(endless)
    run.advanced.connect(heard.append)
    run.advance(budget=0.02)
    run.cancel()
    let_work(bridge)
    assert heard == []


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


def test_others_get_a_turn_between_painting_one_frame_and_drawing_the_next(bridge, qtbot):
    order = []

    class Paper(QObject):
        def event(self, _):
            order.append("painted")
            return True

    def draw(_):
        order.append("drawn")
        QCoreApplication.postEvent(paper, QEvent(QEvent.Type.User))
        run.advance()
        run._engine.submit(lambda: None).result()  # the next slice is there: one thread

    run, timer, paper = bridge.run(count_to(20)), QTimer(), Paper()
    run.advanced.connect(draw)
    timer.timeout.connect(lambda: order.append("turn"))
    timer.start(0)
    with qtbot.waitSignal(run.finished):
        run.advance()
    assert order.count("drawn") == 20
    assert ("painted", "drawn") not in pairwise(order)


def test_a_slot_may_cancel_its_own_run(bridge, qtbot):
    heard = []
    run = bridge.run(count_to(1))
    run.advanced.connect(lambda _: run.cancel())
    run.finished.connect(lambda: heard.append("finished"))
    run.advance(budget=math.inf)  # its end comes with its frame
    let_work(bridge)
    assert heard == []


@pytest.mark.parametrize("end", ["finish", "fail", "cancel", "cancel in flight"])
def test_a_run_that_is_over_is_deleted(bridge, qtbot, end):
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


def test_a_run_that_is_over_and_deleted_can_be_cancelled(bridge, qtbot):
    run = bridge.run(count_to(1))
    with qtbot.waitSignal(run.finished):
        run.advance(budget=math.inf)
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    run.cancel()  # its owner need not know


def test_closing_waits_only_as_long_as_told(qtbot):
    bridge, leave = Bridge(), threading.Event()

    def stuck():
        leave.wait()
        yield 1

    bridge.run(stuck).advance()
    assert not bridge.close(timeout=0.05)  # it is stuck, however long one waits
    leave.set()


def test_closing_reports_an_idle_engine(qtbot):
    bridge = Bridge()
    bridge.run(endless).advance(budget=math.inf)
    assert bridge.close(timeout=waiting.seconds_left())

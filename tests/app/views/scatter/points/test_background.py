"""Background work: one job at a time, and only the last of those that wait."""

import gc
import threading

from app.views.scatter.points import background
from app.views.scatter.points.background import Latest
from tests import waiting


def test_only_the_last_waiting_job_runs(qtbot):
    latest, came, gate = Latest(), [], threading.Event()
    latest.came.connect(came.append)
    latest.ask(lambda: gate.wait(waiting.seconds_left()) and "first")
    for number in range(3):
        latest.ask(lambda number=number: number)
    assert latest.busy
    gate.set()
    qtbot.waitUntil(lambda: len(came) == 2)
    assert came == ["first", 2]
    assert not latest.busy


def test_a_dropped_job_delivers_nothing(qtbot):
    latest, came = Latest(), []
    latest.came.connect(came.append)
    latest.ask(lambda: "dropped")
    latest.ask(lambda: "never begun")
    latest.drop()
    latest.ask(lambda: "wanted")
    qtbot.waitUntil(lambda: bool(came) and not background._at_work)
    latest.ask(lambda: "later")
    qtbot.waitUntil(lambda: came[-1] == "later")
    assert came == ["wanted", "later"]


def test_the_owner_can_be_deleted_during_a_job(qtbot):
    gate = threading.Event()
    for _ in range(20):
        latest = Latest()
        latest.ask(lambda: gate.wait(waiting.seconds_left()))
    del latest
    gc.collect()
    gate.set()
    qtbot.waitUntil(lambda: not background._at_work)


def test_a_failure_is_raised_in_the_gui_thread(qtbot):
    latest = Latest()
    with qtbot.captureExceptions() as raised:
        latest.ask(lambda: 1 / 0)
        qtbot.waitUntil(lambda: bool(raised))
    assert raised[0][0] is ZeroDivisionError
    latest.ask(lambda: None)
    qtbot.waitUntil(lambda: not latest.busy)

"""Closing waits for what would be lost, and says so; on a bridge with toy steppers."""

import threading

import pytest
from PyQt6.QtWidgets import QMessageBox, QWidget

from app.closing import Closing
from app.running.bridge import Bridge
from app.running.requests import Request
from engine.errors import DataError

WORDS = "what was learned"
FULL = DataError("The disk is full.")


@pytest.fixture
def bridge(qtbot):
    bridge = Bridge()
    yield bridge
    bridge.close()


@pytest.fixture
def gate():
    """What a stepper waits for; open at the end in any case."""
    gate = threading.Event()
    yield gate
    gate.set()


@pytest.fixture
def closing(bridge, qtbot):
    """Knows what it said: `told`."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    closing = Closing(bridge, window)
    closing.told = []
    closing.waits.connect(closing.told.append)
    closing.ready.connect(lambda: closing.told.append("ready"))
    closing.stays.connect(lambda: closing.told.append("stays"))
    closing.window = window
    return closing


def writing(gate, error=None):
    """A stepper of one frame that waits for the gate."""

    def frames():
        gate.wait()
        if error is not None:
            raise error
        yield "written"

    return frames


def learning(gate, written, error=None):
    """An endless stepper that writes when it is closed, once the gate is open."""

    def frames():
        try:
            while True:
                yield 0
        finally:
            gate.wait()
            if error is not None:
                raise error
            written.append(WORDS)

    return frames


def ask(bridge, stepper, unsaved=WORDS):
    failures, request = [], Request(bridge, bridge)
    request.failed.connect(failures.append)
    request.ask(stepper, lambda _: None, unsaved=unsaved)
    return failures


def box_of(closing):
    return next(box for box in closing.window.findChildren(QMessageBox) if box.isVisible())


def answer(closing, text):
    next(button for button in box_of(closing).buttons() if button.text() == text).click()


def test_nothing_is_waited_for_where_nothing_is_lost(bridge, closing, gate):
    ask(bridge, writing(gate), unsaved="")
    assert closing.may_close()


def test_what_is_being_written_is_waited_for(bridge, closing, gate, qtbot):
    ask(bridge, writing(gate), "a.csv")
    ask(bridge, writing(gate), "b.png")
    assert not closing.may_close()
    assert closing.told == [
        "Still to be written: a.csv, b.png. The window closes when that is done."
    ]
    gate.set()
    qtbot.waitUntil(lambda: closing.told[1:] == ["ready"])
    assert closing.may_close()


def test_a_run_that_was_cancelled_is_waited_for_too(bridge, closing, gate, qtbot):
    written = []
    run = bridge.run(learning(gate, written), WORDS)
    with qtbot.waitSignal(run.advanced):
        run.advance()
    run.cancel()
    assert not closing.may_close()
    gate.set()
    qtbot.waitUntil(lambda: closing.told[1:] == ["ready"])
    assert written == [WORDS]


def test_a_run_that_never_began_is_not_waited_for_long(bridge, closing, gate, qtbot):
    run = bridge.run(learning(gate, []), WORDS)
    run.cancel()
    qtbot.waitUntil(closing.may_close)


@pytest.mark.parametrize("when", ["answering", "closing", "in flight"])
def test_the_window_stays_where_something_could_not_be_written(bridge, closing, gate, qtbot, when):
    lost = []
    bridge.lost.connect(lost.append)
    if when == "closing":
        run = bridge.run(learning(gate, [], FULL), WORDS)
        with qtbot.waitSignal(run.advanced):
            run.advance()
        run.cancel()
    elif when == "in flight":  # whose failure nobody hears of who has cancelled it
        run = bridge.run(writing(gate, FULL), WORDS)
        run.advance()
        run.cancel()
    else:
        lost = ask(bridge, writing(gate, FULL))
    assert not closing.may_close()
    gate.set()
    qtbot.waitUntil(lambda: closing.told[1:] == ["stays"])
    assert lost == [FULL]
    assert closing.may_close()  # who closes now knows


def test_who_asks_again_is_asked_back(bridge, closing, gate, qtbot):
    ask(bridge, writing(gate))
    assert not closing.may_close()
    for _ in range(3):
        assert not closing.may_close()
    assert box_of(closing).text() == f"Close now? Not written yet, and lost: {WORDS}."
    answer(closing, "Wait")
    assert closing.told[1:] == []
    assert not closing.may_close()
    answer(closing, "Close without it")
    assert closing.told[1:] == ["ready"]
    assert closing.may_close()


def test_the_question_goes_when_it_is_written(bridge, closing, gate, qtbot):
    ask(bridge, writing(gate))
    assert not closing.may_close()
    assert not closing.may_close()
    assert box_of(closing)
    gate.set()
    qtbot.waitUntil(lambda: closing.told[1:] == ["ready"])
    assert not any(box.isVisible() for box in closing.window.findChildren(QMessageBox))


def test_what_is_written_while_nobody_closes_is_no_event(bridge, closing, gate, qtbot):
    ask(bridge, writing(gate))
    gate.set()
    qtbot.waitUntil(lambda: not bridge.unsaved)
    assert closing.told == []

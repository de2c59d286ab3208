"""Closing the window waits for unsaved work and says so; with toy steppers."""

import threading

import pytest
from PyQt6.QtWidgets import QMessageBox, QWidget

from app.closing import Closing
from app.running.requests import Request
from engine.errors import DataError

WORDS = "what was learned"
FULL = DataError("The disk is full.")


@pytest.fixture
def gate():
    """An event that blocks a stepper; it is always set at the end."""
    gate = threading.Event()
    yield gate
    gate.set()


@pytest.fixture
def closing(bridge, qtbot):
    """Records its messages in `events`."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    closing = Closing(bridge, window)
    closing.events = []
    closing.waits.connect(closing.events.append)
    closing.ready.connect(lambda: closing.events.append("ready"))
    closing.stays.connect(lambda: closing.events.append("stays"))
    closing.window = window
    return closing


def writing(gate, error=None):
    """Return a stepper of one frame that waits for the gate."""

    def frames():
        gate.wait()
        if error is not None:
            raise error
        yield "written"

    return frames


def learning(gate, written, error=None):
    """Return an endless stepper that writes when it is closed, once the gate is open."""

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


def test_closing_does_not_wait_without_unsaved_work(bridge, closing, gate):
    ask(bridge, writing(gate), unsaved="")
    assert closing.may_close()


def test_closing_waits_for_a_write(bridge, closing, gate, qtbot):
    ask(bridge, writing(gate), "a.csv")
    ask(bridge, writing(gate), "b.png")
    assert not closing.may_close()
    assert closing.events == [
        "Still to be written: a.csv, b.png. The window closes when that is done."
    ]
    gate.set()
    qtbot.waitUntil(lambda: closing.events[1:] == ["ready"])
    assert closing.may_close()


def test_closing_waits_for_a_cancelled_run(bridge, closing, gate, qtbot):
    written = []
    run = bridge.run(learning(gate, written), WORDS)
    with qtbot.waitSignal(run.advanced):
        run.advance()
    run.cancel()
    assert not closing.may_close()
    gate.set()
    qtbot.waitUntil(lambda: closing.events[1:] == ["ready"])
    assert written == [WORDS]


def test_closing_does_not_wait_for_a_run_that_never_began(bridge, closing, gate, qtbot):
    run = bridge.run(learning(gate, []), WORDS)
    run.cancel()
    qtbot.waitUntil(closing.may_close)


@pytest.mark.parametrize("when", ["answering", "closing", "in flight"])
def test_the_window_stays_open_if_a_write_fails(bridge, closing, gate, qtbot, when):
    lost = []
    bridge.lost.connect(lost.append)
    if when == "closing":
        run = bridge.run(learning(gate, [], FULL), WORDS)
        with qtbot.waitSignal(run.advanced):
            run.advance()
        run.cancel()
    elif when == "in flight":  # nobody listens to the failure of a cancelled run
        run = bridge.run(writing(gate, FULL), WORDS)
        run.advance()
        run.cancel()
    else:
        lost = ask(bridge, writing(gate, FULL))
    assert not closing.may_close()
    gate.set()
    qtbot.waitUntil(lambda: closing.events[1:] == ["stays"])
    assert lost == [FULL]
    assert closing.may_close()  # the user has been told


def test_closing_again_asks_for_confirmation(bridge, closing, gate, qtbot):
    ask(bridge, writing(gate))
    assert not closing.may_close()
    for _ in range(3):
        assert not closing.may_close()
    assert box_of(closing).text() == f"Close now? Not written yet, and lost: {WORDS}."
    answer(closing, "Wait")
    assert closing.events[1:] == []
    assert not closing.may_close()
    answer(closing, "Close without it")
    assert closing.events[1:] == ["ready"]
    assert closing.may_close()


def test_the_question_disappears_when_the_write_has_ended(bridge, closing, gate, qtbot):
    ask(bridge, writing(gate))
    assert not closing.may_close()
    assert not closing.may_close()
    assert box_of(closing)
    gate.set()
    qtbot.waitUntil(lambda: closing.events[1:] == ["ready"])
    assert not any(box.isVisible() for box in closing.window.findChildren(QMessageBox))


def test_a_write_without_closing_signals_nothing(bridge, closing, gate, qtbot):
    ask(bridge, writing(gate))
    gate.set()
    qtbot.waitUntil(lambda: not bridge.unsaved)
    assert closing.events == []

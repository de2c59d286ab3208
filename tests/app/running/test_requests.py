"""Requests with toy steppers: no TensorFlow, so these tests take milliseconds."""

import threading

import pytest

from app.controls.busy import BusyLine
from app.running.bridge import Bridge
from app.running.requests import Request
from engine.errors import DataError
from tests import waiting
from tests.app.driving import let_work


@pytest.fixture
def bridge(qtbot):
    bridge = Bridge()
    yield bridge
    bridge.close()


@pytest.fixture
def busy(qtbot):
    line = BusyLine()
    qtbot.addWidget(line)
    return line


@pytest.fixture
def asking(bridge, busy):
    return Request(bridge, bridge, busy)


@pytest.fixture
def heard(asking):
    """What the request delivers, in order."""
    told = []
    asking.ended.connect(lambda: told.append("ended"))
    asking.failed.connect(lambda error: told.append(str(error)))
    return told


def count_to(n):
    def frames():
        yield from range(1, n + 1)

    return frames


def endless():
    while True:
        yield 0


def failing_after(*frames):
    def stepper():
        yield from frames
        raise DataError("It cannot be read.")

    return stepper


class Held:
    """A stepper of one frame, which waits until it may go on."""

    def __init__(self, frame=0):
        self.frame, self.go = frame, threading.Event()

    def __call__(self):
        self.go.wait(waiting.seconds_left())
        yield self.frame


def test_the_last_frame_is_the_answer(asking, heard, bridge, busy):
    asking.ask(count_to(3), heard.append, "Counting…")
    assert asking.is_busy
    assert busy.text == "Counting…"
    let_work(bridge)
    assert heard == [3, "ended"]
    assert not asking.is_busy
    assert busy.text == ""


def test_nothing_is_going_on_any_more_when_the_answer_comes(asking, bridge, busy):
    states = []
    asking.ask(count_to(1), lambda _: states.append((asking.is_busy, busy.text)), "Counting…")
    let_work(bridge)
    assert states == [(False, "")]


def test_a_failure_is_told_after_the_end(asking, heard, bridge, busy):
    asking.ask(failing_after(), heard.append, "Reading…")
    let_work(bridge)
    assert heard == ["ended", "It cannot be read."]
    assert busy.text == ""


def test_what_came_before_a_failure_is_delivered(asking, heard, bridge):
    asking.ask(failing_after(1, 2), heard.append)
    let_work(bridge)
    assert heard == [2, "ended", "It cannot be read."]


def test_a_stepper_without_frames_answers_nothing(asking, heard, bridge):
    asking.ask(count_to(0), heard.append)
    let_work(bridge)
    assert heard == ["ended"]


def test_the_last_question_wins(asking, heard, bridge, busy):
    held = Held()
    asking.ask(held, heard.append, "First…")
    asking.ask(count_to(2), heard.append, "Second…")
    assert busy.text == "Second…"
    held.go.set()
    let_work(bridge)
    assert heard == [2, "ended"]


def test_an_answer_may_ask_the_next_question(asking, heard, bridge):
    asking.ask(count_to(1), lambda _: asking.ask(count_to(2), heard.append))
    let_work(bridge)
    let_work(bridge)
    assert heard == [2, "ended"]


def test_cancelling_delivers_nothing(asking, heard, bridge, busy):
    held = Held()
    asking.ask(held, heard.append, "Waiting…")
    asking.cancel()
    assert heard == ["ended"]
    assert busy.text == ""
    held.go.set()
    let_work(bridge)
    assert heard == ["ended"]


def test_cancelling_nothing_does_nothing(asking, heard):
    asking.cancel()
    assert heard == []


def test_the_busy_line_cancels(asking, heard, bridge, busy):
    closed = threading.Event()

    def frames():
        try:
            yield from endless()
        finally:
            closed.set()

    asking.ask(frames, heard.append, "Working…")
    busy.cancel_button.click()
    assert heard == ["ended"]
    assert not asking.is_busy
    assert closed.wait(waiting.seconds_left())


def test_what_cannot_be_cancelled_has_no_button(asking, heard, busy):
    held = Held()
    asking.ask(held, heard.append, "Saving…", can_cancel=False)
    assert busy.cancel_button.isHidden()
    asking.cancel()  # the program may
    held.go.set()
    assert heard == ["ended"]


def test_following_brings_every_frame(asking, heard, bridge):
    asking.follow(count_to(4), heard.append)
    waiting.until(lambda: "ended" in heard, lambda: let_work(bridge))
    assert heard == [1, 2, 3, 4, "ended"]


def test_following_with_a_budget_brings_the_newest_frame(asking, heard, bridge):
    asking.follow(count_to(1000), heard.append, budget=60.0)
    let_work(bridge)
    assert heard == [1000, "ended"]


def test_a_follower_may_cancel(asking, heard, bridge):
    def came(frame):
        heard.append(frame)
        asking.cancel()

    asking.follow(count_to(4), came)
    let_work(bridge)
    let_work(bridge)
    assert heard == [1, "ended"]


def test_others_get_their_turn_while_a_stepper_is_followed(asking, bridge, qtbot):
    asking.follow(endless, lambda _: None)
    let_work(bridge)  # would never return if it kept the engine
    asking.cancel()


def test_the_text_of_the_busy_line_can_change(asking, bridge, busy):
    asking.say("Nothing is asked…")
    assert busy.text == ""
    asking.follow(count_to(1), lambda frame: asking.say(f"At {frame}…"), "Starting…")
    texts = []
    busy.changed.connect(lambda: texts.append(busy.text))
    waiting.until(lambda: not asking.is_busy, lambda: let_work(bridge))
    assert texts == ["At 1…", ""]


def test_what_is_queued_is_all_answered(asking, heard, bridge, busy):
    texts = []
    busy.changed.connect(lambda: texts.append(busy.text))
    asking.queue(count_to(1), heard.append, "First…", unsaved="a.csv")
    asking.queue(count_to(2), heard.append, "Second…", unsaved="b.csv")
    assert bridge.unsaved == ("a.csv", "b.csv")
    let_work(bridge)
    assert heard == [1, 2, "ended"]
    assert texts == ["First…", "Second…", ""]


def test_the_busy_line_cancels_what_it_tells_of(asking, heard, bridge, busy):
    first, second = Held(1), Held(2)
    asking.queue(first, heard.append, "First…")
    asking.queue(second, heard.append, "Second…")
    busy.cancel_button.click()
    assert busy.text == "Second…"
    first.go.set()
    second.go.set()
    let_work(bridge)
    assert heard == [2, "ended"]


def test_no_busy_line_is_needed(bridge, qtbot):
    request, answers = Request(bridge, bridge), []
    request.ask(count_to(1), answers.append, "Reading…")
    let_work(bridge)
    assert answers == [1]

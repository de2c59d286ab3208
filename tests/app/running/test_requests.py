"""Requests, with toy steppers instead of TensorFlow."""

import threading

import pytest

from app.controls.busy import BusyLine
from app.running.requests import Request
from engine.errors import DataError
from tests import waiting
from tests.app.driving import wait_for_engine


@pytest.fixture
def busy(qtbot):
    line = BusyLine()
    qtbot.addWidget(line)
    return line


@pytest.fixture
def engine_request(bridge, busy):
    return Request(bridge, bridge, busy)


@pytest.fixture
def delivered(engine_request):
    """What the request delivers, in order: frames, "ended" and errors."""
    reported = []
    engine_request.ended.connect(lambda: reported.append("ended"))
    engine_request.failed.connect(lambda error: reported.append(str(error)))
    return reported


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


class Blocked:
    """A stepper of one frame that blocks until `go` is set."""

    def __init__(self, frame=0):
        self.frame, self.go = frame, threading.Event()

    def __call__(self):
        self.go.wait(waiting.seconds_left())
        yield self.frame


def test_the_last_frame_is_the_answer(engine_request, delivered, bridge, busy):
    engine_request.ask(count_to(3), delivered.append, "Counting…")
    assert engine_request.is_busy
    assert busy.text == "Counting…"
    wait_for_engine(bridge)
    assert delivered == [3, "ended"]
    assert not engine_request.is_busy
    assert busy.text == ""


def test_the_request_is_idle_when_the_answer_is_delivered(engine_request, bridge, busy):
    states = []
    engine_request.ask(
        count_to(1), lambda _: states.append((engine_request.is_busy, busy.text)), "Counting…"
    )
    wait_for_engine(bridge)
    assert states == [(False, "")]


def test_a_failure_is_reported_after_the_end(engine_request, delivered, bridge, busy):
    engine_request.ask(failing_after(), delivered.append, "Reading…")
    wait_for_engine(bridge)
    assert delivered == ["ended", "It cannot be read."]
    assert busy.text == ""


def test_frames_before_a_failure_are_delivered(engine_request, delivered, bridge):
    engine_request.ask(failing_after(1, 2), delivered.append)
    wait_for_engine(bridge)
    assert delivered == [2, "ended", "It cannot be read."]


def test_a_stepper_without_frames_delivers_nothing(engine_request, delivered, bridge):
    engine_request.ask(count_to(0), delivered.append)
    wait_for_engine(bridge)
    assert delivered == ["ended"]


def test_a_new_question_replaces_the_old_one(engine_request, delivered, bridge, busy):
    held = Blocked()
    engine_request.ask(held, delivered.append, "First…")
    engine_request.ask(count_to(2), delivered.append, "Second…")
    assert busy.text == "Second…"
    held.go.set()
    wait_for_engine(bridge)
    assert delivered == [2, "ended"]


def test_an_answer_may_ask_the_next_question(engine_request, delivered, bridge):
    engine_request.ask(count_to(1), lambda _: engine_request.ask(count_to(2), delivered.append))
    wait_for_engine(bridge)
    wait_for_engine(bridge)
    assert delivered == [2, "ended"]


def test_cancelling_delivers_nothing(engine_request, delivered, bridge, busy):
    held = Blocked()
    engine_request.ask(held, delivered.append, "Waiting…")
    engine_request.cancel()
    assert delivered == ["ended"]
    assert busy.text == ""
    held.go.set()
    wait_for_engine(bridge)
    assert delivered == ["ended"]


def test_cancelling_nothing_does_nothing(engine_request, delivered):
    engine_request.cancel()
    assert delivered == []


def test_the_busy_line_cancels(engine_request, delivered, bridge, busy):
    closed = threading.Event()

    def frames():
        try:
            yield from endless()
        finally:
            closed.set()

    engine_request.ask(frames, delivered.append, "Working…")
    busy.cancel_button.click()
    assert delivered == ["ended"]
    assert not engine_request.is_busy
    assert closed.wait(waiting.seconds_left())


def test_a_request_that_cannot_be_cancelled_has_no_button(engine_request, delivered, busy):
    held = Blocked()
    engine_request.ask(held, delivered.append, "Saving…", can_cancel=False)
    assert busy.cancel_button.isHidden()
    engine_request.cancel()  # the program can still cancel it
    held.go.set()
    assert delivered == ["ended"]


def test_following_delivers_every_frame(engine_request, delivered, bridge):
    engine_request.follow(count_to(4), delivered.append)
    waiting.until(lambda: "ended" in delivered, lambda: wait_for_engine(bridge))
    assert delivered == [1, 2, 3, 4, "ended"]


def test_following_with_a_budget_delivers_the_newest_frame(engine_request, delivered, bridge):
    engine_request.follow(count_to(1000), delivered.append, budget=60.0)
    wait_for_engine(bridge)
    assert delivered == [1000, "ended"]


def test_a_follower_may_cancel(engine_request, delivered, bridge):
    def came(frame):
        delivered.append(frame)
        engine_request.cancel()

    engine_request.follow(count_to(4), came)
    wait_for_engine(bridge)
    wait_for_engine(bridge)
    assert delivered == [1, "ended"]


def test_other_requests_run_while_a_stepper_is_followed(engine_request, bridge, qtbot):
    engine_request.follow(endless, lambda _: None)
    wait_for_engine(bridge)  # would never return if the stepper occupied the engine
    engine_request.cancel()


def test_the_text_of_the_busy_line_can_change(engine_request, bridge, busy):
    engine_request.say("Nothing is asked…")
    assert busy.text == ""
    engine_request.follow(
        count_to(1), lambda frame: engine_request.say(f"At {frame}…"), "Starting…"
    )
    texts = []
    busy.changed.connect(lambda: texts.append(busy.text))
    waiting.until(lambda: not engine_request.is_busy, lambda: wait_for_engine(bridge))
    assert texts == ["At 1…", ""]


def test_all_queued_questions_are_answered(engine_request, delivered, bridge, busy):
    texts = []
    busy.changed.connect(lambda: texts.append(busy.text))
    engine_request.queue(count_to(1), delivered.append, "First…", unsaved="a.csv")
    engine_request.queue(count_to(2), delivered.append, "Second…", unsaved="b.csv")
    assert bridge.unsaved == ("a.csv", "b.csv")
    wait_for_engine(bridge)
    assert delivered == [1, 2, "ended"]
    assert texts == ["First…", "Second…", ""]


def test_the_busy_line_cancels_the_question_it_names(engine_request, delivered, bridge, busy):
    first, second = Blocked(1), Blocked(2)
    engine_request.queue(first, delivered.append, "First…")
    engine_request.queue(second, delivered.append, "Second…")
    busy.cancel_button.click()
    assert busy.text == "Second…"
    first.go.set()
    second.go.set()
    wait_for_engine(bridge)
    assert delivered == [2, "ended"]


def test_a_busy_line_is_optional(bridge, qtbot):
    request, answers = Request(bridge, bridge), []
    request.ask(count_to(1), answers.append, "Reading…")
    wait_for_engine(bridge)
    assert answers == [1]

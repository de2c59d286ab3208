"""Spellers are loaded and compiled on the engine thread: the length that is needed comes first."""

from types import SimpleNamespace

import pytest

from app.labs.spelling.spellers import WIDTH, Spellers
from app.running.bridge import Bridge
from engine.errors import DataError
from engine.spelling import library


class ToyDecoder:
    """Records what is compiled for it, in order."""

    def __init__(self, name, events):
        self.name, self.events = name, events

    def warm_up(self, width, first):
        assert width == WIDTH
        for n_phonemes in (first, 8):
            self.events.append((self.name, n_phonemes))
            yield n_phonemes


@pytest.fixture
def events(monkeypatch):
    """The order of all events."""
    happened = []

    def load(name, *, compiled):
        assert compiled
        if name == "damaged":
            raise DataError("The weights are damaged.")
        return SimpleNamespace(decoder=ToyDecoder(name, happened))

    monkeypatch.setattr(library, "load", load)
    return happened


@pytest.fixture
def spellers(qtbot, events):
    bridge = Bridge()
    made = Spellers(bridge, bridge)
    made.ready.connect(lambda: events.append("ready"))
    made.ended.connect(lambda: events.append("ended"))
    made.failed.connect(lambda error: events.append(str(error)))
    qtbot.addWidget(made.busy)
    yield made
    bridge.close()


def test_the_word_is_spelled_before_other_lengths_are_compiled(spellers, events, qtbot):
    spellers.prepare(["plain", "attention"], 13)
    qtbot.waitUntil(lambda: "ended" in events)
    first, rest = [("plain", 13), ("attention", 13)], [("plain", 8), ("attention", 8)]
    assert events == [*first, "ready", *rest, "ended"]
    assert spellers.are_ready(["attention"])
    assert not spellers.is_preparing


def test_compiling_in_the_background_shows_no_message(spellers, events, qtbot):
    messages = []
    spellers.said.connect(messages.append)
    spellers.prepare(["plain"], 13)
    qtbot.waitUntil(lambda: "ended" in events)
    assert ("plain", 8) in events
    assert messages[-1] == "Compiling the speller plain…"


def test_a_loaded_speller_is_not_loaded_again(spellers, events, qtbot):
    spellers.prepare(["plain"], 5)
    qtbot.waitUntil(lambda: "ended" in events)
    events.clear()
    spellers.prepare(["plain"], 13)
    qtbot.waitUntil(lambda: "ended" in events)
    assert events == ["ready", "ended"]


def test_a_speller_that_cannot_be_loaded_is_reported(spellers, events, qtbot):
    spellers.prepare(["plain", "damaged"], 5)
    qtbot.waitUntil(lambda: len(events) == 3)
    assert events == [("plain", 5), "ended", "The weights are damaged."]
    assert spellers.are_ready(["plain"])


def test_a_repeated_request_is_answered_too(spellers, events, qtbot):
    spellers.prepare(["plain"], 5)
    spellers.prepare(["attention"], 5)
    qtbot.waitUntil(lambda: "ready" in events)
    assert spellers.are_ready(["attention"])

"""Spellers made ready on the engine thread: the length of the word that waits comes first."""

from types import SimpleNamespace

import pytest

from app.labs.spelling.spellers import WIDTH, Spellers
from app.running.bridge import Bridge
from engine.errors import DataError
from engine.spelling import library


class ToyDecoder:
    """Tells what is compiled for it, and when."""

    def __init__(self, name, told):
        self.name, self.told = name, told

    def warm_up(self, width, first):
        assert width == WIDTH
        for n_phonemes in (first, 8):
            self.told.append((self.name, n_phonemes))
            yield n_phonemes


@pytest.fixture
def told(monkeypatch):
    """What happened, in order."""
    events = []

    def load(name, *, compiled):
        assert compiled
        if name == "damaged":
            raise DataError("The weights are damaged.")
        return SimpleNamespace(decoder=ToyDecoder(name, events))

    monkeypatch.setattr(library, "load", load)
    return events


@pytest.fixture
def spellers(qtbot, told):
    bridge = Bridge()
    made = Spellers(bridge, bridge)
    made.ready.connect(lambda: told.append("ready"))
    made.ended.connect(lambda: told.append("ended"))
    made.failed.connect(lambda error: told.append(str(error)))
    qtbot.addWidget(made.busy)
    yield made
    bridge.close()


def test_a_word_is_spelled_before_other_lengths_are_compiled(spellers, told, qtbot):
    spellers.prepare(["plain", "attention"], 13)
    qtbot.waitUntil(lambda: "ended" in told)
    first, rest = [("plain", 13), ("attention", 13)], [("plain", 8), ("attention", 8)]
    assert told == [*first, "ready", *rest, "ended"]
    assert spellers.are_ready(["attention"])
    assert not spellers.is_preparing


def test_what_goes_on_behind_a_word_is_not_said_in_its_place(spellers, told, qtbot):
    said = []
    spellers.said.connect(said.append)
    spellers.prepare(["plain"], 13)
    qtbot.waitUntil(lambda: "ended" in told)
    assert ("plain", 8) in told
    assert said[-1] == "Compiling the speller plain…"


def test_what_is_ready_is_not_loaded_again(spellers, told, qtbot):
    spellers.prepare(["plain"], 5)
    qtbot.waitUntil(lambda: "ended" in told)
    told.clear()
    spellers.prepare(["plain"], 13)
    qtbot.waitUntil(lambda: "ended" in told)
    assert told == ["ready", "ended"]


def test_a_speller_that_cannot_be_loaded_is_told(spellers, told, qtbot):
    spellers.prepare(["plain", "damaged"], 5)
    qtbot.waitUntil(lambda: len(told) == 3)
    assert told == [("plain", 5), "ended", "The weights are damaged."]
    assert spellers.are_ready(["plain"])


def test_what_is_asked_for_anew_is_ready_too(spellers, told, qtbot):
    spellers.prepare(["plain"], 5)
    spellers.prepare(["attention"], 5)
    qtbot.waitUntil(lambda: "ready" in told)
    assert spellers.are_ready(["attention"])

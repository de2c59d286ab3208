"""The key filter: which events it handles, and which boxes it watches."""

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QSpinBox

from app.keys import KeyFilter
from tests.app.driving import settle, turn_wheel


@pytest.fixture
def filtered(monkeypatch):
    """All objects whose events reach the filter."""
    events = []
    decide = KeyFilter.eventFilter

    def remember(keys, watched, event):
        events.append(watched)
        return decide(keys, watched, event)

    monkeypatch.setattr(KeyFilter, "eventFilter", remember)
    return events


def test_a_step_sends_few_events_through_the_filter(filtered, lab, qtbot, play_to_end):
    play_to_end(lab)
    settle()
    filtered.clear()
    for _ in range(5):
        lab.player.back()
        settle()
    assert len(filtered) < 5 * 15


def test_spin_boxes_added_later_are_filtered_too(window, lab):
    lab.data.kind.setCurrentIndex(lab.data.kind.findData("moons"))
    settle()
    boxes = [box for box in lab.data.parameters.values() if isinstance(box, QSpinBox)]
    values = [box.value() for box in boxes]
    lab.scatter.setFocus()
    for box in boxes:
        turn_wheel(box)
    assert boxes
    assert [box.value() for box in boxes] == values


def test_pressing_the_plot_applies_a_typed_number(lab):
    box = lab.kmeans.k
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "5")
    assert box.value() == 3
    QTest.mouseClick(lab.scatter.viewport(), Qt.MouseButton.LeftButton)
    assert box.value() == 5

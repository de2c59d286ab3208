"""What a step leaves alone: what did not change is not painted, and Python is not asked."""

import pytest
from PyQt6.QtCore import QEvent, QObject, Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QLabel, QSpinBox

from app.keys import KeyFilter
from tests.app.driving import settle, turn_wheel


class Painted(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget):
        super().__init__(widget)
        self.n_times = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):
        self.n_times += event.type() == QEvent.Type.Paint
        return False


def test_a_step_paints_no_form(lab, qtbot, play_to_end):
    play_to_end(lab)
    settle()
    label = lab.data.findChildren(QLabel)[0]
    form, state = Painted(label), Painted(lab.lines.status)
    for _ in range(5):
        lab.player.back()
        settle()
    assert state.n_times >= 5
    assert form.n_times == 0


def test_larger_text_makes_larger_tabs(window):
    before = window.tabs.tabBar().height()
    window.zoom(1.6)
    settle()
    assert window.tabs.tabBar().height() > before
    page = window.tabs.currentWidget()
    assert page.mapTo(window.tabs, page.rect().topLeft()).y() >= window.tabs.tabBar().height()


def test_a_tab_that_needs_more_room_gets_it(window):
    needed = window.minimumSizeHint().width() + 150
    window.tabs.clustering.setMinimumWidth(needed)
    settle()
    assert window.minimumSizeHint().width() >= needed


@pytest.fixture
def asked(monkeypatch):
    """What the filter of the window is asked about."""
    events = []
    decide = KeyFilter.eventFilter

    def remember(keys, watched, event):
        events.append(watched)
        return decide(keys, watched, event)

    monkeypatch.setattr(KeyFilter, "eventFilter", remember)
    return events


def test_a_step_hardly_asks_the_filter_of_keys(asked, lab, qtbot, play_to_end):
    play_to_end(lab)
    settle()
    asked.clear()
    for _ in range(5):
        lab.player.back()
        settle()
    assert len(asked) < 5 * 15


def test_boxes_that_come_later_are_watched_too(window, lab):
    lab.data.kind.setCurrentIndex(lab.data.kind.findData("moons"))
    settle()
    boxes = [box for box in lab.data.parameters.values() if isinstance(box, QSpinBox)]
    values = [box.value() for box in boxes]
    lab.scatter.setFocus()
    for box in boxes:
        turn_wheel(box)
    assert boxes
    assert [box.value() for box in boxes] == values


def test_a_typed_number_counts_as_soon_as_the_plot_is_pressed(lab):
    box = lab.kmeans.k
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "5")
    assert box.value() == 3
    QTest.mouseClick(lab.scatter.viewport(), Qt.MouseButton.LeftButton)
    assert box.value() == 5

"""The tab bar and pages get the room that they need."""

from tests.app.driving import settle


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

"""Bugs open a dialog with details, user errors a notice; the window stays usable."""

import sys
import threading

import pytest
from PyQt6.QtCore import QTimer
from PyQt6.QtWidgets import QApplication, QMessageBox

from app.failures import details
from engine.errors import DataError


@pytest.fixture
def hooked(window):
    """The window with its own exception hooks: pytest's would fail the test."""
    hooks = sys.excepthook, threading.excepthook
    window.failures.install()
    yield window
    sys.excepthook, threading.excepthook = hooks


def dialog(window):
    found = window.findChildren(QMessageBox)
    return found[0] if found else None


def test_a_user_error_shows_a_notice(window):
    window.failures.report(DataError("That file is empty."))
    assert window.notices.text == "That file is empty."
    assert dialog(window) is None
    window.notices.close_button.click()
    assert window.notices.text == ""


def test_a_bug_in_a_slot_opens_a_dialog_and_the_window_stays_usable(hooked, qtbot, capsys):
    def slot():
        raise ZeroDivisionError("by nothing")

    QTimer.singleShot(0, slot)
    qtbot.waitUntil(lambda: dialog(hooked) is not None)
    text = dialog(hooked).detailedText()
    assert "ZeroDivisionError: by nothing" in text
    assert "PyQt6" in text
    assert "ZeroDivisionError" in capsys.readouterr().err
    copy = next(b for b in dialog(hooked).buttons() if b.text() == "Copy details")
    copy.click()
    assert QApplication.clipboard().text() == text
    dialog(hooked).close()
    hooked.tabs.clustering.player.step()
    qtbot.waitUntil(lambda: hooked.tabs.clustering.player.position == 1)


def test_a_bug_in_a_thread_opens_the_dialog(hooked, qtbot, capsys):
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: dialog(hooked) is not None)
    dialog(hooked).close()


def test_a_bug_in_the_engine_opens_the_dialog(window, qtbot):
    def frames():
        raise RuntimeError("engine trouble")
        yield

    window.tabs.clustering.player.load(frames)
    qtbot.waitUntil(lambda: dialog(window) is not None)
    assert "engine trouble" in dialog(window).informativeText()
    dialog(window).close()


def test_a_repeated_bug_opens_one_dialog(window):
    for _ in range(5):
        window.failures.report(RuntimeError("again"))
    assert len(window.findChildren(QMessageBox)) == 1
    dialog(window).close()


def test_details_contain_the_chain_of_causes():
    try:
        try:
            raise KeyError("deep")
        except KeyError as deep:
            raise ValueError("shallow") from deep
    except ValueError as error:
        text = details(error)
    assert "KeyError: 'deep'" in text
    assert "ValueError: shallow" in text

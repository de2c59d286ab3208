"""Fixtures of the window: each has its own engine, and its settings in a temporary folder."""

import pytest
from PyQt6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from app import theme as themes
from app.running import threads
from app.running.bridge import Bridge
from app.window import MainWindow
from engine.clustering.frames import Stop
from tests import waiting
from tests.app.shared_window import settings, wait_until


class DeadlineBot(QtBot):
    """pytest-qt's bot, whose only timeout is the deadline of the whole test."""

    def waitUntil(self, callback):
        __tracebackhide__ = True
        wait_until(callback)

    def waitSignal(self, signal, **options):
        return super().waitSignal(signal, timeout=_milliseconds_left(), **options)

    def waitSignals(self, signals, **options):
        return super().waitSignals(signals, timeout=_milliseconds_left(), **options)


def _milliseconds_left():
    return int(1000 * waiting.seconds_left()) + 1


@pytest.fixture
def qtbot(qapp, request):
    return DeadlineBot(request)


@pytest.fixture(autouse=True, scope="session")
def engine_keeps_its_priority():
    """Let threads keep their priority: next to busy programs a niced engine would starve.

    `test_threads.py` tests the lowered priority.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(threads, "give_way", lambda nice: None)
        yield


@pytest.fixture
def settings_path(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text(settings())
    return path


@pytest.fixture
def apply_theme(qapp):
    """Give the application a theme for one test; widgets follow when they are shown."""
    before = themes.current()
    yield themes.apply
    themes.apply(before)


@pytest.fixture
def bridge(qtbot):
    """A bridge with an engine thread of its own, without a window."""
    bridge = Bridge()
    yield bridge
    bridge.close()


@pytest.fixture
def idle_at_close(monkeypatch):
    """Record for each bridge that is close_and_wait whether its engine was idle."""
    idle, close = [], Bridge.close
    monkeypatch.setattr(Bridge, "close", lambda *args: idle.append(close(*args)))
    return idle


def close_and_wait(window):
    """Close a window and wait until it has: a training is saved first."""
    if not window.close():
        wait_until(lambda: not window.isVisible())


@pytest.fixture
def open_window(qtbot, settings_path):
    """Open a window, and close it at the end."""
    windows = []

    def open_one():
        window = MainWindow(settings_path)
        windows.append(window)
        qtbot.addWidget(window, before_close_func=close_and_wait)
        window.resize(1280, 800)
        window.show()
        qtbot.waitExposed(window)
        qtbot.waitUntil(lambda: window.tabs.clustering.player.frame is not None)
        return window

    yield open_one
    for window in windows:
        window.close()
        window.deleteLater()
    # A window that still exists would be restyled with the next one, which takes as long as
    # opening it.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    themes.apply(themes.LIGHT)


@pytest.fixture
def window(open_window):
    return open_window()


@pytest.fixture
def lab(window):
    return window.tabs.clustering


@pytest.fixture
def play_to_end(qtbot):
    """Compute a lab's run to its last frame."""

    def play(lab):
        lab.player.play_to_end()
        qtbot.waitUntil(lambda: not lab.player.playing)
        assert lab.player.frame.stop is Stop.LABELS

    return play

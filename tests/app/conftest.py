"""The real window, on an engine of its own, with its settings in a folder of the test."""

import json

import pytest

from app.window import MainWindow
from engine.frames import Stop

BLOBS = "blobs:clusters=3,per_cluster=40,variance=20,seed=1"


@pytest.fixture
def settings_path(tmp_path):
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"source": BLOBS, "k": 3, "tween": False, "rate": 30.0}))
    return path


@pytest.fixture
def open_window(qtbot, settings_path):
    """Open a window, and close it at the end."""
    windows = []

    def open_one():
        window = MainWindow(settings_path)
        windows.append(window)
        qtbot.addWidget(window)
        window.resize(1280, 800)
        window.show()
        qtbot.waitExposed(window)
        qtbot.waitUntil(lambda: window.tabs.clustering.player.frame is not None, timeout=60_000)
        return window

    yield open_one
    for window in windows:
        window.close()


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
        qtbot.waitUntil(lambda: not lab.player.playing, timeout=20_000)
        assert lab.player.frame.stop is Stop.LABELS

    return play

"""A window for all tests of a class: what is dear to compute is computed once.

Whoever shares one brings back, before each test, all that its tests change.
"""

import json
from contextlib import contextmanager

from PyQt6.QtCore import QCoreApplication, QEvent
from PyQt6.QtTest import QTest

from app import theme as themes
from app.settings.file import read
from app.settings.window import SECTIONS
from app.window import MainWindow
from tests import waiting

BLOBS = "blobs:clusters=3,per_cluster=40,variance=20,seed=1"
SETTINGS = {
    "clustering": {
        "source": BLOBS,
        "kmeans": {"n_clusters": 3},
        "tween": False,
        "rate": 30.0,
    },
    "side_by_side": {"k": 3, "rate": 30.0},
    "pictures": {"rate": 30.0},
    "spelling": {"rate": 30.0},
}


def settings(**sections):
    """The content of a settings file: `SETTINGS`, with other values in some sections."""
    changed = {name: SETTINGS.get(name, {}) | values for name, values in sections.items()}
    return json.dumps(SETTINGS | changed)


def kept(path):
    """What a settings file holds: each section by its name."""
    return read(path, SECTIONS).sections


def wait_until(condition):
    """Wait until a condition holds, while Qt works; for fixtures that outlive a `qtbot`."""
    __tracebackhide__ = True
    waiting.until(condition, lambda: QTest.qWait(2))


@contextmanager
def shared_window(folder, content=None):
    """A window with its first frame; it is gone at the end.

    Args:
        folder: Of its settings.
        content: Bytes of the settings file; None for `SETTINGS`.
    """
    path = folder / "settings.json"
    path.write_bytes(content or settings().encode())
    window = MainWindow(path)
    window.resize(1280, 800)
    window.show()
    wait_until(lambda: window.tabs.clustering.player.frame is not None)
    yield window
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    themes.apply(themes.LIGHT)

"""A window that the tests of a class or file share, so that it is opened and filled once.

A test that shares it first resets whatever other tests change.
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
    """Return the content of a settings file: `SETTINGS`, with some values changed by section."""
    changed = {name: SETTINGS.get(name, {}) | values for name, values in sections.items()}
    return json.dumps(SETTINGS | changed)


def saved_sections(path):
    """Read a settings file: the sections by name."""
    return read(path, SECTIONS).sections


def wait_until(condition):
    """Process events until a condition holds; for fixtures that outlive a `qtbot`."""
    __tracebackhide__ = True
    waiting.until(condition, lambda: QTest.qWait(2))


@contextmanager
def shared_window(folder, content=None):
    """Open a window, wait for its first frame, and delete it at the end.

    Args:
        folder: Where its settings file is written.
        content: The bytes of the settings file; None for `SETTINGS`.
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

"""Takes the pictures of the README from the real window: `make screenshots`.

A centroid has been dragged at iteration 2, so that both branches of the history are on screen.
"""

import os
import sys
import tempfile
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
sys.path.insert(0, str(ROOT))

from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from app.window import MainWindow

_DRAGGED, _AT, _TO = 1, 10, (14.0, 14.0)


def wait_for(condition):
    """Let Qt run until something is so."""
    for _ in range(2000):
        if condition():
            return
        QTest.qWait(10)
    raise TimeoutError("The window did not get there in 20 seconds.")


def animate(window):
    """Play to the end, and save the history as an animation."""
    lab = window.clustering
    window.resize(1180, 740)
    window.set_theme("light")
    wait_for(lambda: lab.player.frame is not None)
    lab.player.play_to_end()
    wait_for(lambda: not lab.player.playing)
    lab.exports.save_animation(IMAGES / "k-means.gif")
    wait_for(lambda: "k-means.gif" in window.notices.text)
    window.notices.hide()


def branch(lab):
    """Go back, drag a centroid, and play some steps of the new branch."""
    player = lab.player
    player.seek(_AT)
    lab.scatter.dropped.emit(_DRAGGED, *_TO)
    for position in range(_AT + 1, _AT + 8):
        wait_for(lambda at=position: player.position == at)
        player.step()
    wait_for(lambda: player.position == _AT + 8)


def main():
    """Take every picture."""
    application = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        window = MainWindow(Path(folder) / "settings.json")
        window.show()
        animate(window)
        branch(window.clustering)
        for name, theme, size in (
            ("light", "light", (1280, 800)),
            ("dark", "dark", (1280, 800)),
            ("light-1920", "light", (1920, 1080)),
            ("dark-1920", "dark", (1920, 1080)),
        ):
            window.resize(*size)
            window.set_theme(theme)
            QTest.qWait(500)
            window.grab().save(str(IMAGES / f"k-means-{name}.png"))
        window.close()
    application.quit()


if __name__ == "__main__":
    main()

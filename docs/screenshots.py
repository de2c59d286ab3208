"""Takes the pictures of the README from the real window: `make screenshots`.

In the clustering lab a centroid has been dragged at iteration 2, so that both branches of the
history are on screen; the live line lists an assignment. In the spelling lab two spellers stand
side by side; two are evaluated on all words for a test; and the phonemes of one are mapped.
The import dialog shows three tables: a German Excel export, one of pandas, and one with a title.
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

from app.views.scatter.snapshot import snapshot
from app.window import MainWindow
from engine.clustering.dbscan.options import DbscanOptions

_DRAGGED, _AT, _TO = 1, 10, (14.0, 14.0)
_SOUNDS = ("B", "Y", "UH2", "R", "AH0", "K", "R", "AE1", "T", "IH0", "K")
_LIT = 5
_CLICKED = 700
# The name of a picture, its theme, and the size of the window.
_LOOKS = (
    ("light", "light", (1280, 800)),
    ("dark", "dark", (1280, 800)),
    ("light-1920", "light", (1920, 1080)),
    ("dark-1920", "dark", (1920, 1080)),
)


def wait_for(condition):
    """Let Qt run until a condition holds."""
    for _ in range(30_000):
        if condition():
            return
        QTest.qWait(10)
    raise TimeoutError("The window did not reach that state in five minutes.")


def animate(window):
    """Play to the end and save the history as an animation."""
    lab = window.tabs.clustering
    window.resize(1180, 740)
    window.set_theme("light")
    wait_for(lambda: lab.player.frame is not None)
    lab.player.play_to_end()
    wait_for(lambda: not lab.player.playing)
    lab.recording.save(IMAGES / "k-means.gif")
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


def list_operations(lab):
    """Show the live line at an assignment as taught, with one point clicked."""
    lab.live.action.setChecked(True)
    lab.kmeans.formulation.setCurrentText("As taught")
    wait_for(lambda: lab.player.position == 0)
    lab.player.play()
    wait_for(lambda: lab.live.shown is not None)
    lab.player.pause()
    lab.scatter.clicked.emit(_CLICKED, -1)
    wait_for(lambda: not lab.live.is_busy)
    lab.live.panel.operations.picked.emit(2)


def write_tables(folder):
    """Write a German Excel export, a table of pandas with its index, and a table below a title.

    Args:
        folder: Where to write.

    Returns:
        The name of each in a picture, and its path.
    """
    streets = ("Bärenweg", "Hölderlinstraße", "Am Stadtgraben")
    towns, prices, sizes = ("Altstadt", "Nordend", "Süd"), (2350, 990, 1480), (118, 52, 84)
    german = ["Straße;Miete;Größe (m²);Stadtteil;Nr."]
    pandas, titled = [",width,height"], ["Station report 2024", "", "width,height,species"]
    for row in range(60):
        n, wave = row % 3, (row * 37 % 60) / 60 - 0.5
        rent, size = prices[n] + 300 * wave, sizes[n] + 20 * wave * wave
        rent = f"{rent:,.2f}".translate(str.maketrans(",.", ".,"))
        size = f"{size:.1f}".replace(".", ",")
        german.append(f"{streets[n]} {row + 1};{rent} €;{size};{towns[n]};{row + 1}")
        values = f"{4 * n + wave:.2f},{1 + (n - 1) ** 2 - 2 * wave * wave:.2f}"
        pandas.append(f"{row},{values}")
        titled.append(f"{values},{('setosa', 'virginica', 'versicolor')[n]}")
    written = {}
    for name, lines, encoding in (
        ("german", german, "windows-1252"),
        ("pandas", pandas, "utf-8"),
        ("title", titled, "utf-8"),
    ):
        written[name] = Path(folder) / f"{name}.csv"
        written[name].write_text("\n".join(lines) + "\n", encoding=encoding)
    return written


def show_reading(window, name, path, large=False):
    """Take a picture of how a table was read, in each theme and size."""
    lab = window.tabs.clustering
    window.tabs.show_tab(lab)
    lab.open(str(path))
    wait_for(lambda: lab.loaded.dataset.source == str(path))
    for suffix, theme, size in _LOOKS[: 4 if large else 2]:
        window.resize(*size)
        window.set_theme(theme)
        lab.sources.show_reading()
        dialog = lab.importing.dialog
        wait_for(lambda dialog=dialog: not dialog.waits)
        QTest.qWait(200)
        snapshot(dialog).save(str(IMAGES / f"import-{name}-{suffix}.png"))
        lab.importing.stop()


def grow_clusters(window):
    """Let DBSCAN reach half of the moons."""
    lab = window.tabs.clustering
    window.tabs.show_tab(lab)
    lab.open("moons")
    wait_for(lambda: lab.loaded.dataset.source.startswith("moons"))
    lab.algorithm.choose("dbscan", DbscanOptions())
    lab.player.play_to_end()
    wait_for(lambda: not lab.player.playing and lab.player.frame.stop)
    lab.player.seek(lab.player.position // 2)


def play_beside(window):
    """Let k-means and mean shift run to their ends on skinny clusters."""
    lab = window.tabs.side_by_side
    window.tabs.show_tab(lab)
    lab.points.setCurrentText("Skinny")
    wait_for(lambda: lab.player.frame is not None and len(lab.player.frame.kmeans.labels) == 900)
    lab.player.play_to_end()
    wait_for(lambda: not lab.player.playing)


def quantise(window):
    """Let the photograph be painted in few colours."""
    lab = window.tabs.pictures
    window.tabs.show_tab(lab)
    wait_for(lambda: lab.player.frame is not None)
    lab.player.play_to_end()
    wait_for(lambda: not lab.player.playing)


def spell(window):
    """Let two spellers write a word that the one without attention gets wrong."""
    lab = window.tabs.spelling
    window.tabs.show_tab(lab)
    lab.by_letter.setChecked(False)
    lab.spellers.second.setCurrentText("plain")
    wait_for(lambda: lab.spellers_ready)
    lab.say(_SOUNDS)
    wait_for(lambda: lab.player.frame is not None and len(lab.player.frame.results) == 2)
    wait_for(lambda: lab.player.frame.results[0].phonemes == _SOUNDS and lab.player.frame.stop)
    window.clearFocus()
    lab.word_stage.letters[0].hovered.emit(_LIT)


def evaluate(window):
    """Let both spellers spell all test words."""
    lab = window.tabs.accuracy
    window.tabs.show_tab(lab)
    lab.evaluate()
    wait_for(lambda: not lab.evaluator.is_busy)
    window.notices.hide()


def map_phonemes(window):
    """Show what a speller has learned about the phonemes."""
    window.tabs.show_tab(window.tabs.phoneme_map)
    wait_for(lambda: window.tabs.phoneme_map.shown is not None)


def save_all(window, name, large=True):
    """Take a picture in each theme and size."""
    for suffix, theme, size in _LOOKS[: 4 if large else 2]:
        window.resize(*size)
        window.set_theme(theme)
        QTest.qWait(500)
        snapshot(window).save(str(IMAGES / f"{name}-{suffix}.png"))


def main():
    """Take every picture."""
    application = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        window = MainWindow(Path(folder) / "settings.json")
        window.show()
        animate(window)
        branch(window.tabs.clustering)
        save_all(window, "k-means")
        list_operations(window.tabs.clustering)
        save_all(window, "live-line", large=False)
        window.tabs.clustering.live.action.setChecked(False)
        for name, path in write_tables(folder).items():
            show_reading(window, name, path)
        grow_clusters(window)
        save_all(window, "dbscan", large=False)
        play_beside(window)
        save_all(window, "side-by-side", large=False)
        quantise(window)
        save_all(window, "picture", large=False)
        spell(window)
        save_all(window, "spelling")
        evaluate(window)
        save_all(window, "accuracy", large=False)
        map_phonemes(window)
        save_all(window, "phonemes", large=False)
        window.close()
    application.quit()


if __name__ == "__main__":
    main()

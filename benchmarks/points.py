"""Drawing many points: python benchmarks/points.py [points ...].

First the time of a raster or of markers, compared with pyqtgraph's own item: all points recoloured,
one in fifty, and the view moved, until the new picture of 1200 x 800 pixels is complete; and the
window's own thread's share of it. Medians of 7, in turn.

Then the real window, off screen: how many frames and pictures of all points it draws in a second
while k-means plays, with a still and a moving view, and the longest wait of a 5 ms timer, there
and, as a control, in a process that does nothing else.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QEventLoop, QRectF, Qt, QTimer
from PyQt6.QtGui import QImage, QPainter, QTransform
from PyQt6.QtWidgets import QApplication

from app.application import SWITCH_INTERVAL
from app.theme import LIGHT
from app.views.scatter.layer import rect_around
from app.views.scatter.points.points import PointsItem
from app.window import MainWindow

SIZES = (1_500, 20_000, 100_000, 1_000_000, 5_000_000)
N_LABELS, N_RUNS, SECONDS = 8, 7, 4
MOST_OF_THEIRS = 100_000
CONTROL = """
import sys, time
longest, end, last = 0, time.monotonic() + float(sys.argv[1]), time.monotonic()
while last < end:
    time.sleep(0.005)
    now = time.monotonic()
    longest, last = max(longest, now - last), now
print(longest)
"""


class Ours:
    """The item of the scatter view, painted into a picture."""

    def __init__(self, xy):
        self.item = PointsItem()
        self.item.set_look(LIGHT, shapes=False)
        self.item.set_points(xy, rect_around(xy))
        self.shift = 0.0

    def paint(self, painter, waits=True):
        """Paint, and wait for the raster or not."""
        self.item.waits = waits
        painter.setTransform(QTransform.fromTranslate(self.shift, 0))
        self.item.paint(painter)

    def recolor(self, labels, painter):
        """Paint other labels."""
        self.item.set_labels(labels)
        self.paint(painter)

    def pan(self, _, painter):
        """Paint another view."""
        self.shift += 3
        self.paint(painter)

    def own(self, _, painter):
        """Do the work of the window's thread: draw the previous picture at its new position."""
        self.paint(painter, waits=False)


def theirs(xy):
    """Pyqtgraph's item, with a brush for each point."""
    brushes = np.array([pg.mkBrush(LIGHT.cluster_color(label)) for label in range(N_LABELS)])
    plot = pg.PlotWidget()
    plot.resize(1200, 800)
    item = pg.ScatterPlotItem(pos=xy, size=7, pen=None)
    plot.addItem(item)

    def recolor(labels, painter):
        assert plot is not None  # the item lives as long as its plot
        item.setBrush(brushes[labels])
        item.paint(painter, None, None)

    return recolor


def seconds(work, labels):
    """Return how long one painting takes."""
    picture = QImage(1200, 800, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(picture)
    began = time.perf_counter()
    work(labels, painter)
    spent = time.perf_counter() - began
    painter.end()
    return spent


def drawing(n_points):
    """Print a line of the first table."""
    rng = np.random.default_rng(0)
    centres = rng.uniform(150, 650, (N_LABELS, 2))
    labels = rng.integers(0, N_LABELS, n_points).astype(np.uint8)
    xy = (centres[labels] + rng.normal(0, 50, (n_points, 2))).astype(np.float32)
    ours = Ours(xy)
    works = [ours.recolor, ours.recolor, ours.pan, ours.own]
    if n_points <= MOST_OF_THEIRS:
        works.append(theirs(xy))
    times = []
    for _ in range(N_RUNS + 1):
        labels = rng.permutation(labels)
        some = labels.copy()
        some[::50] = (some[::50] + 1) % N_LABELS
        given = (labels, some, labels, labels, labels)
        times.append([seconds(*each) for each in zip(works, given, strict=False)])
    # The first run fills the caches.
    columns = [1000 * statistics.median(column) for column in zip(*times[1:], strict=True)]
    print(f"{n_points:>9,}" + "".join(f" {value:>11.1f}" for value in columns), flush=True)


class Watch:
    """A real window that plays k-means on blobs, and counts meanwhile."""

    def __init__(self, n_points, folder):
        path = Path(folder) / "settings.json"
        source = f"blobs:clusters=8,per_cluster={n_points // 8},variance=60,seed=1"
        path.write_text(json.dumps({"clustering": {"source": source, "kmeans": {"n_clusters": 8}}}))
        self.window = MainWindow(path)
        self.window.resize(1280, 800)
        self.window.show()
        self.lab = self.window.tabs.clustering
        self.scatter, self.player = self.lab.scatter, self.lab.player
        self.player.set_rate(60.0)
        self.frames = self.pictures = 0
        self.longest, self.last = 0.0, time.monotonic()
        self.player.moved.connect(self._on_frame)
        self.scatter.points._latest.came.connect(self._on_picture)
        self.timer = QTimer()
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(self._on_beat)
        self.timer.start(5)

    def until(self, condition):
        """Let Qt run until a condition holds."""
        while not condition():
            wait(0.05)

    def measure(self, plays, moves):
        """Count for some seconds and print a line."""
        home, began = self.scatter.view, time.monotonic()
        control = subprocess.Popen(
            [sys.executable, "-c", CONTROL, str(SECONDS)], stdout=subprocess.PIPE, text=True
        )
        driver = QTimer()
        driver.timeout.connect(lambda: self._drive(home, plays, moves, time.monotonic() - began))
        driver.start(16)
        self.frames = self.pictures = 0
        self.longest, self.last = 0.0, time.monotonic()
        wait(SECONDS)
        driver.stop()
        self.player.pause()
        self.scatter.set_view(home)
        longest, waited = self.longest, float(control.communicate()[0])
        what = f"{'playing' if plays else 'paused'}, {'moving' if moves else 'still'} view"
        rates = f"{self.frames / SECONDS:>10.1f} {self.pictures / SECONDS:>11.1f}"
        print(f"{what:>24} {rates} {1000 * longest:>9.0f} {1000 * waited:>9.0f}", flush=True)
        wait(0.3)

    def _drive(self, home, plays, moves, now):
        if plays and not self.player.playing:
            self.player.seek(0)
            self.player.play()
        if moves:
            size = np.exp(0.5 * np.sin(2 * now))
            view = QRectF(0, 0, home.width() * size, home.height() * size)
            view.moveCenter(home.center())
            self.scatter.set_view(view.translated(home.width() * 0.2 * np.sin(3 * now), 0))

    def _on_frame(self):
        self.frames += 1

    def _on_picture(self, _):
        self.pictures += 1

    def _on_beat(self):
        now = time.monotonic()
        self.longest, self.last = max(self.longest, now - self.last), now


def wait(seconds):
    """Let Qt run."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def playing(n_points, folder):
    """Print the lines of the second table."""
    print(
        f"\n{n_points:>16,} points {'frames/s':>11} {'pictures/s':>11} {'gap ms':>9} {'control':>9}"
    )
    watch = Watch(n_points, folder)
    watch.until(lambda: watch.player.frame is not None and len(watch.scatter.xy) > n_points / 2)
    watch.player.play_to_end()  # so that only drawing is measured, not k-means
    watch.until(lambda: not watch.player.playing)
    for plays, moves in ((True, False), (True, True), (False, True)):
        watch.measure(plays, moves)
    watch.window.close()


def main():
    """Print both tables."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    application = QApplication([])
    names = ("all new ms", "2 % new ms", "pan ms", "window ms", "pyqtgraph")
    print(f"{'points':>9}" + "".join(f" {name:>11}" for name in names))
    for n_points in sizes:
        drawing(n_points)
    for n_points in sizes:
        with tempfile.TemporaryDirectory() as folder:
            playing(n_points, folder)
    application.quit()


if __name__ == "__main__":
    main()

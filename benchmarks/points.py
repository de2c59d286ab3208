"""Recolouring all points of a plot beside pyqtgraph's own item: python benchmarks/points.py.

What is timed is what an assignment costs the window: giving every point another label, and painting
all of them into a picture of 1200 x 800 pixels. Medians of 7, the two in turn.
"""

import os
import statistics
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
from PyQt6.QtGui import QImage, QPainter
from PyQt6.QtWidgets import QApplication

from app.theme import LIGHT
from app.views.points import PointsItem

SIZES = (1_500, 20_000, 100_000)
N_LABELS, N_RUNS = 8, 7


def ours(xy):
    """A function that recolours and paints."""
    item = PointsItem()
    item.set_look(LIGHT, shapes=False)
    item.set_points(xy)

    def recolor(labels, painter):
        item.set_labels(labels)
        item.paint(painter)

    return recolor


def theirs(xy):
    """The same with pyqtgraph's item and a brush for each point."""
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


def seconds(recolor, labels):
    """How long one recolouring takes."""
    picture = QImage(1200, 800, QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(picture)
    began = time.perf_counter()
    recolor(labels, painter)
    spent = time.perf_counter() - began
    painter.end()
    return spent


def main():
    """Print a line for each number of points."""
    application = QApplication([])
    rng = np.random.default_rng(0)
    print(f"{'points':>9} {'ours ms':>9} {'pyqtgraph ms':>13} {'ratio':>7}")
    for n_points in SIZES:
        xy = rng.uniform(0, 800, (n_points, 2))
        pair = ours(xy), theirs(xy)
        times = [
            [seconds(recolor, rng.integers(0, N_LABELS, n_points)) for recolor in pair]
            for _ in range(N_RUNS + 1)
        ][1:]  # the first makes what is kept
        us, them = (1000 * statistics.median(column) for column in zip(*times, strict=True))
        print(f"{n_points:>9,} {us:>9.1f} {them:>13.1f} {them / us:>7.1f}")
    application.quit()


if __name__ == "__main__":
    main()

"""Gaps of the GUI timer while a speller trains: `python benchmarks/training_gaps.py`.

A timer of 5 ms runs on the GUI thread. A control process does nothing but the same, so that what
the machine itself froze is told apart: a gap counts as the window's if the control saw none then.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PyQt6.QtCore import QEventLoop, QTimer
from PyQt6.QtWidgets import QApplication

from app.application import SWITCH_INTERVAL
from app.window import MainWindow

SECONDS, TICK, LONG = 40.0, 0.005, 0.050
CONTROL = """
import sys, time
end, last = time.time() + float(sys.argv[1]), time.time()
while time.time() < end:
    time.sleep(0.005)
    now = time.time()
    if now - last > 0.025:
        print(last, now, flush=True)
    last = now
"""


def wait_for(condition, seconds=180.0):
    """Let Qt run until something is so."""
    end = time.time() + seconds
    while not condition() and time.time() < end:
        QApplication.processEvents()
        time.sleep(0.001)


def gaps(seconds):
    """(N, 2) when each pause between two ticks of the GUI timer began and ended."""
    ticks = [time.time()]
    timer = QTimer()
    timer.setInterval(round(1000 * TICK))
    timer.timeout.connect(lambda: ticks.append(time.time()))
    timer.start()
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()
    return np.column_stack([ticks[:-1], ticks[1:]])


def line(name, seconds):
    """Measure, and print a row of the table."""
    watcher = subprocess.Popen(
        [sys.executable, "-c", CONTROL, str(seconds)], stdout=subprocess.PIPE, text=True
    )
    found = gaps(seconds)
    frozen = np.array(
        [list(map(float, row.split())) for row in watcher.communicate()[0].splitlines()]
    )
    lengths = found[:, 1] - found[:, 0]
    own = np.ones(len(found), bool)
    if len(frozen):
        overlap = (found[:, :1] < frozen[:, 1]) & (found[:, 1:] > frozen[:, 0])
        own = ~overlap.any(1)
    longest, high = 1000 * lengths[own].max(), 1000 * np.percentile(lengths, 95)
    n_long = int((lengths[own] > LONG).sum())
    print(
        f"{name:34} {high:8.1f} {longest:9.1f} {n_long:8} {int((~own & (lengths > LONG)).sum()):10}"
    )


def main() -> None:
    """Measure idle, the first minute of a training with its tracing, and the minute after."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    application = QApplication([])
    print("ms between ticks of 5 ms               95 %   longest   >50 ms  >50 frozen")
    with tempfile.TemporaryDirectory() as folder:
        window = MainWindow(Path(folder) / "settings.json")
        window.resize(1280, 800)
        window.show()
        wait_for(lambda: window.tabs.clustering.player.frame is not None)
        line("idle", 10.0)
        lab = window.tabs.training
        window.tabs.show_tab(lab)
        lab.train()
        line("plain trains, tracing its lengths", SECONDS)
        line("plain trains on", SECONDS)
        window.close()
    application.quit()
    os._exit(0)  # as app.application does, and for its reason


if __name__ == "__main__":
    main()

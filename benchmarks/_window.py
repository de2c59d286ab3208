"""What the benchmarks of the window share: the window off screen, and gaps of its timer.

A timer of 5 ms runs on the GUI thread. Control processes that only run such a timer, one on each
core, show when the machine itself froze: a gap is the window's own if none of them saw it.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from PyQt6.QtCore import QEventLoop, QTimer
from PyQt6.QtWidgets import QApplication

TICK = 0.005
_CONTROL = """
import os, sys, time
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {int(sys.argv[1])})
end, last = time.time() + float(sys.argv[2]), time.time()
while time.time() < end:
    time.sleep(0.005)
    now = time.time()
    if now - last > 0.025:
        print(last, now, flush=True)
    last = now
"""


def opened(folder, size=(1280, 800)):
    """Return the window, shown; its settings are in a folder."""
    from app.window import MainWindow

    window = MainWindow(Path(folder) / "settings.json")
    window.resize(*size)
    window.show()
    return window


def wait_for(condition, seconds=180.0):
    """Let Qt run until a condition holds; returns whether it did."""
    end = time.perf_counter() + seconds
    while not condition() and time.perf_counter() < end:
        QApplication.processEvents()
        time.sleep(0.0002)  # the engine thread has work to do
    return condition()


def run_for(seconds):
    """Let Qt run."""
    loop = QEventLoop()
    QTimer.singleShot(round(1000 * seconds), loop.quit)
    loop.exec()


def _cores():
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]


class Gaps:
    """Pauses between ticks of the GUI timer, from construction until `stop`.

    Attributes:
        lengths: (N,) the length of each, in seconds.
        own: (N,) whether it is the window's own, not the machine's.
    """

    def __init__(self, at_most_seconds):
        self._controls = [
            subprocess.Popen(
                [sys.executable, "-c", _CONTROL, str(core), str(at_most_seconds)],
                stdout=subprocess.PIPE,
                text=True,
            )
            for core in _cores()
        ]
        self._ticks = [time.time()]
        self._timer = QTimer()
        self._timer.setInterval(round(1000 * TICK))
        self._timer.timeout.connect(lambda: self._ticks.append(time.time()))
        self._timer.start()

    def stop(self):
        """Stop measuring."""
        self._timer.stop()
        ticks = np.array(self._ticks)
        begins, ends = ticks[:-1], ticks[1:]
        self.lengths, self.own = ends - begins, np.ones(len(begins), bool)
        for control in self._controls:
            control.terminate()
            for row in control.communicate()[0].splitlines():
                low, high = map(float, row.split())
                self.own &= (begins >= high) | (ends <= low)
        return self

    def summary(self):
        """Return milliseconds: the 95th percentile, the longest own gap, and the longest of all."""
        return {
            "p95": 1000 * float(np.percentile(self.lengths, 95)),
            "longest": 1000 * float(self.lengths[self.own].max(initial=0.0)),
            "with_freezes": 1000 * float(self.lengths.max(initial=0.0)),
        }


def gaps_while(seconds):
    """Let Qt run, and measure."""
    gaps = Gaps(seconds + 1)
    run_for(seconds)
    return gaps.stop()

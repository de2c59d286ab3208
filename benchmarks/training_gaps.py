"""Gaps of the GUI timer while a speller trains: `python benchmarks/training_gaps.py`.

`_window` says what a gap is, and how freezes of the machine itself are recognized.
"""

import os
import sys
import tempfile

from _window import gaps_while, opened, wait_for
from PyQt6.QtWidgets import QApplication

from app.application import SWITCH_INTERVAL

SECONDS, LONG = 40.0, 0.050


def line(name, seconds):
    """Measure and print a row of the table."""
    gaps = gaps_while(seconds)
    found, long = gaps.summary(), gaps.lengths > LONG
    n_own, n_frozen = (long & gaps.own).sum(), (long & ~gaps.own).sum()
    print(f"{name:34} {found['p95']:8.1f} {found['longest']:9.1f} {n_own:8} {n_frozen:10}")


def main() -> None:
    """Measure idle, the first minute of a training with its tracing, and the minute after."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    application = QApplication([])
    print("ms between ticks of 5 ms               95 %   longest   >50 ms  >50 frozen")
    with tempfile.TemporaryDirectory() as folder:
        window = opened(folder)
        wait_for(lambda: window.tabs.clustering.player.frame is not None)
        line("idle", 10.0)
        lab = window.tabs.training
        window.tabs.show_tab(lab)
        lab.train()
        line("plain trains, tracing its lengths", SECONDS)
        line("plain trains on", SECONDS)
        window.close()
    application.quit()
    os._exit(0)  # for the same reason as app.application


if __name__ == "__main__":
    main()

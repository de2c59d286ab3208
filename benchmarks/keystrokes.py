"""From a keystroke to the painted heat map, in the real window: `python benchmarks/keystrokes.py`.

Test words are typed phoneme by phoneme. The time runs from the key to the end of the paint event
that shows the new alignment; as a control, a key in a bare field, whose only work is Qt's own, is
timed as well.
"""

import os
import sys
import tempfile
import time

import numpy as np
from _window import opened, wait_for
from PyQt6.QtCore import Qt
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication, QLineEdit

from app.application import SWITCH_INTERVAL
from app.views.attention.heatmap import HeatmapView
from engine.spelling.dictionary.pronunciations import Part, lecture_entries, sample

N_WORDS = 40
SPELLERS = (("attention", ""), ("attention", "plain"), ("transformer", ""), ("ensemble", ""))


class Watch:
    """Records when the heat map was last painted, and for which sounds."""

    def __init__(self) -> None:
        self.painted: dict[tuple[str, ...], float] = {}
        paint = HeatmapView.paint

        def timed(view: HeatmapView, painter: object) -> None:
            paint(view, painter)  # type: ignore[arg-type]
            self.painted.setdefault(view.columns, time.perf_counter())

        HeatmapView.paint = timed  # type: ignore[method-assign]


def type_words(lab, watch, entries):
    """Type all words; returns the seconds from each key that completed a phoneme to the paint."""
    seconds = []
    for entry in entries:
        lab.keypad.cleared.emit()
        for place in range(1, len(entry.phonemes) + 1):
            phoneme, wanted = entry.phonemes[place - 1], tuple(entry.phonemes[:place])
            text = " ".join(wanted)
            lab.sounds.field.setText(text[:-1])
            lab.sounds.field.setCursorPosition(len(text) - 1)
            QApplication.processEvents()
            watch.painted.clear()
            began = time.perf_counter()
            QTest.keyClicks(lab.sounds.field, phoneme[-1])
            if wait_for(lambda wanted=wanted: wanted in watch.painted, 5.0):
                seconds.append(watch.painted[wanted] - began)
    return np.array(seconds)


def control(n_keys):
    """Return the seconds for a key in a bare field, painted."""
    field, seconds = QLineEdit(), []
    field.show()
    for _ in range(n_keys):
        began = time.perf_counter()
        QTest.keyClicks(field, "A")
        field.repaint()
        seconds.append(time.perf_counter() - began)
    return np.array(seconds)


def line(name, seconds):
    """Print a row of the table."""
    middle, high, most = 1000 * np.percentile(seconds, (50, 95, 100))
    print(f"{name:26} {len(seconds):6} {middle:8.1f} {high:8.1f} {most:8.1f}")


def main() -> None:
    """Time every pair of spellers."""
    sys.setswitchinterval(SWITCH_INTERVAL)
    application = QApplication([])
    watch = Watch()
    entries = sample(lecture_entries(Part.TEST), N_WORDS)
    print("ms from key to painted      keys   median     95 %      max")
    line("control: a bare field", control(200))
    with tempfile.TemporaryDirectory() as folder:
        window = opened(folder)
        lab = window.tabs.spelling
        window.tabs.show_tab(lab)
        wait_for(lambda: lab.player.frame is not None)
        for first, second in SPELLERS:
            lab.spellers.first.setCurrentText(first)
            lab.spellers.second.setCurrentText(second or "nothing")
            wait_for(lambda: lab.spellers_ready and lab.player.frame is not None)
            lab.sounds.field.setFocus(Qt.FocusReason.OtherFocusReason)
            type_words(lab, watch, entries[:3])
            line(f"{first} + {second}" if second else first, type_words(lab, watch, entries))
        window.close()
    application.quit()
    os._exit(0)  # for the same reason as app.application


if __name__ == "__main__":
    main()

"""Monkey testing of the window: random clicks, keys, drags, drops and choices from a seed.

`python -m tests.app.monkey 3000 --seed 0` performs 3,000 actions and prints what it found;
`test_monkey.py` performs a few hundred.
"""

import argparse
import functools
import gc
import random
import sys
import tempfile
import traceback
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import (
    QMimeData,
    QObject,
    QPoint,
    QPointF,
    Qt,
    QTimer,
    QUrl,
    qInstallMessageHandler,
)
from PyQt6.QtGui import QAction, QDropEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QLineEdit,
    QMessageBox,
    QSlider,
    QSpinBox,
)

from app.failures import BUG
from app.labs.accuracy.lab import AccuracyTab
from tests.app.driving import send_move, settle, turn_wheel
from tests.app.shared_window import BLOBS, wait_until
from tests.app.small_training import train_tiny_spellers

_LEFT, _RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
_NONE, _SHIFT, _CTRL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
_KEYS = [
    *map(Qt.Key, range(Qt.Key.Key_A, Qt.Key.Key_Z + 1)),
    *(Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab),
    *(Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Delete),
    *(Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_F1),
    *(Qt.Key.Key_F8, Qt.Key.Key_F9, Qt.Key.Key_F10, Qt.Key.Key_F11, Qt.Key.Key_1, Qt.Key.Key_9),
    *(Qt.Key.Key_BracketLeft, Qt.Key.Key_BracketRight, Qt.Key.Key_Plus, Qt.Key.Key_Minus),
]
_WORDS = ["B R AH0 Z", "colonel", "", "<b>&", "K AE1 T", "zzz", "ˈkɜːnəl", "1e9", "-1", "x" * 300]
_FORBIDDEN = ("quit",)  # would close the window
# Spin boxes are set to at most this much above their minimum, to keep computations short.
_MAX_ABOVE_MINIMUM = 40
_IGNORED = "propagateSizeHints"


def leave_full_screen(window):
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowFullScreen)


class Monkey:
    """Performs random actions in a window.

    Attributes:
        bugs: Texts of all bug dialogs, exceptions in slots and Qt warnings.
        done: How often each action was performed.
    """

    def __init__(self, window, folder, seed):
        """Prepare for a window.

        Args:
            window: The main window.
            folder: Where files are opened and saved.
            seed: Seed of all random choices.
        """
        self.window, self.folder, self.rng = window, folder, random.Random(seed)
        self.files = sample_files(folder)
        self.bugs, self.done = [], Counter()
        self._weights = {
            self.click: 8,
            self.trigger: 5,
            self.press_key: 7,
            self.drag: 7,
            self.turn_wheel: 2,
            self.drop: 1,
            self.show_tab: 2,
            self.resize: 1,
            self.restyle: 1,
            self.set_number: 3,
            self.choose: 3,
            self.type: 2,
            self.pick: 2,
        }

    def act(self):
        """Perform one action, and let Qt process its consequences."""
        (action,) = self.rng.choices(list(self._weights), self._weights.values())
        self.done[action.__name__] += 1
        action()
        QTest.qWait(1)
        self.tidy()

    def tidy(self, *, all_boxes=False):
        """Record bug dialogs and answer some questions; with `all_boxes` close every message."""
        for box in self.boxes():
            if box.windowTitle() == BUG:
                self.bugs.append(box.detailedText())
                box.close()
            elif all_boxes:
                box.close()
            elif self.rng.random() < 0.3:
                self.rng.choice(box.buttons()).click()
        if self.window.isFullScreen() and self.rng.random() < 0.2:
            leave_full_screen(self.window)

    def boxes(self):
        """Return the message boxes of the window, including those about to be deleted."""
        return self.window.findChildren(QMessageBox)

    # Actions

    def click(self):
        buttons = [each for each in self._seen(QAbstractButton) if self._may(each.text(), each)]
        if buttons:
            QTest.mouseClick(self.rng.choice(buttons), _LEFT)

    def trigger(self):
        tab = self.window.tabs.top
        actions = [*self.window.actions(), *tab.actions(), *self.window.menus.recent.actions()]
        actions = [a for a in actions if a.isEnabled() and self._may(a.text(), a)]
        self.rng.choice(actions).trigger()

    def press_key(self):
        key, modifier = (
            self.rng.choice(_KEYS),
            self.rng.choice([_NONE, _NONE, _NONE, _SHIFT, _CTRL]),
        )
        if (key, modifier) == (Qt.Key.Key_Q, _CTRL):
            return
        focus = QApplication.focusWidget()
        if focus is not None and focus.window() is self.window and self.rng.random() < 0.5:
            if isinstance(focus, QAbstractButton) and not self._may(focus.text(), focus):
                return
            QTest.keyClick(focus, key, modifier)
        else:
            QTest.keyClick(self.window, key, modifier)

    def drag(self):
        plots = self._seen(pg.PlotWidget)
        target = self.rng.choice(plots).viewport() if plots else self.window.tabs.top
        button = _LEFT if self.rng.random() < 0.9 else _RIGHT
        first, last = self._place(target), self._place(target)
        if self.rng.random() < 0.2:
            last = first
        send_move(target, first, Qt.MouseButton.NoButton)
        QTest.mousePress(target, button, _NONE, first)
        for part in np.linspace(0, 1, 4):
            send_move(target, first + (last - first) * part, button)
        QTest.mouseRelease(target, button, _NONE, last)

    def turn_wheel(self):
        plots = self._seen(pg.PlotWidget)
        if plots:
            turn_wheel(self.rng.choice(plots).viewport())

    def drop(self):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self.rng.choice(self.files)))])
        copy = Qt.DropAction.CopyAction
        self.window.dropEvent(QDropEvent(QPointF(9, 9), copy, data, _LEFT, _NONE))

    def show_tab(self):
        self.window.tabs.setCurrentIndex(self.rng.randrange(self.window.tabs.count()))

    def resize(self):
        self.window.resize(self.rng.randint(400, 1900), self.rng.randint(300, 1200))

    def restyle(self):
        if self.rng.random() < 0.5:
            self.window.set_theme(self.rng.choice(["light", "dark", "system"]))
        else:
            self.window.zoom(self.rng.choice([0, 0, 1.15, 1 / 1.15, 1.6]))

    def set_number(self):
        boxes = [*self._seen(QAbstractSpinBox), *self._seen(QSlider)]
        if not boxes:
            return
        box = self.rng.choice(boxes)
        if isinstance(box, QSpinBox | QDoubleSpinBox | QSlider):
            low, high = box.minimum(), min(box.maximum(), box.minimum() + _MAX_ABOVE_MINIMUM)
            box.setValue(type(low)(self.rng.uniform(low, high)))

    def choose(self):
        boxes = self._seen(QComboBox)
        if boxes:
            box = self.rng.choice(boxes)
            box.setCurrentIndex(self.rng.randrange(max(box.count(), 1)))

    def type(self):
        fields = self._seen(QLineEdit)
        if fields:
            field = self.rng.choice(fields)
            field.setFocus()
            field.setText(self.rng.choice(_WORDS))
            QTest.keyClick(field, Qt.Key.Key_Return)

    def pick(self):
        views = self._seen(QAbstractItemView)
        if views:
            viewport = self.rng.choice(views).viewport()
            QTest.mouseClick(viewport, _LEFT, _NONE, self._place(viewport))

    # Which widgets and actions are allowed

    def _seen(self, kind):
        found = self.window.findChildren(kind)
        return [each for each in found if each.isVisible() and each.isEnabled()]

    def _place(self, widget):
        return QPoint(
            self.rng.randrange(max(widget.width(), 1)), self.rng.randrange(max(widget.height(), 1))
        )

    @staticmethod
    def _may(text, thing):
        words = f"{text} {thing.toolTip()}".lower().replace("&", "")
        return not any(word in words.split() or words.startswith(word) for word in _FORBIDDEN)


def shorten_trainings(patch):
    """Make trainings and evaluations end within seconds; call it before the tabs exist.

    Args:
        patch: A MonkeyPatch.
    """
    train_tiny_spellers(patch)
    patch.setattr("app.labs.accuracy.lab.AccuracyTab", functools.partial(AccuracyTab, n_words=60))


def sample_files(folder):
    """Write small files of every kind: tables, names with HTML, damaged files, a picture."""
    rng = np.random.default_rng(0)
    table = rng.normal(size=(60, 3))
    header = "<b>one</b>,a & b,c"
    np.savetxt(folder / "three & <b>.csv", table, delimiter=",", header=header, comments="")
    np.savetxt(folder / "two.csv", table[:, :2], delimiter=",")
    np.savetxt(folder / "huge.csv", 3e38 * np.tanh(table[:, :2]), delimiter=",")
    np.savetxt(folder / "same.csv", np.full((20, 2), 7.0), delimiter=",")
    np.save(folder / "many.npy", rng.normal(size=(5000, 12)).astype(np.float32))
    (folder / "damaged.npy").write_bytes(b"\x93NUMPY\x01\x00damaged")
    (folder / "empty.csv").write_text("")
    (folder / "words.csv").write_text(
        "name,x,y\n" + "\n".join(f"w{n},{n},{n % 7}" for n in range(30))
    )
    picture = rng.integers(0, 255, (24, 32, 3), np.uint8)
    from PIL import Image

    Image.fromarray(picture).save(folder / "picture.png")
    (folder / "damaged.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    return [*sorted(folder.iterdir()), folder / "gone.csv", folder]


@contextmanager
def intercepted(monkey, patch):
    """Answer file dialogs, close pop-ups, and collect warnings and exceptions.

    Args:
        monkey: Where bugs are recorded.
        patch: A MonkeyPatch.
    """
    rng = monkey.rng

    def execute(dialog):
        dialog.selectFile(str(monkey.folder / f"saved-{rng.randrange(3)}"))
        return dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave and rng.random() < 0.7

    def ask(*_, **__):
        return (str(rng.choice(monkey.files)) if rng.random() < 0.8 else "", "")

    patch.setattr(QFileDialog, "exec", execute)
    patch.setattr(QFileDialog, "getOpenFileName", staticmethod(ask))

    def close_popups():  # the context menu of a spin box blocks until it is closed
        popup = QApplication.activePopupWidget()
        if popup is not None:
            popup.close()

    timer = QTimer()
    timer.timeout.connect(close_popups)
    timer.start(20)

    def on_message(kind, context, text):
        if _IGNORED not in (text or ""):
            monkey.bugs.append(f"Qt: {text}")

    def on_exception(*raised):
        monkey.bugs.append("".join(traceback.format_exception(*raised)))

    before = qInstallMessageHandler(on_message)
    patch.setattr(sys, "excepthook", on_exception)
    yield
    timer.stop()
    qInstallMessageHandler(before)


def reset(monkey):
    """Return to a few points and no dialogs, and wait until nothing is running."""
    window = monkey.window
    for _ in range(3):
        monkey.tidy(all_boxes=True)
        settle()
    if window.isFullScreen():
        leave_full_screen(window)
    for lab in window.tabs.labs:
        if hasattr(lab, "player"):
            lab.player.pause()
            lab.player.give_up()
        lab.stop()
    window.tabs.show_tab(window.tabs.clustering)
    window.tabs.clustering.algorithm.kind.setCurrentIndex(0)
    window.tabs.clustering.kmeans.k.setValue(3)
    window.tabs.clustering.open(BLOBS)
    wait_until(lambda: window.tabs.clustering.loaded.dataset.source == BLOBS)
    window.tabs.clustering.undo.clear()
    wait_until(lambda: window.tabs.clustering.player.frame is not None)
    settle()
    gc.collect()


def counted(window):
    """Count what could leak: widgets, actions, plot items and memory."""
    plots = window.findChildren(pg.PlotWidget)
    return {
        "widgets": len(QApplication.allWidgets()),
        "top levels": len(QApplication.topLevelWidgets()),
        "children": len(window.findChildren(QObject)),
        "actions": len(window.findChildren(QAction)),
        "items": sum(len(plot.scene().items()) for plot in plots),
        "MB": resident() // 2**20,
    }


def resident():
    """Return the resident memory of this process in bytes; 0 if the system does not report it."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * 4096
    except OSError:
        return 0


def show_all_tabs(window):
    """Show every tab once, which creates it."""
    for index in range(window.tabs.count()):
        window.tabs.setCurrentIndex(index)
        settle()
    window.tabs.setCurrentIndex(0)


def _print(*values):
    sys.stdout.write(" ".join(map(str, values)) + "\n")
    sys.stdout.flush()


def main():
    """Run a monkey test from the command line, and print what it found."""
    from _pytest.monkeypatch import MonkeyPatch

    from tests import waiting
    from tests.app.shared_window import shared_window

    parser = argparse.ArgumentParser()
    parser.add_argument("actions", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--every", type=int, default=250)
    args = parser.parse_args()
    application = QApplication([])
    folder = Path(tempfile.mkdtemp())
    (folder / "settings").mkdir()
    (folder / "files").mkdir()
    with MonkeyPatch.context() as patch, shared_window(folder / "settings") as window:
        shorten_trainings(patch)
        monkey = Monkey(window, folder / "files", args.seed)
        show_all_tabs(window)
        with intercepted(monkey, patch):
            for n_done in range(args.actions):
                if n_done % args.every == 0:
                    waiting.start_test()
                    reset(monkey)
                    _print(n_done, counted(window), len(monkey.bugs))
                monkey.act()
            reset(monkey)
        _print(args.actions, counted(window), dict(monkey.done))
    for bug, times in Counter(monkey.bugs).most_common():
        _print(f"--- {times} times\n{bug[-3000:]}")
    application.quit()
    return bool(monkey.bugs)


if __name__ == "__main__":
    sys.exit(main())

"""Mouse events at points of a plot, and waiting for Qt and the engine."""

import atexit
import re
import shutil
import tempfile
from pathlib import Path

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QEvent, QPoint, QPointF, Qt
from PyQt6.QtGui import QMouseEvent, QWheelEvent
from PyQt6.QtTest import QTest
from PyQt6.QtWidgets import QApplication

from app.running.requests import Request
from engine.data.generated import ready_made
from tests import waiting

# pyqtgraph handles 100 mouse moves a second, and would drop those that come faster.
pg.setConfigOption("mouseRateLimit", 0)


def _iris_file() -> Path:
    """Write iris as users have it: with units in the header and one missing value."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    text = (ready_made.FOLDER / "iris.csv").read_text(encoding="utf-8")
    text = re.sub(r"(length|width)", r"\1 (cm)", text).replace("4.6,3.1,1.5", "4.6,NA,1.5", 1)
    path = folder / "iris.csv"
    path.write_text(text, encoding="utf-8")
    return path


IRIS = _iris_file()


def pixel(plot, x, y):
    """Return the pixel of the viewport at a point in data coordinates."""
    box = plot.getPlotItem().getViewBox()
    _lay_out(plot, box)
    return plot.mapFromScene(box.mapViewToScene(QPointF(x, y)))


def _lay_out(plot, box):
    """Repaint until the layout is stable: axes measure their labels when they paint them.

    No timer fires meanwhile, so the frame on screen stays.
    """
    before = None
    while before != (before := (box.sceneBoundingRect(), box.viewRect())):
        plot.viewport().repaint()
        QApplication.sendPostedEvents()


def drag(plot, start, end):
    """Drag with the left button between two points in data coordinates."""
    viewport = plot.viewport()
    first, last = pixel(plot, *start), pixel(plot, *end)
    QTest.mouseMove(viewport, first)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=first)
    for part in np.linspace(0, 1, 8):
        send_move(viewport, first + (last - first) * part, Qt.MouseButton.LeftButton)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=last)


def click(plot, x, y):
    """Click at a point in data coordinates."""
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=pixel(plot, x, y))


def hover(plot, x, y):
    """Move the mouse to a point in data coordinates."""
    send_move(plot.viewport(), pixel(plot, x, y), Qt.MouseButton.NoButton)


def turn_wheel(widget):
    """Turn the wheel one notch up over a widget."""
    middle = QPointF(widget.rect().center())
    event = QWheelEvent(
        middle,
        QPointF(widget.mapToGlobal(widget.rect().center())),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def settle():
    """Process pending events, and those that they post."""
    for _ in range(5):
        QApplication.processEvents()


def wait_for_engine(bridge):
    """Wait until the engine has finished everything requested so far.

    It has one thread, and its answers arrive in order.
    """
    answers = []
    Request(bridge, bridge).ask(_nothing, answers.append)
    waiting.until(lambda: bool(answers), lambda: QTest.qWait(1))


def _nothing():
    yield None


def send_move(viewport, place: QPoint, held):
    # QTest.mouseMove does nothing on a platform without a mouse, and cannot hold a button.
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(place),
        QPointF(viewport.mapToGlobal(place)),
        Qt.MouseButton.NoButton,
        held,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(viewport, event)
    QApplication.processEvents()

"""How long a frame takes to be drawn, by a clock that a painting moves."""

from types import SimpleNamespace

from PyQt6.QtCore import QObject
from PyQt6.QtWidgets import QWidget

from app.running import drawing_time
from app.running.drawing_time import DrawingTime


def test_painting_counts(qtbot, monkeypatch):
    clock = SimpleNamespace(now=5.0)
    monkeypatch.setattr(drawing_time, "time", SimpleNamespace(monotonic=lambda: clock.now))

    class Canvas(QWidget):
        def paintEvent(self, event):
            clock.now += 0.25

    canvas, owner = Canvas(), QObject()
    qtbot.addWidget(canvas)
    canvas.show()
    qtbot.waitExposed(canvas)
    time = DrawingTime(owner)
    assert time.seconds == 0
    for _ in range(2):  # what waits for exposure lets one timer overtake the painting
        with qtbot.waitSignal(time.measured):
            time.start()
            clock.now += 1.0
            canvas.update()
    assert time.seconds == 1.25

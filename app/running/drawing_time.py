"""How long the GUI thread takes to draw a frame, so that as much is computed meanwhile."""

import time

from PyQt6.QtCore import QObject, QTimer, pyqtSignal


class DrawingTime(QObject):
    """Measures the drawing of a frame, its painting included.

    Signals:
        measured: A frame was drawn, and `seconds` is how long it took.

    Attributes:
        seconds: How long the last frame took; 0 before the first.
    """

    measured = pyqtSignal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.seconds, self._began = 0.0, 0.0
        # Qt paints before it handles its timers.
        self._painted = QTimer(self)
        self._painted.setSingleShot(True)
        self._painted.timeout.connect(self._on_painted)

    def start(self) -> None:
        """A frame is about to be drawn."""
        self._began = time.monotonic()
        self._painted.start()

    def _on_painted(self) -> None:
        self.seconds = time.monotonic() - self._began
        self.measured.emit()

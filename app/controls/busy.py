"""A line in the status bar for work that takes longer than half a second; it can cancel it."""

from collections.abc import Callable

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from app.widgets import label

_PATIENCE_MS = 500


class BusyLine(QWidget):
    """Shows what is going on, if that takes a while.

    Signals:
        changed: `text` has changed.
        cancelled: The user has cancelled; after `changed`.

    Attributes:
        text: What is going on, whether visible yet or not; empty if nothing.
    """

    changed = pyqtSignal()
    cancelled = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._text = label("", "muted")
        bar = QProgressBar()
        bar.setRange(0, 0)  # the duration is unknown: the bar runs to and fro
        bar.setTextVisible(False)
        bar.setFixedSize(90, 10)
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.cancel_button.clicked.connect(self._on_cancel)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self._text, bar, self.cancel_button):
            layout.addWidget(part)
        self._cancel: Callable[[], object] | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(_PATIENCE_MS)
        self._patience.timeout.connect(self.show)
        self.hide()

    def start(self, text: str, cancel: Callable[[], object] | None) -> None:
        """Show the line soon, unless `stop` comes first.

        Args:
            text: The text to show.
            cancel: Called when the user cancels; None if that is impossible.
        """
        self._text.setText(text)
        self._cancel = cancel
        self._say(text)
        self.cancel_button.setVisible(cancel is not None)
        if not self.isVisible() and not self._patience.isActive():
            self._patience.start()

    def stop(self) -> None:
        """Hide the line."""
        self._patience.stop()
        self.hide()
        self._say("")

    def _say(self, text: str) -> None:
        if text != self.text:
            self.text = text
            self.changed.emit()

    def _on_cancel(self) -> None:
        self.stop()
        if self._cancel is not None:
            self._cancel()
        self.cancelled.emit()

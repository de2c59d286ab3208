"""Keeps the window open until everything unsaved is written, and says so."""

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtWidgets import QMessageBox, QWidget

from app.running.bridge import Bridge
from app.text import Box

_WAITING = "Still to be written: {unsaved}. The window closes when that is done."
_LOSES = "Close now? Not written yet, and lost: {unsaved}."


class Closing(QObject):
    """Decides whether the window may close.

    Signals:
        waits: The window closes later; a sentence says what it waits for.
        ready: The window may close now, after having waited.
        stays: The window stays open, because something could not be written. The error was shown.
    """

    waits = pyqtSignal(str)
    ready = pyqtSignal()
    stays = pyqtSignal()

    def __init__(self, bridge: Bridge, window: QWidget) -> None:
        super().__init__(window)
        self._bridge, self._window = bridge, window
        self._is_waiting = self._is_decided = False
        self._box: QMessageBox | None = None
        bridge.settled.connect(self._on_settled)

    def may_close(self) -> bool:
        """Return whether nothing would be lost. A second request during the wait asks the user."""
        unsaved = self._bridge.unsaved
        if self._is_decided or not unsaved:
            return True
        if self._is_waiting:
            self._ask(unsaved)
        else:
            self._is_waiting = True
            self.waits.emit(_WAITING.format(unsaved=", ".join(unsaved)))
        return False

    def _ask(self, unsaved: tuple[str, ...]) -> None:
        if self._box is not None:
            return
        text = _LOSES.format(unsaved=", ".join(unsaved))
        icon = QMessageBox.Icon.Warning
        self._box = box = Box(icon, "Close the window", text, parent=self._window)
        box.addButton("Close without it", QMessageBox.ButtonRole.AcceptRole)
        wait = box.addButton("Wait", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(wait)
        box.setEscapeButton(wait)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.accepted.connect(self._on_close_anyway)
        box.finished.connect(self._on_answered)
        box.open()

    def _on_answered(self) -> None:
        self._box = None

    def _on_close_anyway(self) -> None:
        self._is_decided = True
        self.ready.emit()

    def _on_settled(self, is_all_written: bool) -> None:
        if not self._is_waiting or self._is_decided:
            return
        self._is_waiting = False
        if self._box is not None:
            self._box.reject()
        (self.ready if is_all_written else self.stays).emit()

"""Shows an exception as a notice, or as a dialog with details to copy; the window stays open."""

import platform
import sys
import threading
import traceback
from types import TracebackType

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QMessageBox,
    QPushButton,
    QWidget,
)

from app.text import Box, Sentence
from engine import __version__
from engine.errors import EngineError
from engine.runtime.versions import installed

BUG = "Something went wrong"  # the title of the dialog


class NoticeStrip(QFrame):
    """Notices at the top of the window, until they are dismissed or replaced."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notice")
        self._text = Sentence()
        self.close_button = QPushButton("Dismiss")
        self.close_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.close_button.clicked.connect(self.dismiss)
        layout = QHBoxLayout(self)
        layout.addWidget(self._text, 1)
        layout.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        self._kept = self._said = self._complaint = ""
        self.dismiss()

    @property
    def text(self) -> str:
        """The text on screen, empty if the strip is hidden."""
        return "" if self.isHidden() else self._text.said

    def keep(self, text: str) -> None:
        """Show a sentence above the others, until the user dismisses it."""
        self._kept = "\n".join(filter(None, (self._kept, text)))
        self._show()

    def say(self, text: str) -> None:
        """Show a sentence, until another one replaces it."""
        self._said = text
        self._show()

    def complain(self, text: str) -> None:
        """Show the problem of the current run below the other notices, until `settle`."""
        self._complaint = text
        self._show()

    def settle(self) -> None:
        """Remove the problem of the run: there is a frame again."""
        if self._complaint:
            self.complain("")

    def forget(self) -> None:
        """Remove notices about something that is no longer shown."""
        self._said = self._complaint = ""
        self._show()

    def dismiss(self) -> None:
        """Remove everything."""
        self._kept = ""
        self.forget()

    def _show(self) -> None:
        text = "\n".join(filter(None, (self._kept, self._said, self._complaint)))
        self._text.say(text)
        self.setVisible(bool(text))


class Failures(QObject):
    """Receives every unhandled exception, from any thread."""

    _raised = pyqtSignal(Exception)

    def __init__(self) -> None:
        super().__init__()
        self._window: QWidget | None = None
        self._notices: NoticeStrip | None = None
        self._dialog: QMessageBox | None = None
        self._raised.connect(self.report, Qt.ConnectionType.QueuedConnection)  # type: ignore[call-arg]

    def install(self) -> None:
        """Catch exceptions in slots and threads; otherwise PyQt6 ends the process."""
        sys.excepthook = self._on_exception
        threading.excepthook = lambda raised: self._on_exception(
            raised.exc_type, raised.exc_value, raised.exc_traceback
        )

    def attach(self, window: QWidget, notices: NoticeStrip) -> None:
        """Report failures in a window from now on."""
        self._window, self._notices = window, notices

    def report(self, error: Exception, of_run: bool = False) -> None:
        """Show an error to the user: their own mistake in a notice, a bug in a dialog.

        Args:
            error: The exception.
            of_run: Whether the problem ends with the next frame.
        """
        if isinstance(error, EngineError) and self._notices is not None:
            (self._notices.complain if of_run else self._notices.say)(str(error))
        elif self._dialog is None:  # one at a time: a bug in painting comes with every frame
            self._dialog = _dialog(error, self._window)
            self._dialog.finished.connect(self._on_closed)
            self._dialog.open()

    def _on_closed(self) -> None:
        self._dialog = None

    def _on_exception(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, Exception):
            traceback.print_exception(kind, error, trace)
            self._raised.emit(error)
        else:  # Ctrl-C in the terminal
            QApplication.quit()


def details(error: Exception) -> str:
    """Return everything that a bug report needs."""
    packages = ("PyQt6", "pyqtgraph", "tensorflow", "numpy")
    versions = ", ".join(f"{name} {installed(name) or '(not installed)'}" for name in packages)
    trace = "".join(traceback.format_exception(error))
    system = f"Python {platform.python_version()}, {platform.platform()}"
    return f"Barycenter {__version__}, {versions}\n{system}\n\n{trace}"


def _dialog(error: Exception, parent: QWidget | None) -> QMessageBox:
    message = (
        "This is a mistake in Barycenter, not yours. You can continue; please report it with the "
        "details."
    )
    dialog = Box(QMessageBox.Icon.Warning, BUG, message, parent)
    dialog.setInformativeText(f"{type(error).__name__}: {error}")
    dialog.setDetailedText(details(error))
    copy = QPushButton("Copy details")
    dialog.addButton(copy, QMessageBox.ButtonRole.ActionRole)
    dialog.addButton(QMessageBox.StandardButton.Close)
    clipboard = QApplication.clipboard()
    if clipboard is not None:
        copy.clicked.disconnect()  # the dialog stays open
        copy.clicked.connect(lambda: clipboard.setText(dialog.detailedText()))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return dialog

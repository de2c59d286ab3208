"""The application: starts Qt, opens the window, and closes everything in order."""

import os
import sys
from typing import NoReturn

# Seconds after which the interpreter switches threads. Drawing with Qt releases the interpreter
# lock some hundred times, and each time waits this long for it while the engine runs Python.
SWITCH_INTERVAL = 0.0001

_NO_WINDOW = (
    "Barycenter cannot open a window here: {reason}. Without one, use the commands, for example "
    "`python main.py cluster blobs -k 6` or `python main.py --help`."
)


def main() -> int:
    """Open the window, and return when it is closed.

    Returns:
        The exit status: 2 if there is no display, or Qt's libraries are missing.
    """
    sys.setswitchinterval(SWITCH_INTERVAL)
    try:
        from PyQt6.QtCore import qInstallMessageHandler
        from PyQt6.QtWidgets import QApplication
    except ImportError as error:
        return _refuse(f"{error}; `make setup` installs what Qt needs")
    qInstallMessageHandler(_on_qt_message)
    application = QApplication(sys.argv[:1])
    application.setApplicationName("Barycenter")
    application.setDesktopFileName("barycenter")
    return _run(application)


def _run(application: object) -> int:
    from PyQt6.QtCore import QTimer
    from PyQt6.QtWidgets import QApplication

    from app.failures import Failures
    from app.settings import file as settings
    from app.window import MainWindow
    from engine.runtime import program_cache

    assert isinstance(application, QApplication)
    failures = Failures()
    failures.install()
    window = MainWindow(settings.default_path(), failures)
    window.show()
    beat = QTimer()  # lets Python handle Ctrl-C, which it cannot while Qt waits
    beat.start(200)
    beat.timeout.connect(lambda: None)
    status = application.exec()
    # Everything is closed by now, except an engine that is importing TensorFlow, which cannot be
    # interrupted. Nothing is lost: settings are saved, and files are written completely or not at
    # all. The interpreter is not shut down, because it would destroy Qt and TensorFlow in arbitrary
    # order, which has caused crashes.
    program_cache.end()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _refuse(reason: str) -> int:
    from engine.invocation import as_typed

    sys.stderr.write(as_typed(_NO_WINDOW.format(reason=reason)) + "\n")
    return 2


def _on_qt_message(kind: object, _: object, text: str | None) -> None:
    """Handle a message of Qt; a fatal one, such as no display, ends in one sentence on stderr.

    Qt aborts the process after a fatal message, so this ends it first.
    """
    from PyQt6.QtCore import QtMsgType

    if kind == QtMsgType.QtFatalMsg:
        _leave("there is no display that Qt can use")
    # Messages before a fatal one only repeat it; the others are shown by `python -X dev main.py`.
    if sys.flags.dev_mode:
        sys.stderr.write(f"{text}\n")


def _leave(reason: str) -> NoReturn:
    status = _refuse(reason)
    sys.stderr.flush()
    os._exit(status)

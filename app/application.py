"""The application: Qt brought up, the window opened, and everything closed in order."""

import os
import sys
from typing import NoReturn

# Seconds after which the interpreter hands over between threads. A picture that Qt draws gives the
# interpreter away some hundred times, and waits so long each time while the engine runs Python.
SWITCH_INTERVAL = 0.0001

_NO_WINDOW = (
    "Barycenter cannot open a window here: {reason}. Without one, use the commands, for example "
    "`python main.py cluster blobs -k 6` or `python main.py --help`."
)


def main() -> int:
    """Open the window and stay until it is closed.

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

    from app import settings
    from app.failures import Failures
    from app.window import MainWindow
    from engine.runtime import program_cache

    assert isinstance(application, QApplication)
    failures = Failures()
    failures.install()
    window = MainWindow(settings.default_path(), failures)
    window.show()
    beat = QTimer()  # lets Python see Ctrl-C, which it cannot while Qt waits
    beat.start(200)
    beat.timeout.connect(lambda: None)
    status = application.exec()
    # Everything is closed in order, but for an engine that is in the import of TensorFlow, which
    # cannot be left. There is nothing to lose: settings are saved, and files are written whole or
    # not at all. What is left is the interpreter's own end, which takes Qt and TensorFlow apart in
    # any order and has crashed at it.
    program_cache.end()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _refuse(reason: str) -> int:
    from engine.invocation import as_typed

    sys.stderr.write(as_typed(_NO_WINDOW.format(reason=reason)) + "\n")
    return 2


def _on_qt_message(kind: object, _: object, text: str | None) -> None:
    """Qt's own messages: a fatal one, such as no display, is said in one sentence, without a core.

    After a fatal message Qt aborts the process, so this one ends it first.
    """
    from PyQt6.QtCore import QtMsgType

    if kind == QtMsgType.QtFatalMsg:
        _leave("there is no display that Qt can use")
    # What comes before a fatal message repeats it; the others are for `python -X dev main.py`.
    if sys.flags.dev_mode:
        sys.stderr.write(f"{text}\n")


def _leave(reason: str) -> NoReturn:
    status = _refuse(reason)
    sys.stderr.flush()
    os._exit(status)

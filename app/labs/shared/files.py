"""Writes files on the engine thread."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from PyQt6.QtCore import QObject, pyqtSignal

from app.controls.busy import BusyLine
from app.running.bridge import Bridge, Stepper
from app.running.requests import Request
from app.text import shown
from app.views.figure import Figure, encoder
from engine.data.output import writing
from engine.data.output.formats import PICTURE, check_suffix
from engine.errors import ParameterError


class FileWriter(QObject):
    """Writes files one after another, and reports it.

    Signals:
        saved: A sentence that says where it was saved.
        failed: Why a file could not be written.
    """

    saved = pyqtSignal(str)
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self.busy = BusyLine()
        self._request = Request(bridge, self, self.busy)
        self._request.failed.connect(self.failed)

    def write(self, path: Path, write: Callable[[], object]) -> None:
        """Write a file completely; it cannot be cancelled half-way.

        Args:
            path: The path, for the sentence.
            write: Writes the file; called on the engine thread.
        """

        def frames() -> Generator[None, None, None]:
            write()
            yield None

        self._write(path, frames, can_cancel=False)

    def write_in_steps(self, path: Path, stepper: Stepper) -> None:
        """Write a file with a stepper, which can be cancelled between two of its frames.

        Args:
            path: The path, for the sentence.
            stepper: Writes the file before its last frame.
        """
        self._write(path, stepper, can_cancel=True)

    def write_picture(self, path: Path, figure: Figure | None) -> None:
        """Write a picture in the format that the suffix names.

        It is painted now; pixels are encoded, and the file is written, on the engine thread.

        Args:
            path: The path; the suffix must be one of `formats.PICTURE`.
            figure: What to paint; None if there is nothing.
        """
        if figure is None:
            return
        try:
            suffix = check_suffix(path, PICTURE)
        except ParameterError as error:
            self.failed.emit(error)
            return
        encode = encoder(figure, suffix)
        self.write(path, lambda: writing.write_whole(path, lambda file: file.write(encode())))

    def _write(self, path: Path, stepper: Stepper, *, can_cancel: bool) -> None:
        def answered(_: Any) -> None:
            self.saved.emit(f"Saved {path}.")

        text = f"Saving {shown(path.name)}…"
        self._request.queue(stepper, answered, text, can_cancel=can_cancel, unsaved=path.name)

"""Files on their way out of a tab, over the engine thread."""

from collections.abc import Callable, Generator
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from app.controls.busy import BusyLine
from app.running.bridge import Bridge
from app.text import shown
from app.views.figure import Figure, encoder
from engine.data.output import writing
from engine.data.output.formats import PICTURE, check_suffix
from engine.errors import ParameterError


class FileWriter(QObject):
    """Writes one file at a time, and says so.

    Signals:
        saved: A sentence that says where.
        failed: Why a file could not be written.
    """

    saved = pyqtSignal(str)
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.busy = BusyLine()

    def write(self, path: Path, write: Callable[[], object]) -> None:
        """Write a file on the engine thread.

        Args:
            path: Where, for the sentence.
            write: Does it; called on the engine thread.
        """

        def frames() -> Generator[Path, None, None]:
            write()
            yield path

        # What is being written is written whole: there is nothing to cancel half-way.
        self.busy.start(f"Saving {shown(path.name)}…", None)
        saved = f"Saved {path}."
        self._bridge.ask(frames, lambda _: self._on_end(saved), self._on_end, unsaved=path.name)

    def write_picture(self, path: Path, figure: Figure | None) -> None:
        """Write a picture in the format that the suffix names.

        It is painted now, and written on the engine thread, which encodes what is of pixels.

        Args:
            path: Where; another suffix than those of `formats.PICTURE` fails.
            figure: What is painted; None where there is nothing.
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

    def _on_end(self, outcome: str | Exception) -> None:
        self.busy.stop()
        if isinstance(outcome, str):
            self.saved.emit(outcome)
        else:
            self.failed.emit(outcome)

"""Files on their way out of a tab, over the engine thread."""

from collections.abc import Callable, Generator
from pathlib import Path

from PyQt6.QtCore import QBuffer, QObject, pyqtSignal
from PyQt6.QtGui import QImage, QPixmap

from app.bridge import Bridge
from app.controls.busy import BusyLine
from app.text import shown
from engine.data import writing


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

    def write_picture(self, path: Path, picture: QPixmap) -> None:
        """Write a picture as PNG; drawn already, it is encoded on the engine thread."""
        image = picture.toImage()
        self.write(path, lambda: _write_image(image, path))

    def _on_end(self, outcome: str | Exception) -> None:
        self.busy.stop()
        if isinstance(outcome, str):
            self.saved.emit(outcome)
        else:
            self.failed.emit(outcome)


def _write_image(image: QImage, path: Path) -> None:
    """Write a picture as PNG.

    Raises:
        DataError: It cannot be written there.
    """
    buffer = QBuffer()
    image.save(buffer, "PNG")
    writing.write_whole(path, lambda file: file.write(buffer.data().data()))

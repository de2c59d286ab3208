"""Files that a lab writes, over the engine thread: the window never waits for a disk."""

from collections.abc import Callable, Generator
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtGui import QImage

from app.bridge import Bridge
from app.controls.busy import BusyLine
from engine.errors import DataError


class Saver(QObject):
    """Writes files, one after the other.

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

    def write(self, path: Path, write: Callable[[Path], object]) -> None:
        """Write a file.

        Args:
            path: Which file.
            write: Called with the path on the engine thread, and touches no widget.
        """

        def frames() -> Generator[Path, None, None]:
            write(path)
            yield path

        run = self._bridge.run(frames)
        run.advanced.connect(lambda _: self._on_end(f"Saved {path}."))
        run.failed.connect(self._on_end)
        # A file that is being written is written whole: there is nothing to cancel half-way.
        self.busy.start(f"Saving {path.name}…", None)
        run.advance(budget=1.0)  # to the end: one frame

    def _on_end(self, outcome: str | Exception) -> None:
        self.busy.stop()
        if isinstance(outcome, str):
            self.saved.emit(outcome)
        else:
            self.failed.emit(outcome)


def write_image(image: QImage, path: Path) -> None:
    """Write a picture, in the format that the name ends in.

    Raises:
        DataError: It cannot be written there.
    """
    if not image.save(str(path)):
        raise DataError(f"The picture cannot be written to {path}; choose another folder or .png.")

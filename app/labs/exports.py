"""What can be taken away from the clustering lab as a file, over the engine thread."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import TYPE_CHECKING

from PIL.Image import Image
from PyQt6.QtCore import QBuffer, QObject, pyqtSignal
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.bridge import Bridge
from app.controls.busy import BusyLine
from app.controls.widgets import label
from app.labs import words
from app.labs.recording import Recorder, write_gif
from engine.data import writing

if TYPE_CHECKING:
    from app.labs.clustering import ClusteringLab


class Exports(QObject):
    """Writes what is on screen: labels, centroids, picture, animation.

    Signals:
        saved: A sentence that says where.
        failed: Why a file could not be written.
    """

    saved = pyqtSignal(str)
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, lab: "ClusteringLab") -> None:
        super().__init__(lab)
        self._bridge = bridge
        self._lab = lab
        self._recorder: Recorder | None = None
        self.saving, self.recording = BusyLine(), BusyLine()

    def save_labels(self, path: Path) -> None:
        """Write the label of each row as CSV."""
        frame, loaded = self._lab.player.frame, self._lab.loaded
        if frame is not None and loaded is not None:
            self._write(path, lambda: writing.write_labels(path, frame.labels, loaded.dataset))

    def save_centroids(self, path: Path) -> None:
        """Write the centroids, in the units of the data, as CSV."""
        frame, loaded = self._lab.player.frame, self._lab.loaded
        if frame is not None and loaded is not None:
            centroids = self._lab.plane.scaling.inverse(frame.centroids)
            columns, sizes = loaded.dataset.columns, frame.sizes
            self._write(path, lambda: writing.write_centroids(path, centroids, columns, sizes))

    def save_picture(self, path: Path) -> None:
        """Write the plot as PNG."""
        image = self._lab.scatter.grab().toImage()
        self._write(path, lambda: write_image(image, path))

    def save_animation(self, path: Path) -> None:
        """Write the branch of the history as an animated GIF."""
        player = self._lab.player
        if self._recorder is not None or player.frame is None:
            return
        self._show_progress(0, len(player.branch.frames))
        self._recorder = Recorder(self._film(), len(player.branch.frames), self)
        self._recorder.progressed.connect(self._show_progress)
        self._recorder.recorded.connect(lambda images: self._on_recorded(images, path))

    def stop_recording(self) -> None:
        """Take no more pictures for an animation."""
        self.recording.stop()
        if self._recorder is not None:
            self._recorder.cancel()
            self._recorder = None

    def _film(self) -> Callable[[int], QImage]:
        """A second plot, like the one on screen but beside it, and how to draw a frame on it."""
        lab = self._lab
        view, frames = lab.scatter.twin(), list(lab.player.branch.frames)
        plane, options = lab.plane, lab.options
        sheet, caption = QWidget(), label("", "muted")
        layout = QVBoxLayout(sheet)
        layout.addWidget(caption)
        layout.addWidget(view, 1)
        sheet.resize(view.size())

        def draw(index: int) -> QImage:
            view.draw(plane.picture(frames, index))
            caption.setText(words.state(frames[index], options, stride=plane.stride))
            return sheet.grab().toImage()

        return draw

    def _show_progress(self, n_drawn: int, n_frames: int) -> None:
        self.recording.start(f"Drawing {n_drawn} of {n_frames}…", self.stop_recording)

    def _on_recorded(self, images: list[Image], path: Path) -> None:
        self.stop_recording()
        self._write(path, lambda: write_gif(images, path))

    def _write(self, path: Path, write: Callable[[], object]) -> None:
        """Write a file on the engine thread, and say so."""

        def frames() -> Generator[Path, None, None]:
            write()
            yield path

        run = self._bridge.run(frames)
        run.advanced.connect(lambda _: self._on_end(f"Saved {path}."))
        run.failed.connect(self._on_end)
        # What is being written is written whole: there is nothing to cancel half-way.
        self.saving.start(f"Saving {path.name}…", None)
        run.advance(budget=1.0)  # one frame, and the end behind it

    def _on_end(self, outcome: str | Exception) -> None:
        self.saving.stop()
        if isinstance(outcome, str):
            self.saved.emit(outcome)
        else:
            self.failed.emit(outcome)


def write_image(image: QImage, path: Path) -> None:
    """Write a picture as PNG.

    Raises:
        DataError: It cannot be written there.
    """
    buffer = QBuffer()
    image.save(buffer, "PNG")
    writing.write_whole(path, lambda file: file.write(buffer.data().data()))

"""What can be taken away from the clustering lab as a file, over the engine thread."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PIL.Image import Image
from PyQt6.QtCore import QObject
from PyQt6.QtGui import QImage
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.controls.busy import BusyLine
from app.controls.widgets import label
from app.labs.clustering import words
from app.labs.clustering.recording import Recorder, write_gif
from app.labs.shared.files import FileWriter
from app.running.bridge import Bridge
from app.running.packing import whole
from app.style_sheet import dress
from app.text import shown
from app.theme import current
from app.views.scatter.still import still
from engine.data import source
from engine.data.dataset import Dataset
from engine.data.output import results, writing
from engine.data.output.formats import TABLE
from engine.data.painting import PAINTED
from engine.errors import DataError

if TYPE_CHECKING:
    from app.labs.clustering.lab import ClusteringLab


class Exports(QObject):
    """Writes what is on screen: labels, centroids, picture, animation."""

    def __init__(self, bridge: Bridge, lab: "ClusteringLab") -> None:
        super().__init__(lab)
        self._bridge, self._lab = bridge, lab
        self._recorder: Recorder | None = None
        self._ended: Callable[[BaseException | None, bool], None] | None = None
        self.files = FileWriter(bridge, self)
        self.recording = BusyLine()

    def save_points(self, path: Path) -> None:
        """Write the points, in the units of the data, as a table."""
        loaded = self._lab.loaded
        if loaded is not None:
            self.files.write(path, lambda: results.write_points(path, loaded.dataset))

    def save_labels(self, path: Path) -> None:
        """Write the label of each row as a table."""
        frame, loaded = self._lab.player.frame, self._lab.loaded
        if frame is not None and loaded is not None:
            dataset, labels = loaded.dataset, frame.labels
            self._write(path, dataset, lambda: results.write_labels(path, labels, dataset))

    def save_with_clusters(self, path: Path) -> None:
        """Write the table that the points came from, all of it, with the cluster of each row."""
        frame, loaded = self._lab.player.frame, self._lab.loaded
        if frame is None or loaded is None:
            return
        dataset, labels = loaded.dataset, frame.labels

        def write() -> None:
            painted = dataset.source == PAINTED  # there is no other table than the points
            table = results.table_of_points(dataset) if painted else source.read_frame(dataset)
            results.write_with_clusters(path, table, labels, dataset)

        self._write(path, dataset, write)

    def save_centroids(self, path: Path) -> None:
        """Write the centroids, in the units of the data, as a table."""
        frame, loaded = self._lab.player.frame, self._lab.loaded
        if frame is not None and loaded is not None:
            centroids = self._lab.plane.scaling.inverse(frame.centroids)
            columns, sizes = loaded.dataset.columns, frame.sizes
            self._write(
                path,
                loaded.dataset,
                lambda: results.write_centroids(path, centroids, columns, sizes),
            )

    def _write(self, path: Path, dataset: Dataset, write: Callable[[], object]) -> None:
        """Write a result, but not over the table that the points are from."""

        def checked() -> None:
            writing.check_outputs([(path, TABLE)], inputs=[dataset.source])
            write()

        self.files.write(path, checked)

    def save_picture(self, path: Path) -> None:
        """Write the plot as a picture."""
        self.files.write_picture(path, self._lab.figure())

    def save_animation(self, path: Path) -> None:
        """Write the branch of the history as an animated GIF."""
        player = self._lab.player
        if player.frame is None:
            return
        if self._recorder is not None:
            busy = f"{shown(path.name)} is not saved: another animation is being recorded."
            self.files.failed.emit(DataError(busy))
            return
        self._show_progress(0, len(player.branch.frames))
        self._recorder = Recorder(self._film(), len(player.branch.frames), self)
        self._recorder.progressed.connect(self._show_progress)
        self._recorder.recorded.connect(lambda images: self._on_recorded(images, path))
        self._ended = self._bridge.hold(path.name)

    def stop_recording(self) -> None:
        """Take no more pictures for an animation."""
        self.recording.stop()
        if self._recorder is not None:
            self._recorder.cancel()
            self._recorder = None
        if self._ended is not None:
            self._ended(None, True)
            self._ended = None

    def _film(self) -> Callable[[int], QImage]:
        """A second plot, like the one on screen but beside it, and how to draw a frame on it."""
        lab = self._lab
        view, frames = lab.scatter.twin(), list(lab.player.branch.frames)
        plane, options = lab.plane, lab.options
        captions = [words.state(frame, options, stride=plane.stride) for frame in frames]
        sheet, caption = QWidget(), label(max(captions, key=len), "muted")
        caption.setWordWrap(True)
        layout = QVBoxLayout(sheet)
        layout.addWidget(caption)
        layout.addWidget(view, 1)
        dress(sheet, current())
        sheet.resize(view.size())
        # As high as the longest one, or the plot would move.
        caption.setFixedHeight(caption.heightForWidth(layout.contentsRect().width()))

        def draw(index: int) -> QImage:
            seen = [*frames[:index], whole(frames[index])]
            view.draw(plane.picture(seen, index))
            caption.setText(captions[index])
            return still(sheet).toImage()

        return draw

    def _show_progress(self, n_drawn: int, n_frames: int) -> None:
        self.recording.start(f"Drawing {n_drawn} of {n_frames}…", self.stop_recording)

    def _on_recorded(self, images: list[Image], path: Path) -> None:
        self.files.write(path, lambda: write_gif(images, path))
        self.stop_recording()  # after it, so that closing waits for both

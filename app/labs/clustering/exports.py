"""What can be saved from the clustering lab as a table or a picture, over the engine thread."""

from collections.abc import Callable
from pathlib import Path

from PyQt6.QtCore import QObject
from PyQt6.QtGui import QAction

from app.labs.clustering.state import ClusteringState
from app.labs.shared.files import FileWriter
from app.text import as_tip
from app.views.figure import Figure, figure_of
from app.views.scatter.view import ScatterView
from engine import source
from engine.data.dataset import Dataset
from engine.data.output import results, writing
from engine.data.output.formats import TABLE


class Exports(QObject):
    """Writes what is on screen: points, labels, centroids, picture."""

    def __init__(self, state: ClusteringState, files: FileWriter, scatter: ScatterView) -> None:
        """Write nothing yet.

        Args:
            state: What is on screen.
            files: Writes it.
            scatter: The plot.
        """
        super().__init__(state)
        self._state, self._files, self._scatter = state, files, scatter
        self._frame_actions: list[QAction] = []
        self._centroid_action: QAction | None = None

    def offer(self, of_frames: list[QAction], of_centroids: QAction) -> None:
        """Let actions be enabled while there is something to save.

        Args:
            of_frames: They save something of the frame on screen, or of the history.
            of_centroids: Saves centroids, which not every algorithm has.
        """
        self._frame_actions, self._centroid_action = of_frames, of_centroids
        for signal in (self._state.history_cleared, self._state.player_changed):
            signal.connect(self._enable)
        self._enable()

    def figure(self) -> Figure:
        """The plot."""
        return figure_of(self._scatter, "Points and clusters")

    def save_points(self, path: Path) -> None:
        """Write the points, in the units of the data, as a table."""
        if (dataset := self._state.dataset) is not None:
            self._files.write(path, lambda: results.write_points(path, dataset))

    def save_labels(self, path: Path) -> None:
        """Write the label of each row as a table."""
        frame, dataset = self._state.frame, self._state.dataset
        if frame is not None and dataset is not None:
            labels, has_noise = frame.labels, self._state.knows_noise
            self._write(
                *(path, dataset),
                lambda: results.write_labels(path, labels, dataset, has_noise=has_noise),
            )

    def save_with_clusters(self, path: Path) -> None:
        """Write the table that the points came from, all of it, with the cluster of each row."""
        frame, dataset = self._state.frame, self._state.dataset
        if frame is None or dataset is None:
            return
        labels, is_painted = frame.labels, self._state.is_painted
        has_noise = self._state.knows_noise

        def write() -> None:
            # Painted points are from no other table.
            table = results.table_of_points(dataset) if is_painted else source.read_frame(dataset)
            results.write_with_clusters(path, table, labels, dataset, has_noise=has_noise)

        self._write(path, dataset, write)

    def save_centroids(self, path: Path) -> None:
        """Write the centroids, in the units of the data, as a table."""
        frame, dataset = self._state.frame, self._state.dataset
        if frame is None or dataset is None or not self._state.has_centroids:
            return
        centroids, sizes = self._state.plane.unscaled(frame.centroids), frame.sizes
        columns = dataset.columns
        self._write(path, dataset, lambda: results.write_centroids(path, centroids, columns, sizes))

    def save_picture(self, path: Path) -> None:
        """Write the plot as a picture."""
        self._files.write_picture(path, self.figure())

    def _write(self, path: Path, dataset: Dataset, write: Callable[[], object]) -> None:
        """Write a result, but not over the table that the points are from."""

        def checked() -> None:
            writing.check_outputs([(path, TABLE)], inputs=[dataset.source])
            write()

        self._files.write(path, checked)

    def _enable(self) -> None:
        has_frame = self._state.frame is not None
        for action in self._frame_actions:
            action.setEnabled(has_frame)
        if self._centroid_action is not None:
            has_centroids = self._state.has_centroids
            why = "" if has_centroids else f"{self._state.view.title} has no centroids."
            self._centroid_action.setEnabled(has_frame and has_centroids)
            self._centroid_action.setToolTip(as_tip(why))

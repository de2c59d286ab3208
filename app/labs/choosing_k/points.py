"""The points to measure: those of the clustering lab, in the same units of distance."""

from dataclasses import dataclass

import numpy as np
from PyQt6.QtCore import QObject, pyqtSignal

from app.controls.clustering.algorithm_form import AlgorithmForm
from app.labs.clustering import words
from app.labs.clustering.state import ClusteringState
from app.labs.shared.plane import Plane
from engine.clustering.kmeans.options import KMeansOptions


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class MeasuredPoints:
    """Points, and how they are drawn and measured.

    Attributes:
        points: (N, D) in the units of the data.
        columns: The names of the D columns.
        plane: Where they are drawn; it knows the units of distance.
    """

    points: np.ndarray
    columns: tuple[str, ...]
    plane: Plane

    def scaled(self) -> np.ndarray:
        """(N, D) in the units of distance; called on the engine thread."""
        return self.plane.scaled(self.points)


class PointsOfClustering(QObject):
    """The points that are open in the clustering lab, and the options of k-means there.

    Signals:
        changed: There are other points, or other units of distance.
        options_changed: `kmeans` may have changed.
    """

    changed = pyqtSignal()
    options_changed = pyqtSignal()

    def __init__(self, state: ClusteringState, kmeans: AlgorithmForm, parent: QObject) -> None:
        """Follow the clustering lab.

        Args:
            state: Has the points.
            kmeans: The form for k-means.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self._state, self._form = state, kmeans
        self._measured = state.loaded, state.standardized
        state.plane_changed.connect(self._on_plane)
        kmeans.changed.connect(self.options_changed)

    @property
    def now(self) -> MeasuredPoints | None:
        """The points; None before there are any."""
        dataset, plane = self._state.dataset, self._state.plane
        if dataset is None:
            return None
        return MeasuredPoints(points=dataset.points, columns=dataset.columns, plane=plane)

    @property
    def kmeans(self) -> KMeansOptions:
        """The options chosen in the form for k-means."""
        options: KMeansOptions = self._form.options
        return options

    def in_words(self) -> str:
        """Describe which points these are."""
        loaded = self._state.loaded
        if loaded is None:
            return "There are no points yet."
        units = ", standardized" if self._state.standardized else ""
        return f"{words.source(loaded)}{units}: those of the tab Clustering"

    def _on_plane(self) -> None:
        """Check whether another plane shows the same points in the same units."""
        measured = self._state.loaded, self._state.standardized
        if measured != self._measured:
            self._measured = measured
            self.changed.emit()

"""What is on screen in the clustering lab. Its parts change it, and observe it."""

from collections.abc import Generator, Mapping
from typing import Any

import numpy as np
from PyQt6.QtCore import QObject, pyqtSignal

from app.labs.clustering import words
from app.labs.clustering.algorithms.base import AlgorithmView
from app.labs.clustering.algorithms.registry import view_of
from app.labs.shared.loading import Loaded
from app.labs.shared.plane import Plane
from app.running.bridge import Stepper
from app.running.player import Player
from app.views.scatter.scenery import Scene
from engine.clustering.base import Start
from engine.data.dataset import Dataset
from engine.data.painting import PAINTED
from engine.data.scaling import Scaling

_NO_POINTS = np.empty((0, 2), np.float32)


class ClusteringState(QObject):
    """The points, the options of the run, the plane, the frame, and what is pointed at.

    The frame is the one that the player is at.

    Signals:
        points_changed: There are other points; the plane is another one, too.
        plane_changed: Points are shown in another plane, or in other units of distance.
        options_changed: The run has other options, perhaps of another algorithm.
        frame_changed: Another frame is on screen.
        history_cleared: There is no frame any more.
        player_changed: Something else about the run or the history is different.
        hover_changed: Another point is under the pointer.
        selection_changed: Another point or cluster is selected.

    Attributes:
        loaded: The points; None before the first are there.
        standardized: Whether distances are measured between standardized columns.
        plane: The plane of the plot.
        options: The options of the run, in the options class of its algorithm.
        view: What the window knows of that algorithm.
        hovered: The index of the point under the pointer among those drawn, -1 for none.
        selected: The point or the cluster that was clicked, by axis: "point" or "cluster".
        has_stroke: Whether a stroke is being painted: points on screen are not those of the frame.
        keeps_scene: Whether centroids stay on screen while the history is replaced.
    """

    points_changed = pyqtSignal()
    plane_changed = pyqtSignal()
    options_changed = pyqtSignal()
    frame_changed = pyqtSignal()
    history_cleared = pyqtSignal()
    player_changed = pyqtSignal()
    hover_changed = pyqtSignal()
    selection_changed = pyqtSignal()

    def __init__(self, player: Player, options: Any, parent: QObject) -> None:
        """Show no points.

        Args:
            player: Whose frame is on screen.
            options: The options of the first run.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self._player = player
        self.loaded: Loaded | None = None
        self.standardized = False
        self.plane = Plane(2, (0, 1), Scaling.identity(2))
        self.options = options
        self.view: AlgorithmView[Any, Any] = view_of(options)
        self.hovered = -1
        self.selected: Mapping[str, int] = {}
        self.has_stroke = self.keeps_scene = False
        for heard, told in (
            (player.moved, self.frame_changed),
            (player.cleared, self.history_cleared),
            (player.changed, self.player_changed),
        ):
            heard.connect(told)

    # Points

    def show_points(self, loaded: Loaded, plane: Plane, standardized: bool) -> None:
        """Have points on screen: others, or the same in another plane.

        Args:
            loaded: The points.
            plane: The plane of the plot.
            standardized: Whether distances are measured between standardized columns.
        """
        is_other = loaded is not self.loaded
        self.loaded, self.plane, self.standardized = loaded, plane, standardized
        self.hover(-1)
        self.plane_changed.emit()
        if is_other:
            self.points_changed.emit()

    @property
    def dataset(self) -> Dataset | None:
        """The points with their columns and names; None before the first are there."""
        return None if self.loaded is None else self.loaded.dataset

    @property
    def points(self) -> np.ndarray:
        """(N, D) in the units of the data; (0, 2) before the first are there."""
        return _NO_POINTS if self.dataset is None else self.dataset.points

    @property
    def n_points(self) -> int:
        """N."""
        return len(self.points)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the D columns."""
        return () if self.dataset is None else self.dataset.columns

    @property
    def source(self) -> str:
        """The recipe or the path that the points are from; empty before the first are there."""
        return "" if self.dataset is None else self.dataset.source

    @property
    def is_painted(self) -> bool:
        """Whether points were painted, or all of those that were are erased."""
        return self.source == PAINTED

    @property
    def standard_deviation(self) -> float:
        """The largest standard deviation of a column, in units of distance; 1 without points."""
        if self.loaded is None:
            return 1.0
        return float(np.max(self.plane.in_units(self.loaded.scaling)))

    @property
    def draws_all(self) -> bool:
        """Whether every point is drawn."""
        return self.plane.stride == 1

    def row(self, drawn: int) -> int:
        """The index of a point, by its index among those drawn."""
        return drawn * self.plane.stride

    def drawn(self, row: int) -> int:
        """The index of a point among those drawn, by its index."""
        return row // self.plane.stride

    def scaled_point(self, row: int) -> np.ndarray:
        """(D,) a point in the units of the frames."""
        point: np.ndarray = self.plane.scaled(self.points[row : row + 1])[0]
        return point

    # The run

    def set_options(self, options: Any) -> None:
        """Run with other options."""
        self.options, self.view = options, view_of(options)
        self.options_changed.emit()

    @property
    def n_needed(self) -> int:
        """How many points a run needs."""
        return self.view.algorithm.min_points(self.options)

    @property
    def has_too_few(self) -> bool:
        """Whether too few points are painted yet for a run."""
        return self.is_painted and self.n_points < self.n_needed

    @property
    def has_regions(self) -> bool:
        """Whether the nearest centroid can be seen in the plane, and decides."""
        return self.plane.metric is not None and self.view.has_regions

    @property
    def knows_noise(self) -> bool:
        """Whether a label of -1 in the frame on screen is noise."""
        return self.frame is not None and self.view.knows_noise(self.frame)

    @property
    def has_operations(self) -> bool:
        """Whether the half-steps of the algorithm can be executed operation by operation."""
        return self.view.algorithm.has_operations

    @property
    def has_centroids(self) -> bool:
        """Whether the frames of the algorithm have centroids."""
        return self.view.algorithm.has_centroids

    def stepper(self, start: Start | None = None) -> Stepper:
        """A run on the points with the options that are there now.

        Args:
            start: Where it goes on from; None to begin at the beginning.
        """
        points, plane = self.points, self.plane
        algorithm, options = self.view.algorithm, self.options

        def frames() -> Generator[Any, None, None]:
            yield from algorithm.frames(plane.scaled(points), options, start)

        return frames

    def warm_up(self) -> Stepper | None:
        """A stepper of one empty frame that compiles what the run needs; None if nothing is."""
        points, plane, options = self.points, self.plane, self.options
        compile_for = self.view.algorithm.warm_up
        if compile_for is None:
            return None

        def frames() -> Generator[None, None, None]:
            compile_for(plane.scaled(points), options)
            yield None

        return frames

    def dragged(self, index: int, x: float, y: float) -> Stepper | None:
        """What follows the frame on screen if one of its centroids is at a place of the plot.

        Args:
            index: Which centroid.
            x: Across, in the units of the plot.
            y: Up.

        Returns:
            A run; None if the frame has no such centroid, or the algorithm takes no start.
        """
        if self.frame is None or not self.view.algorithm.takes_start:
            return None
        centroids = self.frame.centroids
        if index >= len(centroids):
            return None
        moved = self.plane.dragged(centroids, index, x, y)
        return self.stepper(self.view.start_from(self.frame, moved))

    # The frame

    @property
    def frame(self) -> Any:
        """The frame on screen; None before the first."""
        return self._player.frame

    def start_here(self) -> Start | None:
        """Where a run starts that goes on from the frame on screen; None for the beginning."""
        return None if self.frame is None else self.view.start_from(self.frame)

    @property
    def can_preview(self) -> bool:
        """Whether the labels follow while a centroid of the frame on screen is dragged."""
        return self.frame is not None and self.view.previews(self.frame)

    def scene(self) -> Scene:
        """What the scatter shows of the frame on screen."""
        return self.view.scene(self._player.so_far, self.plane)

    def describe(self, n_drawn_of: int = 1) -> str:
        """What the step on screen did, in words.

        Args:
            n_drawn_of: How many frames were computed for this one that is drawn.
        """
        return self.view.state(self.frame, self.options, n_drawn_of, self.plane.stride)

    # What is pointed at

    def hover(self, drawn: int) -> None:
        """The pointer rests on a point, by its index among those drawn; -1 for none."""
        self.hovered = drawn
        self.hover_changed.emit()

    def about_hovered(self) -> str:
        """What is known of the point under the pointer, as rich text."""
        row, lines = self.row(self.hovered), []
        if self.dataset is None:
            return ""
        if self.frame is not None:
            lines = self.view.about_point(self.frame, row, self.scaled_point(row))
        return words.point(self.dataset, row, lines)

    def select(self, selected: Mapping[str, int]) -> None:
        """Select a point or a cluster; nothing for an empty mapping."""
        self.selected = selected
        self.selection_changed.emit()

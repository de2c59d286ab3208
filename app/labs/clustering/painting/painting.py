"""Painting on the points of the clustering lab: strokes of the mouse, and the run that follows."""

from pathlib import Path

import numpy as np
from PyQt6.QtCore import QObject, QPoint, pyqtSignal
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.controls.clustering.brush import BrushControl
from app.labs.clustering.painting.pointer import Pointer
from app.labs.clustering.painting.strokes import Brush, Stroke
from app.labs.clustering.painting.tools import Tool, Tools
from app.labs.clustering.points.display import PointsDisplay
from app.labs.clustering.runs import Runs
from app.labs.clustering.state import ClusteringState
from app.labs.shared.actions import Actions
from app.labs.shared.loading import Loaded
from app.running.history import Branch
from app.running.player import Player
from app.views.scatter.view import ScatterView
from engine.clustering.base import Start
from engine.data.output import results
from engine.data.painting import LARGEST, MAX_PAINTED, Canvas, painted
from engine.data.scaling import Scaling

_FULL = f"{MAX_PAINTED:,} points are the most that can be painted."
_BEYOND = (
    f"A point cannot lie beyond {LARGEST:.2g}, the largest number of float32: what fell there was "
    "left out."
)


class Painting(QObject):
    """Lets the left button of the mouse paint, while a tool other than the hand is chosen.

    The labels of the frame on screen stay while a stroke goes on. At its end the points are
    another data set, and a new history begins with the centroids where they are.

    Signals:
        noticed: A sentence about what was painted.
        painted: The points on screen were changed, the history not yet; what was done, in words.
        dropped: A stroke has changed nothing: the frame on screen is to be drawn again.
    """

    noticed = pyqtSignal(str)
    painted = pyqtSignal(str)
    dropped = pyqtSignal()

    def __init__(
        self,
        state: ClusteringState,
        player: Player,
        display: PointsDisplay,
        runs: Runs,
        scatter: ScatterView,
        actions: Actions,
    ) -> None:
        """Begin with the hand.

        Args:
            state: The points and the frame on screen.
            player: Rests during a stroke.
            display: Puts painted points on screen.
            runs: Runs on them.
            scatter: Where they are painted.
            actions: Makes the actions of the tools.
        """
        super().__init__(state)
        self._state, self._player, self._display, self._runs = state, player, display, runs
        self._scatter = scatter
        self._stroke: Stroke | None = None
        # Where a run on painted points starts, and their labels: those of the frame on screen, or
        # of the last stroke, of whose branch no frame has come yet.
        self._start: Start | None = None
        self._labels: np.ndarray | None = None
        self._branch: Branch | None = None
        self._plays_on = False
        self.brush, self.tools = BrushControl(), Tools(actions, self.clear, self)
        self.pointer = Pointer(scatter, self.tools, self.brush)
        self.ring_actions = [
            actions.action("Smaller ring", lambda: self.brush.resize_ring(-1), "["),
            actions.action("Larger ring", lambda: self.brush.resize_ring(1), "]"),
        ]
        tools, pointer = self.tools, self.pointer
        for signal, slot in (
            (tools.chosen, self.drop),
            (pointer.pressed, self._on_pressed),
            (pointer.moved, self._on_moved),
            (pointer.released, self._on_released),
            (state.history_cleared, self.drop),
            (state.plane_changed, self._offer),
        ):
            signal.connect(slot)

    def beside(self, plot: QWidget) -> QWidget:
        """The plot with the tools on its left, and what can be set of them above it."""
        made, right = QWidget(), QVBoxLayout()
        right.setContentsMargins(0, 0, 0, 0)
        right.addWidget(self.brush)
        right.addWidget(plot, 1)
        layout = QHBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tools.column())
        layout.addLayout(right, 1)
        self.brush.hide()
        return made

    @property
    def actions(self) -> list[QAction | None]:
        """For a menu."""
        return [*self.tools.actions, *self.ring_actions]

    def clear(self) -> None:
        """Take all points away."""
        if self._state.n_points:
            self.drop()
            self._begin()
            self._take(Canvas.of(np.empty((0, 2), np.float32), None), "clear all points")

    @property
    def has_points(self) -> bool:
        """Whether points were painted."""
        return self._state.is_painted and self._state.n_points > 0

    def keep(self, path: Path) -> None:
        """Write painted points, if there are some, to a file for the next start.

        Raises:
            DataError: The file cannot be written.
        """
        if (dataset := self._state.dataset) is not None:
            results.write_points(path, dataset)

    def drop(self) -> None:
        """Forget the stroke that is going on, and show the points as they were."""
        if self._stroke is not None:
            self._hold(None)
            self._plays_on = False
            self._display.paint_again()

    def offer(self, n_points: int, n_dims: int) -> None:
        """Offer the tools where there is a plane to paint on.

        Args:
            n_points: How many points there are.
            n_dims: How many columns are clustered.
        """
        refusal = ""
        if n_dims != 2:
            refusal = f"Painting needs two columns, and {n_dims:,} are clustered here."
        elif n_points > MAX_PAINTED:
            refusal = f"Painting is for up to {MAX_PAINTED:,} points."
        self.tools.offer(refusal)

    def _offer(self) -> None:
        self.offer(self._state.n_points, self._state.plane.n_dims)

    # A stroke

    def _hold(self, stroke: Stroke | None) -> None:
        self._stroke, self._state.has_stroke = stroke, stroke is not None

    def _on_pressed(self, pixel: QPoint) -> None:
        tool = self.tools.tool
        if self._state.loaded is None or self._stroke is not None:
            return
        index = self._scatter.point_near(pixel) if tool is Tool.MOVE else -1
        if tool is Tool.MOVE and index < 0:
            return
        self._begin()
        points = self._state.plane.of_points(self._state.points)
        form, radii = self.brush, self.pointer.radii
        brush = Brush(radii, form.dab_size, form.stray, form.rng(len(points)))
        self._hold(Stroke(tool, Canvas.of(points, self._labels), brush, index))

    def _on_moved(self, x: float, y: float) -> None:
        if self._stroke is None:
            return
        before = self._stroke.canvas
        self._stroke.go(x, y)
        canvas = self._stroke.canvas
        if canvas is not before:
            self._scatter.repaint_points(canvas.points, canvas.labels)

    def _on_released(self) -> None:
        stroke = self._stroke
        if stroke is None:
            return
        self._hold(None)
        if stroke.changed:
            self._take(stroke.canvas, stroke.name)
        else:
            self.dropped.emit()  # a frame may have come meanwhile
            self._play_on()
        if stroke.left_out:
            self.noticed.emit(_BEYOND)

    # Before and after a stroke

    def _begin(self) -> None:
        self._plays_on = self._player.playing
        self._player.pause()
        frame = self._state.frame
        if frame is None and self._player.branch is self._branch:
            return  # this stroke follows the last one so soon that its run has no frame yet
        self._start = self._state.start_here()
        self._labels = None if frame is None else frame.labels

    def _take(self, canvas: Canvas, name: str) -> None:
        """Let painted points be the data set, and go on from the centroids on screen."""
        state, before = self._state, self._state.plane
        points = before.to_points(canvas.points)
        self._display.paint(loaded_of_painted(points, state.columns), canvas.labels)
        self.painted.emit(name)
        if self._start is not None:
            # Standardized, a unit is another one where the points are others.
            centroids = state.plane.scaled(before.unscaled(self._start.centroids))
            self._start = Start(centroids=centroids, labels=canvas.labels)
        self._labels = canvas.labels
        state.keeps_scene = not state.has_too_few
        self._runs.begin(self._start)
        state.keeps_scene = False
        self._branch = None if state.has_too_few else self._player.branch
        self._play_on()
        if len(points) == MAX_PAINTED:
            self.noticed.emit(_FULL)

    def _play_on(self) -> None:
        if self._plays_on:
            self._plays_on = False
            self._player.play()


def loaded_of_painted(points: np.ndarray, columns: tuple[str, ...]) -> Loaded:
    """What a lab needs to know about painted points, of which there may be none yet."""
    scaling = Scaling.fit(points) if len(points) else Scaling.identity(len(columns))
    return Loaded(painted(points, columns), scaling, columns, generated=False)

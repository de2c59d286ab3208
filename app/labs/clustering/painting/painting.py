"""Painting on the points of the clustering lab: strokes of the mouse, and the run that follows."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PyQt6.QtCore import QEvent, QObject, QPoint, Qt
from PyQt6.QtGui import QMouseEvent
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.controls.clustering.brush import BrushControl
from app.labs.clustering.painting.strokes import Brush, Stroke
from app.labs.clustering.painting.tools import Tool, Tools
from app.labs.shared.loading import Loaded
from app.running.history import Branch
from app.theme import current, follow
from app.views.scatter.ring import RingItem
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import KMeansOptions
from engine.data.output import results
from engine.data.painting import LARGEST, MAX_PAINTED, PAINTED, Canvas, painted
from engine.data.scaling import Scaling

if TYPE_CHECKING:
    from app.labs.clustering.lab import ClusteringLab

_FULL = f"{MAX_PAINTED:,} points are the most that can be painted."
_BEYOND = (
    f"A point cannot lie beyond {LARGEST:.2g}, the largest number of float32: what fell there was "
    "left out."
)
# What the tools without a radius reach, in pixels.
_REACH = {Tool.ADD: 6, Tool.MOVE: 12}
_EVENTS = QEvent.Type
_PRESSES = (_EVENTS.MouseButtonPress, _EVENTS.MouseButtonDblClick)


class Painting(QObject):
    """Lets the left button of the mouse paint, while a tool other than the hand is chosen.

    The labels of the frame on screen stay while a stroke goes on. At its end the points are
    another data set, and a new history begins with the centroids where they are.
    """

    def __init__(self, lab: "ClusteringLab") -> None:
        super().__init__(lab)
        self._lab = lab
        self._stroke: Stroke | None = None
        # Where the centroids are, and the labels: of the frame on screen, or those that it will
        # begin with, and of which branch.
        self._centroids: np.ndarray | None = None
        self._labels: np.ndarray | None = None
        self._branch: Branch | None = None
        self._plays_on = False
        self.keeps_picture = False
        self.brush, self.tools = BrushControl(), Tools(lab, self.clear)
        self.ring = RingItem()
        self.ring_actions = [
            lab.action("Smaller ring", lambda: self.brush.resize_ring(-1), "["),
            lab.action("Larger ring", lambda: self.brush.resize_ring(1), "]"),
        ]
        lab.scatter.addItem(self.ring, ignoreBounds=True)
        self._viewport = lab.scatter.viewport()
        self._viewport.installEventFilter(self)
        self.tools.chosen.connect(self._on_tool)
        self.brush.radius.valueChanged.connect(lambda _: self._resize_ring())
        follow(lab.scatter, lambda _: self._resize_ring())

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
    def held(self) -> bool:
        """Whether a stroke is going on."""
        return self._stroke is not None

    @property
    def too_few(self) -> bool:
        """Whether there are not yet as many points as are needed: then nothing runs."""
        loaded = self._lab.loaded
        if loaded is None or loaded.dataset.source != PAINTED:
            return False
        return len(loaded.dataset.points) < self.n_needed

    @property
    def n_needed(self) -> int:
        """How many points a run needs: one for each cluster, or any."""
        options = self._lab.options
        return options.n_clusters if isinstance(options, KMeansOptions) else 1

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

    def clear(self) -> None:
        """Take all points away."""
        if self._lab.loaded is None or not len(self._lab.loaded.dataset.points):
            return
        self.drop()
        self._begin()
        self._take(Canvas.of(np.empty((0, 2), np.float32), None), "clear all points")

    @property
    def has_points(self) -> bool:
        """Whether points were painted."""
        loaded = self._lab.loaded
        return loaded is not None and loaded.dataset.source == PAINTED and loaded.dataset.n_rows > 0

    def keep(self, path: Path) -> None:
        """Write painted points, of which there are some, to a file, for the next start.

        Raises:
            DataError: The file cannot be written.
        """
        assert self._lab.loaded is not None
        results.write_points(path, self._lab.loaded.dataset)

    def drop(self) -> None:
        """Forget the stroke that is going on, and show the points as they were."""
        if self._stroke is not None:
            self._stroke, self._plays_on = None, False
            self.show()

    def show(self, labels: np.ndarray | None = None) -> None:
        """Show the points of the lab, in the same range of the axes.

        Args:
            labels: (N,) for their colours, -1 for none; None if no point has one.
        """
        lab = self._lab
        if lab.loaded is not None:
            lab.set_plane(lab.toggles.same_scale.isChecked())
            lab.scatter.repaint_points(lab.plane.of_points(lab.loaded.dataset.points), labels)

    # The mouse

    def eventFilter(self, _: QObject | None, event: QEvent | None) -> bool:
        """Take the left button from the plot, and follow the pointer with the ring."""
        if event is None or self.tools.tool is Tool.HAND:
            return False
        if event.type() == _EVENTS.Leave:
            self.ring.hide()
        return isinstance(event, QMouseEvent) and self._on_mouse(event)

    def _on_mouse(self, event: QMouseEvent) -> bool:
        left = Qt.MouseButton.LeftButton
        if event.type() == _EVENTS.MouseMove:
            if event.buttons() & ~left:
                return False  # the plot is panned or zoomed
            self._on_moved(event.pos())
            return True
        if event.button() != left:
            return False
        if event.type() in _PRESSES:
            self._on_pressed(event.pos())
        else:
            self._on_released()
        return True

    def _on_pressed(self, pixel: QPoint) -> None:
        lab, tool = self._lab, self.tools.tool
        if lab.loaded is None or self.held:
            return
        index = lab.scatter.point_near(pixel) if tool is Tool.MOVE else -1
        if tool is Tool.MOVE and index < 0:
            return
        self._begin()
        points = lab.plane.of_points(lab.loaded.dataset.points)
        canvas = Canvas.of(points, self._labels)
        self._stroke = Stroke(tool, canvas, self._brush(len(points)), index)
        self._on_moved(pixel)

    def _on_moved(self, pixel: QPoint) -> None:
        x, y = self._lab.scatter.place_of(pixel)
        self.ring.show_at(x, y, self._radius, current())
        if self._stroke is None:
            return
        before = self._stroke.canvas
        self._stroke.go(x, y)
        canvas = self._stroke.canvas
        if canvas is not before:
            self._lab.scatter.repaint_points(canvas.points, canvas.labels)

    def _on_released(self) -> None:
        stroke, self._stroke = self._stroke, None
        if stroke is not None and stroke.changed:
            self._take(stroke.canvas, stroke.name)
        elif stroke is not None:
            self._lab.drawing.redraw()  # a frame may have come meanwhile
            self._play_on()
        if stroke is not None and stroke.left_out:
            self._lab.noticed.emit(_BEYOND)

    # Before and after a stroke

    def _begin(self) -> None:
        player = self._lab.player
        self._plays_on = player.playing
        player.pause()
        frame = player.frame
        if frame is None and player.branch is self._branch:
            return  # this stroke follows the last one so soon that its run has no frame yet
        self._centroids = frame.centroids if isinstance(frame, KMeansFrame) else None
        self._labels = None if frame is None else frame.labels

    def _take(self, canvas: Canvas, name: str) -> None:
        """Let painted points be the data set, and go on from the centroids on screen."""
        lab, centroids, before = self._lab, self._centroids, self._lab.plane
        assert lab.loaded is not None
        points, columns = before.to_points(canvas.points), lab.loaded.dataset.columns
        lab.loaded = loaded_of_painted(points, columns)
        lab.loader.resume(lab.loaded)
        self.show(canvas.labels)
        lab.undo.record(name)
        lab.show_source()
        lab.opened.emit(PAINTED)
        if centroids is not None:  # standardized, a unit is another one when the points are others
            centroids = lab.plane.scaling.forward(before.scaling.inverse(centroids))
        self.keeps_picture = not self.too_few
        lab.go_on(centroids, canvas.labels)
        self._centroids, self._labels = centroids, canvas.labels
        self._branch = None if self.too_few else lab.player.branch
        self.keeps_picture = False
        self._play_on()
        if len(points) == MAX_PAINTED:
            lab.noticed.emit(_FULL)

    def _play_on(self) -> None:
        if self._plays_on:
            self._plays_on = False
            self._lab.player.play()

    def _brush(self, n_before: int) -> Brush:
        radii = self._radius * self._lab.scatter.pixel_size()
        brush = self.brush
        return Brush(radii, brush.n_points.value(), brush.jitter.value() / 100, brush.rng(n_before))

    # The ring

    @property
    def _radius(self) -> int:
        reach = _REACH.get(self.tools.tool)
        return self.brush.pixels if reach is None else current().px(reach)

    def _resize_ring(self) -> None:
        if self.ring.isVisible():
            self.ring.show_at(self.ring.x(), self.ring.y(), self._radius, current())

    def _on_tool(self) -> None:
        self.drop()
        tool = self.tools.tool
        self.brush.show_for(erases=tool is Tool.ERASE)
        self.brush.setVisible(tool in (Tool.BRUSH, Tool.ERASE))
        if tool is Tool.HAND:
            self.ring.hide()
            self._viewport.unsetCursor()
        else:
            self._lab.scatter.hovered.emit(-1)
            self._viewport.setCursor(Qt.CursorShape.CrossCursor)
        self._resize_ring()


def loaded_of_painted(points: np.ndarray, columns: tuple[str, ...]) -> Loaded:
    """What a lab needs to know about painted points, of which there may be none yet."""
    scaling = Scaling.fit(points) if len(points) else Scaling.identity(len(columns))
    return Loaded(painted(points, columns), scaling, columns, generated=False)

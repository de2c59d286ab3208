"""What is under the mouse in a scatter plot: a position, a point, a centroid."""

from collections.abc import Callable
from functools import partial

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QObject, QPointF, Qt, pyqtSignal
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent

from app.theme import current
from app.views.scatter.points.background import Latest
from app.views.scatter.points.nearest import Strips, nearest

# Up to this many points are searched one by one; more are sorted first, in the background.
MAX_LOOKED_AT = 100_000
_REACH = 12


class Mouse(QObject):
    """Follows the mouse over a view box whose scene is on screen.

    Attributes:
        theme: Its scale determines how far the mouse reaches.

    Signals:
        hovered: The index of the point under the pointer, -1 for none.
        clicked: The index of the point and the label of the centroid that were clicked, -1 for
            none.
        pointed: (2,) the position of the pointer, None if it is outside.
    """

    hovered = pyqtSignal(int)
    clicked = pyqtSignal(int, int)
    pointed = pyqtSignal(object)

    def __init__(self, box: pg.ViewBox, centroids: Callable[[], np.ndarray]) -> None:
        """Follow the mouse.

        Args:
            box: The view box, in the units of points and centroids.
            centroids: Returns the (K, 2) positions of the discs.
        """
        super().__init__(box)
        self.theme = current()
        self._box, self._centroids = box, centroids
        self._xy = np.empty((0, 2))
        self._sorted: Strips | None = None
        self._last: QPointF | None = None
        self._latest = Latest()
        self._latest.came.connect(self._on_sorted)
        box.scene().sigMouseMoved.connect(self._on_moved)
        box.scene().sigMouseClicked.connect(self._on_clicked)

    @property
    def ready(self) -> bool:
        """Whether points can be found: many points must be sorted first."""
        return len(self._xy) <= MAX_LOOKED_AT or self._sorted is not None

    def set_points(self, xy: np.ndarray) -> None:
        """Use other points, (N, 2) in the units of the plot."""
        self._xy, self._sorted = xy, None

    def point_at(self, place: QPointF) -> int:
        """Return the index of the point nearest to a scene position, -1 if none is near.

        Many points are sorted at the first search: most plots are never searched.
        """
        if self._sorted is not None:
            return self._find(self._sorted.nearest, place)
        if self.ready:
            return self._find(partial(nearest, self._xy), place)
        if not self._latest.busy:
            self._latest.ask(partial(_sorted, self._xy))
        return -1

    def leave(self) -> None:
        """Take note that the pointer has left."""
        self._last = None
        self.hovered.emit(-1)
        self.pointed.emit(None)

    def _find(self, find: Callable[[np.ndarray, np.ndarray, float], int], place: QPointF) -> int:
        if not self._box.sceneBoundingRect().contains(place):
            return -1
        unit = np.array(self._box.viewPixelSize())
        return find(self._place(place), unit, self.theme.px(_REACH))

    def _place(self, place: QPointF) -> np.ndarray:
        at = self._box.mapSceneToView(place)
        return np.array([at.x(), at.y()])

    def _on_sorted(self, done: tuple[np.ndarray, Strips]) -> None:
        xy, strips = done
        if xy is self._xy:
            self._sorted = strips
        if self._last is not None:
            self._on_moved(self._last)

    def _on_moved(self, place: QPointF) -> None:
        self._last = place
        self.hovered.emit(self.point_at(place))
        inside = self._box.sceneBoundingRect().contains(place)
        self.pointed.emit(self._place(place) if inside else None)

    def _on_clicked(self, event: MouseClickEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            place = event.scenePos()
            centroid = self._find(partial(nearest, self._centroids()), place)
            self.clicked.emit(self.point_at(place), centroid)


def _sorted(xy: np.ndarray) -> tuple[np.ndarray, Strips]:
    return xy, Strips(xy)

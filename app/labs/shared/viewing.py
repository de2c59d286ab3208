"""The plane in which the scatter plot shows points of many dimensions, and the names in it."""

import numpy as np
from PyQt6.QtCore import QObject, pyqtSignal

from app.controls.busy import BusyLine
from app.controls.clustering.viewpoint import Viewpoint
from app.labs.shared.components import ComponentPlane, Components
from app.labs.shared.loading import Loaded
from app.labs.shared.plane import Plane
from app.running.bridge import Bridge
from app.text import as_tip
from app.views.scatter.names import MAX_NAMES, PointNames
from app.views.scatter.view import ScatterView
from engine.data.dataset import Dataset
from engine.data.scaling import Scaling

_SHORT = 3
_NOWHERE = np.empty((0, 2))


class Viewing(QObject):
    """Turns the choices in a `Viewpoint` into a plane, and describes its axes.

    Signals:
        changed: Another plane should be shown.
        failed: Why the principal components could not be found.

    Attributes:
        busy: Shows that they are being found.
    """

    changed = pyqtSignal()
    failed = pyqtSignal(Exception)

    def __init__(
        self, bridge: Bridge, view: Viewpoint, scatter: ScatterView, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._view, self._scatter = view, scatter
        self._plane: Plane | None = None
        self._dataset: Dataset | None = None
        self.busy = BusyLine()
        self._components = components = Components(bridge, self, self.busy)
        self.names = PointNames(scatter)
        for signal, slot in (
            (view.chosen, self.changed),
            (view.named, self._on_named),
            (components.came, self.changed),
            (components.failed, self.failed),
        ):
            signal.connect(slot)

    def plane(self, loaded: Loaded, standardized: bool) -> Plane:
        """The chosen plane; that of the first two columns while components are being found."""
        dataset, axes = loaded.dataset, self._view.axes
        if dataset is not self._dataset:
            self._dataset = dataset
            self._view.offer_names(dataset.names, len(dataset.points) <= MAX_NAMES)
        found = None
        if self._view.by_components:
            found = self._components.plane(loaded, axes, standardized, self._view.turned)
            axes = (0, 1)
        n_points, n_dims = dataset.points.shape
        scaling = loaded.scaling if standardized else Scaling.identity(n_dims)
        self._describe(found, dataset)
        self._plane = found or Plane(n_dims, axes, scaling, n_points, dataset.kept)
        return self._plane

    def write_names(self, dataset: Dataset) -> None:
        """Write the names of the points on screen, if that is wanted."""
        wanted = self._view.writes_names and self._plane is not None
        names = dataset.names if wanted else None
        if names is None or self._plane is None:
            self.names.draw((), _NOWHERE)
        else:
            self.names.draw(names, self._plane.of_points(dataset.points))

    def _on_named(self) -> None:
        if self._dataset is not None:
            self.write_names(self._dataset)

    def _describe(self, plane: ComponentPlane | None, dataset: Dataset) -> None:
        """Describe the axes: in a line, and in full where the pointer rests on one."""
        lines, tips = ("", ""), ("", "")
        if plane is not None:
            self._view.show_explained(plane.explained)
            lines = plane.loadings(dataset.columns, _SHORT)
            tips = plane.loadings(dataset.columns)
        self._view.say(f"Across: {lines[0]}\nUp: {lines[1]}" if plane is not None else "")
        for side, tip in zip(("bottom", "left"), tips, strict=True):
            self._scatter.getPlotItem().getAxis(side).setToolTip(as_tip(tip))

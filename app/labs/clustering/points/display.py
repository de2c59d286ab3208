"""Puts points on screen: in the form, in the plane that is chosen, and in the plot."""

import numpy as np
from PyQt6.QtCore import QRectF

from app.controls.clustering.data_source import DataControl
from app.labs.clustering.state import ClusteringState
from app.labs.shared.loading import Loaded
from app.labs.shared.toggles import ScatterToggles
from app.labs.shared.viewing import Viewing
from app.views.scatter.view import ScatterView
from engine.data.generated.generators import parse_recipe


class PointsDisplay:
    """What has to be done in order when points come, or are shown in another plane."""

    def __init__(
        self,
        state: ClusteringState,
        form: DataControl,
        viewing: Viewing,
        scatter: ScatterView,
        toggles: ScatterToggles,
    ) -> None:
        """Show nothing yet.

        Args:
            state: Is told which points are on screen.
            form: Says where they are from.
            viewing: Finds the plane.
            scatter: Shows them.
            toggles: What can be shown of them.
        """
        self._state, self._form, self._viewing = state, form, viewing
        self._scatter, self._toggles = scatter, toggles

    def show(self, loaded: Loaded, same_scale: bool | None = None) -> None:
        """Put other points on screen, without labels and centroids.

        Args:
            loaded: The points.
            same_scale: Whether a unit is as long on both axes; None for as it is now.
        """
        self.show_source(loaded)
        self._show(loaded, self._toggles.is_same_scale if same_scale is None else same_scale)

    def show_again(self) -> None:
        """Show the same points in the plane and the units of distance chosen now."""
        if (loaded := self._state.loaded) is not None:
            self._show(loaded, self._toggles.is_same_scale)

    def paint(self, loaded: Loaded, labels: np.ndarray | None) -> None:
        """Put painted points on screen in the same range of the axes; centroids stay.

        Args:
            loaded: The points.
            labels: (N,) for their colours, -1 for none; None if no point has one.
        """
        self._paint(loaded, labels)
        self.show_source(loaded)

    def paint_again(self) -> None:
        """Show the points as they were before a stroke, or in other units of distance."""
        if (loaded := self._state.loaded) is not None:
            self._paint(loaded, None)

    def show_source(self, loaded: Loaded | None) -> None:
        """Let the form be about points; it stays as it is for None."""
        if loaded is None:
            return
        dataset = loaded.dataset
        if loaded.generated:
            self._form.show_recipe(parse_recipe(dataset.source))
        self._form.show_dataset(dataset, not loaded.generated, loaded.all_columns)

    @property
    def view(self) -> QRectF:
        """The range of the axes."""
        return self._scatter.view

    def set_view(self, view: QRectF) -> None:
        """Show a range of the axes."""
        self._scatter.set_view(view)

    def _show(self, loaded: Loaded, same_scale: bool) -> None:
        self._place(loaded, same_scale)
        state, plane = self._state, self._state.plane
        radius, xy = plane.radius, plane.of_points(state.points)
        names = plane.names(state.columns)
        self._scatter.set_points(xy, names, same_scale or radius is not None)
        if radius is not None:
            self.set_view(QRectF(-radius, -radius, 2 * radius, 2 * radius))

    def _paint(self, loaded: Loaded, labels: np.ndarray | None) -> None:
        self._place(loaded, self._toggles.is_same_scale)
        state = self._state
        self._scatter.repaint_points(state.plane.of_points(state.points), labels)

    def _place(self, loaded: Loaded, same_scale: bool) -> None:
        """Find the plane, and say so."""
        is_standardized = self._form.is_standardized
        plane = self._viewing.plane(loaded, is_standardized)
        self._state.show_points(loaded, plane, is_standardized)
        self._scatter.set_metric(plane.metric)
        self._viewing.write_names(loaded.dataset)
        self._toggles.show_same_scale(same_scale)

"""What the scatter shows, as actions that are on or off: in the View menu and above the plot."""

from dataclasses import replace

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QToolButton, QWidget

from app.labs.base import Lab
from app.settings import Settings
from app.theme import LARGE, Theme
from app.views.scatter.points.raster import MAX_MARKERS
from app.views.scatter.scenery import Shown
from app.views.scatter.view import MAX_LINES, ScatterView


class ScatterToggles:
    """The actions for one scatter view."""

    def __init__(self, lab: Lab, scatter: ScatterView, settings: Settings) -> None:
        self._scatter = scatter
        self._buttons: list[QToolButton] = []
        show = self.show
        self.regions = lab.toggle(
            "Regions",
            settings.regions,
            show,
            "Colour what is nearest to each centroid, where two columns are clustered",
            "mdi6.vector-triangle",
        )
        self.lines = lab.toggle(
            "Lines",
            settings.lines,
            show,
            f"A line from each point to its centroid, for up to {MAX_LINES:,} points",
            "mdi6.asterisk",
        )
        self.trails = lab.toggle(
            "Trails", settings.trails, show, "Where the centroids were", "mdi6.map-marker-path"
        )
        self.shapes = lab.toggle(
            "Shapes",
            settings.shapes,
            show,
            f"Another marker for each cluster, not colour alone, for up to {MAX_MARKERS:,} points",
            "mdi6.shape-outline",
        )
        self.tween = lab.toggle(
            "Glide between frames", settings.tween, show, "Centroids glide to their next place"
        )
        self.same_scale = lab.toggle(
            "Same scale on both axes",
            True,
            lambda: scatter.set_same_scale(self.same_scale.isChecked()),
            "A unit is as long on both axes",
        )
        self.show_all = lab.action(
            "Show all points", scatter.reset_view, "Ctrl+0", "mdi6.arrow-expand-all"
        )
        self.show_all.setToolTip("Show all points (Ctrl+0)")

    @property
    def actions(self) -> list[QAction]:
        """All of them, for a menu."""
        return [*self._on_stage, self.tween, self.same_scale, self.show_all]

    @property
    def _on_stage(self) -> list[QAction]:
        return [self.regions, self.lines, self.trails, self.shapes]

    def buttons(self) -> list[QWidget]:
        """Buttons for those that belong above the plot."""
        self._buttons = []
        for action in [*self._on_stage, self.show_all]:
            self._buttons.append(action_button(action))
        return list(self._buttons)

    def restyle(self, theme: Theme) -> None:
        """Draw the buttons in another size: large ones have room for their icons alone."""
        styles = Qt.ToolButtonStyle
        large = theme.scale > LARGE
        for button in self._buttons:
            alone = large or button.defaultAction() is self.show_all
            button.setToolButtonStyle(
                styles.ToolButtonIconOnly if alone else styles.ToolButtonTextBesideIcon
            )
            button.setIconSize(QSize(theme.px(17), theme.px(17)))

    def remember(self, settings: Settings) -> Settings:
        """The settings with what is chosen here."""
        return replace(
            settings,
            regions=self.regions.isChecked(),
            lines=self.lines.isChecked(),
            trails=self.trails.isChecked(),
            shapes=self.shapes.isChecked(),
            tween=self.tween.isChecked(),
        )

    def offer(self, n_points: int, in_plane: bool, same_scale: bool) -> None:
        """Offer what makes sense for other points.

        Args:
            n_points: How many there are.
            in_plane: Whether nearness can be seen in the plot.
            same_scale: Whether a unit should be as long on both axes.
        """
        self.lines.setEnabled(n_points <= MAX_LINES)
        self.shapes.setEnabled(n_points <= MAX_MARKERS)
        self.regions.setEnabled(in_plane)
        self.same_scale.blockSignals(True)
        self.same_scale.setChecked(same_scale)
        self.same_scale.blockSignals(False)

    def offer_regions(self, wanted: bool) -> None:
        """Offer regions, or not: nearness may not be seen in the plot, or not decide."""
        self.regions.setEnabled(wanted)

    def show(self) -> None:
        """Tell the scatter."""
        self._scatter.show_parts(
            Shown(
                regions=self.regions.isChecked(),
                lines=self.lines.isChecked(),
                trails=self.trails.isChecked(),
                shapes=self.shapes.isChecked(),
            )
        )


def action_button(action: QAction) -> QToolButton:
    """A button for an action."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button

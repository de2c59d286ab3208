"""What the scatter plot shows, as actions in the View menu and above the plot."""

from PyQt6.QtCore import QSize, Qt
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QToolButton, QWidget

from app.labs.shared.actions import Actions
from app.theme import LARGE, Theme, follow
from app.views.scatter.points.raster import MAX_MARKERS
from app.views.scatter.scenery import Shown
from app.views.scatter.view import MAX_LINES, ScatterView


class ScatterToggles:
    """The actions for one scatter view."""

    def __init__(
        self, actions: Actions, scatter: ScatterView, shown: Shown, animates: bool
    ) -> None:
        """Make the actions.

        Args:
            actions: Makes them.
            scatter: The view that they change.
            shown: What it shows initially.
            animates: Whether centroids glide between frames initially.
        """
        self._scatter = scatter
        show = self.show
        self.regions = actions.toggle(
            "Regions",
            shown.regions,
            show,
            "Colour what is nearest to each centroid, if two columns are clustered",
            "mdi6.vector-triangle",
        )
        self.lines = actions.toggle(
            "Lines",
            shown.lines,
            show,
            f"A line from each point to its centroid, for up to {MAX_LINES:,} points",
            "mdi6.asterisk",
        )
        self.trails = actions.toggle(
            "Trails", shown.trails, show, "Where the centroids were", "mdi6.map-marker-path"
        )
        self.shapes = actions.toggle(
            "Shapes",
            shown.shapes,
            show,
            f"Another marker for each cluster, not just a colour, for up to {MAX_MARKERS:,} points",
            "mdi6.shape-outline",
        )
        self.tween = actions.toggle(
            "Glide between frames", animates, show, "Centroids glide to their next position"
        )
        self.same_scale = actions.toggle(
            "Same scale on both axes",
            True,
            lambda: scatter.set_same_scale(self.is_same_scale),
            "A unit has the same length on both axes",
        )
        self.show_all = actions.action(
            "Show all points", scatter.reset_view, "Ctrl+0", "mdi6.arrow-expand-all"
        )
        self.show_all.setToolTip("Show all points (Ctrl+0)")

    @property
    def actions(self) -> list[QAction]:
        """All actions, for a menu."""
        return [*self._on_stage, self.tween, self.same_scale, self.show_all]

    @property
    def _on_stage(self) -> list[QAction]:
        return [self.regions, self.lines, self.trails, self.shapes]

    @property
    def is_same_scale(self) -> bool:
        """Whether a unit has the same length on both axes."""
        return self.same_scale.isChecked()

    @property
    def animates(self) -> bool:
        """Whether centroids glide between frames."""
        return self.tween.isChecked()

    def buttons(self) -> list[QWidget]:
        """Buttons for the actions that belong above the plot."""
        return [self._button(action) for action in [*self._on_stage, self.show_all]]

    def _button(self, action: QAction) -> QToolButton:
        button, styles = action_button(action), Qt.ToolButtonStyle

        def restyle(theme: Theme) -> None:
            """Show only the icons if buttons are large."""
            alone = theme.scale > LARGE or action is self.show_all
            button.setToolButtonStyle(
                styles.ToolButtonIconOnly if alone else styles.ToolButtonTextBesideIcon
            )
            button.setIconSize(QSize(theme.px(17), theme.px(17)))

        follow(button, restyle)
        return button

    @property
    def shown(self) -> Shown:
        """Which parts are on screen."""
        return Shown(
            regions=self.regions.isChecked(),
            lines=self.lines.isChecked(),
            trails=self.trails.isChecked(),
            shapes=self.shapes.isChecked(),
        )

    def offer(self, n_points: int, *, regions: bool, centroids: bool) -> None:
        """Enable what makes sense for other points or another algorithm.

        Args:
            n_points: The number of points.
            regions: Whether distances to centroids are visible in the plot and decide the labels.
            centroids: Whether there are centroids, with lines to them and trails behind them.
        """
        self.regions.setEnabled(regions)
        self.lines.setEnabled(centroids and n_points <= MAX_LINES)
        self.trails.setEnabled(centroids)
        self.shapes.setEnabled(n_points <= MAX_MARKERS)

    def show_same_scale(self, same_scale: bool) -> None:
        """Show whether a unit is as long on both axes; nobody is told."""
        self.same_scale.blockSignals(True)
        self.same_scale.setChecked(same_scale)
        self.same_scale.blockSignals(False)

    def show(self) -> None:
        """Update the scatter view."""
        self._scatter.show_parts(self.shown)


def action_button(action: QAction) -> QToolButton:
    """Make a button for an action."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    return button

"""The clustering lab: points, k-means or mean shift on them, and hands on the centroids."""

from dataclasses import replace

import numpy as np
from PyQt6.QtCore import QRectF, pyqtSignal
from PyQt6.QtGui import QPixmap
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.bridge import Bridge, Stepper
from app.controls.algorithm import AlgorithmControl
from app.controls.data_source import DataControl
from app.controls.widgets import card, label
from app.labs import climb_words, steppers, words
from app.labs.branches import Branches
from app.labs.climbs import MAX_MODES
from app.labs.columns import Columns, stage
from app.labs.curves import Curves
from app.labs.exports import Exports
from app.labs.hand import Hand
from app.labs.lab import Lab
from app.labs.live_line import LiveLine
from app.labs.loading import Loaded, Loader
from app.labs.painting import Painting
from app.labs.plane import Plane
from app.labs.toggles import ScatterToggles
from app.labs.undo import Undo
from app.labs.viewing import Viewing
from app.settings import Settings
from app.theme import Theme
from app.views.cluster_table import ClusterTable
from app.views.curve import CurveView
from app.views.kernel import KernelAtPointer
from app.views.scatter import ScatterView
from app.views.still import still
from engine.clustering.mean_shift_options import MeanShiftOptions
from engine.clustering.options import KMeansOptions
from engine.data.generators import parse_recipe
from engine.data.scaling import Scaling
from engine.frames import Kernel, KMeansFrame, MeanShiftFrame, Phase

# A glide takes this part of the time between two frames, and a third of a second at most.
_GLIDE_PART, _GLIDE_MS, _TOO_SHORT_MS = 0.6, 330, 60


class ClusteringLab(Lab):
    """Clustering of points in a plane, or in more dimensions of which two are shown.

    Signals:
        opened: The source of the points on screen, a recipe or a file's path.
    """

    title = "Clustering"
    opened = pyqtSignal(str)

    def __init__(self, bridge: Bridge, settings: Settings) -> None:
        super().__init__(bridge, settings.rate)
        self.loaded: Loaded | None = None
        self.hand = Hand(bridge, self.player, self._moved_by_hand, self)
        self.loader, self.exports = Loader(bridge, self), Exports(bridge, self)
        self.scatter, self.curve, self.table = ScatterView(), CurveView(), ClusterTable()
        self.data, self.algorithm = DataControl(), AlgorithmControl(settings)
        self.kmeans, self.kernel = self.algorithm.kmeans, KernelAtPointer(self.scatter)
        self.toggles = ScatterToggles(self, self.scatter, settings)
        self.live = LiveLine(bridge, self, settings)
        self.viewing = Viewing(bridge, self.data.viewpoint, self.scatter, self)
        self.state, self.inertia = label("", "muted"), label("", "muted")
        self.headline, self.measure = label("", "heading"), label("", "heading")
        self.options = self.algorithm.options
        self.plane = Plane(2, (0, 1), Scaling.identity(2))
        self.hovered = -1
        self._curves = Curves()
        self.painting, self.branches = Painting(self), Branches(self)
        self.undo = Undo(self, [self.algorithm, self.data.standardize])
        self.data.standardize.setChecked(settings.standardize)
        plot = self.painting.beside(self.scatter)
        self.columns = Columns(
            self,
            [card(self.data, heading="Points"), card(self.algorithm, heading="Algorithm")],
            self._stage(plot),
            [
                card(self.measure, self.inertia, self.curve, self.branches.tree),
                card(self.table, heading="Clusters"),
                self.live.panel,
            ],
            names=("Controls", "Inertia and clusters"),
        )
        self.name_algorithm()
        self._fill_menus()
        self._lay_out()
        self._wire()
        self.toggles.show()
        self._show_state()

    # Points

    def open(self, name: str) -> None:
        """Read a file or generate points; what is on screen stays until they are there."""
        self.data.forget_typing()
        self.loader.open(name)

    def _on_loaded(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.show_source()
        self.show_points(same_scale=loaded.generated)
        self.opened.emit(loaded.dataset.source)
        if loaded.dataset.notes:
            self.noticed.emit(" ".join(loaded.dataset.notes))
        self.restart()

    def _on_not_loaded(self, error: Exception) -> None:
        self.failed.emit(error)
        if self.loaded is None:  # the last session's points are gone: there must be something
            self.loader.open(Settings().source)
        self.show_source()  # the form goes back to what is still on screen

    def show_source(self) -> None:
        """Let the form be about the points there are."""
        if self.loaded is None:
            return
        dataset, generated = self.loaded.dataset, self.loaded.generated
        if generated:
            self.data.show_recipe(parse_recipe(dataset.source))
        self.data.show_dataset(dataset, not generated, self.loaded.all_columns)

    def show_points(self, same_scale: bool) -> None:
        """Put the points on screen, in the plane of the two columns chosen."""
        if self.loaded is None:
            return
        dataset = self.loaded.dataset
        self.set_plane(same_scale)
        radius = self.plane.radius
        names = self.plane.names(dataset.columns)
        whole = same_scale or radius is not None
        self.scatter.set_points(self.plane.of_points(dataset.points), names, whole)
        if radius is not None:
            self.scatter.set_view(QRectF(-radius, -radius, 2 * radius, 2 * radius))

    def set_plane(self, same_scale: bool) -> None:
        """Measure and label in the columns chosen, of the points there are."""
        assert self.loaded is not None
        dataset = self.loaded.dataset
        standardized = self.data.standardize.isChecked()
        self.plane = self.viewing.plane(self.loaded, standardized)
        self.hovered = -1
        n_points, n_dims = dataset.points.shape
        self.scatter.set_metric(self.plane.metric)
        self.viewing.write_names(dataset)
        self.toggles.offer(n_points, self.plane.metric is not None, same_scale)
        self.painting.offer(n_points, n_dims)
        spread = float((self.loaded.scaling.scale / self.plane.scaling.scale).max())
        self.algorithm.mean_shift.set_spread(spread)

    def _on_plane(self, restart: bool) -> None:
        """Show the same points in another plane, or in other units of distance."""
        self.show_points(self.toggles.same_scale.isChecked())
        if restart:
            self.restart()
        else:
            self.redraw()

    # Runs

    def restart(self) -> None:
        """Forget the history, and run with what is chosen now."""
        if self.loaded is not None and not self.undo.restoring:
            self.painting.drop()
            self.undo.record()
            self.options = self.algorithm.options
            self.name_algorithm()
            self.go_on()

    def go_on(self, centroids: np.ndarray | None = None, labels: np.ndarray | None = None) -> None:
        """Begin a history.

        Args:
            centroids: (J, D), those that stand already; None to begin with the seeding.
            labels: (N,) those that the first assignment changes, -1 for none; None if there are
                none at all.
        """
        assert self.loaded is not None
        if self.painting.too_few:
            self.player.clear()
        else:
            self.player.load(self._stepper(self.loaded.dataset.points, centroids, labels))

    def replay(self, options: KMeansOptions, step_by_step: bool) -> None:
        """Run k-means with other options, and play: step by step, or straight to the end."""
        self.algorithm.show_kmeans(options)
        self.player.play() if step_by_step else self.player.play_to_end()

    def _stepper(
        self,
        points: np.ndarray,
        given: np.ndarray | None = None,
        labels: np.ndarray | None = None,
        iteration: int = 0,
    ) -> Stepper:
        """Make a run: from the start, or from given centroids, labels and iteration."""
        if isinstance(self.options, MeanShiftOptions):
            return steppers.mean_shift(points, self.plane.scaling, self.options)
        scaling, options = self.plane.scaling, self.options
        return steppers.kmeans(points, scaling, options, given, labels, iteration)

    def _moved_by_hand(self, index: int, x: float, y: float) -> Stepper | None:
        """What follows the frame on screen if one of its centroids stands elsewhere."""
        frame, loaded = self.player.frame, self.loaded
        if loaded is None or not isinstance(frame, KMeansFrame) or index >= len(frame.centroids):
            return None
        moved = self.plane.dragged(frame.centroids, index, x, y)
        return self._stepper(loaded.dataset.points, moved, frame.labels, frame.iteration)

    def _on_preview(self, frame: KMeansFrame) -> None:
        self.state.setText(words.in_the_hand(frame))
        self.scatter.recolor(self.plane.of_labels(frame.labels))
        self.table.draw(frame.sizes, frame.inertias)
        self.inertia.setText(words.measure(frame))

    def stop(self) -> None:
        """Leave everything that is going on: the window closes."""
        self.player.pause()
        self.exports.stop_recording()
        self.undo.clear()

    def remember(self, settings: Settings) -> Settings:
        """The settings with what is chosen here."""
        settings = self.algorithm.remember(self.toggles.remember(self.live.remember(settings)))
        standardize = self.data.standardize.isChecked()
        return replace(settings, standardize=standardize, rate=self.transport.rate)

    # Drawing

    def _on_cleared(self) -> None:
        self._offer_saves()
        self._curves.clear()
        self.painting.drop()
        if not self.painting.keeps_picture:
            self.scatter.clear_picture()
        self.curve.draw([], 0, -1)
        self.branches.draw()
        self.table.setRowCount(0)
        self._show_state()

    def redraw(self) -> None:
        """Draw the frame on screen, if there is one."""
        if self.player.frame is not None:
            self._on_moved()

    def _on_moved(self) -> None:
        if self.painting.held:  # its points are not those of the frame
            return
        frame: KMeansFrame | MeanShiftFrame = self.player.frame
        picture = self.plane.picture(self.player.branch.frames, self.player.position)
        self.scatter.draw(picture, self._glide_ms(frame))
        self._draw_curves()
        if isinstance(frame, MeanShiftFrame):
            self.table.draw(frame.sizes[:MAX_MODES], frame.densities[:MAX_MODES])
            # In other dimensions the plot does not show how far points are.
            self.kernel.use(frame.kernel, frame.bandwidth if self.plane.n_dims == 2 else 0)
            self.algorithm.mean_shift.show_bandwidth(frame.bandwidth)
        else:
            self.table.draw(frame.sizes, frame.inertias)
        self._on_hovered(self.hovered)
        self._show_state()

    def _draw_curves(self) -> None:
        player = self.player
        if player.frame is None:
            return
        curves = self._curves.of(player.branches)
        self.curve.draw(curves, player.branches.index(player.branch), player.position)
        self.branches.draw()

    def _on_changed(self) -> None:
        """Something about the player is different; frames may have come that are not drawn."""
        self._offer_saves()
        self._show_state()
        if self._curves.lack(self.player.branch):
            self._draw_curves()

    def name_algorithm(self) -> None:
        """Head everything by the algorithm."""
        shifting = self.algorithm.shifting
        self.headline.setText(self.algorithm.name)
        self.measure.setText("Shift" if shifting else "Inertia")
        self.curve.name_measure(self.measure.text())
        self.table.name_measure("Density" if shifting else "Inertia")
        self.toggles.offer_regions(self.plane.metric is not None and not shifting)
        self.kernel.use(Kernel.GAUSSIAN, 0)

    def _glide_ms(self, frame: KMeansFrame | MeanShiftFrame) -> int:
        if not self.toggles.tween.isChecked() or frame.phase is not Phase.UPDATE:
            return 0
        if not self.player.playing:
            return _GLIDE_MS
        between = self.transport.interval_ms
        return min(_GLIDE_MS, round(_GLIDE_PART * between)) if between > _TOO_SHORT_MS else 0

    def _show_state(self) -> None:
        frame, loaded = self.player.frame, self.loaded
        if frame is not None:
            n_drawn_of = self.player.last_slice if self.player.drawing_some else 1
            text = words.state(frame, self.options, n_drawn_of, self.plane.stride)
            branch = self.player.branch
            cancelled = branch.cancelled and self.player.at_end
            self.state.setText(f"{text} · {words.CANCELLED}" if cancelled else text)
            self.inertia.setText(words.measure(frame))
            return
        if loaded is not None and self.painting.too_few:
            n_points = len(loaded.dataset.points)
            self.state.setText(words.too_few(n_points, self.painting.n_needed))
            self.inertia.setText(words.NO_INERTIA)
            return
        waiting = self.player.branch.run is not None
        n_points = len(loaded.dataset.points) if loaded else 0
        self.state.setText(words.before_first_frame(n_points, waiting, self.ready))
        shifting = self.algorithm.shifting
        self.inertia.setText(climb_words.NO_SHIFT if shifting else words.NO_INERTIA)

    def _on_hovered(self, index: int) -> None:
        self.hovered = index
        if index < 0 or self.loaded is None:
            self.scatter.show_note(-1, "")
            return
        dataset, drawn = self.loaded.dataset, index
        index *= self.plane.stride
        scaled = self.plane.scaling.forward(dataset.points[index : index + 1])[0]
        self.scatter.show_note(drawn, words.point(dataset, index, self.player.frame, scaled))

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        super().restyle(theme)
        for part in (
            *(self.scatter, self.curve, self.data, self.algorithm),
            *(self.painting, self.live),
        ):
            part.restyle(theme)
        self.kernel.item.set_look(theme)
        self.toggles.restyle(theme)
        self.viewing.restyle(theme)
        self._restyle_table()
        self._on_hovered(-1)
        self.columns.restyle(theme)
        self.branches.tree.restyle(theme)

    def _restyle_table(self) -> None:
        self.table.restyle(self.theme, self.toggles.shapes.isChecked())

    def picture(self) -> QPixmap:
        """The plot."""
        return still(self.scatter)

    # Putting it together

    def _stage(self, plot: QWidget) -> QWidget:
        buttons = [*self.toggles.buttons(), self.live.button]
        return stage(self.headline, buttons, plot, self.state, self.transport)

    def _fill_menus(self) -> None:
        exports = self.exports
        self._saves = [
            self.save_action("Save &labels…", exports.save_labels, "labels.csv"),
            self.save_action("Save &centroids…", exports.save_centroids, "centroids.csv"),
            self.save_action("Save &picture…", exports.save_picture, "clusters.png", "Ctrl+S"),
            self.save_action("Save &animation…", exports.save_animation, "clusters.gif"),
        ]
        points = self.save_action("Save p&oints…", exports.save_points, "points.csv")
        self.file_actions = [points, *self._saves]
        throw = self.action("Throw another &seed", self.kmeans.seed.throw, "D")
        tools = [*self.painting.tools.actions, *self.painting.ring_actions]
        self.edit_actions = [None, *self.undo.menu(), None, *tools, None, throw]
        self.run_actions += [None, *self.branches.actions]
        self.view_actions = [*self.toggles.actions, None, self.live.action]
        self.view_actions += self.columns.panel_actions
        self.busy_lines += [self.loader.busy, exports.recording, exports.files.busy, self.live.busy]
        self.busy_lines.append(self.viewing.components.busy)
        self._offer_saves()

    def _offer_saves(self) -> None:
        """There is something to save once there is a frame."""
        for action in self._saves:
            action.setEnabled(self.player.frame is not None)

    def _lay_out(self) -> None:
        for text in (self.state, self.inertia):
            text.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.addWidget(self.columns)

    def _wire(self) -> None:
        player, data = self.player, self.data
        self.loader.loaded.connect(self._on_loaded)
        self.loader.failed.connect(self._on_not_loaded)
        self.viewing.changed.connect(lambda: self._on_plane(restart=False))
        self.viewing.components.failed.connect(self.failed)
        self.exports.files.saved.connect(self.noticed)
        self.exports.files.failed.connect(self.failed)
        player.failed.connect(self.run_failed)
        player.cleared.connect(self._on_cleared)
        player.moved.connect(self._on_moved)
        player.changed.connect(self._on_changed)
        self.hand.previewed.connect(self._on_preview)
        self.hand.failed.connect(self.run_failed)
        self.hand.branching.connect(self.undo.record)
        self.scatter.dragging.connect(self.hand.drag)
        self.scatter.dropped.connect(self.hand.drop)
        self.scatter.hovered.connect(self._on_hovered)
        self.curve.picked.connect(lambda n, index: player.seek(index, player.branches[n]))
        self.algorithm.changed.connect(self.restart)
        data.source_chosen.connect(self.open)
        data.refused.connect(self._on_not_loaded)
        data.columns_chosen.connect(self._on_columns)
        data.standardize_toggled.connect(lambda _: self._on_plane(restart=True))
        self.toggles.shapes.toggled.connect(lambda _: self._restyle_table())
        self.live.wire()

    def _on_columns(self, columns: tuple[str, ...]) -> None:
        if self.loaded is not None:
            self.loader.open(self.loaded.dataset.source, columns)

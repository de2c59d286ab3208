"""The clustering lab: points, k-means or mean shift on them, and hands on the centroids."""

import numpy as np
from PyQt6.QtCore import QRectF, pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app import qt_state
from app.controls.clustering.algorithm import AlgorithmControl
from app.controls.clustering.data_source import DataControl
from app.controls.widgets import StateLine, card, label
from app.labs.base import Lab
from app.labs.clustering import menus as clustering_menus
from app.labs.clustering import steppers, words
from app.labs.clustering.branches import Branches
from app.labs.clustering.drawing import Drawing
from app.labs.clustering.exports import Exports
from app.labs.clustering.hand import Hand
from app.labs.clustering.importing import Importing
from app.labs.clustering.live_line.live_line import LiveLine
from app.labs.clustering.painting.painting import Painting
from app.labs.clustering.settings import ClusteringSettings
from app.labs.clustering.undo import Undo
from app.labs.shared.columns import Columns, stage
from app.labs.shared.loading import Loaded, Loader
from app.labs.shared.plane import Plane
from app.labs.shared.toggles import ScatterToggles
from app.labs.shared.viewing import Viewing
from app.running.bridge import Bridge, Run, Stepper
from app.running.history import Branch
from app.table_memory import TableMemory
from app.theme import Theme
from app.views.curves.curve import CurveView
from app.views.figure import Figure, figure_of
from app.views.scatter.kernel import KernelAtPointer
from app.views.scatter.view import ScatterView
from app.views.tables.cluster_table import ClusterTable
from app.views.veil import Stale, meanwhile, still_shown
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import KMeansOptions
from engine.clustering.mean_shift import options as mean_shift_options
from engine.clustering.mean_shift.frames import MeanShiftFrame
from engine.clustering.mean_shift.options import MeanShiftOptions
from engine.data.generated.generators import parse_recipe
from engine.data.painting import PAINTED
from engine.data.scaling import Scaling
from engine.errors import EngineError


class ClusteringLab(Lab):
    """Clustering of points in a plane, or in more dimensions of which two are shown.

    Signals:
        opened: The source of the points on screen, a recipe or a file's path.
    """

    opened = pyqtSignal(str)
    not_restored = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, settings: ClusteringSettings, tables: TableMemory) -> None:
        """Show nothing yet.

        Args:
            bridge: To the engine.
            settings: What was chosen last time.
            tables: How files were read.
        """
        super().__init__(bridge, settings.rate)
        self._chosen, self._source, self._stands_in = settings, settings.source, False
        self.importing = Importing(bridge, tables, self)
        self.loaded: Loaded | None = None
        self.hand = Hand(bridge, self.player, self._moved_by_hand, self)
        self.loader, self.exports = Loader(bridge, self), Exports(bridge, self)
        self.scatter, self.curve, self.table = ScatterView(), CurveView(), ClusterTable()
        self.data = DataControl()
        self.algorithm = AlgorithmControl(settings.algorithm, settings.kmeans, settings.mean_shift)
        self.kmeans, self.kernel = self.algorithm.kmeans, KernelAtPointer(self.scatter)
        self.toggles = ScatterToggles(self, self.scatter, settings.shown, settings.tween)
        self.live = LiveLine(bridge, self, settings.live_line)
        self.viewing = Viewing(bridge, self.data.viewpoint, self.scatter, self)
        self.state, self.inertia = StateLine(), StateLine()
        self.headline, self.measure = label("", "heading"), label("", "heading")
        self.options = self.algorithm.options
        self._warming: Run | None = None
        self._noted: Branch | None = None
        self.plane = Plane(2, (0, 1), Scaling.identity(2))
        self.drawing = Drawing(self)
        self.painting, self.branches = Painting(self), Branches(self)
        self.undo = Undo(self, [self.algorithm, self.data.standardize])
        self.data.standardize.setChecked(settings.standardize)
        plot = self.painting.beside(self.scatter)
        measure = card(self.measure, self.inertia, self.curve, self.branches.tree)
        clusters = card(self.table, heading="Clusters")
        self.stale = Stale(plot, measure, clusters, self.live.panel)
        self.columns = Columns(
            self,
            [card(self.data, heading="Points"), card(self.algorithm, heading="Algorithm")],
            self._stage(plot),
            [
                measure,
                clusters,
                self.live.panel,
            ],
            names=("Controls", "Inertia and clusters"),
        )
        self.drawing.name_algorithm()
        self._reading_action = self.action("How was it &read?…", self.show_reading)
        self._reading_action.setEnabled(False)
        self._saves = clustering_menus.fill(self)
        self.file_actions = [self._reading_action, None, *self.file_actions]
        self._offer_saves()
        self._lay_out()
        self._wire()
        self.toggles.show()
        self.table.show_shapes(settings.shown.shapes)
        self.drawing.show_state()

    # Points

    def open(self, name: str) -> None:
        """Read a file or generate points; what is on screen stays until they are there."""
        self.data.forget_typing()
        self.loader.open(name, options=self.importing.options_for(name))

    def restore(self) -> None:
        """Open what was open last time; no dialog stands in the way of the start."""
        self.importing.be_quiet_about(self._source)
        self.open(self._source)

    def restore_columns(self) -> None:
        """Give the columns the widths of last time, once the window has its size."""
        self.columns.restore(qt_state.from_text(self._chosen.columns))

    def _keep_source(self, source: str) -> None:
        """The next start opens it, unless it stands in for points that are gone, or is no file."""
        if not self._stands_in and source != PAINTED:
            self._source = source
        self._stands_in = False

    def _on_loaded(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.show_source()
        self.show_points(same_scale=loaded.generated)
        self.opened.emit(loaded.dataset.source)
        sentences = [self.importing.take(loaded), *loaded.dataset.notes]
        if said := " ".join(filter(None, sentences)):
            self.noticed.emit(said)
        self.restart()

    def _on_not_read(self, error: Exception) -> None:
        is_there = self.loaded is not None
        self._on_not_loaded(error)
        if is_there and isinstance(error, EngineError):
            self.importing.mend(*self.loader.asked, error)

    def _on_not_loaded(self, error: Exception) -> None:
        if self.loaded is None:  # the last session's points are gone: there must be something
            self.not_restored.emit(error)
            self._stands_in = True
            self.loader.open(ClusteringSettings().source)
        else:
            self.failed.emit(error)
        self.show_source()  # the form goes back to what is still on screen

    def show_source(self) -> None:
        """Let the form be about the points there are."""
        if self.loaded is None:
            return
        dataset, generated = self.loaded.dataset, self.loaded.generated
        if generated:
            self.data.show_recipe(parse_recipe(dataset.source))
        self.data.show_dataset(dataset, not generated, self.loaded.all_columns)
        self._reading_action.setEnabled(dataset.reading is not None)

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
        self.drawing.hovered = -1
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
            self.drawing.redraw()

    def _show_staleness(self) -> None:
        """Name what is on screen while other points, or another plane of them, are on the way."""
        loading, finding = self.loader.busy.text, self.viewing.components.busy.text
        if self.loaded is None or not (loading or finding):
            self.stale.say("")
            return
        what = words.source(self.loaded)
        if not loading:
            columns = self.plane.names(self.loaded.dataset.columns)
            what = f"{what}, in the plane of {' and '.join(columns)}"
        self.stale.say(still_shown(what, meanwhile(loading or finding)))

    # Runs

    def restart(self) -> None:
        """Forget the history, and run with what is chosen now."""
        if self.loaded is not None and not self.undo.restoring:
            self.painting.drop()
            self.undo.record()
            self.options = self.algorithm.options
            self.drawing.name_algorithm()
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

    def _note_end(self) -> None:
        """Say once of a run what should be said of its end."""
        player = self.player
        frame: KMeansFrame | MeanShiftFrame = player.frame
        if not isinstance(frame, MeanShiftFrame) or not frame.stop or player.branch is self._noted:
            return
        self._noted = player.branch
        if sentence := mean_shift_options.note(frame):
            self.noticed.emit(sentence)

    def _warm_up(self) -> None:
        """Compile while the first frame is looked at, so that play does not wait for it."""
        player, is_first = self.player, len(self.player.branch.frames) == 1
        if self.loaded is None or player.playing or not (is_first and self.isVisible()):
            return
        if isinstance(self.options, KMeansOptions) and isinstance(player.frame, KMeansFrame):
            points = self.loaded.dataset.points
            stepper = steppers.warm_up(points, self.plane.scaling, self.options)
            # What goes wrong here goes wrong in the run too, and is told there.
            self._end_warm_up()
            self._warming = self.bridge.ask(stepper, self._end_warm_up, self._end_warm_up)

    def _end_warm_up(self, _: object = None) -> None:
        """The warm-up is over, or of a run that is over."""
        if self._warming is not None:
            self._warming.cancel()
            self._warming = None

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

    def stop(self) -> None:
        """Leave everything that is going on: the window closes."""
        self.player.pause()
        self.undo.clear()
        self.importing.stop()

    @property
    def settings(self) -> ClusteringSettings:
        """What is chosen, for the next start."""
        return ClusteringSettings(
            source=self._source,
            columns=qt_state.as_text(self.columns.state()),
            algorithm=self.algorithm.chosen,
            kmeans=self.algorithm.kmeans.options,
            mean_shift=self.algorithm.mean_shift.options,
            standardize=self.data.standardize.isChecked(),
            rate=self.transport.rate,
            shown=self.toggles.shown,
            tween=self.toggles.tween.isChecked(),
            live_line=self.live.is_on,
        )

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        super().restyle(theme)
        self.drawing.hover(-1)

    def figure(self) -> Figure:
        """The plot."""
        return figure_of(self.scatter, "Points and clusters")

    # Putting it together

    def _stage(self, plot: QWidget) -> QWidget:
        buttons = [*self.toggles.buttons(), self.live.button]
        return stage(self.headline, buttons, plot, self.state, self.transport)

    def _offer_saves(self) -> None:
        """There is something to save once there is a frame."""
        for action in self._saves:
            action.setEnabled(self.player.frame is not None)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.addWidget(self.columns)

    def _wire(self) -> None:
        player, data = self.player, self.data
        self.loader.loaded.connect(self._on_loaded)
        # What was not waited for is not chosen any more.
        self.loader.busy.cancelled.connect(self.show_source)
        for busy in (self.loader.busy, self.viewing.components.busy):
            busy.changed.connect(self._show_staleness)
        self.loader.failed.connect(self._on_not_read)
        self.opened.connect(self._keep_source)
        self.opened.connect(lambda _: self.importing.remember(self.loaded))
        self.importing.failed.connect(self.failed)
        self.importing.chosen.connect(
            lambda name, options: self.loader.open(name, options=options, fall_back=False)
        )
        self.viewing.changed.connect(lambda: self._on_plane(restart=False))
        self.viewing.components.failed.connect(self.failed)
        self.exports.files.saved.connect(self.noticed)
        self.exports.files.failed.connect(self.failed)
        player.failed.connect(self.run_failed)
        for signal in (player.cleared, player.changed):
            signal.connect(self._offer_saves)
        player.cleared.connect(self.drawing.clear)
        player.searching.connect(lambda search: self.state.setText(words.searching(search)))
        player.moved.connect(self.drawing.draw)
        player.moved.connect(self._warm_up)
        player.moved.connect(self._note_end)
        player.changed.connect(self.drawing.catch_up)
        self.hand.previewed.connect(self.drawing.preview)
        self.hand.failed.connect(self.run_failed)
        self.hand.branching.connect(self.undo.record)
        self.scatter.dragging.connect(self.hand.drag)
        self.scatter.dropped.connect(self.hand.drop)
        self.scatter.hovered.connect(self.drawing.hover)
        self.curve.picked.connect(lambda n, index: player.seek(index, player.branches[n]))
        self.algorithm.changed.connect(self.restart)
        data.source_chosen.connect(self.open)
        data.refused.connect(self._on_not_loaded)
        data.reading_asked.connect(self.show_reading)
        data.columns_chosen.connect(self._on_columns)
        data.standardize_toggled.connect(lambda _: self._on_plane(restart=True))
        self.toggles.shapes.toggled.connect(self.table.show_shapes)
        self.live.wire()

    def _on_columns(self, columns: tuple[str, ...]) -> None:
        if self.loaded is not None:
            source, options = self.loaded.dataset.source, self.loaded.options
            self.loader.open(source, columns, options, fall_back=False)

    def show_reading(self) -> None:
        """Show how the table on screen was read."""
        if self.loaded is not None:
            self.importing.show(self.loaded)

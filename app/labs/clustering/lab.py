"""The clustering lab: points, an algorithm on them, and hands on the centroids."""

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app import qt_state
from app.controls.clustering.algorithm import AlgorithmControl, AlgorithmEntry
from app.controls.clustering.data_source import DataControl
from app.labs.base import Lab
from app.labs.clustering.algorithms.kmeans import KMEANS
from app.labs.clustering.algorithms.registry import ALGORITHMS
from app.labs.clustering.drawing.branches import Branches
from app.labs.clustering.drawing.drawing import Drawing
from app.labs.clustering.drawing.numbers import Numbers
from app.labs.clustering.drawing.pace import Pace
from app.labs.clustering.drawing.pointing import Pointing
from app.labs.clustering.drawing.state_lines import StateLines
from app.labs.clustering.exports import Exports
from app.labs.clustering.hand import Hand
from app.labs.clustering.live_line.live_line import LiveLine
from app.labs.clustering.painting.painting import Painting
from app.labs.clustering.points.display import PointsDisplay
from app.labs.clustering.points.importing import Importing
from app.labs.clustering.points.sources import Sources
from app.labs.clustering.points.staleness import Staleness
from app.labs.clustering.recording import Recording
from app.labs.clustering.runs import Runs, WarmUp
from app.labs.clustering.settings import ClusteringSettings
from app.labs.clustering.state import ClusteringState
from app.labs.clustering.undo import Undo
from app.labs.shared.columns import Columns, stage
from app.labs.shared.loading import Loaded, Loader
from app.labs.shared.plane import Plane
from app.labs.shared.toggles import ScatterToggles
from app.labs.shared.viewing import Viewing
from app.running.bridge import Bridge
from app.settings.table_memory import TableMemory
from app.theme import Theme
from app.views.curves.curve import CurveView
from app.views.figure import Figure
from app.views.scatter.kernel import KernelAtPointer
from app.views.scatter.view import ScatterView
from app.views.tables.cluster_table import ClusterTable
from app.views.veil import Stale
from app.widgets import card
from engine.clustering.algorithms import algorithm_named
from engine.clustering.kmeans.options import KMeansOptions


class ClusteringLab(Lab):
    """Clustering of points in a plane, or in more dimensions of which two are shown.

    It puts the parts together. What is on screen is in `state`, which the parts observe.

    Signals:
        opened: The source of the points on screen, a recipe or a file's path.
        not_restored: Why the points of the last session are not there.
        file_wanted: A file is to be chosen.
    """

    opened = pyqtSignal(str)
    not_restored = pyqtSignal(Exception)
    file_wanted = pyqtSignal()

    def __init__(self, bridge: Bridge, settings: ClusteringSettings, tables: TableMemory) -> None:
        """Show nothing yet.

        Args:
            bridge: To the engine.
            settings: What was chosen last time.
            tables: How files were read.
        """
        super().__init__(bridge, settings.rate)
        self._widths = settings.columns
        self.algorithm = _algorithm_control(settings)
        self.kmeans = self.algorithm.form(KMEANS.name)
        self.state = ClusteringState(self.player, self.algorithm.options, self)
        self._make_views(settings)
        self._make_parts(bridge, settings, tables)
        self._lay_out()
        self._fill_menus()
        self._wire()
        self.data.standardize.setChecked(settings.standardize)
        self.toggles.show()
        self.live.show_or_hide()
        self.numbers.name_measures()
        self.lines.show()

    # For the window and other tabs

    @property
    def loaded(self) -> Loaded | None:
        """The points on screen; None before the first are there."""
        return self.state.loaded

    @property
    def plane(self) -> Plane:
        """The plane in which they are shown, with the units of distance."""
        return self.state.plane

    def open(self, name: str) -> None:
        """Read a file or generate points; what is on screen stays until they are there."""
        self.sources.open(name)

    def restore(self) -> None:
        """Open what was open last time, without opening a dialog at the start."""
        self.sources.restore()

    def restore_columns(self) -> None:
        """Give the columns the widths of last time, once the window has its size."""
        self.columns.restore(qt_state.from_text(self._widths))

    def restart(self) -> None:
        """Forget the history, and run with what is chosen now."""
        self.runs.restart()

    def replay(self, options: KMeansOptions, step_by_step: bool) -> None:
        """Run k-means with other options, and play: step by step, or straight to the end."""
        self.algorithm.choose(KMEANS.name, options)
        self.player.play() if step_by_step else self.player.play_to_end()

    def figure(self) -> Figure:
        """The plot."""
        return self.exports.figure()

    def stop(self) -> None:
        """Leave everything that is going on: the window closes."""
        self.player.pause()
        self.undo.clear()
        self.importing.stop()

    @property
    def settings(self) -> ClusteringSettings:
        """What is chosen, for the next start."""
        options = {view.section: self.algorithm.form(view.name).options for view in ALGORITHMS}
        return ClusteringSettings(
            source=self.sources.source,
            columns=qt_state.as_text(self.columns.state()),
            algorithm=self.algorithm.name,
            standardize=self.data.is_standardized,
            rate=self.transport.rate,
            shown=self.toggles.shown,
            tween=self.toggles.animates,
            live_line=self.live.is_on,
            **options,
        )

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        super().restyle(theme)
        self.state.hover(-1)

    # Putting it together

    def _make_views(self, settings: ClusteringSettings) -> None:
        self.data = DataControl()
        self.scatter, self.curve, self.table = ScatterView(), CurveView(), ClusterTable()
        self.table.show_shapes(settings.shown.shapes)
        self.kernel = KernelAtPointer(self.scatter)
        self.toggles = ScatterToggles(
            *(self.make, self.scatter, settings.shown), animates=settings.tween
        )
        self.pace = Pace(self.player, self.transport, self.toggles.tween)

    def _make_parts(
        self, bridge: Bridge, settings: ClusteringSettings, tables: TableMemory
    ) -> None:
        state, player, scatter = self.state, self.player, self.scatter
        self.importing = Importing(bridge, tables, self)
        self.loader = Loader(bridge, state)
        self.viewing = Viewing(bridge, self.data.viewpoint, scatter, state)
        self.display = PointsDisplay(state, self.data, self.viewing, scatter, self.toggles)
        self.sources = Sources(
            *(state, self.display, self.data, self.loader, self.importing), source=settings.source
        )
        self.runs = Runs(state, player, self.algorithm)
        self.painting = Painting(state, player, self.display, self.runs, scatter, self.make)
        self.branches = Branches(state, player, self.make)
        self.lines = StateLines(state, player, lambda: self.ready)
        self.numbers = Numbers(state, player, self.curve, self.table, self.branches, self.lines)
        self.drawing = Drawing(state, player, scatter, self.numbers, self.pace)
        self.pointing = Pointing(state, scatter, self.kernel)
        self.hand = Hand(bridge, state, player, scatter)
        self.warm_up = WarmUp(bridge, state, player, self.isVisible)
        self.exports = Exports(state, self.files, scatter)
        self.recording = Recording(bridge, state, player, scatter, self.files)
        self.live = LiveLine(
            *(bridge, state, player, scatter, self.pace, self.make),
            options=lambda: self.kmeans.options,
            is_on=settings.live_line,
        )
        self.undo = Undo(state, player, self.display, [self.algorithm, self.data.standardize])

    def _lay_out(self) -> None:
        lines, panel = self.lines, self.live.panel
        plot = self.painting.beside(self.scatter)
        measure = card(lines.measure, lines.value, self.curve, self.branches.tree)
        clusters = card(self.table, heading="Clusters")
        buttons: list[QWidget] = [*self.toggles.buttons(), self.live.button]
        self.columns = Columns(
            self,
            [card(self.data, heading="Points"), card(self.algorithm, heading="Algorithm")],
            stage(lines.headline, buttons, plot, lines.status, self.transport),
            [measure, clusters, panel],
            names=("Controls", "Inertia and clusters"),
        )
        QVBoxLayout(self).addWidget(self.columns)
        self.stale = Stale(plot, measure, clusters, panel)
        self.staleness = Staleness(self.state, self.stale, self.loader.busy, self.viewing.busy)

    def _fill_menus(self) -> None:
        exports, action, save = self.exports, self.action, self.save_action
        labels = save("Save &labels…", exports.save_labels, "labels.csv")
        table = save(
            "Save &table with clusters…", exports.save_with_clusters, "table-with-clusters.csv"
        )
        centroids = save("Save &centroids…", exports.save_centroids, "centroids.csv")
        picture = save("Save &picture…", exports.save_picture, "clusters.png", "Ctrl+S")
        animation = save("Save &animation…", self.recording.save, "clusters.gif")
        exports.offer([labels, table, picture, animation], centroids)
        points = save("Save p&oints…", exports.save_points, "points.csv")
        self._reading_action = action("How was it &read?…", self.sources.show_reading)
        self._reading_action.setEnabled(False)
        self.file_actions = [
            *(self._reading_action, None),
            *(points, labels, table, centroids, picture, animation),
        ]
        seed = action("New random &seed", self.algorithm.randomize_seed, "D")
        undo = self.undo.menu(self.make)
        self.edit_actions = [None, *undo, None, *self.painting.actions, None, seed]
        self.run_actions += [None, *self.branches.actions]
        self.view_actions = [*self.toggles.actions, None, self.live.action]
        self.view_actions += self.columns.panel_actions
        self.busy_lines += [self.loader.busy, self.recording.busy]
        self.busy_lines += [*self.live.busy_lines, self.viewing.busy]

    def _wire(self) -> None:
        self.data.open_asked.connect(self.file_wanted)
        """Connect the parts, none of which knows another that it does not use."""
        state, sources, runs, painting = self.state, self.sources, self.runs, self.painting
        undo, hand, data, player = self.undo, self.hand, self.data, self.player
        for signal, slot in (
            # What was not waited for is not chosen any more.
            (self.loader.busy.cancelled, sources.show_source),
            (sources.arrived, runs.restart),
            (self.viewing.changed, self._on_plane),
            (data.standardize_toggled, self._on_units),
            (state.points_changed, self._on_points),
            (state.plane_changed, self._on_units_changed),
            (state.plane_changed, self._offer_layers),
            (state.options_changed, self._offer_layers),
            (state.frame_changed, self._show_found),
            (runs.restarting, undo.record),
            (painting.painted, undo.record),
            (painting.dropped, self.drawing.redraw),
            (hand.branching, undo.record),
            (hand.previewed, self.drawing.preview),
            (hand.previewed, self.lines.preview),
            (undo.putting_back, painting.drop),
            (undo.put_back, self.loader.resume),
            (self.toggles.shapes.toggled, self.table.show_shapes),
            (self.live.toggled, self._show_live_line),
        ):
            signal.connect(slot)
        for told, by in (
            (self.noticed, (sources.noticed, runs.noticed, painting.noticed)),
            (self.failed, (sources.failed, self.recording.failed, self.live.failed)),
            (self.failed, (self.viewing.failed,)),
            (self.run_failed, (player.failed, hand.failed)),
            (self.not_restored, (sources.not_restored,)),
        ):
            for signal in by:
                signal.connect(told)

    # What one part's change means for another

    def _on_plane(self) -> None:
        """Show the same points in another plane."""
        self.display.show_again()
        self.drawing.redraw()

    def _on_units(self) -> None:
        """Show the same points in other units of distance, and cluster them in these."""
        self.display.show_again()
        self.runs.restart()

    def _on_points(self) -> None:
        loaded, dataset = self.loaded, self.state.dataset
        if loaded is not None and dataset is not None:
            self.loader.resume(loaded)
            self._reading_action.setEnabled(dataset.reading is not None)
            self.opened.emit(dataset.source)

    def _on_units_changed(self) -> None:
        self.algorithm.set_standard_deviation(self.state.standard_deviation)

    def _offer_layers(self) -> None:
        state = self.state
        self.toggles.offer(state.n_points, regions=state.has_regions, centroids=state.has_centroids)

    def _show_found(self) -> None:
        self.algorithm.show_found(self.state.frame)

    def _show_live_line(self, is_on: bool) -> None:
        self.columns.show_only(self.live.panel, is_on)


def _algorithm_control(settings: ClusteringSettings) -> AlgorithmControl:
    """A form for each algorithm of the registry, that of last time shown."""
    entries = [
        AlgorithmEntry(view.name, view.title, view.tip, view.form(getattr(settings, view.section)))
        for view in ALGORITHMS
    ]
    chosen = algorithm_named(settings.algorithm)
    return AlgorithmControl(entries, KMEANS.name if chosen is None else chosen.name)

"""The tab that asks how many clusters: four curves over k, and the lottery of the start."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QTabWidget, QVBoxLayout, QWidget

from app.controls.clustering.choosing_k import LotteryControl, RangeControl
from app.controls.clustering.kmeans import SEEDINGS
from app.controls.widgets import Column, card, label
from app.labs.base import Tab
from app.labs.choosing_k.exports import write_curves, write_lots
from app.labs.choosing_k.k_curves import KCurves
from app.labs.clustering import words
from app.labs.clustering.lab import ClusteringLab
from app.labs.shared.columns import TwoColumns
from app.labs.shared.files import FileWriter
from app.labs.shared.following import Follower
from app.numbers import counted
from app.running.bridge import Bridge
from app.views.curves.lottery import LotteryView
from app.views.figure import Figure, figure_of
from app.views.veil import Stale, still_shown
from engine.clustering.choosing_k.choices import (
    ChoiceFrame,
    ChoiceOptions,
    LotteryFrame,
    LotteryRun,
)
from engine.clustering.kmeans.options import KMeansOptions, Seeding
from engine.data.output.formats import TEXT_TABLE
from engine.errors import ParameterError

_NO_CURVES = "Nothing is measured yet: choose a range of k on the left, and press Compute."
_COMPUTE = "press Compute for what is chosen now"
_DRAW = "press Draw lots for what is chosen now"
_NO_LOTS = "No lots are drawn yet: choose k and seedings on the left, and press Draw lots."


class ChoosingKTab(Tab):
    """Measures the points of the clustering lab, in the units of distance chosen there.

    Signals:
        staged: The options of a run that is to be shown in the clustering lab, and whether step by
            step.
    """

    staged = pyqtSignal(KMeansOptions, bool)

    def __init__(self, bridge: Bridge, lab: ClusteringLab) -> None:
        """Make the tab.

        Args:
            bridge: To the engine thread.
            lab: Whose points are measured.
        """
        super().__init__(bridge)
        self._lab = lab
        self._options = ChoiceOptions()
        self._seedings: tuple[Seeding, ...] = ()
        self._lots_of = (KMeansOptions(), 0)
        self._was_seen = False
        self.lots: LotteryFrame | None = None
        self.range, self.lottery = RangeControl(), LotteryControl()
        self.curves, self.histogram = KCurves(), LotteryView()
        self.source = label("", "muted")
        self.state, self.lots_state = label(_NO_CURVES, "muted"), label(_NO_LOTS, "muted")
        for said in (self.state, self.lots_state):
            said.setWordWrap(True)
        self.measuring, self.drawing = Follower(bridge, self), Follower(bridge, self)
        self.files = FileWriter(bridge, self)
        self.pages = QTabWidget()
        self._lay_out()
        self._fill_menus()
        self._wire()
        self._offer()

    def showEvent(self, event: QShowEvent | None) -> None:
        """Take over the k of the clustering lab, the first time."""
        super().showEvent(event)
        self._show_source()
        if not self._was_seen:
            self._was_seen = True
            self.lottery.k.setValue(self._lab.kmeans.options.n_clusters)

    # What is computed

    def compute(self) -> None:
        """Measure every k of the range."""
        loaded, plane = self._lab.loaded, self._lab.plane
        if loaded is None:
            return
        try:
            options = self.range.options(self._lab.kmeans.options)
        except ParameterError as error:
            self.failed.emit(error)
            return
        points = loaded.dataset.points

        def frames() -> Generator[ChoiceFrame, None, None]:
            from engine.clustering.choosing_k.stepper import choose_k  # on the engine thread

            yield from choose_k(plane.scaling.forward(points), options)

        self._options = options
        self.stale_curves.say("")
        self.curves.set_points(points, plane, loaded.dataset.columns)
        self.pages.setCurrentIndex(0)
        self.state.setText("Starting…")
        self.measuring.start(frames, "Trying every k…")
        self.range.start.show_running(True)

    def draw_lots(self) -> None:
        """Run k-means from many seeds."""
        loaded, plane, seedings = self._lab.loaded, self._lab.plane, self.lottery.seedings
        if loaded is None or not seedings:
            return
        options = self.lottery.options(self._lab.kmeans.options)
        points, n_seeds = loaded.dataset.points, self.lottery.seeds.value()

        def frames() -> Generator[LotteryFrame, None, None]:
            from engine.clustering.choosing_k.lottery import lottery  # on the engine thread

            yield from lottery(plane.scaling.forward(points), options, seedings, n_seeds)

        self._seedings, self._lots_of, self.lots = seedings, (options, n_seeds), None
        self._draw_histogram()
        self.pages.setCurrentIndex(1)
        self.lots_state.setText("Starting…")
        self.drawing.start(frames, "Drawing lots…")
        self.lottery.start.show_running(True)

    def forget(self) -> None:
        """The points are others: what was measured says nothing about them."""
        self.stop()
        self.curves.clear()
        self.lots = None
        self._draw_histogram()
        self.state.setText(_NO_CURVES)
        self.lots_state.setText(_NO_LOTS)
        self._show_source()
        self._offer()

    def stop(self) -> None:
        """Leave everything that is going on: the window closes."""
        self.measuring.cancel()
        self.drawing.cancel()

    # What is on screen

    def _show_source(self) -> None:
        """Say whose points these are."""
        loaded = self._lab.loaded
        if loaded is None:
            self.source.setText("There are no points yet.")
            return
        units = ", standardized" if self._lab.data.standardize.isChecked() else ""
        name = words.source(loaded)
        self.source.setText(f"{name}{units}: those of the tab {self._lab.title}")

    def _show_staleness(self) -> None:
        """Name the curves and the lots where they are not those of what is chosen now."""
        chosen = self._lab.kmeans.options
        self.stale_curves.say("")
        if self.curves.frame is not None and not self._are_curves_of(chosen):
            self.stale_curves.say(still_shown(_of_curves(self._options), _COMPUTE))
        self.stale_lots.say("")
        if self.lots is not None and not self._are_lots_of(chosen):
            options, n_seeds = self._lots_of
            self.stale_lots.say(still_shown(_of_lots(options, n_seeds, self._seedings), _DRAW))

    def _are_curves_of(self, kmeans: KMeansOptions) -> bool:
        try:
            chosen = self.range.options(kmeans)
        except ParameterError:
            return False
        drawn = self._options
        if (chosen.kmeans.seeding, chosen.kmeans.seed) != (drawn.kmeans.seeding, drawn.kmeans.seed):
            return False
        alike = _run_alike(chosen.kmeans, drawn.kmeans)
        return alike and replace(chosen, kmeans=drawn.kmeans) == drawn

    def _are_lots_of(self, kmeans: KMeansOptions) -> bool:
        options, n_seeds = self._lots_of
        chosen = (self.lottery.k.value(), self.lottery.seeds.value(), self.lottery.seedings)
        alike = _run_alike(kmeans, options)
        return alike and chosen == (options.n_clusters, n_seeds, self._seedings)

    def figure(self) -> Figure:
        """The page on top: the curves, or the histogram."""
        page = self.pages.currentWidget()
        assert page is not None
        return figure_of(page, "How many clusters")

    def save_curves(self, path: Path) -> None:
        """Write what was measured, a line a k, as a table."""
        frame, options = self.curves.frame, self._options
        if frame is not None:
            self.files.write(path, lambda: write_curves(path, frame, options))

    def save_lots(self, path: Path) -> None:
        """Write the runs of the lottery, a line each, as a table."""
        if self.lots is not None:
            runs = self.lots.runs
            self.files.write(path, lambda: write_lots(path, runs))

    def save_picture(self, path: Path) -> None:
        """Write the page on top as a picture."""
        self.files.write_picture(path, self.figure())

    def _on_measured(self, frame: ChoiceFrame) -> None:
        self.curves.draw(frame, self._options)
        self._show_staleness()
        self.state.setText(_measured(frame, self._options))
        self._offer()

    def _on_lots(self, lots: LotteryFrame) -> None:
        self.lots = lots
        self._show_staleness()
        self._draw_histogram()
        done = f"{len(lots.runs):,} of {lots.n_runs:,} runs"
        k = self.lottery.k.value() if not lots.runs else lots.runs[0].options.n_clusters
        hint = ": click a bar, and a run of it is replayed" if lots.stop else ""
        self.lots_state.setText(f"k = {k} · {done}{hint}")
        self._offer()

    def _draw_histogram(self) -> None:
        names = [SEEDINGS[seeding][0] for seeding in self._seedings]
        self.histogram.draw(self.lots.runs if self.lots else (), self._seedings, names)
        self._show_staleness()

    def _on_measuring_ended(self) -> None:
        self.range.start.show_running(False)
        frame = self.curves.frame
        if frame is None:
            self.state.setText(_NO_CURVES)
        elif not frame.stop:
            self.state.setText(f"Cancelled: {frame.n_done:,} of {frame.n_fits:,} runs were done")

    def _on_drawing_ended(self) -> None:
        self.lottery.start.show_running(False)
        if self.lots is None:
            self.lots_state.setText(_NO_LOTS)
        elif not self.lots.stop:
            done, n_runs = len(self.lots.runs), self.lots.n_runs
            self.lots_state.setText(f"Cancelled: {done:,} of {n_runs:,} runs were done")

    def _on_picked(self, index: int) -> None:
        self.lottery.k.setValue(self._options.ks[index])

    def _on_opened(self, index: int) -> None:
        frame = self.curves.frame
        if frame is not None:
            run = self._options.run(int(frame.ks[index]), int(frame.starts[index]))
            self.staged.emit(run, False)

    def _on_lot(self, run: LotteryRun) -> None:
        self.staged.emit(run.options, True)

    # Putting it together

    def _offer(self) -> None:
        """There is something to save once something is known."""
        curves, lots, picture = (action for action in self.file_actions if action is not None)
        curves.setEnabled(self.curves.frame is not None)
        lots.setEnabled(self.lots is not None)
        picture.setEnabled(curves.isEnabled() or lots.isEnabled())

    def _fill_menus(self) -> None:
        self.file_actions = [
            self.save_action("Save &curves…", self.save_curves, "choose-k.csv"),
            self.save_action("Save &lots…", self.save_lots, "lots.csv", kind=TEXT_TABLE),
            self.save_action("Save &picture…", self.save_picture, "choose-k.png"),
        ]
        self.run_actions = [
            self.action("Compute the curves", self.compute),
            self.action("Draw lots", self.draw_lots),
            self.action("Cancel", self.stop),
        ]
        self.busy_lines += [self.measuring.busy_line, self.drawing.busy_line, self.files.busy]

    def _lay_out(self) -> None:
        self.pages.setDocumentMode(True)
        self.pages.addTab(_page(self.state, self.curves), "Curves")
        self.pages.addTab(_page(self.lots_state, card(self.histogram)), "Start lottery")
        self.source.setWordWrap(True)
        self.stale_curves, self.stale_lots = Stale(self.curves), Stale(self.histogram)
        controls = Column(
            card(self.source, heading="Points"),
            card(self.range, heading="Range of k"),
            card(self.lottery, heading="Start lottery"),
        )
        self.columns = TwoColumns(controls, self.pages)
        QVBoxLayout(self).addWidget(self.columns)

    def _wire(self) -> None:
        self.range.start.asked.connect(self.compute)
        self.range.start.cancelled.connect(self.measuring.cancel)
        self.lottery.start.asked.connect(self.draw_lots)
        self.lottery.start.cancelled.connect(self.drawing.cancel)
        self.measuring.came.connect(self._on_measured)
        self.measuring.ended.connect(self._on_measuring_ended)
        self.drawing.came.connect(self._on_lots)
        self.drawing.ended.connect(self._on_drawing_ended)
        for failing in (self.measuring, self.drawing, self.files):
            failing.failed.connect(self.failed)
        self.files.saved.connect(self.noticed)
        self.curves.picked.connect(self._on_picked)
        self.curves.opened.connect(self._on_opened)
        self.histogram.picked.connect(self._on_lot)
        for form in (self.range, self.lottery, self._lab.algorithm):
            form.changed.connect(self._show_staleness)
        self._lab.opened.connect(lambda _: self.forget())
        self._lab.data.standardize_toggled.connect(lambda _: self.forget())


def _run_alike(options: KMeansOptions, others: KMeansOptions) -> bool:
    """Whether runs from the same centroids come to the same end."""
    ends = ((each.max_iter, each.tol, each.empty) for each in (options, others))
    return next(ends) == next(ends)


def _of_curves(options: ChoiceOptions) -> str:
    seeding = SEEDINGS[options.kmeans.seeding][0]
    starts = counted(options.n_starts, "start")
    references = counted(options.n_references, "reference")
    return (
        f"k from {options.min_k} to {options.max_k}, {starts}, {references}, {seeding}, "
        f"seed {options.kmeans.seed}"
    )


def _of_lots(options: KMeansOptions, n_seeds: int, seedings: tuple[Seeding, ...]) -> str:
    names = ", ".join(SEEDINGS[seeding][0] for seeding in seedings)
    return f"k = {options.n_clusters}, {counted(n_seeds, 'seed')}, {names}"


def _page(state: QWidget, content: QWidget) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(state)
    layout.addWidget(content, 1)
    return page


def _measured(frame: ChoiceFrame, options: ChoiceOptions) -> str:
    """What is being computed, or what came of it."""
    if not frame.stop:
        return f"{frame.doing} · {frame.n_done:,} of {frame.n_fits:,} runs"
    starts = counted(options.n_starts, "start")
    text = f"{counted(frame.n_points, 'point')} · {starts} for each k"
    if frame.n_sampled < frame.n_points:
        text += f" · silhouettes and gaps of {frame.n_sampled:,} points, drawn by the seed"
    return text

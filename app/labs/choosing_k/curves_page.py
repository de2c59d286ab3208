"""The page of the curves over k: measures a range of k, shows it, writes it to a file."""

from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import pyqtSignal

from app.controls.busy import BusyLine
from app.controls.clustering.choosing_k import RangeControl
from app.labs.choosing_k import texts
from app.labs.choosing_k.exports import write_curves
from app.labs.choosing_k.k_curves import KCurves
from app.labs.choosing_k.page import Page
from app.labs.choosing_k.points import PointsOfClustering
from app.labs.shared.files import FileWriter
from app.running.bridge import Bridge
from app.running.requests import Request
from app.views.veil import Stale, still_shown
from engine.clustering.choosing_k.choices import ChoiceFrame, ChoiceOptions
from engine.clustering.kmeans.options import KMeansOptions
from engine.errors import ParameterError

# Seconds of frames in one slice; other work of the engine gets its turn between two slices.
BUDGET = 0.05


class CurvesPage(Page):
    """Measures every k of a range, and shows what each method would choose.

    Signals:
        began: A range of k is being measured.
        changed: There is now something to save, or no longer.
        k_picked: The k that was selected.
        opened: The options of the run for a k, to be shown in the clustering lab.
        failed: Why nothing is measured.
    """

    began = pyqtSignal()
    changed = pyqtSignal()
    k_picked = pyqtSignal(int)
    opened = pyqtSignal(KMeansOptions)
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, points: PointsOfClustering, files: FileWriter) -> None:
        """Start empty.

        Args:
            bridge: The bridge to the engine.
            points: The points to measure.
            files: Writes the curves.
        """
        self.curves, self.form, self.busy = KCurves(), RangeControl(), BusyLine()
        super().__init__(self.curves)
        self._points, self._files = points, files
        self._options = ChoiceOptions()
        self.request = Request(bridge, self, self.busy)
        self.stale = Stale(self.curves)
        self.state.setText(texts.NO_CURVES)
        self._wire()

    @property
    def has_result(self) -> bool:
        """Whether anything is measured."""
        return self.curves.frame is not None

    def compute(self) -> None:
        """Measure every k in the range."""
        measured = self._points.now
        if measured is None:
            return
        try:
            options = self.form.options(self._points.kmeans)
        except ParameterError as error:
            self.failed.emit(error)
            return

        def frames() -> Generator[ChoiceFrame, None, None]:
            from engine.clustering.choosing_k.stepper import choose_k  # on the engine thread

            yield from choose_k(measured.scaled(), options)

        self._options = options
        self.stale.say("")
        self.curves.set_points(measured.points, measured.plane, measured.columns)
        self.state.setText(texts.STARTING)
        self.request.follow(frames, self._on_measured, "Trying every k…", budget=BUDGET)
        self.form.start.show_running(True)
        self.began.emit()

    def forget(self) -> None:
        """Clear the curves: they say nothing about the new points."""
        self.request.cancel()
        self.curves.clear()
        self.state.setText(texts.NO_CURVES)
        self.changed.emit()

    def save(self, path: Path) -> None:
        """Write the measurements as a table, one line for each k."""
        frame, options = self.curves.frame, self._options
        if frame is not None:
            self._files.write(path, lambda: write_curves(path, frame, options))

    def show_staleness(self) -> None:
        """Say which options the curves were measured with, if others are chosen now."""
        is_stale = self.has_result and not self._are_options_chosen()
        named = still_shown(texts.curves_named(self._options), texts.COMPUTE)
        self.stale.say(named if is_stale else "")

    def _are_options_chosen(self) -> bool:
        try:
            chosen = self.form.options(self._points.kmeans)
        except ParameterError:
            return False
        drawn = self._options
        if _run_key(chosen.kmeans) != _run_key(drawn.kmeans):
            return False
        return replace(chosen, kmeans=drawn.kmeans) == drawn

    def _on_measured(self, frame: ChoiceFrame) -> None:
        self.curves.draw(frame, self._options)
        self.show_staleness()
        self.state.setText(texts.curves_state(frame, self._options))
        self.changed.emit()

    def _on_ended(self) -> None:
        self.form.start.show_running(False)
        frame = self.curves.frame
        if frame is None:
            self.state.setText(texts.NO_CURVES)
        elif not frame.stop:
            self.state.setText(texts.cancelled(frame.n_done, frame.n_fits))

    def _on_opened(self, index: int) -> None:
        frame = self.curves.frame
        if frame is not None:
            self.opened.emit(self._options.run(int(frame.ks[index]), int(frame.starts[index])))

    def _wire(self) -> None:
        self.form.start.asked.connect(self.compute)
        self.form.start.cancelled.connect(self.request.cancel)
        self.form.changed.connect(self.show_staleness)
        self.request.ended.connect(self._on_ended)
        self.request.failed.connect(self.failed)
        self.curves.picked.connect(lambda index: self.k_picked.emit(self._options.ks[index]))
        self.curves.opened.connect(self._on_opened)


def _run_key(options: KMeansOptions) -> tuple[object, ...]:
    """Return the options of k-means that affect the curves."""
    return options.seeding, options.seed, options.max_iter, options.tol, options.empty

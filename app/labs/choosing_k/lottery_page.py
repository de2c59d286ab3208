"""The page of the start lottery: k-means from many seeds, and how often each inertia occurred."""

from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path

from PyQt6.QtCore import pyqtSignal

from app.controls.busy import BusyLine
from app.controls.clustering.choosing_k import LotteryControl
from app.labs.choosing_k import texts
from app.labs.choosing_k.exports import write_lots
from app.labs.choosing_k.page import Page
from app.labs.choosing_k.points import PointsOfClustering
from app.labs.shared.files import FileWriter
from app.running.bridge import Bridge
from app.running.requests import Request
from app.views.curves.lottery import LotteryView
from app.views.veil import Stale, still_shown
from app.widgets import card
from engine.clustering.choosing_k.choices import LotteryFrame, LotteryRun
from engine.clustering.kmeans.options import KMeansOptions, Seeding

# Seconds of frames in one slice; other work of the engine gets its turn between two slices.
BUDGET = 0.05


@dataclass(frozen=True, slots=True)
class _Draw:
    """The options of the first seed, how many seeds there are, and the seedings."""

    options: KMeansOptions
    n_seeds: int
    seedings: tuple[Seeding, ...]


class LotteryPage(Page):
    """Runs k-means from many seeds, and shows the inertias as a histogram.

    Signals:
        began: Lots are being drawn.
        changed: There is now something to save, or no longer.
        picked: The options of a run to be replayed in the clustering lab.
        failed: Why no lots are drawn.

    Attributes:
        lots: The newest frame; None before the first.
    """

    began = pyqtSignal()
    changed = pyqtSignal()
    picked = pyqtSignal(KMeansOptions)
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, points: PointsOfClustering, files: FileWriter) -> None:
        """Start empty.

        Args:
            bridge: The bridge to the engine.
            points: The points to cluster.
            files: Writes the runs.
        """
        self.histogram, self.form, self.busy = LotteryView(), LotteryControl(), BusyLine()
        super().__init__(card(self.histogram))
        self._points, self._files = points, files
        self._drawn = _Draw(KMeansOptions(), 0, ())
        self.lots: LotteryFrame | None = None
        self.request = Request(bridge, self, self.busy)
        self.stale = Stale(self.histogram)
        self.state.setText(texts.NO_LOTS)
        self._wire()

    @property
    def has_result(self) -> bool:
        """Whether any lots were drawn."""
        return self.lots is not None

    def draw_lots(self) -> None:
        """Run k-means from many seeds."""
        points, drawn = self._points.now, self._chosen()
        if points is None or not drawn.seedings:
            return

        def frames() -> Generator[LotteryFrame, None, None]:
            from engine.clustering.choosing_k.lottery import lottery  # on the engine thread

            yield from lottery(points.scaled(), drawn.options, drawn.seedings, drawn.n_seeds)

        self._drawn, self.lots = drawn, None
        self.draw()
        self.state.setText(texts.STARTING)
        self.request.follow(frames, self._on_lots, "Drawing lots…", budget=BUDGET)
        self.form.start.show_running(True)
        self.began.emit()

    def forget(self) -> None:
        """Clear the runs: they say nothing about the new points."""
        self.request.cancel()
        self.lots = None
        self.draw()
        self.state.setText(texts.NO_LOTS)
        self.changed.emit()

    def draw(self) -> None:
        """Draw the runs so far."""
        runs, seedings = self.lots.runs if self.lots else (), self._drawn.seedings
        self.histogram.draw(runs, seedings, texts.names_of(seedings))
        self.show_staleness()

    def set_k(self, k: int) -> None:
        """Choose the k of the runs."""
        self.form.k.setValue(k)

    def save(self, path: Path) -> None:
        """Write the runs, one line each, as a table."""
        if self.lots is not None:
            runs = self.lots.runs
            self._files.write(path, lambda: write_lots(path, runs))

    def show_staleness(self) -> None:
        """Say which options the lots were drawn with, if others are chosen now."""
        drawn, chosen = self._drawn, self._chosen()
        # The seeding and the seed chosen in the clustering lab have no effect.
        is_alike = _ends_of(drawn.options) == _ends_of(chosen.options)
        is_stale = self.has_result and not (
            is_alike and replace(chosen, options=drawn.options) == drawn
        )
        named = texts.lots_named(drawn.options, drawn.n_seeds, drawn.seedings)
        self.stale.say(still_shown(named, texts.DRAW) if is_stale else "")

    def _chosen(self) -> _Draw:
        options = self.form.options(self._points.kmeans)
        return _Draw(options, self.form.seeds.value(), self.form.seedings)

    def _on_lots(self, lots: LotteryFrame) -> None:
        self.lots = lots
        self.draw()
        self.state.setText(texts.lots_state(lots, self._drawn.options.n_clusters))
        self.changed.emit()

    def _on_ended(self) -> None:
        self.form.start.show_running(False)
        lots = self.lots
        if lots is None:
            self.state.setText(texts.NO_LOTS)
        elif not lots.stop:
            self.state.setText(texts.cancelled(len(lots.runs), lots.n_runs))

    def _on_picked(self, run: LotteryRun) -> None:
        self.picked.emit(run.options)

    def _wire(self) -> None:
        self.form.start.asked.connect(self.draw_lots)
        self.form.start.cancelled.connect(self.request.cancel)
        self.form.changed.connect(self.show_staleness)
        self.request.ended.connect(self._on_ended)
        self.request.failed.connect(self.failed)
        self.histogram.picked.connect(self._on_picked)


def _ends_of(options: KMeansOptions) -> tuple[object, ...]:
    """Return the options that determine where runs from the same centroids end."""
    return options.n_clusters, options.max_iter, options.tol, options.empty

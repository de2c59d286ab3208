"""Side by side: k-means and mean shift on the same points, with one transport."""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import numpy as np
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from app.controls.clustering.cluster_count import MAX_K
from app.controls.clustering.mean_shift import MeanShiftControl
from app.labs.base import Lab
from app.labs.clustering import words
from app.labs.clustering.algorithms.base import AlgorithmView
from app.labs.clustering.algorithms.kmeans import KMEANS
from app.labs.clustering.algorithms.mean_shift import MEAN_SHIFT
from app.labs.shared.columns import TwoColumns
from app.labs.shared.loading import Loaded, Loader
from app.labs.shared.plane import Plane
from app.labs.side_by_side.settings import CLUSTERING, SideBySideSettings
from app.labs.side_by_side.side import Side
from app.running.bridge import Bridge
from app.views.figure import Figure, figure_of
from app.views.veil import Stale, meanwhile, still_shown
from app.widgets import Column, card, described_choice, form
from engine.clustering.kmeans.options import KMeansOptions
from engine.clustering.side_by_side.frames import PairFrame
from engine.data.scaling import Scaling

# The points to choose from, and how many clusters are visible in each recipe.
_POINTS = {
    "blobs:clusters=4,per_cluster=250,variance=12,seed=11": ("Blobs", "Round clusters."),
    "anisotropic:clusters=3,per_cluster=300,variance=40,seed=16": ("Skinny", "Long clusters."),
    "moons": ("Moons", "Two interlocking half circles."),
    "rings": ("Rings", "A circle within a circle."),
    CLUSTERING: ("Points of Clustering", "The points open in the tab Clustering."),
}
_SEEN = dict(zip(_POINTS, (4, 3, 2, 2), strict=False))
_LESSONS = (
    "k-means needs k, and prefers round clusters: each point belongs to the nearest mean.",
    "Mean shift needs a bandwidth, and finds k itself: a cluster is what climbs the same hill, "
    "whatever its shape. Several hills on a ridge are several clusters.",
)


@dataclass(frozen=True, slots=True, eq=False)
class _OnScreen:
    """The points on screen; replaced together.

    Attributes:
        choice: The choice that gave them; empty if there are none yet.
        name: What they are, as text to show.
        points: (N, D) in the units of the data.
        plane: Where they are drawn.
    """

    choice: str
    name: str
    points: np.ndarray
    plane: Plane


_NOTHING = _OnScreen("", "", np.empty((0, 2), np.float32), Plane(2, (0, 1), Scaling.identity(2)))


class SideBySideLab(Lab):
    """A choice of points, two algorithms, and one player whose frames have a step of both."""

    def __init__(
        self, bridge: Bridge, settings: SideBySideSettings, loaded: Callable[[], Loaded | None]
    ) -> None:
        """Make the tab.

        Args:
            bridge: The bridge to the engine.
            settings: The settings from the last start.
            loaded: The points open in the tab Clustering.
        """
        super().__init__(bridge, settings.rate)
        self._of_clustering = loaded
        self._on_screen, self._asked = _NOTHING, ""
        self.loader = Loader(bridge, self)
        chosen = next((name for name in _POINTS if name == settings.points), "moons")
        self.points = described_choice(_POINTS, "Points", chosen)
        self._k, self._kmeans = settings.k, KMeansOptions()
        self.k = QSpinBox()
        self.k.setRange(1, MAX_K)
        self.k.setKeyboardTracking(False)
        self.k.setAccessibleName("k, the number of clusters")
        self.k.setValue(_SEEN.get(chosen, settings.k))
        self.mean_shift = MeanShiftControl(settings.mean_shift)
        self.sides = (Side("k-means", _LESSONS[0]), Side("Mean shift", _LESSONS[1]))
        save = self.save_action("Save &picture…", self.save_picture, "side-by-side.png", "Ctrl+S")
        self.file_actions = [save]
        self.busy_lines.append(self.loader.busy)
        self._columns = TwoColumns(self._controls(), self._stage())
        layout = QVBoxLayout(self)
        layout.addWidget(self._columns)
        self._wire()

    # Points and runs

    def showEvent(self, event: QShowEvent | None) -> None:
        """Load points when the tab is first shown, and those of Clustering each time."""
        super().showEvent(event)
        self.follow()

    def follow(self) -> None:
        """Take the points of Clustering, if they are chosen; or the first ones."""
        if self._on_screen is _NOTHING or self.points.currentData() == CLUSTERING:
            self._open()

    def _open(self) -> None:
        name = self._asked = self.points.currentData()
        self.loader.cancel()
        if name != CLUSTERING:
            self.loader.open(name)
        elif (loaded := self._of_clustering()) is not None:
            self._on_loaded(loaded)
        self._show_staleness()

    def _on_points(self) -> None:
        seen = _SEEN.get(self.points.currentData(), self._k)
        self.k.blockSignals(True)
        self.k.setValue(seen)
        self.k.blockSignals(False)
        self._open()

    def _on_loaded(self, loaded: Loaded) -> None:
        dataset, before = loaded.dataset, self._on_screen
        points, n_dims = dataset.points, len(dataset.columns)
        plane = Plane(n_dims, (0, 1), Scaling.identity(n_dims), len(points), dataset.kept)
        self._on_screen = _OnScreen(self._asked, words.source(loaded), points, plane)
        self._show_staleness()
        if points is before.points:
            return
        for side in self.sides:
            side.set_points(points, dataset.columns, plane, same_scale=loaded.generated)
        self.mean_shift.set_standard_deviation(loaded.spread)
        self.restart()

    def restart(self) -> None:
        """Clear the history, and run both with the current choices."""
        points, shifting = self._on_screen.points, self.mean_shift.options
        kmeans = KMeansOptions(n_clusters=self.k.value())
        if not len(points):
            return

        def frames() -> Generator[PairFrame, None, None]:
            from engine.clustering.side_by_side.stepper import side_by_side  # on the engine thread

            yield from side_by_side(points, kmeans, shifting)

        self._kmeans = kmeans
        self.player.load(frames)

    def stop(self) -> None:
        """Stop everything: the window closes."""
        self.player.pause()

    @property
    def settings(self) -> SideBySideSettings:
        """The settings for the next start."""
        points = str(self.points.currentData())
        return SideBySideSettings(
            points=points,
            k=self._k if points in _SEEN else self.k.value(),
            mean_shift=self.mean_shift.options,
            rate=self.transport.rate,
        )

    # Drawing

    def _show_staleness(self) -> None:
        """Say which points are on screen if others are chosen."""
        shown, loading = self._on_screen, self.loader.text
        if shown is _NOTHING or (shown.choice == self._asked and not loading):
            self.stale.say("")
            return
        if loading:
            why = meanwhile(loading)
        elif self._asked == CLUSTERING:
            why = "there are no points in the tab Clustering yet"
        else:
            why = "the chosen points are not available"
        self.stale.say(still_shown(shown.name, why))

    def _on_moved(self) -> None:
        pairs: list[PairFrame] = self.player.so_far
        plane = self._on_screen.plane
        halves: tuple[list[Any], list[Any]] = (
            [each.kmeans for each in pairs],
            [each.mean_shift for each in pairs],
        )
        records: tuple[AlgorithmView[Any, Any], ...] = KMEANS, MEAN_SHIFT
        options = self._kmeans, self.mean_shift.options
        for side, frames, record, chosen in zip(self.sides, halves, records, options, strict=True):
            text = record.state(frames[-1], chosen, stride=plane.stride)
            side.draw(record.scene(frames, plane), text)
        self.mean_shift.show_found(halves[1][-1])

    def _on_cleared(self) -> None:
        for side in self.sides:
            side.clear()

    def figure(self) -> Figure:
        """Both plots."""
        return figure_of(self._plots, "k-means and mean shift on the same points")

    # Layout and signals

    def _controls(self) -> QWidget:
        rows = form()
        rows.addRow("Clusters (k)", self.k)
        kmeans = QWidget()
        kmeans.setLayout(rows)
        return Column(
            card(self.points, heading="Points"),
            card(kmeans, heading="k-means"),
            card(self.mean_shift, heading="Mean shift"),
        )

    def _stage(self) -> QWidget:
        self._plots, made = QWidget(), QWidget()
        both = QHBoxLayout(self._plots)
        both.setContentsMargins(0, 0, 0, 0)
        for side in self.sides:
            both.addWidget(side, 1)
        self.stale = Stale(self._plots)
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plots, 1)
        layout.addWidget(card(self.transport))
        return made

    def _wire(self) -> None:
        player, loader = self.player, self.loader
        loader.loaded.connect(self._on_loaded)
        loader.failed.connect(self.failed)
        loader.text_changed.connect(self._show_staleness)
        player.failed.connect(self.run_failed)
        player.cleared.connect(self._on_cleared)
        player.moved.connect(self._on_moved)
        self.points.currentIndexChanged.connect(self._on_points)
        self.k.valueChanged.connect(self.restart)
        self.mean_shift.changed.connect(self.restart)

"""Side by side: k-means and mean shift on the same points, with one transport."""

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import numpy as np
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from app.controls.clustering.kmeans import MAX_K
from app.controls.clustering.mean_shift import MeanShiftControl
from app.controls.widgets import Column, card, described_choice, form, label
from app.labs.base import Lab
from app.labs.clustering import words
from app.labs.shared.columns import TwoColumns
from app.labs.shared.files import FileWriter
from app.labs.shared.loading import Loaded, Loader
from app.labs.shared.plane import Plane
from app.labs.side_by_side.settings import CLUSTERING, SideBySideSettings
from app.running.bridge import Bridge
from app.views.figure import Figure, figure_of
from app.views.scatter.view import ScatterView
from app.views.veil import Stale, meanwhile, still_shown
from engine.clustering.kmeans.options import KMeansOptions
from engine.clustering.side_by_side.frames import PairFrame
from engine.data.scaling import Scaling

# What there is to choose, and for each recipe how many clusters one sees in it.
_POINTS = {
    "blobs:clusters=4,per_cluster=250,variance=12,seed=11": ("Blobs", "Round clusters."),
    "anisotropic:clusters=3,per_cluster=300,variance=40,seed=16": ("Skinny", "Long clusters."),
    "moons": ("Moons", "Two half circles that reach into one another."),
    "rings": ("Rings", "A circle within a circle."),
    CLUSTERING: ("Points of Clustering", "What is open in the tab Clustering."),
}
_SEEN = dict(zip(_POINTS, (4, 3, 2, 2), strict=False))
_LESSONS = (
    "k-means has to be told k, and likes balls: a cluster is what is nearest to its mean.",
    "Mean shift has to be told a bandwidth, and finds out how many: a cluster is what climbs to "
    "the same hill, whatever its shape. Several hills on a ridge are several clusters.",
)


class SideBySideLab(Lab):
    """One choice of points, two algorithms, one player whose frames hold a step of both."""

    def __init__(
        self, bridge: Bridge, settings: SideBySideSettings, loaded: Callable[[], Loaded | None]
    ) -> None:
        """Make the tab.

        Args:
            bridge: To the engine.
            settings: What was chosen last time.
            loaded: What is open in the tab Clustering.
        """
        super().__init__(bridge, settings.rate)
        self._of_clustering, self._points = loaded, np.empty((0, 2), np.float32)
        self._asked = self._drawn = ""  # what the points are that were chosen, and that are shown
        self._named = ""
        self.plane = Plane(2, (0, 1), Scaling.identity(2))
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
        self.views = (ScatterView(), ScatterView())
        self.states = (label("", "muted"), label("", "muted"))
        self.files = FileWriter(bridge, self)
        save = self.save_action("Save &picture…", self.save_picture, "side-by-side.png", "Ctrl+S")
        self.file_actions = [save]
        self.busy_lines += [self.loader.busy, self.files.busy]
        self._columns = TwoColumns(self._controls(), self._stage())
        layout = QVBoxLayout(self)
        layout.addWidget(self._columns)
        self._wire()

    # Points and runs

    def showEvent(self, event: QShowEvent | None) -> None:
        """Get the points when the tab is looked at first, and those of Clustering each time."""
        super().showEvent(event)
        self.follow()

    def follow(self) -> None:
        """Take the points of Clustering, where they are chosen; or the first ones."""
        if not len(self._points) or self.points.currentData() == CLUSTERING:
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
        dataset = loaded.dataset
        self._drawn, self._named = self._asked, words.source(loaded)
        self._show_staleness()
        if dataset.points is self._points:
            return
        self._points = dataset.points
        n_points, n_dims = dataset.points.shape
        self.plane = Plane(n_dims, (0, 1), Scaling.identity(n_dims), n_points, dataset.kept)
        for view in self.views:
            view.set_points(
                self.plane.of_points(dataset.points),
                self.plane.names(dataset.columns),
                loaded.generated,
            )
            view.set_metric(self.plane.metric)
        self.mean_shift.set_spread(float(loaded.scaling.scale.max()))
        self.restart()

    def restart(self) -> None:
        """Forget the history, and run both with what is chosen now."""
        points, shifting = self._points, self.mean_shift.options
        kmeans = KMeansOptions(n_clusters=self.k.value())
        if not len(points):
            return

        def frames() -> Generator[PairFrame, None, None]:
            from engine.clustering.side_by_side.stepper import side_by_side  # on the engine thread

            yield from side_by_side(points, kmeans, shifting)

        self._kmeans = kmeans
        self.player.load(frames)

    def stop(self) -> None:
        """Leave everything that is going on: the window closes."""
        self.player.pause()

    @property
    def settings(self) -> SideBySideSettings:
        """What is chosen, for the next start."""
        points = str(self.points.currentData())
        return SideBySideSettings(
            points=points,
            k=self._k if points in _SEEN else self.k.value(),
            mean_shift=self.mean_shift.options,
            rate=self.transport.rate,
        )

    # Drawing

    def _show_staleness(self) -> None:
        """Name the points on screen where they are not those that are chosen."""
        if not len(self._points) or (self._drawn == self._asked and not self.loader.busy.text):
            self.stale.say("")
            return
        if self.loader.busy.text:
            why = meanwhile(self.loader.busy.text)
        elif self._asked == CLUSTERING:
            why = "there are no points in the tab Clustering yet"
        else:
            why = "the points chosen are not there"
        self.stale.say(still_shown(self._named, why))

    def _on_moved(self) -> None:
        position = self.player.position
        pairs: list[PairFrame] = self.player.so_far
        parts: tuple[list[Any], ...] = (
            [each.kmeans for each in pairs],
            [each.mean_shift for each in pairs],
        )
        for view, state, frames in zip(self.views, self.states, parts, strict=True):
            view.draw(self.plane.picture(frames, position))
            state.setText(words.state(frames[-1], self._kmeans, stride=self.plane.stride))
        self.mean_shift.show_bandwidth(self.player.frame.mean_shift.bandwidth)

    def _on_cleared(self) -> None:
        for view, state in zip(self.views, self.states, strict=True):
            view.clear_picture()
            state.setText("Computing…")

    def figure(self) -> Figure:
        """Both plots."""
        return figure_of(self._plots, "k-means and mean shift on the same points")

    def save_picture(self, path: Path) -> None:
        """Write both plots as a picture."""
        self.files.write_picture(path, self.figure())

    # Putting it together

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
        parts = zip(("k-means", "Mean shift"), self.views, self.states, _LESSONS, strict=True)
        for part in parts:
            both.addWidget(_side(*part), 1)
        self.stale = Stale(self._plots)
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._plots, 1)
        layout.addWidget(card(self.transport))
        return made

    def _wire(self) -> None:
        player = self.player
        self.loader.loaded.connect(self._on_loaded)
        self.loader.failed.connect(self.failed)
        self.loader.busy.changed.connect(self._show_staleness)
        self.files.saved.connect(self.noticed)
        self.files.failed.connect(self.failed)
        player.failed.connect(self.run_failed)
        player.cleared.connect(self._on_cleared)
        player.moved.connect(self._on_moved)
        self.points.currentIndexChanged.connect(self._on_points)
        self.k.valueChanged.connect(self.restart)
        self.mean_shift.changed.connect(self.restart)
        for view in self.views:
            view.dropped.connect(lambda *_: self._on_moved())  # nothing is dragged here


def _side(name: str, view: ScatterView, state: QLabel, lesson: str) -> QFrame:
    """One algorithm: what it does, the plot, and what is to be learned."""
    said = label(lesson)
    for text in (state, said):
        text.setWordWrap(True)
    made = card(state, view, said, heading=name)
    layout = made.layout()
    assert isinstance(layout, QVBoxLayout)
    layout.setStretchFactor(view, 1)
    return made

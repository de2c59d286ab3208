"""What the window adds to an algorithm of the engine: a form, words, a curve, and a picture.

The parts of the lab ask this record; none of them asks which algorithm it is.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Generic, TypeVar

import numpy as np

from app.controls.clustering.algorithm_form import AlgorithmForm
from app.labs.shared.plane import Plane
from app.numbers import counted, shortened
from app.theme import cluster_name
from app.views.scatter.kernel import Neighborhood
from app.views.scatter.scenery import NOISE, Scene
from engine.clustering.base import Algorithm, Start

Options = TypeVar("Options")
Frame = TypeVar("Frame")

_MAX_DISTANCES = 8
# More clusters would make the table slow, and nobody reads so many.
MAX_ROWS = 100
NO_CENTROIDS = np.empty((0, 2))


@dataclass(frozen=True, slots=True, eq=False)
class ClusterNumbers:
    """The table of clusters.

    Attributes:
        sizes: (K,) the points of each cluster.
        measures: (K,) its measure.
        n_noise: How many points are noise; None where there is none, or it is not known yet.
    """

    sizes: np.ndarray
    measures: np.ndarray
    n_noise: int | None = None


class AlgorithmView(ABC, Generic[Options, Frame]):
    """One algorithm in the window.

    A new one is a class of its own, a line in `registry`, and a line in `settings` for its options.
    Only what has no default must be written; the defaults suit an algorithm without centroids.

    Attributes:
        algorithm: Its record in the engine.
        section: The name of the field of `ClusteringSettings` that keeps its options.
        title: In the choice of algorithms.
        tip: What it does, in a sentence.
        measure_text: What the measure of the curve is, in words.
        step_name: What the curve counts across.
        has_regions: Whether a place belongs to the cluster of the nearest centroid.
    """

    algorithm: ClassVar[Algorithm]
    section: ClassVar[str]
    title: ClassVar[str]
    tip: ClassVar[str]
    measure_text: ClassVar[str]
    step_name: ClassVar[str] = "iteration"
    has_regions: ClassVar[bool] = False

    @abstractmethod
    def form(self, options: Options) -> AlgorithmForm:
        """A form for its options, filled with some."""

    @property
    def default_options(self) -> Options:
        """What is in the form the first time."""
        options: Options = self.algorithm.options()
        return options

    def can_show(self, options: Options) -> bool:  # noqa: ARG002
        """Whether the form has room for options that were read from a file."""
        return True

    @property
    def name(self) -> str:
        """The one name that the algorithm has everywhere."""
        return self.algorithm.name

    @property
    def names(self) -> tuple[str, ...]:
        """Its name, and those that it had in earlier versions."""
        return self.algorithm.names

    # In words

    @property
    def headline(self) -> str:
        """What stands above the plot, beside its buttons: about as long as "Mean shift"."""
        return self.title

    @property
    def measure_name(self) -> str:
        """The measure of the curve, as a heading."""
        return self.algorithm.measure.name.capitalize()

    @property
    def column_name(self) -> str:
        """The measure of each cluster, as a heading of the table."""
        return self.algorithm.columns[0].name.capitalize()

    def state(self, frame: Frame, options: Options, n_drawn_of: int = 1, stride: int = 1) -> str:
        """What the step on screen did.

        Args:
            frame: The step.
            options: The options of the run.
            n_drawn_of: How many frames were computed for this one that is drawn.
            stride: Every how many-th point is drawn.
        """
        parts = self.describe(frame, options)
        if n_drawn_of > 1:
            parts.append(f"drawing 1 frame of {n_drawn_of}")
        if stride > 1:
            parts.append(f"drawing 1 point of {stride}")
        return " · ".join(parts)

    @abstractmethod
    def describe(self, frame: Frame, options: Options) -> list[str]:
        """What the step on screen did, and how large everything is: parts of one line."""

    def measure_line(self, frame: Frame | None = None) -> str:
        """The measure of the curve, with its value if the frame has one."""
        value = np.nan if frame is None else self.measure(frame)
        return (
            f"{self.measure_text}: {shortened(value)}" if np.isfinite(value) else self.measure_text
        )

    def about_point(self, frame: Any, index: int, scaled: np.ndarray) -> list[str]:
        """The label of a point, and its distances to the nearest centroids.

        Args:
            frame: On screen.
            index: Which point.
            scaled: (D,) the point in the units of the frame.

        Returns:
            Lines of rich text; none if it has no label.
        """
        label = int(frame.labels[index])
        if label < 0:
            return []
        lines = [f"label <b>{label}</b> ({cluster_name(label)})"]
        if self.algorithm.has_centroids:
            distances = frame.distances(scaled)
            order = np.argsort(distances, kind="stable")[:_MAX_DISTANCES]
            lines += [_distance(int(other), float(distances[other]), label) for other in order]
        return lines

    def branch_value(self, frame: Any, over: bool) -> str:  # noqa: ARG002
        """The text at the end of a branch in the tree of branches.

        Args:
            frame: The last one; None if there is none yet.
            over: Whether the run of that branch has ended.
        """
        return "–"

    # Numbers

    def measure(self, frame: Any) -> float:
        """The measure of the curve; NaN if the frame has none."""
        return float(self.algorithm.measure.of(frame))

    def place(self, frame: Frame) -> tuple[float, float]:
        """Where a frame is on the curve; NaN for both if it is not on it."""
        value = self.measure(frame)
        return (frame.iteration if np.isfinite(value) else np.nan), value  # type: ignore[attr-defined]

    def numbers(self, frame: Any) -> ClusterNumbers:
        """The table of clusters, of the first `MAX_ROWS`."""
        measures = self.algorithm.columns[0].of(frame)
        noise = len(frame.labels) - int(frame.sizes.sum()) if self.knows_noise(frame) else None
        return ClusterNumbers(frame.sizes[:MAX_ROWS], measures[:MAX_ROWS], noise)

    def knows_noise(self, frame: Any) -> bool:
        """Whether the points of a frame that have no label are noise: at the end of a run."""
        return self.algorithm.has_noise and frame.stop is not None

    # Pictures

    def scene(self, frames: list[Any], plane: Plane) -> Scene:
        """What the scatter shows; see `layers`, which an algorithm overrides."""
        return replace(
            self.layers(frames, plane),
            has_regions=self.has_regions,
            can_drag=self.algorithm.takes_start,
        )

    def layers(self, frames: list[Any], plane: Plane) -> Scene:
        """Centroids, labels and paths in the plot; regions and dragging follow from the record.

        Args:
            frames: Those of the branch up to the one that is shown, oldest first.
            plane: The plane of the plot.
        """
        frame = frames[-1]
        labels = plane.of_labels(frame.labels)
        if self.knows_noise(frame):
            labels = np.where(labels < 0, NOISE, labels)
        return Scene(NO_CENTROIDS, labels, [], ())

    def glides(self, frame: Frame) -> bool:  # noqa: ARG002
        """Whether centroids glide to where this frame has them."""
        return False

    def neighborhood(self, frame: Frame) -> Neighborhood | None:  # noqa: ARG002
        """What is shown at the pointer in a plane of two columns; None for nothing."""
        return None

    # The hand

    def start_from(self, frame: Any, centroids: np.ndarray | None = None) -> Start | None:
        """Where a run starts that goes on from a frame; None if the algorithm takes no start.

        Args:
            frame: On screen.
            centroids: (K, D) in place of those of the frame.
        """
        if not self.algorithm.takes_start:
            return None
        given = frame.centroids if centroids is None else centroids
        return Start(centroids=given, labels=frame.labels, iteration=frame.iteration)

    def previews(self, frame: Frame) -> bool:  # noqa: ARG002
        """Whether the labels follow while a centroid of this frame is dragged."""
        return False


def _distance(other: int, distance: float, label: int) -> str:
    text = f"distance to {other}: {distance:.4g}"
    return f"<b>{text}</b>" if other == label else text


def sizes(frame: Any, what: str) -> str:
    """How many points and clusters a frame has: "120 points · 3 centroids"."""
    return f"{counted(len(frame.labels), 'point')} · {counted(len(frame.centroids), what)}"

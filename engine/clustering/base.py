"""What the window, the command line and files need to know about a clustering algorithm.

Each algorithm describes itself in one `Algorithm`, in its own folder, and
`engine.clustering.algorithms` lists them. The window reads the records before TensorFlow is loaded:
nothing here imports it, nor does a record until its stepper is called.
"""

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.errors import ParameterError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Start:
    """Where a run continues from, instead of starting with its own seeding.

    Attributes:
        centroids: (J, D), in the units of the points. The seeding adds any that are missing.
        labels: (N,) the labels that the first assignment is compared with, -1 for none; None if no
            point has one yet.
        iteration: The iteration count to continue from.
    """

    centroids: np.ndarray
    labels: np.ndarray | None = None
    iteration: int = 0


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that each frame has, or each cluster of a frame.

    Attributes:
        name: In lower case, for the middle of a sentence: "inertia".
        of: Gets it from a frame: a float, or (K,) with a number for each cluster.
    """

    name: str
    of: Callable[[Any], Any]


# Called with (N, D) points, options of the algorithm's class, and a start or None.
Stepper = Callable[[np.ndarray, Any, Start | None], Generator[Any, None, None]]


def _no_note(_: Any) -> str:
    return ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Algorithm:
    """One clustering algorithm.

    Attributes:
        name: On the command line, in files and in settings.
        title: For users, spelled for the middle of a sentence: "mean shift".
        aliases: Names that earlier versions used and that are still accepted.
        json_name: Its name in JSON results, if a release used another than `name`.
        options: Its frozen dataclass of options; every field has a default.
        stepper: Makes the frames. Call it through `frames`.
        row_arrays: For each class of frames that the stepper yields, the names of the arrays that
            have a row for each point or climb. A history stores them as differences.
        measure: What its curve shows, a number for each frame; NaN if a frame has none.
        columns: The columns of its cluster table besides the sizes, (K,) for each frame.
        has_centroids: Its frames have centroids, or modes, that can be written to a file.
        has_k: Its options have `n_clusters`, and it needs at least that many points.
        has_inertia: Its frames have an inertia.
        has_noise: A point with label -1 in the last frame is noise and is in no cluster.
        takes_start: A run can continue from a `Start`, so users can drag a centroid.
        has_operations: The live line can execute its half-steps operation by operation.
        warm_up: Compiles what the first frames need, given points and options; None if nothing.
        note: A warning about the last frame of a run, with advice: a sentence, or "".
    """

    name: str
    title: str
    aliases: tuple[str, ...] = ()
    json_name: str = ""
    options: type[Any]
    stepper: Stepper
    row_arrays: Mapping[type[Any], tuple[str, ...]]
    measure: Measure
    columns: tuple[Measure, ...]
    has_centroids: bool = False
    has_k: bool = False
    has_inertia: bool = False
    has_noise: bool = False
    takes_start: bool = False
    has_operations: bool = False
    warm_up: Callable[[np.ndarray, Any], None] | None = None
    note: Callable[[Any], str] = _no_note

    def frames(
        self, points: np.ndarray, options: Any, start: Start | None = None
    ) -> Generator[Any, None, None]:
        """Run it, frame by frame.

        Args:
            points: (N, D) float32, in the units that distances are measured in.
            options: An instance of the class `options`.
            start: Where to continue from; None to start afresh.

        Returns:
            A generator of frames, the last of which says why the run stopped. A `Search` may come
            first, which is not a frame.

        Raises:
            EngineError: The generator raises it, for points or options that cannot be used.
            ParameterError: A start is given, but the algorithm takes none.
        """
        if start is not None and not self.takes_start:
            raise ParameterError(f"A run of {self.title} cannot continue from given centroids.")
        return self.stepper(points, options, start)

    def min_points(self, options: Any) -> int:
        """Return how many points it needs with these options."""
        return int(options.n_clusters) if self.has_k else 1

    @property
    def names(self) -> tuple[str, ...]:
        """All names under which it can be found, `name` first."""
        return (self.name, *self.aliases)

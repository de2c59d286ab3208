"""What Lloyd's algorithm asks of points, wherever they are: the `Backend` protocol.

A backend holds (N, D) points: in memory, in a file, or on several devices. It shifts them to a
place near them, the shift origin, so that float32 is exact enough far from zero, and it has
centroids in a form of its own. The driver (`kmeans.lloyd`) decides what happens next, and passes on
what a backend returned: no method depends on an earlier call.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np

from engine.clustering.kmeans.backends.relocation import Farthest

_Result = TypeVar("_Result")

# Work that can be left between any two chunks of some 50 ms: it yields the share of the points
# seen so far, above 0 and below 1. What takes no longer than that yields nothing.
Work = Generator[float, None, _Result]


class Goal(NamedTuple):
    """How far a backend may go in one `assign`, if it can iterate by itself.

    Attributes:
        limit: Assignments at most.
        tol: Go no further once no centroid moves farther than this; 0 for as long as any moves.
        shift: The centroid shift that led to the first centroids; infinite if nothing did.
        stop_on_empty: Go no further once a centroid has no points.
    """

    limit: int = 1
    tol: float = 0.0
    shift: float = np.inf
    stop_on_empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assignment:
    """Points with their labels, as a backend has them; each backend adds what it needs later.

    Attributes:
        centroids: (K, D) that the points are assigned to, in the form of the backend.
        labels: Those of the points, in the form of the backend.
        sizes: (K,) int64, how many points have each label.
        changed: How many labels differ from the assignment before; N if there was none.
        n_done: How many assignments were made to get here.
        shift: The centroid shift that led to `centroids`.
    """

    centroids: Any
    labels: Any
    sizes: np.ndarray
    changed: int
    n_done: int = 1
    shift: float


class Move(NamedTuple):
    """Where centroids move at an update.

    Attributes:
        centroids: (K, D), in the form of the backend.
        shift: How far the one moves that moves farthest, in the units of the points.
    """

    centroids: Any
    shift: float


A = TypeVar("A", bound=Assignment)


class Backend(Protocol[A]):
    """Points, and the half-steps of Lloyd's algorithm on them.

    Attributes:
        origin: (D,) float64, the shift origin.
        start: (K, D), the centroids given, in the form of the backend.
    """

    @property
    def origin(self) -> np.ndarray:
        """(D,) float64, what the points are shifted by."""

    @property
    def start(self) -> Any:
        """(K, D) centroids that the run starts from, in the form of the backend."""

    def assign(self, centroids: Any, before: A | None, goal: Goal) -> Work[A]:
        """Give each point to its nearest centroid; a tie goes to the lower index.

        Args:
            centroids: (K, D), in the form of the backend.
            before: The assignment before this one, if any.
            goal: How far to go on from here; a backend may stop earlier, after one assignment at
                least.
        """

    def update(self, assignment: A) -> Move:
        """Move each centroid to the mean of its points; one without points stays."""

    def farthest(self, assignment: A, n_points: int) -> Work[Farthest]:
        """The points that are farthest from their own centroids, shifted."""

    def inertias(self, assignment: A, centroids: Any) -> Work[np.ndarray]:
        """(K,) float64, squared distances from points to the centroid of their label, summed."""

    def host_labels(self, assignment: A) -> np.ndarray:
        """(N,) labels, read-only, of the smallest unsigned type that holds K."""

    def to_host(self, centroids: Any) -> np.ndarray:
        """(K, D) float64, shifted, of centroids in the form of the backend."""

    def to_device(self, centroids: np.ndarray) -> Any:
        """Centroids in the form of the backend, of (K, D) float64 that are shifted."""

"""The `Backend` protocol: what Lloyd's algorithm needs from points, wherever they are.

A backend holds (N, D) points: in memory, in a file, or on several devices. It shifts them by the
shift origin, a place near them, so that float32 is exact enough far from zero, and it represents
centroids in a form of its own. The driver (`kmeans.driver`) decides what happens next, and passes
on what a backend returned: no method depends on an earlier call.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np

from engine.clustering.kmeans.backends.relocation import Farthest

_Result = TypeVar("_Result")

# Work that can be cancelled between any two chunks of about 50 ms: it yields the fraction of the
# points seen so far, above 0 and below 1. Work that takes no longer than that yields nothing.
Work = Generator[float, None, _Result]


class Goal(NamedTuple):
    """How far a backend that can iterate by itself may go in one `assign`.

    Attributes:
        limit: The largest number of assignments.
        tol: Stop when no centroid moves farther than this; 0 until none moves at all.
        shift: The centroid shift that led to the first centroids; infinite if there was none.
        stop_on_empty: Stop when a centroid has no points.
    """

    limit: int = 1
    tol: float = 0.0
    shift: float = np.inf
    stop_on_empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Assignment:
    """Points with their labels, as a backend stores them; each backend adds what it needs later.

    Attributes:
        centroids: (K, D) that the points are assigned to, in the form of the backend.
        labels: Those of the points, in the form of the backend.
        sizes: (K,) int64, the number of points with each label.
        changed: How many labels differ from the assignment before; N if there was none.
        n_done: How many assignments the call made.
        shift: The centroid shift that led to `centroids`.
    """

    centroids: Any
    labels: Any
    sizes: np.ndarray
    changed: int
    n_done: int = 1
    shift: float


class Move(NamedTuple):
    """Where centroids move in an update.

    Attributes:
        centroids: (K, D), in the form of the backend.
        shift: The largest distance that a centroid moves, in the units of the points.
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
        """(D,) float64, subtracted from the points."""

    @property
    def start(self) -> Any:
        """(K, D) centroids that the run starts from, in the form of the backend."""

    def assign(self, centroids: Any, before: A | None, goal: Goal) -> Work[A]:
        """Give each point to its nearest centroid; a tie goes to the lower index.

        Args:
            centroids: (K, D), in the form of the backend.
            before: The assignment before this one, if any.
            goal: How far to continue from here; a backend may stop earlier, but not before it has
                made one assignment.
        """

    def update(self, assignment: A) -> Move:
        """Move each centroid to the mean of its points; one without points stays."""

    def farthest(self, assignment: A, n_points: int) -> Work[Farthest]:
        """Return the points that are farthest from their own centroids, shifted."""

    def inertias(self, assignment: A, centroids: Any) -> Work[np.ndarray]:
        """Return (K,) float64, the squared distances from points to their centroids, summed."""

    def host_labels(self, assignment: A) -> np.ndarray:
        """Return the (N,) labels, read-only, in the smallest unsigned type that holds K."""

    def to_host(self, centroids: Any) -> np.ndarray:
        """Convert centroids from the form of the backend to (K, D) float64, still shifted."""

    def to_device(self, centroids: np.ndarray) -> Any:
        """Convert (K, D) float64 shifted centroids to the form of the backend."""

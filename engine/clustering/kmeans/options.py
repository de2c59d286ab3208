"""The options of k-means, with the names that the command line and the window use."""

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from engine.clustering.kmeans.frames import EmptyPolicy
from engine.errors import ParameterError

MAX_ITER = 300
# The most runs to choose the best from: more would take years and find nothing better.
MAX_RUNS = 10_000


class Seeding(StrEnum):
    """How the first centroids are chosen among the points.

    FARTHEST: A random point, then always the point farthest from all centroids.
    PLUS_PLUS: Greedy k-means++: several points are drawn for each centroid by their squared
        distance, and the one that leaves the least inertia is kept.
    PLUS_PLUS_SINGLE: k-means++ as first published: one point is drawn for each centroid.
    RANDOM: Points drawn at random, all equally likely.
    AFK_MC2: Approximates the draws of PLUS_PLUS_SINGLE by a Markov chain.
    """

    FARTHEST = "farthest"
    PLUS_PLUS = "k-means++"
    PLUS_PLUS_SINGLE = "k-means++-single"
    RANDOM = "random"
    AFK_MC2 = "afk-mc2"


def n_candidates(n_clusters: int) -> int:
    """Return how many points greedy k-means++ draws for each centroid but the first.

    2 + ln K, rounded down: Arthur and Vassilvitskii's own experiments, and what scikit-learn does.
    """
    return 2 + int(math.log(n_clusters))


class Formulation(StrEnum):
    """How a half-step is computed; the labels are the same, ties excepted.

    LECTURE takes the squares of float64 differences. TILED and FUSED take products, and use such
    differences wherever rounding may have decided which centroid is the nearest.

    AUTO: the engine chooses; today always FUSED.
    LECTURE: the broadcast formulation as it is taught, for small data.
    TILED: matrix products over tiles of points, operation by operation.
    FUSED: assignment and sums in one pass over the points, compiled for their shape.
    """

    AUTO = "auto"
    LECTURE = "lecture"
    TILED = "tiled"
    FUSED = "fused"

    def resolved(self) -> "Formulation":
        """The formulation that actually runs."""
        return Formulation.FUSED if self is Formulation.AUTO else self

    @property
    def listed(self) -> "Formulation":
        """The formulation whose operations can be executed one by one.

        The fused one is a single compiled program; its operations are those of the tiles.
        """
        return self if self is Formulation.LECTURE else Formulation.TILED


@dataclass(frozen=True, slots=True, kw_only=True)
class KMeansOptions:
    """Everything but the points that determines a run of k-means.

    Attributes:
        n_clusters: K, how many centroids.
        seeding: How they are chosen at the start.
        seed: The seed of the random numbers in the seeding; not negative.
        n_init: How many runs are made, with this seed and those after it; the one with the lowest
            inertia is kept.
        max_iter: Updates after which a run stops, converged or not.
        tol: Stop when no centroid moves farther than this, in the units of the points; 0 goes on
            until no label changes.
        empty: What a centroid without points does.
        formulation: How the half-steps are computed.
    """

    n_clusters: int = 6
    seeding: Seeding = Seeding.FARTHEST
    seed: int = 0
    n_init: int = 1
    max_iter: int = MAX_ITER
    tol: float = 0.0
    empty: EmptyPolicy = EmptyPolicy.KEEP
    formulation: Formulation = Formulation.AUTO

    @property
    def of_lloyd(self) -> dict[str, Any]:
        """The keyword arguments of `lloyd` and `fit`: everything but the seeding."""
        names = ("max_iter", "tol", "empty", "formulation")
        return {name: getattr(self, name) for name in names}

    @property
    def runs(self) -> "tuple[KMeansOptions, ...]":
        """The options of each of the `n_init` runs: used alone, they reproduce the run."""
        return tuple(self.run(number) for number in range(self.n_init))

    def run(self, number: int) -> "KMeansOptions":
        """Return the options of one of the `n_init` runs, counted from 0."""
        return replace(self, seed=self.seed + number, n_init=1)

    def __post_init__(self) -> None:
        """Check what does not depend on the data.

        Raises:
            ParameterError: A value is outside its range.
        """
        if self.n_clusters < 1:
            raise ParameterError(f"k must be 1 or more, not {self.n_clusters}.")
        if self.seed < 0:
            raise ParameterError(f"The seed must be 0 or more, not {self.seed}.")
        if not 1 <= self.n_init <= MAX_RUNS:
            raise ParameterError(
                f"There must be 1 to {MAX_RUNS:,} runs (n-init), not {self.n_init:,}."
            )
        if self.max_iter < 0:
            raise ParameterError(
                f"The number of iterations must be 0 or more, not {self.max_iter}."
            )
        if not 0 <= self.tol < float("inf"):
            raise ParameterError(f"The tolerance must be 0 or more, not {self.tol}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class MiniBatchOptions:
    """Everything but the points that determines a run of mini-batch k-means.

    Attributes:
        n_clusters: K, how many centroids.
        seeding: How they are chosen at the start, among all points.
        batch_size: How many points are drawn for each batch.
        max_batches: The number of batches after which a run stops, even if it is still improving.
        seed: The seed of the seeding and of the draws; not negative.
    """

    n_clusters: int = 6
    seeding: Seeding = Seeding.FARTHEST
    batch_size: int = 4096
    max_batches: int = 10_000
    seed: int = 0

    def __post_init__(self) -> None:
        """Check what does not depend on the data.

        Raises:
            ParameterError: A value is outside its range.
        """
        if self.n_clusters < 1:
            raise ParameterError(f"k must be 1 or more, not {self.n_clusters}.")
        if self.batch_size < 1:
            raise ParameterError(f"The batch size must be 1 or more, not {self.batch_size}.")
        if self.max_batches < 0:
            raise ParameterError(
                f"The number of batches must be 0 or more, not {self.max_batches}."
            )
        if self.seed < 0:
            raise ParameterError(f"The seed must be 0 or more, not {self.seed}.")

"""How many clusters: what is measured for each k, and which k each of four methods chooses.

Elbow: the k farthest below the line from the first to the last point of the inertia curve, both
    axes from 0 to 1. Satopaa, V. et al. (2011). Finding a "kneedle" in a haystack: detecting knee
    points in system behavior. ICDCS Workshops, 166-171; without its smoothing.
Silhouette: the largest mean. Rousseeuw (1987), see `silhouette`.
Gap: the smallest k whose gap is at least the gap of k + 1 minus its standard error. Tibshirani et
    al. (2001), see `gap`.
Next seed, the idea of the lecture: the distance to the next farthest-first seed drops once every
    cluster has a seed. Here the k with the largest ratio of one distance to the next.

Does not import TensorFlow, because the window imports it.
"""

from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np

from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import KMeansOptions, Seeding
from engine.errors import ParameterError

# With more points than this, silhouettes and gaps are computed on a sample.
MAX_SAMPLE = 20_000
N_SEEDS = 2**31
# More would take years and show nothing new.
MAX_K, MAX_STARTS, MAX_REFERENCES = 100_000, 10_000, 10_000
_ROUNDING = 1e-9


class Method(StrEnum):
    """The methods for choosing k."""

    ELBOW = "elbow"
    SILHOUETTE = "silhouette"
    GAP = "gap"
    NEXT_SEED = "next seed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceOptions:
    """Everything but the points that determines what is measured.

    Attributes:
        min_k, max_k: The range, both ends included.
        n_starts: Runs of k-means for each k; the best one counts.
        n_references: Reference data sets for the gap, each with as many starts.
        kmeans: The options of a run, except its k; its seed is that of the first start. Its
            `n_init` is ignored, since `n_starts` takes its place.
    """

    min_k: int = 2
    max_k: int = 12
    n_starts: int = 5
    n_references: int = 10
    kmeans: KMeansOptions = field(default_factory=lambda: KMeansOptions(seeding=Seeding.PLUS_PLUS))

    def __post_init__(self) -> None:
        """Check what does not depend on the data.

        Raises:
            ParameterError: A value is outside its range.
        """
        if self.min_k < 1:
            raise ParameterError(f"The smallest k must be 1 or more, not {self.min_k}.")
        if self.max_k < self.min_k:
            raise ParameterError(
                f"The largest k, {self.max_k}, must not be below the smallest, {self.min_k}."
            )
        if self.max_k > MAX_K:
            raise ParameterError(f"The largest k must be {MAX_K:,} or less, not {self.max_k:,}.")
        if not 1 <= self.n_starts <= MAX_STARTS:
            raise ParameterError(
                f"There must be 1 to {MAX_STARTS:,} starts for each k, not {self.n_starts:,}."
            )
        if not 2 <= self.n_references <= MAX_REFERENCES:
            raise ParameterError(
                f"The gap needs 2 references or more for its error, and at most "
                f"{MAX_REFERENCES:,}, not {self.n_references:,}."
            )

    @property
    def ks(self) -> tuple[int, ...]:
        """The M values of k, in ascending order."""
        return tuple(range(self.min_k, self.max_k + 1))

    @property
    def n_fits(self) -> int:
        """The total number of k-means runs."""
        return len(self.ks) * self.n_starts * (1 + self.n_references)

    def run(self, k: int, start: int) -> KMeansOptions:
        """Return the options of one run: used alone, they reproduce its clustering."""
        seed = (self.kmeans.seed + start) % N_SEEDS
        return replace(self.kmeans, n_clusters=k, seed=seed, n_init=1)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChoiceFrame:
    """What is known so far about M values of k; NaN where nothing is known yet.

    Attributes:
        ks: (M,) int64, ascending.
        inertias: (M,) float64, that of the best start.
        silhouettes: (M,) float64, the mean; NaN for k = 1.
        gaps, gap_errors: (M,) float64, over the references so far; NaN if the inertia is 0.
        next_seeds: (M,) float64, the distance of the next farthest-first seed from the first k.
        drops: (M,) float64, how many times nearer that is than the k-th seed was; infinite if all
            points are seeds, NaN for k = 1.
        best: M runs, the last frame of the best start of each k; None if none has ended.
        starts: (M,) int64, the number of that start, from 0.
        n_points, n_sampled: The number of points, and of those used for silhouettes and gaps.
        doing: What is being computed, as text to show.
        n_done, n_fits: Runs of k-means, finished and in total.
        stop: True if no frame follows.
    """

    ks: np.ndarray
    inertias: np.ndarray
    silhouettes: np.ndarray
    gaps: np.ndarray
    gap_errors: np.ndarray
    next_seeds: np.ndarray
    drops: np.ndarray
    best: tuple[KMeansFrame | None, ...]
    starts: np.ndarray
    n_points: int
    n_sampled: int
    doing: str
    n_done: int
    n_fits: int
    stop: bool | None = None

    def values(self, method: Method) -> np.ndarray:
        """Return the curve that a method evaluates: (M,) float64."""
        return {
            Method.ELBOW: self.inertias,
            Method.SILHOUETTE: self.silhouettes,
            Method.GAP: self.gaps,
            Method.NEXT_SEED: self.next_seeds,
        }[method]

    def choice(self, method: Method) -> "Choice":
        """Return what a method would choose, from what is known so far."""
        return {
            Method.ELBOW: lambda: _by_elbow(self.ks, self.inertias),
            Method.SILHOUETTE: lambda: _by_silhouette(self.ks, self.silhouettes),
            Method.GAP: lambda: _by_gap(self.ks, self.gaps, self.gap_errors),
            Method.NEXT_SEED: lambda: _by_next_seed(self.ks, self.drops),
        }[method]()


@dataclass(frozen=True, slots=True)
class Choice:
    """The k that a method would choose.

    Attributes:
        k: None if it cannot choose.
        why: The reason, as half a sentence.
    """

    k: int | None
    why: str


@dataclass(frozen=True, slots=True)
class LotteryRun:
    """One run of k-means to its end.

    Attributes:
        options: Used alone, they reproduce the run.
        inertia: At the end.
        iterations: How many it took.
    """

    options: KMeansOptions
    inertia: float
    iterations: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LotteryFrame:
    """The runs of a start lottery so far.

    Attributes:
        runs: In the order in which they were made.
        n_runs: How many there will be.
        stop: True if no frame follows.
    """

    runs: tuple[LotteryRun, ...]
    n_runs: int
    stop: bool | None = None


def elbow_depths(ks: np.ndarray, inertias: np.ndarray) -> np.ndarray:
    """How far each point of a curve lies below the line between its ends, both axes from 0 to 1.

    Args:
        ks: (M,) ascending, M at least 2.
        inertias: (M,), the last below the first.

    Returns:
        (M,) float64, 0 at both ends.
    """
    across = (ks - ks[0]) / (ks[-1] - ks[0])
    up = (inertias - inertias[-1]) / (inertias[0] - inertias[-1])
    return np.asarray(1 - across - up)


def _by_elbow(ks: np.ndarray, inertias: np.ndarray) -> Choice:
    known = np.isfinite(inertias)
    ks, inertias = ks[known], inertias[known]
    if len(ks) < 3:
        return Choice(None, "an elbow needs three values of k")
    if inertias[-1] >= inertias[0]:
        return Choice(None, "more clusters do not lower the inertia")
    depths = elbow_depths(ks, inertias)
    if depths.max() < _ROUNDING:
        return Choice(None, "the curve has no elbow: it does not bend")
    return Choice(
        int(ks[depths.argmax()]), "beyond this k, another cluster lowers the inertia little"
    )


def _by_silhouette(ks: np.ndarray, silhouettes: np.ndarray) -> Choice:
    if not np.isfinite(silhouettes).any():
        return Choice(None, "a silhouette needs two clusters")
    best = int(np.nanargmax(silhouettes))
    return Choice(int(ks[best]), f"points fit their own cluster best: {silhouettes[best]:.2f} of 1")


def _by_gap(ks: np.ndarray, gaps: np.ndarray, errors: np.ndarray) -> Choice:
    known = np.isfinite(gaps)
    if known.sum() < 2:
        return Choice(None, "a gap is compared with that of the next k")
    enough = gaps[:-1] >= gaps[1:] - errors[1:]  # false where one is NaN
    if not enough.any():
        return Choice(None, f"up to k = {ks[known][-1]} every further cluster widens the gap")
    index = int(enough.argmax())
    return Choice(int(ks[index]), f"k = {ks[index + 1]} does not widen the gap beyond its error")


def _by_next_seed(ks: np.ndarray, drops: np.ndarray) -> Choice:
    known = np.isfinite(drops) | np.isinf(drops)
    if not known.any():
        return Choice(None, "a drop needs two clusters")
    index = int(np.nanargmax(drops))
    if np.isinf(drops[index]):
        return Choice(int(ks[index]), "every point is on a seed")
    return Choice(int(ks[index]), f"the next seed is {drops[index]:.1f} times nearer than the last")

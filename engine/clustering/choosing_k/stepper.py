"""How many clusters: k-means for a range of k, evaluated by four methods, as frames.

`choices` describes the methods. Of several starts the one with the lowest inertia counts. For more
than `MAX_SAMPLE` points, silhouettes and gaps are computed on a seeded sample.
"""

from collections.abc import Generator
from typing import Any

import numpy as np

from engine.clustering.checks import check
from engine.clustering.choosing_k.choices import MAX_SAMPLE, ChoiceFrame, ChoiceOptions
from engine.clustering.choosing_k.gap import Box, gaps
from engine.clustering.choosing_k.silhouette import mean_silhouettes
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.kmeans.options import Seeding
from engine.clustering.kmeans.runs import run_in_chunks
from engine.clustering.seeding.in_memory import no_centroids, steps
from engine.errors import DataError, ParameterError
from engine.frames import sealed

# A piece of work: a stepper can be cancelled wherever it yields.
_Work = Generator[Any, None, Any]


class _Measurements:
    """What is known so far; each frame is a copy of it."""

    def __init__(self, points: np.ndarray, options: ChoiceOptions) -> None:
        n_ks = len(options.ks)
        self.points, self.options = points, options
        self.sample = _sample(len(points), options.kmeans.seed)
        self.inertias, self.sampled_inertias = np.full((2, n_ks), np.nan)
        self.silhouettes, self.next_seeds, self.drops = np.full((3, n_ks), np.nan)
        self.references = np.empty((0, n_ks))
        self.best: list[KMeansFrame | None] = [None] * n_ks
        self.starts = np.zeros(n_ks, np.int64)
        self.doing, self.n_done = "", 0

    def add(self, index: int, start: int, frame: KMeansFrame) -> None:
        """Store a run if it is the best for its k."""
        best = self.best[index]
        if best is None or frame.inertia < best.inertia:
            self.best[index], self.starts[index] = frame, start
            self.inertias[index] = frame.inertia
            self.sampled_inertias[index] = self._sampled(frame)

    def _sampled(self, frame: KMeansFrame) -> float:
        """Return the inertia of the points in the sample."""
        if len(self.sample) == len(self.points):
            return frame.inertia
        own = frame.centroids[frame.labels[self.sample]]
        return float(np.square(self.points[self.sample] - own).sum(dtype=np.float64))

    def frame(self, stop: bool | None = None) -> ChoiceFrame:
        """Return what is known so far, as a frame."""
        found, errors = gaps(self.sampled_inertias, self.references)
        return ChoiceFrame(
            ks=sealed(self.options.ks),
            inertias=sealed(self.inertias),
            silhouettes=sealed(self.silhouettes),
            gaps=sealed(found),
            gap_errors=sealed(errors),
            next_seeds=sealed(self.next_seeds),
            drops=sealed(self.drops),
            best=tuple(self.best),
            starts=sealed(self.starts),
            n_points=len(self.points),
            n_sampled=len(self.sample),
            doing=self.doing,
            n_done=self.n_done,
            n_fits=self.options.n_fits,
            stop=stop,
        )


def choose_k(points: np.ndarray, options: ChoiceOptions) -> Generator[ChoiceFrame, None, None]:
    """Measure every k in a range.

    Args:
        points: (N, D).
        options: The range, and the runs for each k.

    Yields:
        What is known so far, about every 50 ms; the last frame has `stop`.

    Raises:
        DataError: The points cannot be clustered: there is only one, all are equal, or not finite.
        ParameterError: There are fewer points, or fewer different ones, than the largest k.
    """
    _check(points, options)
    measured = _Measurements(points, options)
    for work in (_seed_farthest, _try_starts, _measure_silhouettes, _draw_references):
        for _ in work(measured):
            yield measured.frame()
    measured.doing = "done"
    yield measured.frame(stop=True)


def _check(points: np.ndarray, options: ChoiceOptions) -> None:
    check(points, points[:1])
    if len(points) == 1:
        raise DataError("One point cannot be divided into clusters; give two or more.")
    if (points == points[0]).all():
        raise DataError("All points are equal, so there is nothing to divide into clusters.")
    if options.max_k > len(points):
        raise ParameterError(
            f"{len(points):,} points cannot have {options.max_k:,} clusters; choose a largest k of "
            f"{len(points):,} or less."
        )


def _sample(n_points: int, seed: int) -> np.ndarray:
    """Return the ascending indices of the points used for silhouettes and gaps."""
    if n_points <= MAX_SAMPLE:
        return np.arange(n_points)
    rng = np.random.default_rng(seed)
    return np.sort(rng.choice(n_points, MAX_SAMPLE, replace=False))


def _seed_farthest(measured: _Measurements) -> _Work:
    """Measure the distance of the next seed from the first k, for every k."""
    measured.doing = "farthest-first seeds"
    points, options = measured.points, measured.options
    start = no_centroids(points)
    seeding = steps(points, options.max_k, Seeding.FARTHEST, options.kmeans.seed, start)
    before = np.nan
    for centroids, nearest in seeding:
        distance = float(np.sqrt(nearest.max()))
        index = len(centroids) - options.min_k
        if index >= 0:
            measured.next_seeds[index] = distance
            measured.drops[index] = before / distance if distance > 0 else np.inf
        before = distance
        yield


def _try_starts(measured: _Measurements) -> _Work:
    """Find the best start for every k."""
    options = measured.options
    for index, k in enumerate(options.ks):
        for start in range(options.n_starts):
            measured.doing = f"k = {k}, start {start + 1} of {options.n_starts}"
            frame = yield from run_in_chunks(measured.points, options.run(k, start))
            measured.n_done += 1
            measured.add(index, start, frame)
            yield


def _measure_silhouettes(measured: _Measurements) -> _Work:
    """Compute the silhouettes of all k together, since they share their distances."""
    labelings = [frame.labels[measured.sample] for frame in measured.best if frame is not None]
    measuring = mean_silhouettes(measured.points[measured.sample], labelings)
    measured.doing = "silhouettes"
    measured.silhouettes = yield from measuring


def _draw_references(measured: _Measurements) -> _Work:
    """Make the same runs on uniform reference data sets."""
    options = measured.options
    box = Box.around(measured.points[measured.sample])
    for number in range(options.n_references):
        rng = np.random.default_rng((options.kmeans.seed, number))
        drawn = box.draw(len(measured.sample), rng)
        inertias = np.empty(len(options.ks))
        for index, k in enumerate(options.ks):
            measured.doing = f"gap: reference {number + 1} of {options.n_references}, k = {k}"
            inertias[index] = yield from _best_inertia(measured, drawn, k)
        measured.references = np.vstack([measured.references, inertias])


def _best_inertia(measured: _Measurements, points: np.ndarray, k: int) -> _Work:
    best = np.inf
    for start in range(measured.options.n_starts):
        frame = yield from run_in_chunks(points, measured.options.run(k, start))
        measured.n_done += 1
        best = min(best, frame.inertia)
        yield
    return best

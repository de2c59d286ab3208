"""The start lottery: the same k with many seeds, and the final inertia of each run.

A run is identified by its options, so that it can be repeated step by step.
"""

from collections.abc import Generator, Sequence
from dataclasses import replace

import numpy as np

from engine.clustering.checks import check
from engine.clustering.choosing_k.choices import N_SEEDS, LotteryFrame, LotteryRun
from engine.clustering.kmeans.options import KMeansOptions, Seeding
from engine.clustering.kmeans.runs import run_in_chunks


def lottery(
    points: np.ndarray, options: KMeansOptions, seedings: Sequence[Seeding], n_seeds: int = 100
) -> Generator[LotteryFrame, None, None]:
    """Run k-means with many seeds, for each seeding in turn.

    Args:
        points: (N, D).
        options: The options of the runs; the seeding and `n_init` are ignored, and seeds count up
            from the seed given here.
        seedings: The seedings to compare.
        n_seeds: Runs of each seeding.

    Yields:
        The runs so far, about every 50 ms; the last frame has `stop`.

    Raises:
        EngineError: See `cluster`.
    """
    check(points, points[:1])
    runs: list[LotteryRun] = []
    n_runs = n_seeds * len(seedings)
    for _ in _draw(points, options, seedings, n_seeds, runs):
        yield LotteryFrame(runs=tuple(runs), n_runs=n_runs)
    yield LotteryFrame(runs=tuple(runs), n_runs=n_runs, stop=True)


def _draw(
    points: np.ndarray,
    options: KMeansOptions,
    seedings: Sequence[Seeding],
    n_seeds: int,
    runs: list[LotteryRun],
) -> Generator[int, None, None]:
    """Make the runs and append them to the list; yields about every 50 ms."""
    for offset in range(n_seeds):
        seed = (options.seed + offset) % N_SEEDS
        for seeding in seedings:
            run = replace(options, seeding=seeding, seed=seed, n_init=1)
            frame = yield from run_in_chunks(points, run)
            runs.append(LotteryRun(run, frame.inertia, frame.iteration))
            yield len(runs)

"""The start lottery: its runs are those of k-means, and can be reproduced."""

import pytest

from engine.clustering.choosing_k.lottery import lottery
from engine.clustering.kmeans.options import KMeansOptions, Seeding
from engine.clustering.kmeans.runs import cluster
from engine.errors import ParameterError
from tests.engine.clustering.made_points import blobs, normal

POINTS = blobs(5, 20, 2)
OPTIONS = KMeansOptions(n_clusters=5, seed=7)


def last(seedings=tuple(Seeding), n_seeds=4, options=OPTIONS):
    *_, frame = lottery(POINTS, options, seedings, n_seeds)
    return frame


def test_every_seeding_runs_from_every_seed():
    frame = last()
    assert frame.stop is True
    assert frame.n_runs == len(frame.runs) == 20
    pairs = [(run.options.seeding, run.options.seed) for run in frame.runs]
    assert pairs == [(seeding, seed) for seed in range(7, 11) for seeding in Seeding]


def test_a_run_is_reproduced_by_its_options():
    for run in last().runs:
        *_, again = cluster(POINTS, run.options)
        assert run.inertia == pytest.approx(again.inertia, rel=1e-6)
        assert run.iterations == again.iterations


def test_the_same_seed_gives_the_same_runs():
    assert last().runs == last().runs


def test_inertias_of_random_seeding_vary():
    inertias = [run.inertia for run in last([Seeding.RANDOM], 30).runs]
    assert max(inertias) > 2 * min(inertias)


def test_each_run_adds_a_frame():
    frames = list(lottery(POINTS, OPTIONS, [Seeding.RANDOM], 3))
    counts = [len(frame.runs) for frame in frames]
    assert counts == sorted(counts)
    assert set(counts) == {0, 1, 2, 3}
    assert [frame.stop for frame in frames[:-1]] == [None] * (len(frames) - 1)


def test_too_many_clusters_are_refused():
    with pytest.raises(ParameterError, match="3 points cannot have 5 clusters"):
        list(lottery(normal(3, 2), OPTIONS, [Seeding.RANDOM], 3))

"""Mini-batch k-means: against the paper's algorithm, scikit-learn, and points on disk."""

from itertools import pairwise

import numpy as np
import pytest
from sklearn.cluster import MiniBatchKMeans

from engine.clustering.chunks import finished
from engine.clustering.frames import Stop
from engine.clustering.kmeans.driver import fit
from engine.clustering.kmeans.mini_batch import Seen, _Plateau, fit_in_chunks
from engine.clustering.kmeans.options import MiniBatchOptions, Seeding
from engine.clustering.seeding.in_memory import seed_centroids
from engine.data.arrays import mapped
from engine.data.arrays.mapped import open_mapped
from engine.errors import DataError, ParameterError
from tests.engine.clustering.made_points import blobs, content, normal, squared_distances

pytestmark = pytest.mark.slow

POINTS = blobs(8, 300, 4) + 4 * normal(2400, 4, seed=1)
# Batches have 64 points if it does not matter: TensorFlow retraces for another size.


def run(points, start, **options):
    return finished(fit_in_chunks(points, start, MiniBatchOptions(**options)))


def paper_algorithm(points, centroids, n_batches, size, seed):
    """Algorithm 1 of Sculley (2010), one point at a time, in float64."""
    rng = np.random.default_rng([seed, 1])
    centroids, counts = centroids.astype(np.float64), np.zeros(len(centroids))
    for _ in range(n_batches):
        batch = points[rng.integers(len(points), size=size)]
        nearest = squared_distances(batch, centroids).argmin(1)
        for point, own in zip(batch, nearest, strict=True):
            counts[own] += 1
            rate = 1 / counts[own]
            centroids[own] = (1 - rate) * centroids[own] + rate * point
    return centroids


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("size", [1, 64])
def test_it_matches_the_algorithm_of_the_paper(seed, size):
    start = POINTS[:8]
    frame = run(POINTS, start, batch_size=size, max_batches=25, seed=seed)
    expected = paper_algorithm(POINTS, start, 25, size, seed)
    np.testing.assert_allclose(frame.centroids, expected, rtol=1e-4, atol=1e-4)


def test_a_single_centroid_is_the_mean_of_all_sampled_points():
    points = normal(500, 4) + np.float32(1e4)
    frame = run(points, points[:1], batch_size=64, max_batches=10, seed=5)
    rng = np.random.default_rng([5, 1])
    drawn = np.concatenate([rng.integers(500, size=64) for _ in range(10)])
    np.testing.assert_allclose(frame.centroids[0], points[drawn].mean(0, dtype=float), rtol=1e-7)


def test_the_end_is_an_assignment_of_all_points():
    frame = run(POINTS, POINTS[:8], batch_size=64, max_batches=30)
    distances = squared_distances(POINTS, frame.centroids)
    np.testing.assert_array_equal(frame.labels, distances.argmin(1))
    assert frame.sizes.tolist() == np.bincount(frame.labels, minlength=8).tolist()
    assert frame.inertia == pytest.approx(distances.min(1).sum(), rel=1e-5)
    assert (frame.iterations, frame.stop, frame.converged) == (30, Stop.MAX_ITER, False)
    assert not frame.labels.flags.writeable


def test_with_zero_batches_the_centroids_stay():
    frame = run(POINTS, POINTS[:8], max_batches=0)
    np.testing.assert_allclose(frame.centroids, POINTS[:8], atol=1e-5)
    np.testing.assert_array_equal(frame.labels, fit(POINTS, POINTS[:8], max_iter=0).labels)


def test_a_centroid_without_points_stays():
    start = np.concatenate([POINTS[:7], np.full((1, 4), 999, np.float32)])
    frame = run(POINTS, start, batch_size=64, max_batches=30)
    assert frame.empty == (7,)
    np.testing.assert_allclose(frame.centroids[7], 999, rtol=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_the_inertia_is_close_to_that_of_scikit_learn(seed):
    start = seed_centroids(POINTS, 8, Seeding.PLUS_PLUS, seed)
    theirs = MiniBatchKMeans(8, init=start, n_init=1, batch_size=256, random_state=seed)
    ours = run(POINTS, start, batch_size=256, seed=seed)
    assert ours.inertia < 1.05 * theirs.fit(POINTS).inertia_
    assert ours.inertia < 1.1 * fit(POINTS, start).inertia


def test_it_stops_when_batches_no_longer_improve():
    frame = run(POINTS, POINTS[:8], batch_size=256)
    assert (frame.stop, frame.converged) == (Stop.PLATEAU, True)
    assert 50 < frame.iterations < 5000


def test_a_plateau_is_fifty_values_without_a_new_minimum():
    falling, level = _Plateau(), _Plateau()
    assert not any(falling.add(1000 - step) for step in range(500))
    assert [level.add(1.0) for _ in range(51)] == [False] * 50 + [True]


def test_the_moving_average_has_a_weight_of_one_hundredth():
    curve = _Plateau()
    for value in (2.0, 3.0):
        curve.add(value)
    assert curve.mean == pytest.approx(2.01)


def test_the_same_seed_gives_the_same_end_and_another_gives_another():
    once, again, other = (
        run(POINTS, POINTS[:8], batch_size=64, max_batches=20, seed=seed) for seed in (4, 4, 5)
    )
    assert content(once) == content(again) != content(other)


def test_points_on_disk_give_the_same_result(tmp_path, monkeypatch):
    monkeypatch.setattr(mapped, "CHUNK_VALUES", 700)
    np.save(tmp_path / "points.npy", POINTS)
    points = finished(open_mapped(str(tmp_path / "points.npy"))).points
    here, there = (
        run(any_, POINTS[:8], batch_size=64, max_batches=40) for any_ in (POINTS, points)
    )
    np.testing.assert_allclose(there.centroids, here.centroids, rtol=1e-5, atol=1e-5)
    assert (there.labels != here.labels).mean() < 0.01
    assert there.inertia == pytest.approx(here.inertia, rel=1e-5)


def test_progress_is_reported_for_every_batch_and_chunk(monkeypatch):
    monkeypatch.setattr(mapped, "CHUNK_VALUES", 4 * 800)
    reported = list(
        fit_in_chunks(POINTS, POINTS[:8], MiniBatchOptions(batch_size=64, max_batches=5))
    )
    batches = [at for at in reported if isinstance(at, Seen)]
    assert [at.iteration for at in batches] == [1, 2, 3, 4, 5]
    assert all(now.inertia != next_.inertia for now, next_ in pairwise(batches))
    assert [(at.number, round(3 * at.share)) for at in reported[5:]] == [
        (5, n) for n in (1, 2, 3, 1, 2)
    ]


def test_a_batch_has_at_most_all_points():
    frame = run(POINTS[:20], POINTS[:3], batch_size=4096, max_batches=1)
    expected = paper_algorithm(POINTS[:20], POINTS[:3], 1, 20, 0)
    np.testing.assert_allclose(frame.centroids, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"batch_size": 0}, "batch size must be 1 or more, not 0"),
        ({"max_batches": -1}, "number of batches must be 0 or more, not -1"),
        ({"seed": -1}, "seed must be 0 or more"),
    ],
)
def test_options_out_of_range_are_refused(options, words):
    with pytest.raises(ParameterError, match=words):
        MiniBatchOptions(**options)


def test_points_are_checked_as_by_fit():
    bad = POINTS.copy()
    bad[3, 1] = np.nan
    with pytest.raises(DataError, match="must be finite"):
        run(bad, POINTS[:3])
    with pytest.raises(ParameterError, match="cannot have"):
        run(POINTS[:2], POINTS[:3])

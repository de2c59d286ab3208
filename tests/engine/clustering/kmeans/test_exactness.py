"""k-means against scikit-learn, and against float64 where float32 lacks precision."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans

from engine.clustering.chunks import finished
from engine.clustering.kmeans.backends import packing
from engine.clustering.kmeans.driver import fit, lloyd
from engine.clustering.kmeans.frames import EmptyPolicy
from engine.clustering.kmeans.options import Formulation, Seeding
from engine.clustering.seeding.in_memory import seed_centroids
from engine.data.arrays.mapped import open_mapped
from engine.errors import DataError
from engine.runtime import strategies
from tests.engine.clustering import hard_points
from tests.engine.clustering.made_points import (
    blobs,
    content,
    margins,
    means,
    normal,
    squared_distances,
)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("n_clusters", "per_cluster", "n_dims", "seeding"),
    [
        (6, 250, 2, Seeding.FARTHEST),
        (6, 250, 2, Seeding.RANDOM),
        (4, 200, 1, Seeding.PLUS_PLUS),
        (100, 40, 3, Seeding.PLUS_PLUS),
        (10, 100, 64, Seeding.RANDOM),
    ],
)
def test_the_end_matches_scikit_learn(n_clusters, per_cluster, n_dims, seeding):
    points = blobs(n_clusters, per_cluster, n_dims)
    start = seed_centroids(points, n_clusters, seeding, seed=1)
    theirs = KMeans(n_clusters, init=start.astype(np.float64), n_init=1, algorithm="lloyd", tol=0)
    theirs.fit(points.astype(np.float64))
    ours = fit(points, start)
    assert (ours.labels == theirs.labels_).all()
    assert ours.inertia == pytest.approx(theirs.inertia_, rel=1e-5)
    np.testing.assert_allclose(ours.centroids, theirs.cluster_centers_, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("offset", [1e4, 1e6])
def test_points_far_from_the_origin_keep_their_clusters(offset):
    """The spacing of float32 at 1e6 is 0.06, so points on a grid of quarters are exact there."""
    near = np.round(blobs(6, 250, 2) * 4) / 4
    far = near + np.float32(offset)
    here, there = fit(near, near[:6]), fit(far, far[:6])
    assert (here.labels == there.labels).all()
    assert there.inertia == pytest.approx(here.inertia, rel=1e-5)
    spacing = np.spacing(np.float32(offset))
    assert np.abs(here.centroids + offset - there.centroids).max() <= spacing


@pytest.mark.slow
@pytest.mark.parametrize("offset", [1e4, 1e6])
def test_many_points_far_from_the_origin_match_float64(offset):
    points = normal(400_000, 2) + np.float32(offset)
    first, moved, second = lloyd(points, points[:3], max_iter=1)
    assert labels_are_nearest(points, points[:3], first.labels)
    centroids = means(points, first.labels, points[:3])
    assert np.abs(moved.centroids - centroids).max() <= np.spacing(np.float32(offset))
    assert labels_are_nearest(points, centroids, second.labels)
    inertia = squared_distances(points, centroids).min(1).sum()
    assert second.inertia == pytest.approx(inertia, rel=1e-6)


def with_an_outlier(points):
    return np.concatenate([points, np.full((1, points.shape[1]), 3e6, np.float32)])


def pairs_far_apart(_):
    """Two pairs of clusters: the clusters of a pair are 2 apart, the pairs 100,000."""
    places = np.array([[0, 0], [2, 0], [1e5, 1e5], [1e5 + 2, 1e5]])
    return (np.repeat(places, 500, 0) + normal(2_000, 2) / 4).astype(np.float32)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("made", "k", "n_shares"),
    [
        (with_an_outlier, 4, 1),
        (with_an_outlier, 60, 2),
        (pairs_far_apart, 4, 2),
        (pairs_far_apart, 60, 1),
    ],
)
def test_clusters_are_found_despite_distant_points(made, k, n_shares, monkeypatch):
    """Next to the squares of distant points, the distances within clusters are below rounding."""
    monkeypatch.setattr("engine.clustering.kmeans.backends.packing.n_cores", lambda: n_shares)
    monkeypatch.setattr("engine.clustering.kmeans.backends.packing._SHARE_WORK", 1)
    points = made(blobs(3, 500, 2))
    start = seed_centroids(points, k)
    frame = fit(points, start, max_iter=1)
    distances = squared_distances(points, frame.centroids)
    own = distances[np.arange(len(points)), frame.labels]
    assert frame.inertia == pytest.approx(own.sum(), rel=1e-2)
    assert own.sum() <= 1.01 * distances.min(1).sum()
    taught = fit(points, start, max_iter=1, formulation=Formulation.LECTURE)
    assert frame.inertia == pytest.approx(taught.inertia, rel=1e-2)


@pytest.mark.slow
@pytest.mark.parametrize("n_dims", [1, 3, 8])
def test_means_of_close_clusters_match_float64(n_dims):
    """A tile's sum of values around 100,000 in float32 has no fractional digits."""
    places = np.zeros((4, n_dims))
    places[2:] = 1e5
    places[[1, 3], 0] += 2
    points = (np.repeat(places, 500, 0) + normal(2_000, n_dims) / 4).astype(np.float32)
    frame = fit(points, points[[0, 500, 1000, 1500]], max_iter=1)
    distances = squared_distances(points, means(points, frame.labels, frame.centroids))
    assert frame.inertia == pytest.approx(distances.min(1).sum(), rel=0.02)


def labels_are_nearest(points, centroids, labels):
    """Return whether each label is that of the nearest centroid, except for ties."""
    distances = squared_distances(points, centroids)
    wrong = labels != distances.argmin(1)
    return (margins(distances)[wrong] < 1e-4).all()


def few_points(_):
    """Use the program for few points, which checks everything."""


def many_points(patch):
    """Use the program for many points, which has no checks until they are needed."""
    patch.setattr(packing, "_ONE_PROGRAM_WORK", 0)


def on_two_cores(patch):
    many_points(patch)
    patch.setattr(packing, "n_cores", lambda: 2)
    patch.setattr(packing, "_SHARE_WORK", 1)


def with_gpu_tiles(patch):
    """Use the programs for a GPU's tiles, on the CPU."""
    many_points(patch)
    gpu = SimpleNamespace(start=lambda: SimpleNamespace(kind="GPU"))
    patch.setattr(packing, "device", gpu)


def assert_exact(points, start, policy, frames, last):
    """Check the frames of a run, if any, and its last frame against float64."""
    right = hard_points.lloyd_in_float64(points, start, policy is EmptyPolicy.FARTHEST)
    # Allow the rounding error of a float64 sum of squares.
    nothing = 1e-30 * np.square(points.astype(np.float64)).sum()
    assert last.inertia <= 1.0005 * right + nothing
    assert last.converged
    own = points.astype(np.float64) - last.centroids[last.labels]
    assert last.inertia == pytest.approx(np.square(own).sum(), rel=1e-5, abs=nothing)
    inertias = [frame.inertia for frame in frames]
    for before, after in itertools.pairwise(inertias):
        assert after <= before * (1 + 1e-6) + nothing


# Few sizes, because each is another program to compile.
HARD = {
    "seed": st.integers(0, 2**31),
    "made": st.sampled_from(hard_points.KINDS),
    "n_clusters": st.sampled_from([3, 8]),
    "policy": st.sampled_from(EmptyPolicy),
}


def drawn(seed, made, n_points, n_dims, n_clusters):
    rng = np.random.default_rng(seed)
    points = made(rng, n_points, n_dims, n_clusters)
    return points, hard_points.start(rng, points, n_clusters)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("programs", "n_dims"),
    [
        *((few_points, n_dims) for n_dims in (1, 2, 9, 200)),
        *((many_points, n_dims) for n_dims in (1, 2, 9, 200)),
        (on_two_cores, 2),
        (on_two_cores, 9),
        (with_gpu_tiles, 2),
        (with_gpu_tiles, 200),
    ],
)
def test_the_end_matches_float64(programs, n_dims):
    @settings(max_examples=25)
    @given(**HARD)
    def check(seed, made, n_clusters, policy):
        points, start = drawn(seed, made, 700, n_dims, n_clusters)
        frames = list(lloyd(points, start, empty=policy))
        last = fit(points, start, empty=policy)
        assert content(last) == content(frames[-1])
        assert_exact(points, start, policy, frames, last)

    with pytest.MonkeyPatch.context() as patch:
        programs(patch)
        check()


@pytest.mark.parametrize("formulation", [Formulation.TILED, Formulation.LECTURE])
@given(n_dims=st.sampled_from([1, 2, 9, 200]), n_points=st.integers(8, 60), **HARD)
def test_other_formulations_match_float64(
    formulation, n_points, n_dims, seed, made, n_clusters, policy
):
    points, start = drawn(seed, made, n_points, n_dims, n_clusters)
    frames = list(lloyd(points, start, empty=policy, formulation=formulation))
    assert_exact(points, start, policy, frames, frames[-1])


@pytest.mark.slow
@given(n_dims=st.sampled_from([2, 9]), **HARD)
def test_a_streamed_file_matches_float64(tmp_path_factory, n_dims, seed, made, n_clusters, policy):
    points, start = drawn(seed, made, 700, n_dims, n_clusters)
    path = tmp_path_factory.mktemp("mapped") / "points.npy"
    np.save(path, points)
    mapped = finished(open_mapped(str(path))).points
    last = fit(mapped, start, empty=policy)
    assert_exact(points, start, policy, [], last)


@pytest.mark.slow
@pytest.mark.distributed
@given(n_dims=st.sampled_from([2, 9]), **HARD)
def test_shards_match_float64(n_dims, seed, made, n_clusters, policy):
    points, start = drawn(seed, made, 700, n_dims, n_clusters)
    last = fit(points, start, strategy=strategies.mirrored(1), empty=policy)
    assert_exact(points, start, policy, [], last)


def test_missing_value_codes_do_not_hide_the_clusters():
    """Four groups of readings, and a code in a third of the last column: no cluster is empty."""
    rng = np.random.default_rng(1)
    centers, group = 12 * rng.normal(size=(4, 9)) + 20, np.arange(900) % 4
    points = centers[group] + rng.normal(size=(900, 9))
    has_code = np.arange(900) % 3 == 0
    points[has_code, -1] = 999_999
    start = points[[0, 4, 1, 9, 2, 6, 3, 7]] - 0.5  # one of each group, with and without the code
    frame = fit(points.astype(np.float32), start)
    parts = {(g, c): frame.labels[(group == g) & (has_code == c)] for g in range(4) for c in (0, 1)}
    assert all(len(set(labels)) == 1 for labels in parts.values())
    assert len({labels[0] for labels in parts.values()}) == 8
    within = [points[(group == g) & (has_code == c)] for g in range(4) for c in (0, 1)]
    expected = sum(np.square(each - each.mean(0)).sum() for each in within)
    assert frame.inertia == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("formulation", Formulation)
def test_first_centroids_far_from_the_clusters(formulation):
    """Two of the three groups are 10 apart, and 100,000 from their first centroids."""
    rng = np.random.default_rng(0)
    far = [rng.normal(size=(150, 2)) + np.array([100_000, y]) for y in (0, 10)]
    groups = [rng.normal(size=(600, 2)), *far]
    points = np.concatenate(groups).astype(np.float32)
    start = np.float32([[0, 0], [90_000, -5], [110_000, 15]])
    frame = fit(points, start, formulation=formulation)
    assert frame.sizes.tolist() == [600, 150, 150]
    inertia = sum(np.square(group - group.mean(0)).sum() for group in groups)
    assert frame.inertia == pytest.approx(inertia, rel=1e-3)  # float32 points, 0.008 apart


def test_centroids_are_more_precise_than_points():
    """The mean of 1,000,000 and the next float32 is between them."""
    points = np.float32([[1e6], [1e6 + 0.0625]])
    frame = fit(points, points[:1])
    assert frame.centroids.tolist() == [[1_000_000.03125]]
    assert frame.inertia == 2 * 0.03125**2


def test_points_that_float32_cannot_hold_are_float64():
    """Every fourth row has a code of many digits."""
    points = normal(400, 2).astype(np.float64) / 1000
    points[:200] += 0.01
    points[::4] = 123_456.789
    start = np.array([[0, 0], [0.01, 0.01], [123_456.789, 123_456.789]])
    frames = list(lloyd(points, start))
    last = fit(points, start)
    assert content(last) == content(frames[-1])
    assert_exact(points, start, EmptyPolicy.KEEP, frames, last)


@pytest.mark.parametrize("run", [fit, lambda *args: list(lloyd(*args))[-1]])
def test_points_may_be_any_table_of_numbers(run):
    whole = [[0, 0], [2, 0], [10, 0], [12, 0]]
    for points in (whole, np.float16(whole), np.array(whole, bool) * 10, np.longdouble(whole)):
        assert run(points, points[::3]).labels[[0, -1]].tolist() == [0, 1]


@pytest.mark.parametrize("run", [fit, lambda *args: list(lloyd(*args))])
@pytest.mark.parametrize(
    "points",
    [
        np.ma.masked_equal([[1.0, 2], [999, 4], [3, 4]], 999),
        np.array([[1j, 2], [3, 4]]),
        np.array([["a", "b"], ["c", "d"]]),
    ],
    ids=["masked", "complex", "words"],
)
def test_other_tables_are_refused(run, points):
    with pytest.raises(DataError, match="Points must"):
        run(points, points[:1])

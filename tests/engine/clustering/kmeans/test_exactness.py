"""The engine against scikit-learn, and against float64 where float32 is short of digits."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.cluster import KMeans

from engine.clustering.chunks import finished
from engine.clustering.kmeans.backends import packing
from engine.clustering.kmeans.frames import EmptyPolicy
from engine.clustering.kmeans.lloyd import fit, lloyd
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
def test_it_ends_where_scikit_learn_ends(n_clusters, per_cluster, n_dims, seeding):
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
    """A float32 next to 1e6 is 0.06 away; points on a grid of quarters lose nothing there."""
    near = np.round(blobs(6, 250, 2) * 4) / 4
    far = near + np.float32(offset)
    here, there = fit(near, near[:6]), fit(far, far[:6])
    assert (here.labels == there.labels).all()
    assert there.inertia == pytest.approx(here.inertia, rel=1e-5)
    spacing = np.spacing(np.float32(offset))
    assert np.abs(here.centroids + offset - there.centroids).max() <= spacing


@pytest.mark.slow
@pytest.mark.parametrize("offset", [1e4, 1e6])
def test_many_points_far_from_the_origin_are_as_in_float64(offset):
    points = normal(400_000, 2) + np.float32(offset)
    first, moved, second = lloyd(points, points[:3], max_iter=1)
    assert nothing_is_nearer(points, points[:3], first.labels)
    centroids = means(points, first.labels, points[:3])
    assert np.abs(moved.centroids - centroids).max() <= np.spacing(np.float32(offset))
    assert nothing_is_nearer(points, centroids, second.labels)
    inertia = squared_distances(points, centroids).min(1).sum()
    assert second.inertia == pytest.approx(inertia, rel=1e-6)


def with_one_far_away(points):
    return np.concatenate([points, np.full((1, points.shape[1]), 3e6, np.float32)])


def pairs_far_apart(_):
    """Two pairs of clusters: each pair is two apart, and one is 100,000 from the other."""
    places = np.array([[0, 0], [2, 0], [1e5, 1e5], [1e5 + 2, 1e5]])
    return (np.repeat(places, 500, 0) + normal(2_000, 2) / 4).astype(np.float32)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("made", "k", "n_shares"),
    [
        (with_one_far_away, 4, 1),
        (with_one_far_away, 60, 2),
        (pairs_far_apart, 4, 2),
        (pairs_far_apart, 60, 1),
    ],
)
def test_clusters_are_found_whatever_is_far_away(made, k, n_shares, monkeypatch):
    """The squares of what is far away have no room for the distances within clusters."""
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
def test_means_of_close_clusters_are_those_of_float64(n_dims):
    """A tile's sum of values around 100,000 has no room for a part of one."""
    places = np.zeros((4, n_dims))
    places[2:] = 1e5
    places[[1, 3], 0] += 2
    points = (np.repeat(places, 500, 0) + normal(2_000, n_dims) / 4).astype(np.float32)
    frame = fit(points, points[[0, 500, 1000, 1500]], max_iter=1)
    distances = squared_distances(points, means(points, frame.labels, frame.centroids))
    assert frame.inertia == pytest.approx(distances.min(1).sum(), rel=0.02)


def nothing_is_nearer(points, centroids, labels):
    """Whether each label is that of the nearest centroid, but for ties."""
    distances = squared_distances(points, centroids)
    wrong = labels != distances.argmin(1)
    return (margins(distances)[wrong] < 1e-4).all()


def as_few(_):
    """Few points take the program that checks everything."""


def as_many(patch):
    """Many points take a program without checks, until they are needed."""
    patch.setattr(packing, "_ONE_PROGRAM_WORK", 0)


def as_on_two_cores(patch):
    as_many(patch)
    patch.setattr(packing, "n_cores", lambda: 2)
    patch.setattr(packing, "_SHARE_WORK", 1)


def as_on_a_gpu(patch):
    """The programs for a GPU's tiles, run on the CPU: no GPU was ever at hand."""
    as_many(patch)
    gpu = SimpleNamespace(start=lambda: SimpleNamespace(kind="GPU"))
    patch.setattr(packing, "device", gpu)


def is_exact(points, start, policy, frames, last):
    """Check the frames of a run, if there are any, and its last one, against float64."""
    right = hard_points.lloyd_in_float64(points, start, policy is EmptyPolicy.FARTHEST)
    # What a float64 sum of squares may lose is no error.
    nothing = 1e-30 * np.square(points.astype(np.float64)).sum()
    assert last.inertia <= 1.0005 * right + nothing
    assert last.converged
    own = points.astype(np.float64) - last.centroids[last.labels]
    assert last.inertia == pytest.approx(np.square(own).sum(), rel=1e-5, abs=nothing)
    inertias = [frame.inertia for frame in frames]
    for before, after in itertools.pairwise(inertias):
        assert after <= before * (1 + 1e-6) + nothing


# Few sizes, for each is another program to compile.
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
        *((as_few, n_dims) for n_dims in (1, 2, 9, 200)),
        *((as_many, n_dims) for n_dims in (1, 2, 9, 200)),
        (as_on_two_cores, 2),
        (as_on_two_cores, 9),
        (as_on_a_gpu, 2),
        (as_on_a_gpu, 200),
    ],
)
def test_it_ends_where_float64_ends(programs, n_dims):
    @settings(max_examples=25)
    @given(**HARD)
    def check(seed, made, n_clusters, policy):
        points, start = drawn(seed, made, 700, n_dims, n_clusters)
        frames = list(lloyd(points, start, empty=policy))
        last = fit(points, start, empty=policy)
        assert content(last) == content(frames[-1])
        is_exact(points, start, policy, frames, last)

    with pytest.MonkeyPatch.context() as patch:
        programs(patch)
        check()


@pytest.mark.parametrize("formulation", [Formulation.TILED, Formulation.LECTURE])
@given(n_dims=st.sampled_from([1, 2, 9, 200]), n_points=st.integers(8, 60), **HARD)
def test_other_formulations_end_where_float64_ends(
    formulation, n_points, n_dims, seed, made, n_clusters, policy
):
    points, start = drawn(seed, made, n_points, n_dims, n_clusters)
    frames = list(lloyd(points, start, empty=policy, formulation=formulation))
    is_exact(points, start, policy, frames, frames[-1])


@pytest.mark.slow
@given(n_dims=st.sampled_from([2, 9]), **HARD)
def test_a_file_ends_where_float64_ends(tmp_path_factory, n_dims, seed, made, n_clusters, policy):
    points, start = drawn(seed, made, 700, n_dims, n_clusters)
    path = tmp_path_factory.mktemp("mapped") / "points.npy"
    np.save(path, points)
    mapped = finished(open_mapped(str(path))).points
    last = fit(mapped, start, empty=policy)
    is_exact(points, start, policy, [], last)


@pytest.mark.slow
@pytest.mark.distributed
@given(n_dims=st.sampled_from([2, 9]), **HARD)
def test_shards_end_where_float64_ends(n_dims, seed, made, n_clusters, policy):
    points, start = drawn(seed, made, 700, n_dims, n_clusters)
    last = fit(points, start, strategy=strategies.mirrored(1), empty=policy)
    is_exact(points, start, policy, [], last)


def test_missing_value_codes_do_not_hide_the_clusters():
    """Four groups of readings, and a code in a third of the last column: no cluster is empty."""
    rng = np.random.default_rng(1)
    centers, group = 12 * rng.normal(size=(4, 9)) + 20, np.arange(900) % 4
    points = centers[group] + rng.normal(size=(900, 9))
    has_code = np.arange(900) % 3 == 0
    points[has_code, -1] = 999_999
    start = points[[0, 4, 1, 9, 2, 6, 3, 7]] - 0.5  # one of each group, with the code and without
    frame = fit(points.astype(np.float32), start)
    parts = {(g, c): frame.labels[(group == g) & (has_code == c)] for g in range(4) for c in (0, 1)}
    assert all(len(set(labels)) == 1 for labels in parts.values())
    assert len({labels[0] for labels in parts.values()}) == 8
    within = [points[(group == g) & (has_code == c)] for g in range(4) for c in (0, 1)]
    expected = sum(np.square(each - each.mean(0)).sum() for each in within)
    assert frame.inertia == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("formulation", Formulation)
def test_a_start_far_from_where_the_centroids_go(formulation):
    """Two of the three groups are ten apart, and 100,000 from where their centroids start."""
    rng = np.random.default_rng(0)
    far = [rng.normal(size=(150, 2)) + np.array([100_000, y]) for y in (0, 10)]
    groups = [rng.normal(size=(600, 2)), *far]
    points = np.concatenate(groups).astype(np.float32)
    start = np.float32([[0, 0], [90_000, -5], [110_000, 15]])
    frame = fit(points, start, formulation=formulation)
    assert frame.sizes.tolist() == [600, 150, 150]
    inertia = sum(np.square(group - group.mean(0)).sum() for group in groups)
    assert frame.inertia == pytest.approx(inertia, rel=1e-3)  # float32 points, 0.008 apart


def test_centroids_have_more_digits_than_points():
    """The mean of 1,000,000 and the next float32 lies between them."""
    points = np.float32([[1e6], [1e6 + 0.0625]])
    frame = fit(points, points[:1])
    assert frame.centroids.tolist() == [[1_000_000.03125]]
    assert frame.inertia == 2 * 0.03125**2


def test_points_that_float32_cannot_hold_are_float64():
    """A code of many digits in every fourth row."""
    points = normal(400, 2).astype(np.float64) / 1000
    points[:200] += 0.01
    points[::4] = 123_456.789
    start = np.array([[0, 0], [0.01, 0.01], [123_456.789, 123_456.789]])
    frames = list(lloyd(points, start))
    last = fit(points, start)
    assert content(last) == content(frames[-1])
    is_exact(points, start, EmptyPolicy.KEEP, frames, last)


@pytest.mark.parametrize("run", [fit, lambda *args: list(lloyd(*args))[-1]])
def test_points_are_any_table_of_numbers(run):
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

"""When float32 may pick the wrong centroid, and when that need not be checked."""

import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given
from hypothesis import strategies as st

from engine.clustering.kmeans.precision import SAMPLE, needs, rounding, score_bound

FAR_APART = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]])


def scores(points, centroids, dtype):
    """Return (N, K) |c|^2 / 2 - x.c, with inputs rounded to a data type first."""
    points, centroids = points.astype(dtype), centroids.astype(dtype)
    return np.square(centroids).sum(1, dtype=dtype) / 2 - points @ centroids.T


@given(
    n_dims=st.sampled_from([1, 2, 3, 8, 9, 64, 784]),
    distance=st.floats(0, 1e6),
    gap=st.floats(1e-3, 1e3),
    seed=st.integers(0, 2**31),
)
def test_rounding_never_reverses_a_margin_above_the_bound(n_dims, distance, gap, seed):
    rng = np.random.default_rng(seed)
    place = distance * rng.normal(size=n_dims)
    points = (place + gap * rng.normal(size=(50, n_dims))).astype(np.float32)
    centroids = place + gap * rng.normal(size=(5, n_dims))
    right = scores(points, centroids, np.longdouble)
    ours = scores(points, centroids, np.float32)
    squares, least = np.square(points).sum(1), ours.min(1)
    bound = score_bound(tf.constant(squares), tf.constant(least), rounding(n_dims)).numpy()
    second = np.partition(ours, 1, 1)[:, 1]
    is_sure = second - least >= bound
    assert (ours.argmin(1) == right.argmin(1))[is_sure].all()


def needed(centroids, shift=1.0, sample=None, largest=5.0, n_used=None):
    """Return whether the next iteration needs exact labels, and float64 sums."""
    centroids = np.asarray(centroids)
    spread = np.random.default_rng(0).normal(size=(SAMPLE, centroids.shape[1]))
    result = needs(
        tf.constant(centroids),
        tf.constant(len(centroids) if n_used is None else n_used),
        tf.constant(shift, tf.float64),
        tf.constant(spread if sample is None else sample, tf.float32),
        tf.constant(largest, tf.float32),
    )
    return tuple(bool(each) for each in result)


def test_distant_centroids_that_move_need_no_checks():
    assert needed(FAR_APART) == (False, False)
    assert needed(FAR_APART, shift=np.inf) == (False, False)


def test_close_centroids_need_exact_labels():
    assert needed([[0.0, 0], [100, 0], [100, 2.9]]) == (True, False)
    assert needed([[0.0, 0], [100, 0], [100, 3.1]]) == (False, False)


@pytest.mark.parametrize("n_dims", [9, 100])
def test_close_centroids_in_many_dimensions_need_exact_labels(n_dims):
    centroids = np.zeros((3, n_dims))
    centroids[1:, 0] = 100
    centroids[2, 1] = 2
    assert needed(centroids) == (True, False)
    centroids[2, 1] = 40
    assert needed(centroids) == (False, False)


def test_centroids_that_barely_move_need_exact_labels():
    assert needed(FAR_APART, shift=3e-4) == (True, False)
    assert needed(FAR_APART, shift=0) == (True, False)


def test_tight_clusters_far_away_need_float64_sums():
    sample = np.full((SAMPLE, 2), 4) + 0.01 * np.random.default_rng(0).normal(size=(SAMPLE, 2))
    assert needed([[0, 0], [4, 4], [0, 4]], sample=sample) == (False, True)


def test_padding_does_not_count_as_a_centroid():
    filled = np.concatenate([FAR_APART, np.ones((5, 2))])
    assert needed(filled, n_used=3) == (False, False)
    assert needed(filled, n_used=8) == (True, False)


def test_many_centroids_always_need_exact_labels():
    grid = 10 * np.stack(np.meshgrid(np.arange(40), np.arange(40)), -1).reshape(-1, 2)
    assert needed(grid.astype(float)) == (True, False)

"""Moments accumulated block by block equal those of all rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.arrays.moments import Moments


def gathered(rows, cuts):
    moments = Moments(rows.shape[1])
    for block in np.split(rows, sorted(cuts)):
        moments.add(block)
    return moments


def test_moments_by_hand():
    moments = gathered(np.array([[1.0, 7.0], [3.0, 7.0], [8.0, 7.0]]), [1])
    assert moments.n_rows == 3
    np.testing.assert_array_equal(moments.mean, [4, 7])
    np.testing.assert_allclose(moments.variance, [(9 + 1 + 16) / 3, 0])
    np.testing.assert_array_equal(moments.low, [1, 7])
    np.testing.assert_array_equal(moments.high, [8, 7])
    np.testing.assert_array_equal(moments.constant, [False, True])


@given(st.lists(st.integers(0, 300), max_size=5), st.sampled_from([0, 1e3, 1e8]))
def test_moments_do_not_depend_on_the_blocks(cuts, offset):
    rows = np.random.default_rng(1).normal(offset, 1, (300, 2))
    moments = gathered(rows, cuts)
    np.testing.assert_allclose(moments.mean, rows.mean(0), rtol=1e-14, atol=1e-14)
    np.testing.assert_allclose(moments.variance, rows.var(0), rtol=1e-6)
    np.testing.assert_array_equal(moments.low, rows.min(0))
    np.testing.assert_array_equal(moments.high, rows.max(0))


def test_equal_numbers_have_zero_deviation_despite_a_rounded_mean():
    moments = gathered(np.full((1001, 1), 0.1), [7, 500])
    assert moments.variance == pytest.approx([0], abs=0)

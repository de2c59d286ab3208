"""Standardization and its inverse."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.data.scaling import Scaling

POINTS = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=2, max_dims=2, max_side=8),
    elements=st.floats(-1e6, 1e6, width=32),
)


def test_standardization_by_hand():
    scaling = Scaling.fit(np.array([[1, 10], [3, 10]], np.float32))
    np.testing.assert_array_equal(scaling.mean, [2, 10])
    np.testing.assert_array_equal(scaling.scale, [1, 1])  # a constant column is only shifted
    np.testing.assert_array_equal(
        scaling.forward(np.float32([[1, 10], [5, 11]])), [[-1, 0], [3, 1]]
    )
    np.testing.assert_array_equal(scaling.inverse(np.float32([[3, 1]])), [[5, 11]])


@pytest.mark.parametrize("value", [0.1, -1e8, 3e38, 1e-40])
def test_a_constant_column_becomes_exactly_zero(value):
    points = np.full((1001, 1), value, np.float32)
    scaling = Scaling.fit(points)
    np.testing.assert_array_equal(scaling.forward(points), 0)
    np.testing.assert_array_equal(scaling.inverse(np.zeros((1, 1), np.float32)), points[:1])


def test_the_deviation_is_exact_far_from_the_origin():
    points = (np.float32(1e6) + np.arange(5, dtype=np.float32))[:, np.newaxis]
    assert Scaling.fit(points).scale == pytest.approx(np.sqrt(2))


@given(POINTS)
def test_inverse_undoes_forward(points):
    scaling = Scaling.fit(points)
    back = scaling.inverse(scaling.forward(points))
    assert back.dtype == np.float32
    # Standardized values are rounded to float32, relative to the largest of them.
    bound = np.abs(points - scaling.mean).max(axis=0) * 1e-6 + np.abs(points) * 1e-6
    assert (np.abs(back - points) <= bound).all()


@given(POINTS)
def test_standard_columns_have_mean_0_and_deviation_1_or_0(points):
    standard = Scaling.fit(points).forward(points).astype(np.float64)
    constant = points.min(axis=0) == points.max(axis=0)
    np.testing.assert_allclose(standard.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(standard.std(axis=0), np.where(constant, 0, 1), atol=1e-4)


def test_identity_changes_nothing_and_is_immutable():
    points = np.float32([[0.1, -3e38]])
    scaling = Scaling.identity(2)
    np.testing.assert_array_equal(scaling.forward(points), points)
    np.testing.assert_array_equal(scaling.inverse(points), points)
    with pytest.raises(ValueError, match="read-only"):
        scaling.mean[0] = 1

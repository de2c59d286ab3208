"""The gap statistic, by hand, and its reference data sets."""

import numpy as np
import pytest

from engine.clustering.choosing_k.gap import MAX_ALIGNED, Box, gaps
from tests.engine.clustering.made_points import normal


def test_two_references_by_hand():
    """The logarithms are 2 and 4 for references, 1 for points; deviation 1 times sqrt(1 + 1/2)."""
    found, errors = gaps(np.exp([1.0]), np.exp([[2.0], [4.0]]))
    assert found == pytest.approx([2])
    assert errors == pytest.approx([np.sqrt(1.5)])


def test_the_unit_of_the_points_does_not_matter():
    inertias, references = np.array([5.0, 2.0]), np.array([[9.0, 4.0], [8.0, 6.0]])
    for one, other in zip(
        gaps(inertias, references), gaps(1e6 * inertias, 1e6 * references), strict=True
    ):
        np.testing.assert_allclose(one, other)


def test_zero_inertia_has_no_gap():
    found, errors = gaps(np.array([0.0, 1.0, np.nan]), np.ones((3, 3)))
    assert np.isnan(found).tolist() == np.isnan(errors).tolist() == [True, False, True]


def test_without_references_there_are_no_gaps():
    found, errors = gaps(np.ones(4), np.empty((0, 4)))
    assert np.isnan([found, errors]).all()


def test_the_box_of_a_square_is_along_its_columns():
    corners = np.float32([[0, 0], [0, 4], [4, 0], [4, 4.01]])
    box = Box.around(corners)
    np.testing.assert_allclose(box.high - box.low, [4, 4.01], rtol=1e-6)


def test_the_box_of_sloping_points_is_along_the_slope():
    along = np.linspace(0, 10, 30, dtype=np.float32)
    box = Box.around(np.column_stack([along, along]) + 1e-3 * normal(30, 2))
    assert box.high - box.low == pytest.approx([10 * np.sqrt(2), 0], abs=0.02)


def test_the_box_in_many_dimensions_is_along_the_columns():
    points = normal(30, MAX_ALIGNED + 1)
    box = Box.around(points)
    np.testing.assert_allclose(box.high - box.low, np.ptp(points, axis=0), rtol=1e-5)


def test_references_are_uniform_in_their_box_and_follow_the_seed():
    box = Box(np.array([-1.0, 0.0]), np.array([1.0, 4.0]))
    drawn = box.draw(4000, np.random.default_rng(3))
    assert drawn.dtype == np.float32
    np.testing.assert_allclose(drawn.mean(0), [0, 2], atol=0.1)
    np.testing.assert_allclose(drawn.var(0), [4 / 12, 16 / 12], rtol=0.05)
    assert (drawn == box.draw(4000, np.random.default_rng(3))).all()

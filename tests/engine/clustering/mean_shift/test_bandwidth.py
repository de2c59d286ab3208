"""The two rules for the bandwidth, and the bins and cells."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.cluster import estimate_bandwidth, get_bin_seeds

from engine.clustering.mean_shift import bandwidth
from engine.clustering.mean_shift.bandwidth import (
    bandwidth_of,
    covering,
    estimated,
    normal_reference,
    to_neighbours,
)
from engine.clustering.mean_shift.binning import bin_seeds, condensed
from engine.clustering.mean_shift.frames import Kernel
from engine.clustering.mean_shift.options import MeanShiftOptions, Rule
from tests.engine.clustering.made_points import normal


def test_the_rule_of_the_lecture_covers_a_third_of_the_points():
    points = np.arange(6, dtype=np.float32)[:, np.newaxis]
    assert covering(points) == pytest.approx(1.0)  # every point covers itself and one neighbour


def test_the_rule_of_the_lecture_matches_scikit_learn_with_a_quantile_of_a_third():
    points = normal(600, 3)
    assert covering(points) == pytest.approx(estimate_bandwidth(points, quantile=1 / 3), rel=1e-4)


def test_many_points_are_sampled_by_the_seed(monkeypatch):
    monkeypatch.setattr(bandwidth, "_MOST", 1024)
    points = normal(2500, 2)
    assert covering(points, 1) == covering(points, 1) != covering(points, 2)
    assert covering(points, 1) == pytest.approx(covering(points[:1024]), rel=0.05)


def test_the_estimate_of_a_cloud_is_the_normal_reference_rule():
    points = normal(1000, 2) * np.float32(3)
    expected = points.std() * (4 / (6 * 1000)) ** (1 / 8)
    assert estimated(points, Kernel.GAUSSIAN) == pytest.approx(expected, rel=1e-2)
    ratio = estimated(points, Kernel.FLAT) / estimated(points, Kernel.GAUSSIAN)
    assert ratio == pytest.approx(6**0.5)


def test_the_kernel_of_two_points_reaches_three_percent():
    """exp(-1 / 2 h^2) is 0.03 for h = 1 / sqrt(2 ln 33.3)."""
    points = np.float32([[0], [1]])
    expected = 1 / np.sqrt(2 * np.log(1 / 0.03))
    assert to_neighbours(points, Kernel.GAUSSIAN) == pytest.approx(expected, rel=1e-4)
    assert to_neighbours(points, Kernel.FLAT) == 1


def test_many_neighbours_have_twice_the_weight_of_the_point():
    """Each of 100 points has 99 others at a distance of sqrt(2): 99 exp(-1 / h^2) is 2."""
    points = np.eye(100, dtype=np.float32)
    expected = 1 / np.sqrt(np.log(99 / 2))
    assert to_neighbours(points, Kernel.GAUSSIAN) == pytest.approx(expected, rel=1e-4)
    assert to_neighbours(points, Kernel.FLAT) == pytest.approx(2**0.5)


def test_a_flat_kernel_reaches_three_percent_of_the_others():
    """For 101 points on a line the third nearest is 2 steps away, except at the ends."""
    points = np.arange(101, dtype=np.float32)[:, np.newaxis]
    assert to_neighbours(points, Kernel.FLAT) == 2


def test_the_estimate_is_the_larger_of_two_rules():
    """The normal reference rule is larger for 101 points on a line, smaller in 100 dimensions."""
    line, axes = np.arange(101, dtype=np.float32)[:, np.newaxis], np.eye(100, dtype=np.float32)
    for kernel in Kernel:
        assert estimated(line, kernel) == normal_reference(line, kernel)
        reached = to_neighbours(axes, kernel)
        assert estimated(axes, kernel) == pytest.approx(reached, rel=1e-4)
        assert reached > normal_reference(axes, kernel)


@pytest.mark.parametrize("kernel", Kernel)
def test_a_single_point_has_no_neighbours_to_reach(kernel):
    assert to_neighbours(np.ones((1, 2), np.float32), kernel) == 0
    assert to_neighbours(np.ones((9, 2), np.float32), kernel) == 0


def test_a_sample_represents_all_points(monkeypatch):
    """The estimate uses the density of all points, not that of the sample."""
    points = normal(4000, 6)
    whole = to_neighbours(points, Kernel.GAUSSIAN)
    monkeypatch.setattr(bandwidth, "_AMONG", 1000)
    assert to_neighbours(points, Kernel.GAUSSIAN, 1) == to_neighbours(points, Kernel.GAUSSIAN, 1)
    assert to_neighbours(points, Kernel.GAUSSIAN) == pytest.approx(whole, rel=0.1)


@pytest.mark.parametrize("offset", [0, 1e6])
def test_rules_are_translation_invariant(offset):
    points = np.round(normal(300, 3) * 8)
    for rule in Rule:
        here, there = (
            bandwidth_of(points + np.float32(far), MeanShiftOptions(bandwidth=rule))
            for far in (0, offset)
        )
        assert there == pytest.approx(here, rel=1e-5)


@pytest.mark.parametrize("rule", Rule)
def test_rules_scale_with_the_points(rule):
    points, options = normal(300, 2), MeanShiftOptions(bandwidth=rule)
    once = bandwidth_of(points, options)
    assert bandwidth_of(points * np.float32(8), options) == pytest.approx(8 * once, rel=1e-5)


def test_the_estimate_is_used_if_a_third_of_the_points_coincide():
    points = np.repeat(normal(3, 2), 20, axis=0)
    options = MeanShiftOptions(bandwidth=Rule.LECTURE)
    assert bandwidth_of(points, options) == pytest.approx(estimated(points, Kernel.GAUSSIAN))


@pytest.mark.filterwarnings("ignore:Binning data failed")
@given(st.integers(1, 60), st.integers(1, 3), st.floats(0.05, 3))
def test_bins_match_scikit_learn(n_points, n_dims, width):
    points = normal(n_points, n_dims, seed=n_points)
    theirs = np.asarray(get_bin_seeds(points.astype(np.float64), width))
    ours = bin_seeds(points, width)
    assert len(ours) == len(theirs)
    if len(ours) < len(points):
        np.testing.assert_allclose(
            ours[np.lexsort(ours.T)], theirs[np.lexsort(theirs.T)], rtol=1e-5
        )


@given(st.integers(1, 60), st.integers(1, 40), st.floats(0.05, 3))
def test_cells_keep_the_points_and_their_mean(n_points, n_dims, width):
    points = normal(n_points, n_dims, seed=n_points)
    means, counts, cell = condensed(points, width)
    assert counts.sum() == n_points
    np.testing.assert_allclose((means * counts[:, np.newaxis]).sum(0), points.sum(0), atol=1e-3)
    assert (np.abs(means[cell] - points) <= width / 8 + 1e-5).all()

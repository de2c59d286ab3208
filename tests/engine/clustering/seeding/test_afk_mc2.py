"""AFK-MC2: its probabilities by hand, and its draws compared with k-means++."""

import numpy as np
import pytest

from engine.clustering.kmeans.options import Seeding
from engine.clustering.seeding.afk_mc2 import chosen_points, proposal, squared_to_nearest
from engine.clustering.seeding.in_memory import seed_centroids
from tests.engine.clustering.made_points import blobs, chi_square, normal, squared_distances

LINE = np.array([[0], [1], [2], [3]], np.float32)


def draws(chain_length, n_draws=2000):
    """Count how often each point of the line is chosen after 0; a repeated point counts as 0."""
    found = []
    for seed in range(n_draws):
        rng = np.random.default_rng(seed)
        chosen = chosen_points(LINE, 2, rng, LINE[:1], lambda _: 0, chain_length)
        found.append(next(chosen))
    return np.bincount(found, minlength=4)


def test_proposals_are_half_by_distance_and_half_uniform():
    """Squared distances 0, 1, 4, 9 of 14."""
    expected = np.array([0, 1, 4, 9]) / 28 + 1 / 8
    np.testing.assert_allclose(proposal(LINE, LINE[0]), expected)


def test_equal_points_are_proposed_uniformly():
    np.testing.assert_allclose(proposal(np.ones((4, 2), np.float32), np.ones(2)), 0.25)


def test_a_chain_of_length_one_draws_from_the_proposals():
    """Chi-square with three degrees of freedom exceeds 16.3 with probability 0.001."""
    assert chi_square(draws(1), proposal(LINE, LINE[0])) < 16.3


def test_a_chain_of_length_two_accepts_by_distance():
    """By hand: over all proposals x, y, where y is accepted with probability w(y) / w(x)."""
    chance = proposal(LINE, LINE[0])
    weight = np.array([0, 1, 4, 9]) / chance
    expected = np.zeros(4)
    for x in range(4):
        for y in range(4):
            taken = (weight[y] > 0) * (1.0 if weight[x] == 0 else min(1.0, weight[y] / weight[x]))
            expected[y] += chance[x] * chance[y] * taken
            expected[x] += chance[x] * chance[y] * (1 - taken)
    assert chi_square(draws(2), expected) < 16.3


def test_a_long_chain_draws_like_k_means_plus_plus():
    counts = draws(100)
    assert counts[0] == 0
    assert chi_square(counts[1:], [1, 4, 9]) < 13.8


def test_only_distances_of_proposed_points_are_computed():
    points = normal(5000, 2)
    rng = np.random.default_rng(0)
    found = list(chosen_points(points, 5, rng, points[:0], lambda _: pytest.fail("a full pass")))
    assert len(set(found)) == 5


def test_the_nearest_centroid_counts():
    points, centroids = normal(40, 3), normal(6, 3, seed=1)
    expected = squared_distances(points, centroids).min(1)
    np.testing.assert_allclose(squared_to_nearest(points, centroids), expected, rtol=1e-5)


def test_seeds_are_about_as_good_as_those_of_single_k_means_plus_plus():
    points = blobs(8, 60, 2)

    def potential(seeding):
        seeded = (seed_centroids(points, 8, seeding, seed) for seed in range(40))
        return np.mean([squared_to_nearest(points, centroids).sum() for centroids in seeded])

    ours, exact, blind = map(potential, (Seeding.AFK_MC2, Seeding.PLUS_PLUS_SINGLE, Seeding.RANDOM))
    assert ours == pytest.approx(exact, rel=0.3)
    assert ours < blind / 2

"""AFK-MC2: its chances by hand, its draws beside those of k-means++."""

import numpy as np
import pytest

from engine.clustering.kmeans.options import Seeding
from engine.clustering.seeding.afk_mc2 import chosen_points, proposal, squared_to_nearest
from engine.clustering.seeding.in_memory import seed_centroids
from tests.engine.clustering.made_points import blobs, normal, squared_distances

LINE = np.array([[0], [1], [2], [3]], np.float32)


def draws(chain_length, n_draws=2000):
    """How often each point of the line is chosen after 0; a taken place counts as 0."""
    found = []
    for seed in range(n_draws):
        rng = np.random.default_rng(seed)
        chosen = chosen_points(LINE, 2, rng, LINE[:1], lambda _: 0, chain_length)
        found.append(next(chosen))
    return np.bincount(found, minlength=4)


def chi_square(counts, weights):
    expected = counts.sum() * np.array(weights) / np.sum(weights)
    return (np.square(counts - expected) / expected).sum()


def test_a_point_is_proposed_half_by_distance_and_half_as_all():
    """Squared distances 0, 1, 4, 9 of 14."""
    expected = np.array([0, 1, 4, 9]) / 28 + 1 / 8
    np.testing.assert_allclose(proposal(LINE, LINE[0]), expected)


def test_equal_points_are_proposed_alike():
    np.testing.assert_allclose(proposal(np.ones((4, 2), np.float32), np.ones(2)), 0.25)


def test_a_chain_of_one_draws_as_proposed():
    """Above 16.3 only once in a thousand times with three degrees of freedom."""
    assert chi_square(draws(1), proposal(LINE, LINE[0])) < 16.3


def test_a_chain_of_two_accepts_by_distance():
    """By hand: all pairs of proposals x, y, and y is taken with the chance of w(y) / w(x)."""
    chance = proposal(LINE, LINE[0])
    weight = np.array([0, 1, 4, 9]) / chance
    expected = np.zeros(4)
    for x in range(4):
        for y in range(4):
            taken = (weight[y] > 0) * (1.0 if weight[x] == 0 else min(1.0, weight[y] / weight[x]))
            expected[y] += chance[x] * chance[y] * taken
            expected[x] += chance[x] * chance[y] * (1 - taken)
    assert chi_square(draws(2), expected) < 16.3


def test_a_long_chain_draws_as_k_means_plus_plus():
    counts = draws(100)
    assert counts[0] == 0
    assert chi_square(counts[1:], [1, 4, 9]) < 13.8


def test_only_proposed_points_are_asked_for_their_distance():
    points = normal(5000, 2)
    rng = np.random.default_rng(0)
    found = list(chosen_points(points, 5, rng, points[:0], lambda _: pytest.fail("a full pass")))
    assert len(set(found)) == 5


def test_the_nearest_centroid_counts():
    points, centroids = normal(40, 3), normal(6, 3, seed=1)
    expected = squared_distances(points, centroids).min(1)
    np.testing.assert_allclose(squared_to_nearest(points, centroids), expected, rtol=1e-5)


def test_it_seeds_blobs_about_as_well_as_single_k_means_plus_plus():
    points = blobs(8, 60, 2)

    def potential(seeding):
        seeded = (seed_centroids(points, 8, seeding, seed) for seed in range(40))
        return np.mean([squared_to_nearest(points, centroids).sum() for centroids in seeded])

    ours, exact, blind = map(potential, (Seeding.AFK_MC2, Seeding.PLUS_PLUS_SINGLE, Seeding.RANDOM))
    assert ours == pytest.approx(exact, rel=0.3)
    assert ours < blind / 2

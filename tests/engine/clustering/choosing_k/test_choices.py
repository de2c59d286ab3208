"""Which k each method chooses, computed by hand from curves."""

import numpy as np
import pytest

from engine.clustering.choosing_k.choices import ChoiceFrame, ChoiceOptions, Method, elbow_depths
from engine.clustering.kmeans.options import KMeansOptions, Seeding
from engine.errors import ParameterError

NAN = np.nan


def frame(ks, **curves):
    """Return a frame with some values of k; curves that are not given are unknown."""
    names = ("inertias", "silhouettes", "gaps", "gap_errors", "next_seeds", "drops")
    given = {name: np.array(curves.get(name, [NAN] * len(ks)), float) for name in names}
    return ChoiceFrame(
        ks=np.array(ks),
        **given,
        best=(None,) * len(ks),
        starts=np.zeros(len(ks), int),
        n_points=9,
        n_sampled=9,
        doing="",
        n_done=0,
        n_fits=9,
    )


def chosen(method, ks, **curves):
    return frame(ks, **curves).choice(method).k


def test_the_elbow_is_farthest_below_the_line_between_the_end_points():
    """From (2, 100) to (6, 0); at 3 it is 1 - 1/4 - 0.3, at 4 it is 1 - 2/4 - 0.1."""
    inertias = [100, 30, 10, 5, 0]
    depths = elbow_depths(np.arange(2, 7), np.array(inertias, float))
    np.testing.assert_allclose(depths, [0, 0.45, 0.4, 0.2, 0], atol=1e-12)
    assert chosen(Method.ELBOW, range(2, 7), inertias=inertias) == 3


@pytest.mark.parametrize(
    ("inertias", "why"),
    [
        ([9, 5, NAN, NAN], "needs three values"),
        ([9, 9, 9, 9], "do not lower"),
        ([9, 6, 3, 0], "does not bend"),
    ],
)
def test_without_a_bend_there_is_no_elbow(inertias, why):
    choice = frame(range(1, 5), inertias=inertias).choice(Method.ELBOW)
    assert choice.k is None
    assert why in choice.why


def test_the_largest_silhouette_wins_and_a_tie_goes_to_the_smaller_k():
    silhouettes = [NAN, 0.4, 0.7, 0.7, 0.1]
    assert chosen(Method.SILHOUETTE, range(1, 6), silhouettes=silhouettes) == 3


def test_a_single_cluster_has_no_silhouette():
    choice = frame([1]).choice(Method.SILHOUETTE)
    assert (choice.k, choice.why) == (None, "a silhouette needs two clusters")


def test_the_gap_chooses_the_first_k_within_one_error_of_the_next():
    gaps, errors = [0.1, 0.5, 0.55, 0.9], [0.01, 0.01, 0.1, 0.01]
    assert chosen(Method.GAP, range(1, 5), gaps=gaps, gap_errors=errors) == 2
    choice = frame(range(1, 4), gaps=gaps[:3], gap_errors=[0.01] * 3).choice(Method.GAP)
    assert choice.k is None
    assert "up to k = 3" in choice.why


def test_an_unknown_gap_is_not_compared():
    assert frame([2, 3], gaps=[0.3, NAN], gap_errors=[0.1, NAN]).choice(Method.GAP).k is None


def test_the_next_seed_is_chosen_by_the_largest_ratio():
    assert chosen(Method.NEXT_SEED, range(1, 5), drops=[NAN, 1.5, 3.0, 1.2]) == 3
    everywhere = frame(range(1, 4), drops=[NAN, 4.0, np.inf]).choice(Method.NEXT_SEED)
    assert (everywhere.k, everywhere.why) == (3, "every point is on a seed")
    assert frame([1]).choice(Method.NEXT_SEED).k is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"min_k": 0}, "smallest k must be 1 or more, not 0"),
        ({"min_k": 5, "max_k": 4}, "largest k, 4, must not be below the smallest, 5"),
        ({"n_starts": 0}, "1 to 10,000 starts"),
        ({"n_references": 1}, "2 references or more"),
    ],
)
def test_invalid_options_are_refused(wrong, words):
    with pytest.raises(ParameterError, match=words):
        ChoiceOptions(**wrong)


def test_each_run_has_its_own_k_and_seed():
    options = ChoiceOptions(kmeans=KMeansOptions(seeding=Seeding.RANDOM, seed=2**31 - 1))
    assert options.run(7, 0) == KMeansOptions(n_clusters=7, seeding=Seeding.RANDOM, seed=2**31 - 1)
    assert options.run(7, 1).seed == 0

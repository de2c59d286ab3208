"""The broadcasting bug: nothing fails, but the shapes reveal it."""

import numpy as np
import pytest

from engine.clustering.operations.broadcasting_bug import RIGHT, WRONG, compare
from engine.clustering.operations.operations import run
from engine.clustering.seeding.in_memory import seed_centroids
from engine.errors import CapacityError, DataError, ParameterError
from tests.engine.clustering.made_points import normal


def last(points, seed=0):
    *_, result = compare(points, seed)
    return result


def test_two_by_1500_where_one_by_1500_was_meant():
    result = last(normal(1500, 2))
    wrong, right = ({each.name: each for each in table} for table in (result.wrong, result.right))
    assert wrong["centroid"].shape == (2, 1)
    assert right["centroid"].shape == (1, 2)
    assert wrong["distance"].shape == (2, 1500)
    assert right["distance"].shape == (1, 1500)
    assert wrong["near"].shape == right["near"].shape == (1500,)
    assert result.sizes == {"cluster": 1, "point": 1500, "dim": 2}


def test_only_one_operation_differs_and_its_line_reads_the_same():
    result = last(normal(20, 2))
    assert [each.line for each in result.wrong] == [each.line for each in result.right]
    differ = [one.code != two.code for one, two in zip(result.wrong, result.right, strict=True)]
    assert differ.index(True) == result.wrong_index
    assert sum(differ) == 1
    assert "expand_dims(first, 1)" in result.wrong[result.wrong_index].code


def test_the_wrong_distances_by_hand():
    points = np.float32([[0, 8], [5, 5], [8, 0], [0, 20]])
    # The smaller of the squared distances from (0, 0) and (8, 8), instead of from (0, 8).
    assert run(WRONG[:-1], point=points, chosen=0).numpy().tolist() == [64, 18, 64, 208]
    assert run(RIGHT[:-1], point=points, chosen=0).numpy().tolist() == [0, 34, 128, 144]


@pytest.mark.parametrize("seed", range(5))
def test_the_right_point_is_the_second_centroid_of_the_seeding(seed):
    points = normal(300, 3)
    result = last(points, seed)
    first, second = seed_centroids(points, 2, seed=seed)
    np.testing.assert_array_equal(points[result.chosen], first)
    np.testing.assert_array_equal(points[result.meant], second)
    np.testing.assert_allclose(
        result.distances, np.linalg.norm(points - first, axis=1), rtol=1e-5, atol=1e-6
    )


def test_the_bug_usually_finds_another_point():
    points = normal(300, 2)
    assert sum(each.found != each.meant for each in (last(points, seed) for seed in range(6))) > 3


def test_points_that_would_hide_the_bug_are_refused():
    with pytest.raises(ParameterError, match="two columns"):
        last(normal(10, 1))
    with pytest.raises(DataError, match="finite"):
        last(np.float32([[np.nan, 1]]))
    with pytest.raises(CapacityError, match="2,000 dimensions"):
        last(np.zeros((1000, 2000), np.float32))

"""The listed operations are those that are executed: frames, shapes, bytes and values."""

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from hypothesis import assume, given

from engine.clustering.frames import Phase
from engine.clustering.kmeans.backends import half_steps, lecture
from engine.clustering.kmeans.driver import lloyd
from engine.clustering.kmeans.frames import EmptyPolicy
from engine.clustering.kmeans.options import Formulation
from engine.clustering.operations import trace as tracing
from engine.clustering.operations.operations import operation, run
from engine.clustering.operations.trace import HALF_STEPS, code_of, trace
from engine.clustering.operations.traces import alike
from engine.errors import CapacityError, DataError, ParameterError
from tests.engine.clustering.made_points import has_ties, normal, scattered

# Two pairs on a line, and two centroids; the mean of all points is 6.5.
LINE = np.float32([[0], [2], [10], [14]])
NEAR = np.float32([[1], [13]])
BOTH = [Formulation.LECTURE, Formulation.TILED]


def last(points, centroids, phase=Phase.ASSIGN, *rest, **more):
    *_, whole = trace(points, centroids, phase, *rest, **more)
    return whole


def by_name(whole):
    return {each.name: each for each in whole.operations}


def test_a_line_names_the_output_and_its_axes():
    @operation("twice[point, dim] = 2 point[point, dim]")
    def twice(point):
        return 2 * point

    assert (twice.name, twice.axes, twice.takes) == ("twice", ("point", "dim"), ("point",))
    assert twice(3) == 6
    assert run([twice], point=4) == 8


def test_the_lecture_formulation_has_the_lines_of_the_lecture():
    whole = last(normal(1500, 2), normal(6, 2, seed=1), Phase.ASSIGN, Formulation.LECTURE)
    assert [each.line for each in whole.operations] == [
        "difference[cluster, point, dim] = point[point, dim] - centroid[cluster, dim]",
        "square[cluster, point, dim] = difference[cluster, point, dim]²",
        "distance[cluster, point] = sum over dim of square[cluster, point, dim]",
        "label[point] = argmin over cluster of distance[cluster, point]",
    ]
    shapes = [each.shape for each in whole.operations]
    assert shapes == [(6, 1500, 2), (6, 1500, 2), (6, 1500), (1500,)]
    assert [each.n_bytes for each in whole.operations] == [144_000, 144_000, 72_000, 6_000]
    assert [each.dtype for each in whole.operations] == ["float64", "float64", "float64", "int32"]


@pytest.mark.parametrize("formulation", BOTH)
@given(problem=scattered())
def test_the_operations_compute_the_frames_of_lloyd(formulation, problem):
    points, centroids = problem
    assume(not has_ties(points, centroids))
    assigned, *moved = islice(lloyd(points, centroids, formulation=formulation), 2)
    labels = last(points, centroids, Phase.ASSIGN, formulation).result
    np.testing.assert_array_equal(labels, assigned.labels)
    if moved:
        whole = last(points, centroids, Phase.UPDATE, formulation, assigned.labels)
        np.testing.assert_array_equal(whole.result, moved[0].centroids)


@pytest.mark.parametrize("formulation", BOTH)
@pytest.mark.parametrize("phase", [Phase.ASSIGN, Phase.UPDATE])
def test_shapes_and_bytes_follow_from_the_axes(formulation, phase):
    labels = None if phase is Phase.ASSIGN else np.arange(50) % 5
    whole = last(normal(50, 3), normal(5, 3), phase, formulation, labels)
    assert whole.sizes == {"cluster": 5, "point": 50, "dim": 3}
    sizes = whole.sizes | {"row": 50}
    for each in whole.operations:
        assert each.shape == tuple(sizes[axis] for axis in each.axes), each.line
        assert each.n_bytes == np.prod(each.shape) * np.dtype(each.dtype).itemsize
        assert each.seconds > 0
    assert whole.whole > 0
    assert whole.n_bytes == max(each.n_bytes for each in whole.operations)


def test_the_formulations_differ_and_agree():
    points, centroids = normal(40, 3), normal(4, 3)
    taught, fast = (last(points, centroids, Phase.ASSIGN, each) for each in BOTH)
    assert not {each.line for each in taught.operations} & {each.line for each in fast.operations}
    np.testing.assert_array_equal(taught.result, fast.result)
    assert (
        fast.formulation is last(points, centroids).formulation
    )  # the backend that `auto` chooses


@pytest.mark.parametrize("n_rows", [1, 3, 7, 8])
@pytest.mark.parametrize("phase", [Phase.ASSIGN, Phase.UPDATE])
def test_results_do_not_depend_on_the_tiles(monkeypatch, n_rows, phase):
    points, centroids = normal(8, 2), normal(3, 2, seed=1)
    labels = None if phase is Phase.ASSIGN else np.arange(8) % 3
    whole = last(points, centroids, phase, Formulation.TILED, labels, pick={"point": 6})
    key = Formulation.TILED, phase
    tiles = replace(HALF_STEPS[key], n_rows=lambda n_clusters: n_rows)
    monkeypatch.setitem(HALF_STEPS, key, tiles)
    tiled = last(points, centroids, phase, Formulation.TILED, labels, pick={"point": 6})
    np.testing.assert_allclose(tiled.result, whole.result)
    assert by_name(tiled)["tile"].n_tiles == -(-8 // n_rows)
    assert by_name(tiled)["tile"].shape == (n_rows, 2)
    np.testing.assert_array_equal(by_name(tiled)["tile"].picked, by_name(whole)["tile"].picked)


@pytest.mark.parametrize("formulation", BOTH)
def test_the_values_of_a_point_by_hand(formulation):
    found = by_name(last(LINE, NEAR, Phase.ASSIGN, formulation, pick={"point": 2}))
    if formulation is Formulation.LECTURE:
        assert found["difference"].picked.tolist() == [[9], [-3]]
        assert found["distance"].picked.tolist() == [81, 9]
    else:  # x.c - c²/2 for the centroids at -7 and 5 from the shift origin, which is 8
        assert found["tile"].picked.tolist() == [2]
        assert found["score"].picked.tolist() == [2 * -7 - 7**2 / 2, 2 * 5 - 5**2 / 2]
    assert found["label"].picked == 1


@pytest.mark.parametrize("formulation", BOTH)
def test_the_values_of_a_cluster_by_hand(formulation):
    whole = last(LINE, NEAR, Phase.UPDATE, formulation, np.int32([0, 0, 0, 1]), pick={"cluster": 0})
    found = by_name(whole)
    np.testing.assert_allclose(found["mean"].picked, [4 - 8])  # from the shift origin
    np.testing.assert_allclose(whole.result, [[4], [14]])
    if formulation is Formulation.LECTURE:
        assert found["subset"].picked.ravel().tolist() == [-8, -6, 2]
    else:
        assert found["count"].picked == 3
        assert found["total"].picked.tolist() == [-8 - 6 + 2]


def test_a_centroid_without_points_jumps_as_in_lloyd():
    centroids = np.float32([[1], [13], [90]])
    options = {"empty": EmptyPolicy.FARTHEST}
    assigned, moved = islice(lloyd(LINE, centroids, **options), 2)
    whole = last(LINE, centroids, Phase.UPDATE, Formulation.AUTO, assigned.labels, **options)
    assert whole.result.tolist() == moved.centroids.tolist()
    assert "far point" in whole.operations[-1].line


def test_execution_can_be_cancelled_after_every_operation():
    steps = list(trace(LINE, NEAR, Phase.ASSIGN, Formulation.LECTURE))
    n_known = [len(each.operations) for each in steps]
    assert n_known == sorted(n_known)
    assert n_known[-1] == 4
    assert all(each.result is None for each in steps[:-1])
    with pytest.raises(ValueError, match="read-only"):
        steps[-1].result[0] = 1


def test_too_large_arrays_are_refused_with_their_bytes():
    points = np.zeros((2_000_000, 2), np.float32)
    with pytest.raises(
        CapacityError, match=r"2,000,000 points x 2 dimensions, 183 MiB, and is limited to 32 MiB"
    ):
        last(points, points[:6], Phase.ASSIGN, Formulation.LECTURE)


def test_a_seeding_frame_has_no_operations():
    with pytest.raises(ParameterError, match="assignment or an update"):
        last(LINE, NEAR, Phase.SEED)
    with pytest.raises(ParameterError, match="labels"):
        last(LINE, NEAR, Phase.UPDATE)
    with pytest.raises(DataError, match="finite"):
        last(np.float32([[np.nan]]), NEAR[:1])


@pytest.mark.parametrize("points", [LINE[:1], np.ones((5, 2), np.float32), LINE], ids=str)
@pytest.mark.parametrize("formulation", BOTH)
def test_degenerate_points_have_operations(points, formulation):
    whole = last(points, points, Phase.ASSIGN, formulation)  # as many clusters as points
    frame = next(lloyd(points, points, formulation=formulation))
    np.testing.assert_array_equal(whole.result, frame.labels)


def test_the_code_shown_is_the_source_of_the_functions():
    assert code_of(lecture.distance.compute) == (
        "def distance(square: tf.Tensor) -> tf.Tensor:\n    return tf.reduce_sum(square, 2)"
    )
    code = code_of(half_steps.assign)
    assert code.startswith("def assign(points: tf.Tensor, centroids: tf.Tensor)")
    assert '"""' not in code
    assert "tiled.score(rows, centroids, offsets)" in code
    for half_step in HALF_STEPS.values():
        for each in (*half_step.first, *half_step.each, *half_step.last, tracing.jumped):
            assert code_of(each.compute).startswith(f"def {each.compute.__name__}(")


def test_lloyd_runs_the_listed_operations(monkeypatch):
    """Replacing an operation of the lecture formulation changes the results of `lloyd`."""

    @operation("label[point] = 0")
    def zero(distance):
        return lecture.label(distance) * 0

    monkeypatch.setattr(lecture, "ASSIGN", (*lecture.ASSIGN[:-1], zero))
    frame = next(lloyd(LINE, NEAR, formulation=Formulation.LECTURE))
    assert frame.labels.tolist() == [0, 0, 0, 0]


def test_axes_of_equal_size_are_distinguished():
    assert alike({"cluster": 2, "point": 1500, "dim": 2}) == (("cluster", "dim"),)
    assert alike({"cluster": 6, "point": 1500, "dim": 2}) == ()

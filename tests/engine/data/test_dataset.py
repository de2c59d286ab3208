"""Data sets: points are finite, and whatever is dropped is noted."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.data.dataset import dataset_of, select_columns
from engine.errors import DataError

NAN, INF = float("nan"), float("inf")


def test_points_are_contiguous_read_only_float32():
    dataset = dataset_of(np.asfortranarray([[1.0, 2.0], [3.0, 4.0]]), ("x", "y"), "here")
    assert dataset.points.dtype == np.float32
    assert dataset.points.flags.c_contiguous
    assert not dataset.points.flags.writeable
    assert (dataset.kept, dataset.n_rows, dataset.dropped_rows) == (None, 2, 0)
    assert (dataset.columns, dataset.source, dataset.notes) == (("x", "y"), "here", ())


def test_the_array_of_the_caller_is_not_changed():
    rows = np.ones((2, 1), np.float32)
    points = dataset_of(rows, ("x",), "here").points
    rows[0] = 9
    assert points[0, 0] == 1


def test_incomplete_rows_are_dropped_and_counted():
    rows = np.array([[1, 2], [NAN, 2], [3, 5], [INF, 1], [4, 1e39], [5, -1e38]])
    dataset = dataset_of(rows, ("x", "y"), "here")
    np.testing.assert_array_equal(dataset.kept, [0, 2, 5])
    assert dataset.kept.dtype == np.int64
    assert not dataset.kept.flags.writeable
    np.testing.assert_array_equal(dataset.points[:, 0], [1, 3, 5])
    assert (dataset.n_rows, dataset.dropped_rows) == (6, 3)
    assert dataset.notes == (
        "3 of 6 rows have a missing, infinite or too large value and were left out.",
    )


def test_a_single_dropped_row_is_noted_in_the_singular():
    notes = dataset_of(np.array([[1.0], [NAN], [2.0]]), ("x",), "here").notes
    assert notes == ("1 of 3 rows has a missing, infinite or too large value and was left out.",)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (np.empty((3, 0)), "t has no column of numbers."),
        (np.empty((0, 2)), "t has no rows."),
        (
            np.array([[NAN, 1.0], [NAN, NAN], [NAN, 3.0]]),
            "No row of t is complete: each has a missing, infinite or too large value, "
            "3 of 3 in column a.",
        ),
    ],
)
def test_no_complete_rows_is_an_error(rows, sentence):
    with pytest.raises(DataError) as caught:
        dataset_of(rows, ("a", "b")[: rows.shape[1]], "t")
    assert str(caught.value) == sentence


def test_constant_columns_are_noted_unless_there_is_one_row():
    rows = np.array([[0.1, 1.0, 7.0], [0.1, 2.0, 7.0]])
    notes = dataset_of(rows, ("a", "b", "c"), "here").notes
    assert notes == ("The same value in every row: a, c.",)
    assert dataset_of(rows[:1], ("a", "b", "c"), "here").notes == ()


@pytest.mark.parametrize(
    "column",
    [
        1.7e18 + 1e6 * np.arange(50),  # nanoseconds: float32 steps by 1.4e11
        np.int64(1_700_000_000_000_000_000) + 1000 * np.arange(50),
        1e8 + 0.001 * np.arange(50),
        1e8 + np.arange(50.0),  # not constant, but in steps of 8
        np.r_[1e8, 1e8 + 1e-6],
        np.ravel(1.7e9 + 86400 * np.arange(7)[:, np.newaxis] + np.arange(0, 60, 1.5)),
        np.ravel(1.7e9 + 86400 * np.arange(30)[:, np.newaxis] + np.arange(0, 60, 6)),
    ],
    ids=[
        *("nanoseconds", "integers", "offset", "steps", "two values"),
        *("seven bursts", "thirty bursts"),
    ],
)
def test_detail_lost_in_float32_is_noted(column):
    rows = np.stack([column, np.arange(len(column))], axis=1)
    (note,) = dataset_of(rows, ("t", "x"), "here").notes
    assert note.startswith("Detail is lost in 32-bit numbers")
    assert "together: t. Subtract an offset" in note


def test_unset_times_are_noted_as_possible_codes():
    column = np.r_[np.zeros(50), 1.7e9 + 7 * np.arange(200)]
    detail, code = dataset_of(column[:, np.newaxis], ("t",), "here").notes
    assert detail.startswith("Detail is lost in 32-bit numbers")
    assert code.startswith("Far from all other values: 0 in 50 rows of t.")


@pytest.mark.parametrize(
    "column",
    [
        1.7e9 + 60.0 * np.arange(1440),  # a day in minutes: good to a few parts in a thousand
        np.r_[np.zeros(99), 1e12],  # an outlier does not make the others coarse
        1e8 + 1000.0 * np.arange(50),
        np.array([1e8, 1e8]) * np.pi,  # constant
        np.repeat(np.arange(0, 5, 0.1), 9) + np.tile(np.arange(9) * 1e-16, 50),  # float64 rounds
        np.random.default_rng(0).normal(size=5000),
    ],
    ids=["seconds", "outlier", "wide", "constant", "rounding", "normal"],
)
def test_detail_that_is_kept_is_not_noted(column):
    notes = dataset_of(column[:, np.newaxis], ("t",), "here").notes
    assert not any("32-bit" in note for note in notes)


def test_values_too_small_for_float32_are_noted():
    notes = dataset_of(np.array([[1e-50, 1], [2e-50, 2]]), ("a", "b"), "here").notes
    assert notes == ("Too small for 32-bit numbers: a. Multiply by a constant first.",)


def test_dropped_rows_do_not_count_as_variation():
    rows = np.array([[0.0, NAN], [1e8, 1.0], [1e8 + 0.5, 2.0]])
    assert any("32-bit" in note for note in dataset_of(rows, ("t", "x"), "here").notes)


@pytest.mark.parametrize("dtype", ["?", "i1", "u8", "f2", ">f8", "f4", "f8"])
def test_any_real_data_type_is_accepted(dtype):
    dataset = dataset_of(np.array([[0, 1], [1, 1]], dtype), ("x", "y"), "here")
    np.testing.assert_array_equal(dataset.points, [[0, 1], [1, 1]])


@given(
    hnp.arrays(
        np.float64,
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=6),
        elements=st.floats(width=64),
    )
)
def test_points_are_finite_and_kept_lists_their_rows(rows):
    with np.errstate(over="ignore"):
        exact = rows.astype(np.float32)
    complete = np.isfinite(exact).all(axis=1)
    columns = [f"c{index}" for index in range(rows.shape[1])]
    if not complete.any():
        with pytest.raises(DataError):
            dataset_of(rows, columns, "here")
        return
    dataset = dataset_of(rows, columns, "here")
    kept = np.arange(len(rows)) if dataset.kept is None else dataset.kept
    np.testing.assert_array_equal(kept, np.flatnonzero(complete))
    np.testing.assert_array_equal(dataset.points, exact[complete])
    assert dataset.dropped_rows == (~complete).sum()


def test_columns_of_points_can_be_selected():
    dataset = dataset_of(np.array([[1.0, 2.0], [3.0, 4.0]]), ("x", "y"), "here")
    chosen = select_columns(dataset, ["y"])
    assert chosen.columns == ("y",)
    np.testing.assert_array_equal(chosen.points, [[2], [4]])
    with pytest.raises(DataError, match="no column"):
        select_columns(dataset, ["z"])

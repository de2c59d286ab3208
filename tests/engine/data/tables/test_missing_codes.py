"""Numbers that may be codes for missing values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.tables.missing_codes import Streamed, note, suspected

RNG = np.random.default_rng(0)
TEMPERATURES, OTHERS = RNG.normal(20, 3, 200), RNG.normal(0, 1, 200)


def with_code(value, rows=(3, 70, 150)):
    column = TEMPERATURES.copy()
    column[list(rows)] = value
    return np.stack([column, OTHERS], axis=1).astype(np.float32)


@pytest.mark.parametrize("value", [-999, 9999, 999999, 1e9, -99.9, -9999, 99999.0, -32768, 12345])
def test_codes_are_noted(value):
    points = with_code(value)
    assert suspected(points) == {float(np.float32(value)): [0]}
    shown = f"{value:.15g}" if value != 1e9 else "1000000000"
    assert note(points, ["t", "u"]).startswith(
        f"Far from all other values: {shown} in 3 rows of t. If it stands for a missing value, "
        f"leave these rows out (--missing {shown},"
    )


def test_two_codes_and_two_columns():
    points = with_code(-999)
    points[[9, 10], 0] = 9999
    points[[20, 21], 1] = -999
    assert suspected(points) == {-999.0: [0, 1], 9999.0: [0]}
    assert "-999 in 5 rows of t, u; 9999 in 2 rows of t." in note(points, ["t", "u"])


def test_adjacent_codes():
    points = with_code(999998)
    points[[9, 10], 0] = 999999
    assert suspected(points)[999999.0] == [0]


def test_a_code_that_occurs_once_in_each_of_two_columns():
    points = with_code(-999, rows=(3,))
    assert note(points, ["t", "u"]) == ""
    points[4, 1] = -999
    assert suspected(points) == {-999.0: [0, 1]}


@pytest.mark.parametrize(
    "column",
    [
        TEMPERATURES,
        RNG.integers(0, 2, 200),
        np.r_[RNG.normal(0, 1, 100), RNG.normal(1000, 1, 100)],
        RNG.poisson(0.5, 200),
        np.r_[np.zeros(100), np.full(100, 9999)],  # two values: neither is an outlier
        np.exp(RNG.normal(0, 3, 200)),
        np.full(200, 999),
        RNG.integers(0, 120, 200) // 10 * 9.0,
    ],
)
def test_measurements_are_not_taken_for_codes(column):
    assert note(np.float32(column)[:, np.newaxis], ["t"]) == ""


def test_a_rare_code_in_a_long_table():
    points = RNG.normal(size=(300_000, 2)).astype(np.float32)
    points[[7, 200_001], 1] = -9999
    assert suspected(points) == {-9999.0: [1]}


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e3), st.integers(3, 50))
def test_evenly_spaced_values_have_no_codes(low, step, n):
    values = np.repeat(low + step * np.arange(n), 2)
    assert suspected(np.float32(values)[:, np.newaxis]) == {}


def test_points_in_chunks_have_the_same_codes():
    points = with_code(-999, rows=range(0, 200, 10))
    streamed = Streamed(2)
    for start in range(0, 200, 30):
        streamed.add(points[start : start + 30])
    assert "-999 in t. If it stands" in streamed.note(["t", "u"])
    assert Streamed(2).note(["t", "u"]) == ""

"""Decimal marks and thousands separators."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.text_tables.number_format import (
    Evidence,
    NumberFormat,
    are_numbers,
    cleaned,
    judge,
    parse,
)

POINT, COMMA = NumberFormat.with_decimal("."), NumberFormat.with_decimal(",")
NAN = float("nan")


def number(cell, number_format=POINT):
    return parse(cleaned(pl.Series([cell])).cells, number_format)[0]


@pytest.mark.parametrize(
    ("cell", "with_point", "with_comma"),
    [
        ("1.200", 1.2, 1200),
        ("1,200", 1200, 1.2),
        ("2,5", NAN, 2.5),
        ("3.794,25", NAN, 3794.25),
        ("3,794.25", 3794.25, NAN),
        ("0.125", 0.125, NAN),
        ("1.234.567", NAN, 1234567),
        ("1,23,45,678.5", 12345678.5, NAN),  # as in India
        ("1 200", 1200, 1200),
        ("1\u202f200\u00a0300", 1200300, 1200300),
        ("1'200.5", 1200.5, NAN),
        ("1’200", 1200, 1200),
        ("$12.50", 12.5, NAN),
        ("-$5", -5, -5),
        ("$-5", -5, -5),
        ("12,50 €", NAN, 12.5),
        ("EUR 5", 5, 5),
        ("12 %", 12, 12),
        ("−5", -5, -5),
        ("(1,234.5)", -1234.5, NAN),
        ("12-", -12, -12),
        ("１２３", 123, 123),
        ("\u200b7\ufeff", 7, 7),
        ("1e5", 1e5, 1e5),
        ("1,5e-3", NAN, 1.5e-3),
        ("12,34", NAN, 12.34),
        ("1,2345", NAN, 1.2345),
        ("12:30", NAN, NAN),
        ("2024-01-05", NAN, NAN),
        ("1.2.3", NAN, NAN),
        ("1 2", NAN, NAN),
        ("1_000", NAN, NAN),
        ("$", NAN, NAN),
        ("%", NAN, NAN),
    ],
)
def test_cells_are_parsed(cell, with_point, with_comma):
    np.testing.assert_equal(number(cell), with_point)
    np.testing.assert_equal(number(cell, COMMA), with_comma)
    assert are_numbers([cell])[0] == (with_point == with_point or with_comma == with_comma)


@given(st.floats(-1e12, 1e12).map(lambda value: round(value, 3)), st.sampled_from(".,"))
def test_numbers_with_thousands_separators_survive_a_round_trip(value, mark):
    text = f"{value:,.3f}"
    if mark == ",":
        text = text.translate(str.maketrans(",.", ".,"))
    assert number(text, NumberFormat.with_decimal(mark)) == value


def verdict(columns, delimiter=",", **chosen):
    evidence = Evidence(len(columns))
    for index, cells in enumerate(columns):
        bare = cleaned(pl.Series(cells)).cells
        evidence.add(bare, np.full(len(cells), index))
    return judge(evidence, delimiter, **chosen)


@pytest.mark.parametrize(
    ("columns", "delimiter", "decimal", "doubtful"),
    [
        ([["1", "2"]], ",", ".", []),
        ([["1.5", "2"]], ";", ".", []),
        ([["1.200", "1.300"], ["2,5", "3"]], ";", ",", []),
        ([["1.200", "1.300"], ["2.5", "3"]], ";", ".", []),
        ([["850", "1.200", "2.350", "990"]], ";", ",", [0]),
        ([["850", "1.200", "2.350", "990"]], ",", ",", [0]),
        ([["850", "1,200"]], "\t", ".", [0]),
        ([["8500", "1.200"]], ",", ".", [0]),  # 8500 has no thousands separator
        ([["1.200", "0.300"]], ";", ".", []),
        ([["1.200", "2.300"]], ";", ",", [0]),
        ([["1.200", "2.300"]], ",", ".", [0]),
        ([["1,200", "2,300"]], ",", ".", [0]),
        ([["1,200", "2,300"]], ";", ",", [0]),
        ([["850", "1.200"], ["2.5", "3"]], ";", ".", [0]),
        ([["1.234.567"], ["1.200"]], "\t", ",", []),
        ([["3,794.25"], ["1,200"]], "\t", ".", []),
        ([["a", "b", "2,5"], ["1.5", "2"]], ";", ".", []),  # mostly text: no evidence
    ],
)
def test_the_format_of_a_file(columns, delimiter, decimal, doubtful):
    found = verdict(columns, delimiter)
    assert {each.decimal for each in found.formats} == {decimal}
    assert (found.doubtful, found.differing) == (doubtful, [])


def test_a_column_in_another_format():
    found = verdict([["1,5", "2,25"], ["0,5", "1"], ["48.13", "47.5"]], ";")
    assert [each.decimal for each in found.formats] == [",", ",", "."]
    assert found.differing == [2]


@pytest.mark.parametrize(
    ("chosen", "decimal", "thousands"),
    [
        ({"decimal": ","}, ",", (".", "space", "'")),
        ({"thousands": "."}, ",", (".",)),
        ({"thousands": ""}, ".", ()),
        ({"decimal": ".", "thousands": "space"}, ".", ("space",)),
    ],
)
def test_a_chosen_format_takes_precedence(chosen, decimal, thousands):
    found = verdict([["850", "1.200"]], ";", **chosen)
    assert found.formats == [NumberFormat(decimal, thousands)]
    assert found.doubtful == []

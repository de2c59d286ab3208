"""Column names: made unique, chosen, listed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data.tables.columns import choose, listed, numbered, unique_names
from engine.errors import DataError


@pytest.mark.parametrize(
    ("given_names", "names"),
    [
        (["x", "y"], ("x", "y")),
        (["x", "x", "x"], ("x", "x (2)", "x (3)")),
        (["", " ", "y"], ("column 1", "column 2", "y")),
        (["x", "x", "x (2)"], ("x", "x (3)", "x (2)")),
        (["column 2", ""], ("column 2", "column 2 (2)")),
        (["two\nlines", " spaced "], ("two lines", "spaced")),
    ],
)
def test_names_are_made_unique(given_names, names):
    assert unique_names(given_names) == names


@given(st.lists(st.sampled_from(["", "x", "x (2)", "x (3)", "column 1", "column 2"])))
def test_no_two_columns_have_the_same_name(names):
    unique = unique_names(names)
    assert len(set(unique)) == len(names)
    assert unique_names(unique) == unique


def test_columns_are_chosen_by_name_then_by_number():
    assert choose(["b", "1"], ["a", "b", "c"], "t.csv") == [1, 0]
    assert choose(["2"], ["2", "1"], "t.csv") == [0]  # a name takes precedence


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        (["z"], 't.csv has no column "z"; there are a, b.'),
        (["0"], 't.csv has no column "0"; there are a, b.'),
        (["3"], 't.csv has no column "3"; there are a, b.'),
        (["-1"], 't.csv has no column "-1"; there are a, b.'),
        (["a", "1"], 'Column "a" of t.csv is given twice.'),
        ([], "Choose at least one column of t.csv; there are a, b."),
    ],
)
def test_missing_columns_are_refused(wanted, sentence):
    with pytest.raises(DataError) as caught:
        choose(wanted, ["a", "b"], "t.csv")
    assert str(caught.value) == sentence


def test_long_lists_of_names_are_shortened():
    assert listed(numbered(2)) == "column 1, column 2"
    assert listed(list("abcdefghij")) == "a, b, c, d, e, f, g, h and 2 more"

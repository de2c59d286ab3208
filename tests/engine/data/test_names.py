"""A column of words names the points."""

import numpy as np
import polars as pl
import pytest

from engine.data import names
from engine.data.tables import read_table
from engine.data.writing import write_labels

TABLE = "x,word,y,kind\n1,ant,2,a\n3,bee,4,b\n,cow,5,a\n6,dog,7,b\n"


@pytest.fixture
def table(tmp_path):
    def write(text, name="t.csv"):
        path = tmp_path / name
        path.write_text(text)
        return path

    return write


def test_different_words_are_names_and_dropped_rows_have_none(table):
    dataset = read_table(table(TABLE))
    assert dataset.columns == ("x", "y")
    assert dataset.names == ("ant", "bee", "dog")
    assert "Left out, not numbers: word, kind." in dataset.notes


def test_the_names_stay_where_columns_are_chosen(table):
    assert read_table(table(TABLE), ["y"]).names == ("ant", "bee", "cow", "dog")


def test_a_parquet_file_has_names_too(tmp_path):
    path = tmp_path / "t.parquet"
    kinds = pl.Series(["a", "b", None], dtype=pl.Categorical)
    pl.DataFrame({"x": [1.0, 2.0, 3.0], "word": ["u", "v", "w"], "k": kinds}).write_parquet(path)
    assert read_table(path).names == ("u", "v", "w")
    assert read_table(path, ["x"]).names == ("u", "v", "w")


def found(columns, n_rows=None):
    frame = pl.DataFrame(columns)
    return names.names_in(frame.lazy(), frame.width, n_rows or frame.height)


def test_classes_are_names_where_two_rows_share_one():
    assert found({"k": ["a", "b", "b", "a"]}) == ["a", "b", "b", "a"]
    assert found({"k": ["a", "b", "c", "a"]}) is None  # neither a name each, nor classes
    assert found({"k": ["a", None, "a", "b", "b"]}) == ["a", "", "a", "b", "b"]


def test_the_first_such_column_wins():
    assert found({"n": ["a", "b", "c", "a"], "k": ["u"] * 4, "d": list("wxyz")}) == ["u"] * 4


def test_numbers_and_gaps_are_no_names():
    assert found({"k": ["1", "2", "3"]}) is None
    assert found({"k": [None, None]}) is None
    assert found({"k": ["NA", "?", "-"]}) is None
    assert names.names_in(pl.DataFrame().lazy(), 0, 0) is None


def test_rows_beyond_those_that_count_are_left_out():
    assert found({"k": ["a", "b", "", ""]}, 2) == ["a", "b"]


def test_nobody_reads_very_many_names(monkeypatch):
    monkeypatch.setattr(names, "MAX_NAMED", 3)
    assert found({"k": ["a", "b", "c"]}) == ["a", "b", "c"]
    assert found({"k": ["a", "b", "c", "d"]}) is None


def test_names_are_written_beside_the_labels(table, tmp_path):
    dataset = read_table(table(TABLE))
    write_labels(tmp_path / "l.csv", np.array([1, 0, 1]), dataset)
    assert (tmp_path / "l.csv").read_text() == ("row,name,label\n1,ant,1\n2,bee,0\n3,,\n4,dog,1\n")

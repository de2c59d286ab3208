"""Labels, centroids and points as files, read back with other libraries."""

import csv

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.data.dataset import dataset_of
from engine.data.output import results
from engine.data.output.results import (
    cluster_name,
    write_centroids,
    write_labels,
    write_points,
    write_with_clusters,
)
from engine.data.tables.readers import read_table
from engine.errors import ParameterError

WHOLE = dataset_of(np.array([[1.0], [2.0], [3.0]]), ("x",), "here")
GAPS = dataset_of(np.array([[np.nan], [2.0], [np.inf], [4.0]]), ("x",), "here")
CENTROIDS = np.float32([[0.1, -2], [1e-8, 3e38]])
SEPARATORS = {".csv": ",", ".tsv": "\t"}


def read_text(path):
    """Read a header and rows with the csv module."""
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file, delimiter=SEPARATORS[path.suffix])
    return header, rows


# Labels


def test_labels_of_all_rows(tmp_path):
    write_labels(tmp_path / "l.csv", np.array([1, 0, 1], np.uint8), WHOLE)
    assert (tmp_path / "l.csv").read_text() == "row,label\n1,1\n2,0\n3,1\n"


def test_dropped_rows_have_no_label(tmp_path):
    write_labels(str(tmp_path / "l.csv"), np.array([5, 0], np.uint16), GAPS)
    assert (tmp_path / "l.csv").read_text() == "row,label\n1,\n2,5\n3,\n4,0\n"


def test_noise_is_written_and_dropped_rows_are_empty(tmp_path):
    write_labels(tmp_path / "l.csv", np.array([-1, 0], np.int32), GAPS, has_noise=True)
    assert (tmp_path / "l.csv").read_text() == "row,label\n1,\n2,-1\n3,\n4,0\n"
    write_with_clusters(
        tmp_path / "d.csv",
        pl.DataFrame({"x": [1.0, 2.0, 3.0, 4.0]}),
        np.array([-1, 0], np.int32),
        GAPS,
        has_noise=True,
    )
    assert read_text(tmp_path / "d.csv")[1] == [
        ["1.0", ""],
        ["2.0", "-1"],
        ["3.0", ""],
        ["4.0", "0"],
    ]


def test_a_point_without_a_label_is_empty_if_the_algorithm_has_no_noise(tmp_path):
    write_labels(tmp_path / "l.csv", np.array([-1, 0], np.int32), GAPS)
    assert (tmp_path / "l.csv").read_text() == "row,label\n1,\n2,\n3,\n4,0\n"


def test_tab_separated_labels_have_tabs(tmp_path):
    write_labels(tmp_path / "l.TSV", np.array([5, 0], np.uint16), GAPS)
    assert (tmp_path / "l.TSV").read_text() == "row\tlabel\n1\t\n2\t5\n3\t\n4\t0\n"


def test_parquet_has_typed_labels(tmp_path):
    write_labels(tmp_path / "l.parquet", np.array([5, 0], np.uint16), GAPS)
    found = pl.read_parquet(tmp_path / "l.parquet")
    assert found.schema == {"row": pl.Int64, "label": pl.Int64}
    assert found.rows() == [(1, None), (2, 5), (3, None), (4, 0)]


def test_an_array_of_labels_has_one_for_each_row_of_the_source(tmp_path):
    write_labels(tmp_path / "l.npy", np.array([5, 0], np.uint16), GAPS)
    found = np.load(tmp_path / "l.npy", allow_pickle=False)
    assert (found.dtype, found.tolist()) == (np.int64, [-1, 5, -1, 0])


@pytest.mark.parametrize("n_block", [1, 2, 3, 4])
def test_blocks_of_rows_are_written_in_order(tmp_path, monkeypatch, n_block):
    monkeypatch.setattr(results, "_LABELS_A_BLOCK", n_block)
    rows = np.array([[1.0], [np.nan], [3.0], [np.nan], [np.nan], [6.0]])
    dataset = dataset_of(rows, ("x",), "here", names=list("abcdef"))
    labels = np.array([5, -1, 0])
    write_labels(tmp_path / "l.csv", labels, dataset)
    assert (tmp_path / "l.csv").read_text() == (
        "row,name,label\n1,a,5\n2,,\n3,c,\n4,,\n5,,\n6,f,0\n"
    )
    write_labels(tmp_path / "l.parquet", labels, dataset)
    assert pl.read_parquet(tmp_path / "l.parquet").rows() == [
        *[(1, "a", 5), (2, None, None), (3, "c", None)],
        *[(4, None, None), (5, None, None), (6, "f", 0)],
    ]


# Centroids and points


@pytest.mark.parametrize("suffix", SEPARATORS)
def test_centroids(tmp_path, suffix):
    path = tmp_path / f"c{suffix}"
    write_centroids(path, CENTROIDS, ("x", 'y, "z"'), np.array([3, 0]))
    header, rows = read_text(path)
    assert header == ["cluster", "size", "x", 'y, "z"']
    assert [row[:2] for row in rows] == [["0", "3"], ["1", "0"]]
    assert np.array_equal(np.float32([row[2:] for row in rows]), CENTROIDS)
    assert rows[0][2] == "0.1"  # the shortest decimal that gives the same float32


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_centroids_keep_their_precision_in_binary_formats(tmp_path, kind):
    centroids = np.array([[0.1, -2], [1 / 3, 7]], kind)
    for suffix in (".parquet", ".npy"):
        write_centroids(tmp_path / f"c{suffix}", centroids, ("x", "y"), np.array([3, 0]))
    table = pl.read_parquet(tmp_path / "c.parquet")
    assert table.columns == ["cluster", "size", "x", "y"]
    assert table["x"].to_numpy().dtype == kind
    for found in (table.select("x", "y").to_numpy(), np.load(tmp_path / "c.npy")):
        np.testing.assert_array_equal(found, centroids)
    assert np.load(tmp_path / "c.npy").dtype == kind


@given(
    hnp.arrays(
        np.float32,
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=5),
        elements=st.floats(allow_nan=False, allow_infinity=False, width=32),
    )
)
@settings(deadline=None, max_examples=40)
def test_centroids_survive_a_round_trip(tmp_path_factory, centroids):
    path = tmp_path_factory.mktemp("centroids") / "c.csv"
    columns = [f"c{index}" for index in range(centroids.shape[1])]
    write_centroids(path, centroids, columns, np.arange(len(centroids)))
    np.testing.assert_array_equal(read_table(path, columns).points, centroids)


def test_columns_may_have_the_names_of_our_own(tmp_path):
    path = tmp_path / "c.csv"
    write_centroids(path, CENTROIDS, ("size", "cluster"), np.array([3, 0]))
    assert read_table(path).columns == ("cluster", "size", "size (2)", "cluster (2)")
    write_centroids(tmp_path / "c.parquet", CENTROIDS, ("size", "cluster"), np.array([3, 0]))
    table = pl.read_parquet(tmp_path / "c.parquet")
    assert table.columns == ["cluster", "size", "size (2)", "cluster (2)"]


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet", ".npy"])
def test_points_survive_a_round_trip(tmp_path, suffix):
    points = dataset_of(np.float32([[0.1, -3e-9], [1e20, 4]]), ("^x.*$", "y"), "here")
    path = tmp_path / f"p{suffix}"
    write_points(path, points)
    if suffix == ".npy":
        found = np.load(path)
        assert found.dtype == np.float32
    elif suffix == ".parquet":
        table = pl.read_parquet(path)
        assert table.schema == {"^x.*$": pl.Float32, "y": pl.Float32}
        found = table.to_numpy()
    else:
        header, rows = read_text(path)
        assert header == ["^x.*$", "y"]
        found = np.float32(rows)
    np.testing.assert_array_equal(found, points.points)


# The whole table

TABLE = pl.DataFrame(
    {"who": ["a", "=cmd", None, "d"], "x": [None, 2.0, float("inf"), 4.0], "n": [1, 2, 3, 4]}
)


@pytest.mark.parametrize("suffix", SEPARATORS)
def test_the_whole_table_with_its_clusters(tmp_path, suffix):
    path = tmp_path / f"t{suffix}"
    write_with_clusters(path, TABLE, np.array([1, 0]), GAPS)
    header, rows = read_text(path)
    assert header == ["who", "x", "n", "cluster"]
    assert rows == [
        ["a", "", "1", ""],
        ["'=cmd", "2.0", "2", "1"],
        ["", "inf", "3", ""],
        ["d", "4.0", "4", "0"],
    ]


def test_the_whole_table_keeps_its_types_in_parquet(tmp_path):
    write_with_clusters(tmp_path / "t.parquet", TABLE, np.array([1, -1]), GAPS)
    found = pl.read_parquet(tmp_path / "t.parquet")
    assert found.drop("cluster").equals(TABLE)  # =cmd is not quoted here
    assert found["cluster"].dtype == pl.Int64
    assert found["cluster"].to_list() == [None, 1, None, None]


def test_the_whole_table_as_an_array_needs_numbers(tmp_path):
    path = tmp_path / "t.npy"
    write_with_clusters(path, TABLE.select("x", "n"), np.array([1, 0]), GAPS)
    expected = [[np.nan, 1, np.nan], [2, 2, 1], [np.inf, 3, np.nan], [4, 4, 0]]
    np.testing.assert_array_equal(np.load(path), expected)
    path.unlink()
    words = r"this table has text in it.* must end in \.csv, \.tsv or \.parquet\.$"
    with pytest.raises(ParameterError, match=words):
        write_with_clusters(path, TABLE, np.array([1, 0]), GAPS)
    assert not path.exists()


def test_an_existing_cluster_column_is_kept(tmp_path):
    assert cluster_name(["x"]) == "cluster"
    assert cluster_name(["Cluster", "cluster (2)"]) == "cluster (3)"
    table = pl.DataFrame({"cluster": [7, 7, 7]})
    write_with_clusters(tmp_path / "t.csv", table, np.array([0, 1, 0]), WHOLE)
    assert (tmp_path / "t.csv").read_text() == "cluster,cluster (2)\n7,0\n7,1\n7,0\n"

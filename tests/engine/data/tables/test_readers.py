"""Which reader reads a file, and what can be wrong with any file; Parquet."""

import datetime
import os

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.data.tables.readers import READERS, read_table
from engine.errors import CapacityError, DataError
from tests.engine.data.refusals import refusal

ALL = ".csv, .tsv, .txt, .parquet, .npy, .npz"


@pytest.fixture
def parquet(tmp_path):
    path = tmp_path / "t.parquet"
    pl.DataFrame(
        {
            "x": [1.0, None, 3.0],
            "name": ["a", "b", "c"],
            "n": pl.Series([1, 2, 3], dtype=pl.UInt8),
            "yes": [True, False, True],
            "when": [datetime.date(2020, 1, 1)] * 3,
            "none": pl.Series([None] * 3, dtype=pl.Float64),
            "nan": [float("nan")] * 3,
            "cost": pl.Series(["1.50", "2.25", "3.75"]).str.to_decimal(scale=2),
        }
    ).write_parquet(path)
    return path


def test_parquet_numeric_columns(parquet):
    dataset = read_table(parquet)
    assert dataset.columns == ("x", "n", "yes", "cost")
    np.testing.assert_array_equal(dataset.points, [[1, 1, 1, 1.5], [3, 3, 1, 3.75]])
    np.testing.assert_array_equal(dataset.kept, [0, 2])
    assert dataset.left_out == ("name", "when", "none", "nan")
    assert dataset.notes[:3] == (
        "Read as the name of each row: name.",
        "Left out, not numbers: when (Date).",
        "Left out, no values: none, nan.",
    )
    assert dataset.names == ("a", "c")
    assert dataset.source == str(parquet)


def test_parquet_columns_can_be_chosen(parquet):
    dataset = read_table(parquet, ["cost", "3"])
    assert dataset.columns == ("cost", "n")
    np.testing.assert_array_equal(dataset.points, [[1.5, 1], [2.25, 2], [3.75, 3]])
    assert refusal(parquet, ["name"]) == 'Column "name" of t.parquet holds no numbers.'
    assert refusal(parquet, ["none"]) == 'Column "none" of t.parquet holds no numbers.'
    assert refusal(parquet, ["z"]).startswith('t.parquet has no column "z"; there are x, name')


def test_parquet_without_numbers_or_rows(tmp_path):
    path = tmp_path / "t.parquet"
    pl.DataFrame({"a": ["x"], "b": [None]}).write_parquet(path)
    assert refusal(path) == "t.parquet has no column of numbers; its columns: a, b."
    pl.DataFrame({"a": pl.Series([], dtype=pl.Float64)}).write_parquet(path)
    assert refusal(path) == "t.parquet has no rows."


def test_damaged_parquet(parquet):
    whole = parquet.read_bytes()
    for content in (b"", b"PAR1", b"no table", whole[: len(whole) // 2]):
        parquet.write_bytes(content)
        assert refusal(parquet) == "t.parquet is damaged, or not a Parquet file."


@pytest.mark.parametrize("suffix", READERS)
def test_missing_files(tmp_path, suffix):
    assert refusal(tmp_path / f"t{suffix}") == f"There is no file t{suffix}."
    (tmp_path / f"d{suffix}").mkdir()
    assert refusal(tmp_path / f"d{suffix}") == (
        f"d{suffix} is not a file but a folder; give the name of a file."
    )


@pytest.mark.parametrize("suffix", READERS)
def test_empty_files(tmp_path, suffix):
    path = tmp_path / f"t{suffix}"
    path.touch()
    assert refusal(path).startswith(f"t{suffix} is ")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes that have a name")
@pytest.mark.parametrize("suffix", READERS)
def test_a_named_pipe_does_not_block(tmp_path, suffix):
    os.mkfifo(tmp_path / f"t{suffix}")
    words = f"t{suffix} is not a file but a pipe; give the name of a file."
    assert refusal(tmp_path / f"t{suffix}") == words


@pytest.mark.parametrize("suffix", READERS)
@pytest.mark.parametrize("name", ["x" * 300, "\0", "no/such"])
def test_names_that_do_not_exist(tmp_path, suffix, name):
    assert refusal(tmp_path / (name + suffix)).startswith("There is no file")


@pytest.mark.parametrize("suffix", READERS)
def test_a_link_to_itself(tmp_path, suffix):
    (tmp_path / f"t{suffix}").symlink_to(tmp_path / f"t{suffix}")
    assert refusal(tmp_path / f"t{suffix}").startswith(f"t{suffix} cannot be read: ")


@pytest.mark.parametrize(
    "name", ["data[1]", "a*b?", "[", "~", "{x}", b"caf\xe9".decode("utf-8", "surrogateescape")]
)
@pytest.mark.parametrize("suffix", READERS)
def test_names_are_not_glob_patterns(tmp_path, name, suffix):
    path = tmp_path / (name + suffix)
    write = {
        ".csv": lambda file: file.write(b"x,y\n1,2\n3,4\n"),
        ".parquet": pl.DataFrame({"x": [1, 3], "y": [2, 4]}).write_parquet,
        ".npy": lambda file: np.save(file, [[1, 2], [3, 4]]),
        ".npz": lambda file: np.savez(file, [[1, 2], [3, 4]]),
    }
    with path.open("wb") as file:
        write.get(suffix, write[".csv"])(file)
    np.testing.assert_array_equal(read_table(path).points, [[1, 2], [3, 4]])


def test_parquet_columns_are_not_patterns(tmp_path):
    path = tmp_path / "t.parquet"
    columns = {"^x.*$": [1.0, 2.0], "*": [3.0, 4.0], "xa": [9.0, 8.0], "": ["a", "b"]}
    pl.DataFrame(columns).write_parquet(path)
    dataset = read_table(path)
    assert dataset.columns == ("^x.*$", "*", "xa")
    np.testing.assert_array_equal(dataset.points, [[1, 3, 9], [2, 4, 8]])
    assert dataset.names == ("a", "b")
    np.testing.assert_array_equal(read_table(path, ["*"]).points, [[3], [4]])


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read every file"
)
@pytest.mark.parametrize("suffix", READERS)
def test_files_without_permission(tmp_path, suffix):
    path = tmp_path / f"t{suffix}"
    path.touch(mode=0)
    assert refusal(path) == f"t{suffix} cannot be read: Permission denied."


@pytest.mark.parametrize("suffix", READERS)
def test_system_errors_become_error_messages(tmp_path, monkeypatch, suffix):
    def denied(*_):
        raise PermissionError(13, "Permission denied")

    def too_large(*_):
        raise MemoryError

    path = tmp_path / f"t{suffix}"
    path.touch()
    monkeypatch.setitem(READERS, suffix, READERS[suffix]._replace(read=denied))
    assert refusal(path) == f"t{suffix} cannot be read: Permission denied."
    monkeypatch.setitem(READERS, suffix, READERS[suffix]._replace(read=too_large))
    with pytest.raises(CapacityError, match="does not fit in memory"):
        read_table(path)


def test_unknown_suffixes(tmp_path):
    for name in ("t.png", "t", "t.csv.gz"):
        path = tmp_path / name
        path.touch()
        assert refusal(path) == f"{name} cannot be opened: its name does not end in {ALL}."


def test_suffixes_may_be_in_capitals(tmp_path):
    path = tmp_path / "T.CSV"
    path.write_text("x\n1\n2\n")
    assert read_table(str(path)).source == str(path)


@pytest.mark.parametrize("path", ["", " ", "a\0b.csv", "x" * 5000 + ".csv"])
def test_invalid_names(path):
    with pytest.raises(DataError):
        read_table(path)


POINTS = hnp.arrays(
    np.float32,
    hnp.array_shapes(min_dims=2, max_dims=2, max_side=6),
    elements=st.floats(allow_nan=False, allow_infinity=False, width=32),
)


@given(POINTS, st.sampled_from([".csv", ".tsv", ".txt", ".parquet", ".npy", ".npz"]))
@settings(deadline=None, max_examples=60)
def test_points_survive_a_round_trip(tmp_path_factory, points, suffix):
    path = tmp_path_factory.mktemp("tables") / f"t{suffix}"
    names = [f"c{index}" for index in range(points.shape[1])]
    frame = pl.DataFrame(points, schema=names)
    match suffix:
        case ".csv" | ".tsv":
            frame.write_csv(path, separator="," if suffix == ".csv" else "\t")
        case ".txt":
            np.savetxt(path, points, header=" ".join(names))
        case ".parquet":
            frame.write_parquet(path)
        case ".npy":
            np.save(path, points)
            names = [f"column {number}" for number in range(1, points.shape[1] + 1)]
        case ".npz":
            np.savez(path, points=points, columns=names)
    dataset = read_table(path)
    np.testing.assert_array_equal(dataset.points, points)
    assert dataset.kept is None
    if len(names) > 1 or suffix != ".txt":  # a single name after # looks like a word
        assert dataset.columns == tuple(names)

"""Results as files."""

import os
import stat
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.data import writing
from engine.data.dataset import dataset_of
from engine.data.tables import read_table
from engine.data.writing import (
    Alignment,
    check_writable,
    write_alignments,
    write_centroids,
    write_labels,
    write_whole,
)
from engine.errors import DataError

WHOLE = dataset_of(np.array([[1.0], [2.0], [3.0]]), ("x",), "here")
CENTROIDS = np.float32([[0.1, -2], [1e-8, 3e38]])


def test_labels_of_all_rows(tmp_path):
    write_labels(tmp_path / "l.csv", np.array([1, 0, 1], np.uint8), WHOLE)
    assert (tmp_path / "l.csv").read_text() == "row,label\n1,1\n2,0\n3,1\n"


def test_dropped_rows_have_no_label(tmp_path):
    dataset = dataset_of(np.array([[np.nan], [2.0], [np.inf], [4.0]]), ("x",), "here")
    write_labels(str(tmp_path / "l.csv"), np.array([5, 0], np.uint16), dataset)
    assert (tmp_path / "l.csv").read_text() == "row,label\n1,\n2,5\n3,\n4,0\n"


@pytest.mark.parametrize("n_block", [1, 2, 3, 4])
def test_blocks_of_rows_follow_one_another(tmp_path, monkeypatch, n_block):
    monkeypatch.setattr(writing, "_LABELS_A_BLOCK", n_block)
    rows = np.array([[1.0], [np.nan], [3.0], [np.nan], [np.nan], [6.0]])
    dataset = dataset_of(rows, ("x",), "here", names=list("abcdef"))
    write_labels(tmp_path / "l.csv", np.array([5, -1, 0]), dataset)
    assert (tmp_path / "l.csv").read_text() == (
        "row,name,label\n1,a,5\n2,,\n3,c,\n4,,\n5,,\n6,f,0\n"
    )
    write_labels(tmp_path / "l.csv", np.array([1, 0, 1], np.uint8), WHOLE)
    assert (tmp_path / "l.csv").read_text() == "row,label\n1,1\n2,0\n3,1\n"


def test_centroids(tmp_path):
    write_centroids(tmp_path / "c.csv", CENTROIDS, ("x", 'y, "z"'), np.array([3, 0]))
    assert (tmp_path / "c.csv").read_text() == (
        'cluster,size,x,"y, ""z"""\n0,3,0.1,-2.0\n1,0,1e-08,3e+38\n'
    )


def test_alignments_of_two_spellers_stand_in_one_table(tmp_path):
    seeing = Alignment("attention", ["a", "end"], np.float32([[0.25, 0.75], [1, 0]]))
    whole = Alignment("plain", ["a"], np.float32([[1]]), whole_word=True)
    write_alignments(tmp_path / "a.csv", ["AH0", "AH0"], [seeing, whole])
    assert (tmp_path / "a.csv").read_text() == (
        "speller,letter,AH0,AH0,whole word\n"
        "attention,a,0.25,0.75,\nattention,end,1.0,0.0,\nplain,a,,,1.0\n"
    )
    write_alignments(tmp_path / "a.csv", ["AH0", "AH0"], [seeing])
    assert (tmp_path / "a.csv").read_text().splitlines()[0] == "speller,letter,AH0,AH0"


@given(
    hnp.arrays(
        np.float32,
        hnp.array_shapes(min_dims=2, max_dims=2, max_side=5),
        elements=st.floats(allow_nan=False, allow_infinity=False, width=32),
    )
)
@settings(deadline=None, max_examples=40)
def test_centroids_that_are_written_are_read_again(tmp_path_factory, centroids):
    path = tmp_path_factory.mktemp("centroids") / "c.csv"
    columns = [f"c{index}" for index in range(centroids.shape[1])]
    write_centroids(path, centroids, columns, np.arange(len(centroids)))
    np.testing.assert_array_equal(read_table(path, columns).points, centroids)


def test_columns_may_be_called_as_ours_are(tmp_path):
    path = tmp_path / "c.csv"
    write_centroids(path, CENTROIDS, ("size", "cluster"), np.array([3, 0]))
    assert read_table(path).columns == ("cluster", "size", "size (2)", "cluster (2)")


def test_a_file_is_replaced_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "l.csv"
    path.write_text("old")
    write_labels(path, np.zeros(3, np.uint8), WHOLE)
    assert path.read_text().startswith("row")
    assert os.listdir(tmp_path) == ["l.csv"]


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "link.csv").symlink_to(tmp_path / "l.csv")
    write_labels(tmp_path / "link.csv", np.zeros(3, np.uint8), WHOLE)
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "l.csv").exists()


def test_the_old_file_survives_a_failure(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    path = tmp_path / "c.csv"
    path.write_text("old")
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(DataError, match=r"c\.csv cannot be written: No space left on device\.$"):
        write_centroids(path, CENTROIDS, ("x", "y"), np.array([3, 0]))
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["c.csv"]


@pytest.mark.parametrize("name", ["no/folder.csv", "", "x" * 300])
def test_places_that_cannot_be_written(tmp_path, name):
    with pytest.raises(DataError, match="cannot be written"):
        write_labels(tmp_path / name, np.zeros(3, np.uint8), WHOLE)
    assert os.listdir(tmp_path) == []


def test_a_file_keeps_its_mode(tmp_path):
    path = tmp_path / "l.csv"
    write_labels(path, np.zeros(3, np.uint8), WHOLE)
    fresh = tmp_path / "fresh"
    fresh.touch()
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(fresh.stat().st_mode)
    path.chmod(0o640)
    write_labels(path, np.zeros(3, np.uint8), WHOLE)
    assert stat.S_IMODE(path.stat().st_mode) == (0o666 if os.name == "nt" else 0o640)


def test_a_read_only_file_is_not_replaced(tmp_path):
    path = tmp_path / "l.csv"
    path.write_text("old")
    path.chmod(0o444)
    words = r"l\.csv cannot be written: the file that is there is read-only\."
    with pytest.raises(DataError, match=words):
        write_labels(path, np.zeros(3, np.uint8), WHOLE)
    assert path.read_text() == "old"
    path.chmod(0o644)  # so that Windows can remove it


def dead_process():
    """The number of a process that is gone."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        return process.pid


def test_drafts_of_killed_processes_are_removed(tmp_path):
    dead = dead_process()
    gone = [f".labels.csv.{dead}.part", f".film.gif.{dead}.part", f".l.csv.{os.getpid()}.part"]
    stay = [
        *(".labels.csv.part", f"labels.csv.{dead}.part", f".download.zip.{dead}.part"),
        f".other.png.{os.getppid()}.part",
    ]
    for name in (*gone, *stay):
        (tmp_path / name).touch()
    (tmp_path / f".folder.csv.{dead}.part").mkdir()  # cannot be removed, and does no harm
    write_labels(tmp_path / "l.csv", np.zeros(3, np.uint8), WHOLE)
    left = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert left == {"l.csv", *(stay if os.name != "nt" else stay[:-1])}


def test_a_draft_that_is_being_written_stays(tmp_path):
    def write(file):
        file.write(b"outer")
        write_whole(tmp_path / "inner.csv", lambda inner: inner.write(b"inner"))

    write_whole(tmp_path / "outer.csv", write)
    assert (tmp_path / "outer.csv").read_text() == "outer"
    assert (tmp_path / "inner.csv").read_text() == "inner"


def test_a_name_may_be_as_long_as_the_disk_takes(tmp_path):
    name = "é" * 125 + ".csv"
    write_labels(tmp_path / name, np.zeros(3, np.uint8), WHOLE)
    assert os.listdir(tmp_path) == [name]


@pytest.mark.parametrize("name", ["x" * 300 + ".csv", "\0.csv", "loop.csv"])
def test_a_name_that_will_not_do_is_told_before_the_run(tmp_path, name):
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    with pytest.raises(DataError, match="cannot be written: "):
        check_writable(tmp_path / name)


@pytest.mark.skipif(not os.path.exists(os.devnull), reason="needs a device")
def test_a_device_is_not_replaced():
    with pytest.raises(DataError, match="it is not a file"):
        write_labels(os.devnull, np.zeros(3, np.uint8), WHOLE)

"""Writing files: checked before the run, and written completely or not at all."""

import errno
import os
import stat
import sys

import numpy as np
import polars as pl
import pytest

from engine.data import images
from engine.data.dataset import dataset_of
from engine.data.output import table_files, writing
from engine.data.output.formats import ANIMATION, PICTURE, TABLE
from engine.data.output.results import write_centroids, write_labels
from engine.data.output.writing import check_outputs, check_writable, write_whole
from engine.errors import DataError, EngineError, ParameterError
from tests.processes import ended_process_id

WHOLE = dataset_of(np.array([[1.0], [2.0], [3.0]]), ("x",), "here")
CENTROIDS = np.float32([[0.1, -2], [1e-8, 3e38]])


def test_a_file_is_replaced_without_leaving_other_files(tmp_path):
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


@pytest.mark.parametrize("name", ["no/folder.csv", "", "x" * 300 + ".csv"])
def test_unwritable_paths_are_refused(tmp_path, name):
    with pytest.raises(EngineError, match="cannot be written"):
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
    path.chmod(0o644)  # so that Windows can delete it


def test_drafts_of_killed_processes_are_removed(tmp_path):
    dead = ended_process_id()
    gone = [f".labels.csv.{dead}.part", f".film.gif.{dead}.part", f".l.csv.{os.getpid()}.part"]
    stay = [
        *(".labels.csv.part", f"labels.csv.{dead}.part", f".download.zip.{dead}.part"),
        f".other.png.{os.getppid()}.part",
    ]
    for name in (*gone, *stay):
        (tmp_path / name).touch()
    (tmp_path / f".folder.csv.{dead}.part").mkdir()  # cannot be removed, which does no harm
    write_labels(tmp_path / "l.csv", np.zeros(3, np.uint8), WHOLE)
    left = {path.name for path in tmp_path.iterdir() if path.is_file()}
    assert left == {"l.csv", *(stay if os.name != "nt" else stay[:-1])}


def test_a_draft_in_use_is_kept(tmp_path):
    def write(file):
        file.write(b"outer")
        write_whole(tmp_path / "inner.csv", lambda inner: inner.write(b"inner"))

    write_whole(tmp_path / "outer.csv", write)
    assert (tmp_path / "outer.csv").read_text() == "outer"
    assert (tmp_path / "inner.csv").read_text() == "inner"


def test_a_name_may_be_as_long_as_the_file_system_allows(tmp_path):
    name = "é" * 125 + ".csv"
    write_labels(tmp_path / name, np.zeros(3, np.uint8), WHOLE)
    assert os.listdir(tmp_path) == [name]


@pytest.mark.parametrize("name", ["x" * 300 + ".csv", "\0.csv", "loop.csv"])
def test_invalid_names_are_refused_before_the_run(tmp_path, name):
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    with pytest.raises(DataError, match="cannot be written: "):
        check_writable(tmp_path / name)


@pytest.mark.skipif(not os.path.exists(os.devnull), reason="needs a device")
def test_a_device_is_not_replaced():
    with pytest.raises(DataError, match="it is not a file"):
        write_whole(os.devnull, lambda file: file.write(b""))


# Before the run


def tables(*paths):
    return [(path, TABLE) for path in paths]


def test_checking_an_output_leaves_no_files(tmp_path):
    outputs = [(tmp_path / "l.csv", TABLE), (tmp_path / "a.GIF", ANIMATION)]
    check_outputs([*outputs, (tmp_path / "p.Svg", PICTURE)], [tmp_path / "in.csv", "blobs"])
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", ["l.txt", "l", "l.csv.gz", ".csv", "l.", "l.xlsx"])
def test_an_unknown_suffix_is_refused_with_a_list_of_known_ones(tmp_path, name):
    words = (
        r"cannot be written as a table: its name must end in \.csv, \.tsv, \.parquet or \.npy\.$"
    )
    with pytest.raises(ParameterError, match=words):
        check_outputs(tables(tmp_path / name))
    with pytest.raises(ParameterError, match=words):
        write_labels(tmp_path / name, np.zeros(3, np.uint8), WHOLE)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "words"),
    {
        "a folder": ("folder.csv", "it is not a file"),
        "too long": ("x" * 300 + ".csv", "cannot be written: "),
        "no folder": ("no/l.csv", "there is no folder"),
        "below a file": ("in.csv/l.csv", "cannot be written: "),
        "links in circles": ("loop.csv", "cannot be written: "),
        "a null character": ("\0.csv", "cannot be written: "),
        "read-only": ("kept.csv", "read-only"),
        "an input": ("in.csv", "the run reads it"),
        "an input by a link": ("link.csv", "the run reads it"),
        "an input by a hard link": ("hard.csv", "the run reads it"),
        "an input by another way": ("folder.csv/../in.csv", "the run reads it"),
    }.values(),
)
def test_unwritable_outputs_are_refused_before_the_run(tmp_path, name, words):
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "in.csv").write_text("x\n1\n")
    (tmp_path / "kept.csv").write_text("")
    (tmp_path / "kept.csv").chmod(0o444)
    (tmp_path / "loop.csv").symlink_to(tmp_path / "loop.csv")
    (tmp_path / "link.csv").symlink_to(tmp_path / "in.csv")
    os.link(tmp_path / "in.csv", tmp_path / "hard.csv")
    with pytest.raises(EngineError, match=words):
        check_outputs(tables(os.path.join(tmp_path, name)), [tmp_path / "in.csv"])
    assert (tmp_path / "in.csv").read_text() == "x\n1\n"
    (tmp_path / "kept.csv").chmod(0o644)


def test_a_name_that_the_system_cannot_encode_is_refused(tmp_path):
    with pytest.raises(DataError, match="has characters that this system cannot write"):
        check_outputs(tables(f"{tmp_path}/\ud800.csv"))


def test_two_outputs_cannot_share_a_file(tmp_path):
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")  # which does not exist yet
    for second in ("a.csv", "b.csv", "../" + tmp_path.name + "/a.csv"):
        with pytest.raises(ParameterError, match="already in use: another result is written"):
            check_outputs(tables(tmp_path / "a.csv", os.path.join(tmp_path, second)))


def test_the_file_that_stdout_goes_to_is_not_replaced(tmp_path, monkeypatch):
    with (tmp_path / "out.csv").open("w") as out:
        monkeypatch.setattr(sys, "stdout", out)
        with pytest.raises(ParameterError, match="what the run prints goes there"):
            check_outputs(tables(tmp_path / "out.csv"))


@pytest.mark.skipif(not os.path.exists("/dev/stdout"), reason="needs a device")
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/null", "null.csv"])
def test_device_names_are_refused(tmp_path, name):
    (tmp_path / "null.csv").symlink_to("/dev/null")
    with pytest.raises(EngineError, match="cannot be written"):
        check_outputs(tables(os.path.join(tmp_path, name)))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes")
def test_a_pipe_is_refused_and_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "p.csv")
    with pytest.raises(DataError, match="it is not a file"):
        check_outputs(tables(tmp_path / "p.csv"))


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".svg", ".pdf", ".csv", ".parquet", ".npy"])
def test_a_full_disk_keeps_the_old_file(tmp_path, monkeypatch, suffix):
    room = [60]

    def write(stream, content):
        room[0] -= memoryview(content).nbytes
        if room[0] < 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        return stream._file.write(content)

    path = tmp_path / f"out{suffix}"
    path.write_bytes(b"before")
    monkeypatch.setattr(writing._Stream, "write", write)
    pixels = np.random.default_rng(0).integers(0, 2, (64, 64), np.uint8)

    def save():
        if suffix in (".png", ".jpg", ".svg", ".pdf"):
            images.write_quantised(path, pixels, np.uint8([[0, 0, 0], [255, 0, 9]]))
        else:
            table_files.write_table(path, pl.DataFrame({"x": np.arange(1000) / 7}))

    with pytest.raises(DataError, match=r"cannot be written: .*No space left on device"):
        save()
    assert path.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_lists_cannot_be_written_to_a_cell(tmp_path):
    table = pl.DataFrame({"x": [1.5], "l": [[1, 2]]})
    assert table_files.check_format(tmp_path / "t.parquet", table) == ".parquet"
    with pytest.raises(
        ParameterError, match=r'column "l", whose values are not text \(List\); let'
    ):
        table_files.check_format(tmp_path / "t.csv", table)


def test_files_that_are_written_together_are_replaced_together(tmp_path):
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("before")

    def fail(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    def save(write):
        with writing.together():
            write_whole(first, lambda file: file.write(b"after"))
            assert first.read_text() == "before"
            write_whole(second, write)

    with pytest.raises(DataError, match=r"b\.csv cannot be written"):
        save(fail)
    assert first.read_text() == "before"
    assert [each.name for each in tmp_path.iterdir()] == ["a.csv"]
    save(lambda file: file.write(b"too"))
    assert (first.read_text(), second.read_text()) == ("after", "too")
    assert len(list(tmp_path.iterdir())) == 2

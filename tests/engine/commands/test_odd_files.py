"""Special files, and names that are not text, on the command line."""

import json
import os
import shlex
import sys

import numpy as np
import pytest
from PIL import Image

from tests.engine.commands.complaints import assert_complaint

ESCAPE = "\x1b[31mred\n"
NOT_UTF_8 = b"caf\xe9".decode("utf-8", "surrogateescape")
needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes that have a name")
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="there a name may be any bytes")
# More clusters than points: the file is read, but TensorFlow is not started.
READ = "-k 99"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text("x,y\n1,2\n3,4\n")
    return tmp_path


@needs_pipes
@pytest.mark.parametrize(
    "line",
    [
        *(f"cluster p{suffix}" for suffix in (".csv", ".parquet", ".npy", ".npz", ".png", ".jpg")),
        *("choose-k p.csv", "cluster t.csv --seeding p.csv", "spell --input p.csv"),
    ],
)
def test_a_named_pipe_does_not_block(command, folder, line):
    name = next(word for word in line.split() if word.startswith("p."))
    os.mkfifo(folder / name)
    assert_complaint(command(line), f"{name} is not a file but a pipe; give the name of a file.")


@needs_pipes
def test_a_named_pipe_is_not_a_model(command, folder):
    os.mkfifo(folder / "p.npz")
    assert_complaint(command("spell 'K AE1 T' --model p.npz"), "p.npz")


@pytest.mark.skipif(not os.path.isdir("/dev/fd"), reason="needs pipes as a shell gives them")
def test_a_pipe_of_the_shell_is_read(command):
    ours, theirs = os.pipe()
    with os.fdopen(theirs, "w") as file:
        file.write("no phonemes\n")
    status, out, err = command(f"spell --input /dev/fd/{ours} --model plain")
    os.close(ours)
    assert (status, out) == (2, "")
    assert err.startswith("line 1: ")


@pytest.mark.parametrize("option", ["", "t.csv --seeding", "t.csv --labels", "t.csv --centroids"])
def test_circular_links(command, folder, option):
    (folder / "loop.csv").symlink_to("loop.csv")
    assert_complaint(command(f"cluster {option} loop.csv"), "loop.csv cannot be ")


@pytest.mark.parametrize("option", ["", "t.csv --seeding", "t.csv --labels", "t.csv --centroids"])
def test_a_name_that_is_too_long(command, folder, option):
    assert_complaint(command(f"cluster {option} {'x' * 300}.csv"), "xxx.csv")


@needs_linux
@pytest.mark.parametrize("name", [ESCAPE, NOT_UTF_8], ids=["escapes", "not UTF-8"])
@pytest.mark.parametrize("option", ["", "t.csv --seeding", "t.csv --labels no/"])
def test_names_are_escaped_in_error_messages(command, folder, name, option):
    space = "" if option.endswith("/") else " "
    assert_complaint(command(f"cluster {option}{space}{shlex.quote(name)}.csv"), ".csv")


@needs_linux
@pytest.mark.parametrize("name", [ESCAPE, NOT_UTF_8], ids=["escapes", "not UTF-8"])
def test_names_are_escaped_in_results(command, folder, name):
    (folder / f"{name}.csv").write_text(f"{ESCAPE.strip()},y\x07,word\n1,2,a\n3,4,b\n")
    source = shlex.quote(f"{name}.csv")
    status, out, err = command(f"cluster {source} -k 1 --labels {shlex.quote(name)}-labels.csv")
    assert status == 0
    assert (out + err).replace("\n", "").isprintable()
    assert (folder / f"{name}-labels.csv").read_text() == "row,name,label\n1,a,0\n2,b,0\n"
    status, out, err = command(f"cluster {source} -k 1 --json")
    assert json.loads(out)["columns"] == [ESCAPE.strip(), "y\x07"]
    assert json.loads(out)["source"] == f"{name}.csv"
    assert out.removesuffix("\n").isprintable()


def test_arguments_are_escaped_in_error_messages(command):
    assert_complaint(command("cluster iris '\x1b[31m'"), r"unrecognized arguments: \x1b[31m")


def test_unreadable_phonemes_are_escaped_in_error_messages(command, folder):
    (folder / "words.txt").write_text("K AE1 T\x1b[31m\n")
    status, _, err = command("spell --input words.txt --model plain")
    assert status == 2
    assert err.replace("\n", "").isprintable()


def test_a_file_of_one_endless_line(command, folder, monkeypatch):
    monkeypatch.setattr("engine.spelling.notation.phoneme_lines._LONGEST", 8)
    (folder / "words.txt").write_text("Q" * 100 + "\n\nXYZ")
    status, _, err = command("spell --input words.txt --model plain")
    assert status == 2
    assert [line.partition(":")[0] for line in err.splitlines()[:-1]] == ["line 1", "line 3"]
    assert "2 of 2 lines" in err


def test_an_array_whose_header_claims_a_huge_size(command, folder):
    for shape, words in [("(0, 1000000000000)", "has no rows"), ("(1000000000000, 2)", "damaged")]:
        header = f"{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}}}".encode()
        content = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header
        (folder / "t.npy").write_bytes(content)
        assert_complaint(command(f"cluster t.npy {READ}"), words)


@pytest.mark.skipif(not hasattr(os, "truncate"), reason="makes a large file that takes no place")
def test_an_array_of_too_many_columns(command, folder):
    header = b"{'descr': '|i1', 'fortran_order': False, 'shape': (1, 1000000000)}"
    path = folder / "t.npy"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header)
    os.truncate(path, 10**9 + 1000)
    assert_complaint(command(f"cluster t.npy {READ}"), "1,000,000,000 columns; at most 1,048,576")


def test_warnings_about_damaged_files_are_not_shown(command, folder, recwarn):
    exif = b"Exif\0\0MM\0*" + bytes(3) + b"\x08" + b"\xff" * 40
    Image.fromarray(np.zeros((2, 5, 3), np.uint8)).save(folder / "t.jpg", exif=exif)
    assert_complaint(command(f"cluster t.jpg {READ}"), "10 points cannot have 99 clusters")
    assert not recwarn.list


def test_a_result_does_not_replace_a_read_only_file(command, folder):
    (folder / "l.csv").write_text("old")
    (folder / "l.csv").chmod(0o444)
    words = "l.csv cannot be written: the file that"
    assert_complaint(command("cluster t.csv --labels l.csv"), words)
    assert (folder / "l.csv").read_text() == "old"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("choose-k iris --references 2147483648", "at most 10,000, not 2,147,483,648"),
        ("choose-k iris --starts 2147483648", "1 to 10,000 starts"),
        (f"choose-k iris --max {'9' * 18}", "must be 100,000 or less"),
        ("cluster iris --algorithm mean-shift --bandwidth 1e300", "at most 1e+15, not 1e+300"),
        ("cluster iris --algorithm mean-shift --bandwidth 1_0", 'not "1_0"'),
        ("cluster t.png --position-weight 1e300", "from 0 to 1,000,000, not 1e+300"),
        (f"train plain --out x --epochs {'9' * 18}", "--epochs must be from 1 to 100,000"),
    ],
)
def test_absurd_numbers(command, folder, line, words):
    assert_complaint(command(line), words)

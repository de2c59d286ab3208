"""Files of pronunciations in common encodings."""

import gzip

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.errors import DataError
from engine.spelling.notation.phoneme_lines import lines_of, opened

TEXT = "cat K AE1 T\ncafé K AE0 F EY1\n"


def lines(path):
    with opened(str(path)) as file:
        return list(lines_of(file))


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        *(("utf-8", ""), ("utf-8-sig", ""), ("windows-1252", ""), ("utf-16", "")),
        *(("utf-16-le", ""), ("utf-16-be", ""), ("utf-16-le", "\ufeff"), ("utf-16-be", "\ufeff")),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r", "\u2028"])
def test_encodings_and_line_ends(tmp_path, encoding, mark, ending):
    if ending == "\u2028" and encoding == "windows-1252":
        pytest.skip("it has no such character")
    path = tmp_path / "words.txt"
    path.write_bytes((mark + TEXT.replace("\n", ending)).encode(encoding))
    assert lines(path) == TEXT.splitlines()


def test_invalid_utf_8(tmp_path):
    path = tmp_path / "words.txt"
    path.write_bytes("kæt\n".encode() + b"caf\xe9 K\n" + "ðə\n".encode())
    assert lines(path) == ["kæt", "café K", "ðə"]


def test_an_endless_line_is_cut(tmp_path):
    path = tmp_path / "words.txt"
    path.write_bytes(b"T " * 200_000 + b"\nK AE1 T\n")
    first, second = lines(path)
    assert len(first) == 2**16
    assert second == "K AE1 T"


def test_a_missing_file(tmp_path):
    with pytest.raises(DataError, match="There is no file"):
        opened(str(tmp_path / "none.txt"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60))
def test_any_bytes_are_lines(tmp_path, content):
    path = tmp_path / "words.txt"
    path.write_bytes(content)
    try:
        found = lines(path)
    except DataError:
        return  # not text
    assert all("\n" not in line for line in found)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (
            gzip.compress(TEXT.encode(), mtime=0),  # the same in each process of pytest-xdist
            "is compressed; unpack it, and give the text that is in it",
        ),
        (b"PK\x03\x04 and so on", "is compressed"),
        (bytes(range(256)), "holds no text; give a text file with one pronunciation a line"),
    ],
)
def test_a_file_that_is_not_text(tmp_path, content, complaint):
    path = tmp_path / "words.txt"
    path.write_bytes(content)
    with pytest.raises(DataError, match=complaint):
        opened(str(path))


def test_the_end_of_file_character_of_dos_is_ignored(tmp_path):
    path = tmp_path / "words.txt"
    path.write_bytes(b"K AE1 T\r\n\x1a")
    assert lines(path) == ["K AE1 T", ""]
    path.write_bytes(b"K AE1 T\x1a")
    assert lines(path) == ["K AE1 T"]

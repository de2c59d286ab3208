"""Files of pronunciations in the encodings in which programs write them."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.data.phoneme_lines import lines_of, opened
from engine.errors import DataError

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


def test_broken_bytes_among_utf_8(tmp_path):
    path = tmp_path / "words.txt"
    path.write_bytes("kæt\n".encode() + b"caf\xe9 K\n" + "ðə\n".encode())
    assert lines(path) == ["kæt", "café K", "ðə"]


def test_a_line_that_never_ends_is_cut(tmp_path):
    path = tmp_path / "words.txt"
    path.write_bytes(b"T " * 200_000 + b"\nK AE1 T\n")
    first, second = lines(path)
    assert len(first) == 2**16
    assert second == "K AE1 T"


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(DataError, match="There is no file"):
        opened(str(tmp_path / "none.txt"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=60))
def test_any_bytes_are_lines(tmp_path, content):
    path = tmp_path / "words.txt"
    path.write_bytes(content)
    assert all("\n" not in line for line in lines(path))

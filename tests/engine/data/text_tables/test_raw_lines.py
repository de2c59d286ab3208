"""The first lines of a file as they stand, whatever is wrong with it as a table."""

import pytest

from engine.data.tables.options import TableOptions
from engine.data.text_tables.raw_lines import raw_lines


@pytest.mark.parametrize(
    ("name", "content", "encoding", "lines"),
    [
        ("a.csv", b"a,b\r\n1\n\n2,3,4", None, ("a,b", "1", "", "2,3,4")),
        ("a.TXT", "Größe\n".encode("windows-1252"), None, ("Größe",)),
        ("a.tsv", "Größe\n".encode("utf-16"), None, ("Größe",)),
        ("a.csv", "Größe\n".encode(), "windows-1252", ("GrÃ¶ÃŸe",)),
        ("a.csv", b"\xff\xfea", "utf-8", ("\ufffd\ufffda",)),
        ("a.csv", b"\0\1\0\0\0\0", "utf-8", ()),
        ("a.csv", b"", None, ()),
        ("a.docx", b"text", None, ()),
    ],
)
def test_lines_of_text_are_given_and_nothing_else(tmp_path, name, content, encoding, lines):
    path = tmp_path / name
    path.write_bytes(content)
    assert raw_lines(path, TableOptions(encoding=encoding)) == lines


def test_a_file_that_is_not_there_has_none(tmp_path):
    assert raw_lines(tmp_path / "gone.csv", TableOptions()) == ()
    assert raw_lines(tmp_path, TableOptions()) == ()


def test_of_a_long_file_the_beginning_is_given(tmp_path):
    path = tmp_path / "long.csv"
    path.write_bytes(b"1,2\n" * 100_000)
    assert raw_lines(path, TableOptions()) == ("1,2",) * 30

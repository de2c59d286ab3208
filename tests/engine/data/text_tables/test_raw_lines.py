"""The raw first lines of a file, even if it is not a valid table."""

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
def test_only_text_files_have_raw_lines(tmp_path, name, content, encoding, lines):
    path = tmp_path / name
    path.write_bytes(content)
    assert raw_lines(path, TableOptions(encoding=encoding)) == lines


def test_a_missing_file_has_no_lines(tmp_path):
    assert raw_lines(tmp_path / "gone.csv", TableOptions()) == ()
    assert raw_lines(tmp_path, TableOptions()) == ()


def test_a_long_file_gives_its_beginning(tmp_path):
    path = tmp_path / "long.csv"
    path.write_bytes(b"1,2\n" * 100_000)
    assert raw_lines(path, TableOptions()) == ("1,2",) * 30

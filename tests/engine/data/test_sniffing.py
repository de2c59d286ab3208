"""What a text file's first lines say about it."""

import pytest

from engine.data.sniffing import blank_tail, is_header, layout_of, separator_of
from engine.errors import DataError


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("x,y\n1,2\n", ","),
        ("x;y\n1;2\n", ";"),
        ("x\ty\n1\t2\n", "\t"),
        ("x|y\n1|2\n", "|"),
        ("1,5;2,5\n3,5;4,5\n", ";"),  # decimal commas: the comma fits too
        ("x,label\n1,a;b\n2,c\n", ","),  # a semicolon in some lines only
        ('"a,b",c\n"d,e",f\n', ","),
        ("x\n1\n2\n", ","),
        ("a word\nand more\n", ","),  # white space, but no numbers
        ("1 2\n3 4\n", " "),
        ("  1.5   2\n 13.25  4e5\n", " "),
        ("# x y\n1 2\n", " "),
        ("price\n1 000\n2 000\n", ","),
        ("x,y,z\n1,2,3\n1,2\n1,2,3\n", ","),  # uneven: what fits most lines
    ],
)
def test_separators(text, separator):
    assert separator_of(text) == separator


@pytest.mark.parametrize(
    ("cells", "separator", "answer"),
    [
        (["x", "y"], ",", True),
        (["1", "-2.5e3"], ",", False),
        (["1", "nan", ""], ",", False),
        (["1,5", "2"], ";", False),
        (["1,5", "2"], "|", True),
        (["name", "2019", "2020"], ",", True),
        (["", "0", "1"], ",", True),  # as pandas writes columns without names
        (["", "1", "2"], ",", False),
        (["?", "?"], ",", True),
        (["1_0"], ",", True),
    ],
)
def test_headers(cells, separator, answer):
    assert is_header(cells, separator) is answer


@pytest.mark.parametrize(
    ("tail", "n_blank"),
    [
        (b"1,2", 0),
        (b"1,2\n", 0),
        (b"1,\n", 0),
        (b"1,2\n\n", 1),
        (b"1,2\r\n\r\n\r\n", 2),
        (b"1,2\n,\n", 1),
        (b"1,2\n,", 1),
        (b"1,2\n  \n,\n \t ", 3),
        (b'1,"\n\n"\n', 0),
    ],
)
def test_blank_lines_at_the_end(tail, n_blank):
    assert blank_tail(tail, ",") == n_blank


def test_a_file_as_polars_reads_it_stays_on_disk(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('\n\n x , "y"\n1,2\n')
    layout = layout_of(path, "t.csv")
    assert layout.content is path
    assert (layout.separator, layout.first_row) == (",", ["x", "y"])
    assert (layout.has_header, layout.blank) == (True, 2)


@pytest.mark.parametrize(
    ("content", "rewritten"),
    [
        ("x,é\n1,2\n".encode("latin-1"), "x,é\n1,2\n".encode()),
        ("x,é\n1,2\n".encode("utf-16"), "x,é\n1,2\n".encode()),
        (b"x,y\r1,2\r", b"x,y\n1,2\n"),
        (b"# x y\r\n 1  2\r\n\r\n", b"x\ty\n1\t2\n\n"),
    ],
)
def test_other_files_are_rewritten(tmp_path, content, rewritten):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    assert layout_of(path, "t.csv").content == rewritten


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "t.csv is empty."),
        (b"\n \r\n\n", "t.csv is empty."),
        (b"\xef\xbb\xbf", "t.csv is empty."),
        (b",,\n,,\n", "t.csv holds no values."),
        (b"PK\x03\x04\0\0", "t.csv is not a text file, so it cannot be read as a table."),
        (b'x,"y\n' + b"1,2\n" * 50_000, "t.csv has a quotation mark that is never closed."),
    ],
)
def test_no_table(tmp_path, content, sentence):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(DataError) as caught:
        layout_of(path, "t.csv")
    assert str(caught.value) == sentence

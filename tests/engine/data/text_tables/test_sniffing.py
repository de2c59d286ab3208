"""Detecting the layout of a text file from its first lines."""

import pytest

from engine.data.tables.missing_words import is_missing
from engine.data.tables.options import TableOptions
from engine.data.text_tables.head import is_header
from engine.data.text_tables.sniffing import layout_of, separator_of
from engine.errors import DataError


@pytest.fixture
def layout(tmp_path):
    def layout(content, **options):
        path = tmp_path / "t.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return layout_of(path, "t.csv", TableOptions(**options))

    return layout


@pytest.mark.parametrize(
    ("text", "separator"),
    [
        ("x,y\n1,2\n", ","),
        ("x;y\n1;2\n", ";"),
        ("x\ty\n1\t2\n", "\t"),
        ("x|y\n1|2\n", "|"),
        ("1,5;2,5\n3,5;4,5\n", ";"),  # decimal commas: the comma would fit too
        ("Title\n1,5;2,5\n3,5;4,5\n", ";"),
        ("Title, with a comma\nx;y\n1;2\n3;4\n", ";"),
        ("x,label\n1,a;b\n2,c\n", ","),  # a semicolon in some lines only
        ('"a,b",c\n"d,e",f\n', ","),
        ("x\n1\n2\n", ","),
        ("x\n1,5\n2,5\n", "\t"),  # one column of decimal commas: none is a separator
        ("a word\nand more\n", ","),  # white space, but no numbers
        ("1 2\n3 4\n", " "),
        ("  1.5   2\n 13.25  4e5\n", " "),
        ("# x y\n1 2\n", " "),
        ('"x" "y"\n"a b" 1 2\n"c d" 3 4\n', " "),  # as written by R
        ("name x\nant 1\nbee 2\n", " "),
        ("price\n1 000\n2 000\n", ","),
        ("phone,x\n555 123,1\n555 124,2\n", ","),
        ("1,5 2,25\n10,5 4,5\n", " "),
        ("x,y,z\n1,2,3\n1,2\n1,2,3\n", ","),  # uneven rows: the separator that fits most lines
        ("x,y\n" + "1" * 140_000 + ",2\n", ","),  # too long for a single value
    ],
)
def test_separators(text, separator):
    assert separator_of(text) == separator


@pytest.mark.parametrize(
    ("cells", "below", "answer"),
    [
        (["x", "y"], [], True),
        (["1", "-2.5e3"], [], False),
        (["1", "nan", ""], [], False),
        (["1,5", "2"], [], False),
        (["1.200", "$5", "12 %"], [], False),
        (["name", "2019", "2020"], [["a", "1", "2"]], True),
        (["", "0", "1"], [], True),  # as pandas writes columns without names
        (["", "1", "2"], [], False),
        (["?", "?"], [], True),
        (["1_0"], [], True),
        (["setosa", "5.1"], [["setosa", "4.9"], ["virginica", "6.3"]], False),
        (["5", "setosa"], [["4", "setosa"]], True),  # undecidable, so it is doubted
        (["5", "setosa"], [["4", "setosa"], ["3", "virginica"]], False),
        (["0", "1", "2"], [["5.1", "3.5", "1.4"]], True),  # from pandas, without its index
        (["1990", "1991"], [["1.5", "2.5"]], True),
        (["1990", "1991"], [["1992", "1993"]], False),
    ],
)
def test_headers(cells, below, answer):
    assert is_header(cells, below) is answer


@pytest.mark.parametrize("cell", ["", "NA", "n/a", "#N/A", " . ", "<NA>", "null", "-", "#DIV/0!"])
def test_missing_value_codes(cell):
    assert is_missing(cell)
    assert not is_missing(f"x{cell}x")


@pytest.mark.parametrize(
    ("content", "header", "skip_rows", "start", "note"),
    [
        ('\n\n x , "y"\n1,2\n', ["x", "y"], 2, 3, ""),
        ("sep=;\nx;y\n1;2\n", ["x", "y"], 1, 2, ""),
        ("Title\nx,y\n1,2\n", ["x", "y"], 1, 2, 'Left out above the table: "Title".'),
        (
            "# by a program\n# on a day\nx,y\n1,2\n3,4\n",
            ["x", "y"],
            2,
            3,
            'Left out above the table: "# by a program", "# on a day".',
        ),
        ("# x,y\n1,2\n3,4\n", ["x", "y"], 0, 1, ""),
        ("% x y\n1 2\n3 4\n", ["x", "y"], 0, 1, ""),
        ("x,y,\n1,2,\n3,4,\n", ["x", "y", ""], 0, 1, ""),
        ("x,y\n1,2,\n3,4,\n", ["x", "y", ""], 0, 1, ""),
        (
            '"x" "y"\n"a" 1 2\n"b" 3 4\n',
            ["", "x", "y"],
            0,
            1,
            "The first column has no name: it was taken for that of the rows.",
        ),
        (
            "t,v\n(s),(V)\n1,2\n3,4\n",
            ["t", "v"],
            0,
            2,
            'Line 2, "(s),(V)", was left out: it holds no numbers.',
        ),
        (
            "Title\n\n1,5;2,5\n3,5;4,5\n",
            None,
            2,
            2,
            "The first line is numbers, so the columns are named by number.",
        ),
    ],
)
def test_lines_above_the_values(layout, content, header, skip_rows, start, note):
    found = layout(content)
    assert (found.header, found.skip_rows, found.start) == (header, skip_rows, start)
    assert note in found.notes if note else found.notes == ()


@pytest.mark.parametrize(
    ("content", "header"),
    [("Title\nx,y\n1,2\n", True), ("# x,y\n1,2\n3,4\n", True), ("T\n\n1;2\n3;4\n", False)],
)
def test_the_detected_layout_can_be_chosen(layout, content, header):
    found = layout(content)
    again = layout(content, skip_rows=found.skip_rows, header=header, delimiter=found.delimiter)
    assert (again.header, again.start, again.width) == (found.header, found.start, found.width)


def test_skipped_lines_can_be_chosen(layout):
    content = "a,b\nc,d\nx,y\n1,2\n"
    assert layout(content).header == ["a", "b"]
    assert layout(content, skip_rows=2).header == ["x", "y"]
    with pytest.raises(DataError, match=r"^t\.csv holds no values below line 9; skip fewer lines"):
        layout(content, skip_rows=9)


def test_a_header_of_numbers_can_be_chosen(layout):
    assert layout("1,2\n3,4\n").header is None
    assert layout("1,2\n3,4\n", header=True).header == ["1", "2"]
    assert layout("x,y\n3,4\n", header=False).header is None


def test_a_header_with_numbers_other_than_years_is_doubted(layout):
    assert layout("name,3,x\na,1,2\nb,2,3\n").doubts
    assert layout("name,3,4\na,1,2\nb,2,3\n").doubts  # read as values
    assert layout("name,2019,2020\na,1,2\nb,2,3\n").doubts == ()


def test_a_file_that_polars_can_read_stays_on_disk(layout, tmp_path):
    assert layout("x,y\n1,2\n").content == tmp_path / "t.csv"


@pytest.mark.parametrize(
    ("content", "rewritten"),
    [
        ("x,é\n1,2\n".encode("cp1252"), "x,é\n1,2\n".encode()),
        ("x,é\n1,2\n".encode("utf-16"), "x,é\n1,2\n".encode()),
        ("x,é\n1,2\n".encode("utf-16-le"), "x,é\n1,2\n".encode()),
        (b"x,y\r1,2\r", b"x,y\n1,2\n"),
        (b"# x y\r\n 1  2\r\n\r\n", b"#\tx\ty\n1\t2\n\n"),
    ],
)
def test_other_files_are_rewritten(layout, content, rewritten):
    assert layout(content).content == rewritten


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "t.csv is empty."),
        (b"\n \r\n\n", "t.csv is empty."),
        (b"\xef\xbb\xbf", "t.csv is empty."),
        (b",,\n,,\n", "t.csv holds no values."),
        (b"\x01\x02\0\0", "t.csv is not a text file, so it cannot be read as a table."),
        (b"PK\x03\x04", "t.csv is not text but an archive or an Excel workbook; save it as CSV."),
        (b"<!DOCTYPE html>\n<p>", "t.csv is a web page; save the table in it as CSV."),
        (b"x,y\n1,2\n\0003,4\n", "t.csv is not a text file, so it cannot be read as a table."),
        (b'x,"y\n' + b"1,2\n" * 200_000, "t.csv has a quotation mark that is never closed."),
        (
            b"sep=:\nx:y\n",
            'Line 1 of t.csv asks for the delimiter ":"; only comma, semicolon, tab, bar, spaces '
            "can be read.",
        ),
        (
            b"a,b,c\n1,2\n3,4\n",
            "Line 1 of t.csv names 3 columns, but the lines below have 2 values; correct it, or "
            "skip it (--skip-rows).",
        ),
    ],
)
def test_files_that_are_not_tables(layout, content, sentence):
    with pytest.raises(DataError) as caught:
        layout(content)
    assert str(caught.value) == sentence


def test_the_encoding_can_be_chosen(layout):
    content = "имя,x\nа,1\nб,2\n".encode("koi8-r")
    assert layout(content, encoding="koi8-r").header == ["имя", "x"]
    assert "was read as" in layout(content).notes[0]
    with pytest.raises(DataError, match="is not text in ascii; choose another encoding"):
        layout(content, encoding="ascii")

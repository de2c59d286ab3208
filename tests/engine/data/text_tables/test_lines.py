"""Properties of a text file that polars does not report."""

import pytest

from engine.data.text_tables.lines import count_rows, has_quotes, lines_of, rewritten
from engine.data.text_tables.sniffing import layout_of
from engine.errors import DataError


@pytest.fixture
def layout(tmp_path):
    def layout(text):
        path = tmp_path / "t.csv"
        path.write_text(text)
        return layout_of(path, "t.csv")

    return layout


@pytest.mark.parametrize(
    ("text", "n_rows"),
    [
        ("x,y\n1,2\n3,4\n", 2),
        ("1,2\n3,4", 2),
        ("\n\nx,y\n1,2\n\n3,4\n\n", 2),
        ("# a\nx,y\n1,2\n# b\n3,4\n# c\n", 2),
        ("Title\nx,y\n1,2\n", 1),
        ('x,y\n1,"a\nb"\n3,"c,""d"""\n', 2),
        ("x,y\n1,5'10\"\n2,6'2\"\n3,4\n", 3),
        ("x\n1\n\n2\n", 2),
    ],
)
def test_rows_are_counted(layout, text, n_rows):
    found = layout(text)
    assert count_rows(found, "t.csv") == n_rows


def test_rewriting_adds_the_necessary_quotes(layout):
    found = rewritten(layout('x,y\n1,5\'10"\n2, "a, b"\n'), "t.csv")
    assert found.content == b'1,"5\'10"""\n2,"a, b"\n'
    assert rewritten(layout("x\n\n1\n\n2\n"), "t.csv").content == b"1\n2\n"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "x,y\n1,2\n3\n",
            "Line 3 of t.csv has 1 value, but the table has 2 columns; correct that line, or "
            "delete it.",
        ),
        (
            'x,y\n1,"a\nb"\n1,2\n1,2,3\n',
            "Line 5 of t.csv has 3 values, but the table has 2 columns; correct that line, or "
            "delete it.",
        ),
        ('x,y\n1,2\n3,"4\n5,6\n', "Line 3 of t.csv has a quotation mark that is never closed."),
        ('x,y\n1,2\n"3,4', "Line 3 of t.csv has a quotation mark that is never closed."),
    ],
)
def test_files_that_are_not_tables(layout, text, sentence):
    with pytest.raises(DataError) as caught:
        count_rows(layout(text), "t.csv")
    assert str(caught.value) == sentence


def test_an_unclosed_quotation_mark_in_a_long_file(layout):
    text = "x,y\n" + "1,2\n" * 400_000 + '3,"4\n' + "5,6\n" * 50_000
    with pytest.raises(DataError, match=r"^Line 400,002 of t\.csv has a quotation mark"):
        count_rows(layout(text), "t.csv")


def test_quotes_of_the_header_do_not_count(layout):
    assert not has_quotes(layout('"x","y"\n1,2\n'))
    assert has_quotes(layout('"x","y"\n1,"2"\n'))


def test_the_line_numbers_of_rows(layout):
    found = layout('Title\nx,y\n1,"a\nb"\n\n3,4\n , \n5,6\n')
    assert lines_of(found, "t.csv", [2, 0, 1]) == {0: 3, 1: 6, 2: 8}
    assert lines_of(found, "t.csv", []) == {}


def test_a_row_may_omit_the_last_separator_if_nothing_follows(layout):
    assert count_rows(layout("x,y\n1,2,\n3,4\n5,6,\n"), "t.csv") == 3

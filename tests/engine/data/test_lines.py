"""What polars does not tell about a text file."""

import pytest

from engine.data.lines import blank_rows, count_rows, has_quotes, rewritten
from engine.data.sniffing import layout_of
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
        ("\n\nx,y\n1,2\n\n3,4\n\n", 4),
        ('x,y\n1,"a\nb"\n3,"c,""d"""\n', 2),
        ("x,y\n1,5'10\"\n2,6'2\"\n3,4\n", 3),
        ("x\n1\n\n2\n", 3),
    ],
)
def test_rows_are_counted(layout, text, n_rows):
    found = layout(text)
    assert count_rows(found, "t.csv") == n_rows
    assert count_rows(rewritten(found, "t.csv"), "t.csv") == n_rows


def test_rewriting_quotes_what_must_be(layout):
    found = rewritten(layout('x,y\n1,5\'10"\n2, "a, b"\n'), "t.csv")
    assert found.content == b'x,y\n1,"5\'10"""\n2,"a, b"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x,y\n1,2\n3\n", "Line 3 of t.csv has 1 value where the first line has 2."),
        ('x,y\n1,"a\nb"\n1,2,3\n', "Line 4 of t.csv has 3 values where the first line has 2."),
        ('x,y\n1,2\n3,"4\n5,6\n', "Line 3 of t.csv has a quotation mark that is never closed."),
        ('x,y\n1,2\n"3,4', "Line 3 of t.csv has a quotation mark that is never closed."),
    ],
)
def test_what_is_no_table(layout, text, sentence):
    with pytest.raises(DataError) as caught:
        count_rows(layout(text), "t.csv")
    assert str(caught.value) == sentence


def test_a_mark_that_is_never_closed_in_a_long_file(layout):
    text = "x,y\n" + "1,2\n" * 400_000 + '3,"4\n' + "5,6\n" * 50_000
    with pytest.raises(DataError, match=r"^Line 400,002 of t\.csv has a quotation mark"):
        count_rows(layout(text), "t.csv")


def test_quotes_of_the_header_do_not_count(layout):
    assert not has_quotes(layout('"x","y"\n1,2\n'))
    assert has_quotes(layout('"x","y"\n1,"2"\n'))


def test_blank_lines_at_the_end_are_counted(layout):
    assert blank_rows(layout("x,y\n1,2\n\n,\n\n")) == 3
    assert blank_rows(layout("x,y\n1,2\n")) == 0
    assert blank_rows(layout("x,y\n" + "1,2\n" * 400_000 + "\n" * 5)) == 5

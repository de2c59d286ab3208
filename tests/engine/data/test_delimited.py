"""CSV and its kin, as spreadsheets, programs and people write them."""

import csv
import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data.tables import read_table
from engine.errors import DataError


@pytest.fixture
def read(tmp_path):
    """Read text or bytes as a file."""

    def read(content, columns=None, name="t.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_table(path, columns)

    return read


@pytest.fixture
def refused(read, tmp_path):
    """The sentence with which a file is refused, the folder left out."""

    def refused(content, columns=None):
        with pytest.raises(DataError) as caught:
            read(content, columns)
        return str(caught.value).replace(f"{tmp_path}/", "")

    return refused


@pytest.mark.parametrize(
    ("content", "columns", "points"),
    [
        ("x,y\n1,2\n3,4\n", ("x", "y"), [[1, 2], [3, 4]]),
        ("x,y\n1,2\n3,4", ("x", "y"), [[1, 2], [3, 4]]),
        ("x;y\n1,5;2\n-,25;4e1\n", ("x", "y"), [[1.5, 2], [-0.25, 40]]),
        ("x;y\n1.5;2\n3;4\n", ("x", "y"), [[1.5, 2], [3, 4]]),
        ("\ufeffx\ty\r\n 1\t2 \r\n3 \t 4\r\n\r\n", ("x", "y"), [[1, 2], [3, 4]]),
        ('"x, a"|"y ""b"""\n"1"|" 2"\n+3|.4e1\n', ("x, a", 'y "b"'), [[1, 2], [3, 4]]),
        ('x, "y"\n1, "2"\n3, "4"\n', ("x", "y"), [[1, 2], [3, 4]]),
        ("é;µ\n1;2\n3;4\n".encode("latin-1"), ("é", "µ"), [[1, 2], [3, 4]]),
        ("x\ty\n1\t2\n3\t4\n".encode("utf-16"), ("x", "y"), [[1, 2], [3, 4]]),
        ("x,y\r1,2\r3,4\r", ("x", "y"), [[1, 2], [3, 4]]),
        ("# x y\n1.0e+00 2\n   3      4\n", ("x", "y"), [[1, 2], [3, 4]]),
        ("x\n1\n3\n", ("x",), [[1], [3]]),
        ("x,x,\n1,2,3\n4,5,6\n", ("x", "x (2)", "column 3"), [[1, 2, 3], [4, 5, 6]]),
        ("\n\nx,y\n1,2\n3,4\n\n\n\n", ("x", "y"), [[1, 2], [3, 4]]),
        ("x,y\n1,2\n3,4\n,\n , \n", ("x", "y"), [[1, 2], [3, 4]]),
        ('"x\nz",y\n1,2\n3,4\n', ("x z", "y"), [[1, 2], [3, 4]]),
        ("t,x\ntrue,1\nFalse,2\nTRUE,3\n", ("t", "x"), [[1, 1], [0, 2], [1, 3]]),
    ],
)
def test_it_reads(read, content, columns, points):
    dataset = read(content)
    assert dataset.columns == columns
    np.testing.assert_array_equal(dataset.points, np.float32(points))
    assert (dataset.kept, dataset.left_out, dataset.notes) == (None, (), ())


def test_a_file_without_a_header_is_named_by_number(read):
    dataset = read("1,2\n3,4\n")
    assert dataset.columns == ("column 1", "column 2")
    assert dataset.n_rows == 2
    assert dataset.notes == ("The first line is numbers, so the columns are named by number.",)


def test_a_header_that_has_numbers_is_said(read):
    assert read("name,2019,2020\na,1,2\nb,3,5\n").notes[0] == (
        "The first line was read as the names of columns: name, 2019, 2020."
    )


@pytest.mark.parametrize("sign", ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "None", "?", "-"])
def test_missing_values(read, sign):
    dataset = read(f"x,y\n1,2\n{sign},3\n4, {sign} \n5,6\n")
    np.testing.assert_array_equal(dataset.points, [[1, 2], [5, 6]])
    np.testing.assert_array_equal(dataset.kept, [0, 3])
    assert dataset.notes == (
        "2 of 4 rows have a missing, infinite or too large value and were left out.",
    )


def test_infinite_values_are_missing(read):
    dataset = read("x\n1\ninf\n-Infinity\n1e400\n1e39\n2\n")
    np.testing.assert_array_equal(dataset.kept, [0, 5])


def test_a_blank_line_between_is_a_row(read):
    dataset = read("x,y\n1,2\n\n3,4\n\n")
    np.testing.assert_array_equal(dataset.kept, [0, 2])
    assert dataset.n_rows == 3


def test_a_blank_line_under_the_header(read):
    np.testing.assert_array_equal(read("x,y\n\n3,4\n").kept, [1])


def test_text_is_left_out_and_named(read):
    dataset = read("species,x,when,y\nsetosa,1,2020-01-01,2\nvirginica,3,2020-01-02,4\n")
    assert dataset.columns == ("x", "y")
    assert dataset.left_out == ("species", "when")
    assert dataset.notes == ("Left out, not numbers: species, when.",)


def test_a_column_that_is_half_numbers_is_explained(read):
    dataset = read("x,y\n1,1\nNA,2\nabc,3\n4,4\ndef,5\n")
    assert dataset.columns == ("y",)
    assert dataset.notes == ("Left out, not numbers: x.", 'In column x, row 3 holds "abc".')
    assert len(read("x,y\n1,1\na,2\nb,3\n").notes) == 1


def test_a_long_value_is_cut_short(read):
    (_, note) = read(f"x,y\n1,1\n{'a' * 100},2\n").notes
    assert note == f'In column x, row 2 holds "{"a" * 39}…".'


def test_decimal_points_among_decimal_commas_are_not_guessed_at(read):
    dataset = read("x;y\n1,5;1\n1.234;2\n2,5;3\n")
    assert dataset.left_out == ("x",)
    assert dataset.notes[1] == 'In column x, row 1 holds "1,5".'
    assert read("x;y\n1.234,5;1\n2,5;2\n").left_out == ("x",)


def test_a_comma_in_a_table_of_tabs_may_mean_thousands(read):
    assert read("x\ty\n1,234\t1\n5\t2\n").left_out == ("x",)


def test_an_empty_column_costs_no_rows(read):
    dataset = read("x,y\n1,\n2,NA\n")
    assert (dataset.columns, dataset.left_out) == (("x",), ("y",))
    assert dataset.notes == ("Left out, no values: y.",)


def test_truths_among_numbers_are_text(read):
    assert read("t,x\ntrue,1\n0,2\n").left_out == ("t",)


def test_columns_are_taken_in_the_order_asked_for(read):
    dataset = read("a,s,b\n1,x,2\n3,y,4\n", ["b", "1"])
    assert dataset.columns == ("b", "a")
    np.testing.assert_array_equal(dataset.points, [[2, 1], [4, 3]])
    assert (dataset.left_out, dataset.notes) == ((), ())


def test_only_columns_asked_for_cost_rows(read):
    assert read("a,b\n1,\n3,4\n", ["a"]).kept is None


@pytest.mark.parametrize(
    ("content", "columns", "sentence"),
    [
        ("", None, "t.csv is empty."),
        ("x,y\n", None, "t.csv has a header line and no rows."),
        ("x,y\n\n,\n\n", None, "t.csv has a header line and no rows."),
        ("x\n", None, "t.csv has a header line and no rows."),
        ("a,b\nx,y\n", None, "t.csv has no column of numbers; its columns: a, b."),
        (
            "a,b\nx,z\n1,?\n",
            None,
            't.csv has no column of numbers; its columns: a, b. In column a, row 1 holds "x".',
        ),
        ("a,b\n1,x\n", ["b"], 'Column "b" of t.csv is not numbers: row 1 holds "x".'),
        ("a,b\n1,\n", ["2"], 'Column "b" of t.csv has no values.'),
        ("a,b\n1,2\n", ["c"], 't.csv has no column "c"; there are a, b.'),
        ("a,b\n1,2\n", [], "Choose at least one column of t.csv; there are a, b."),
        ("a,b,c\n1,2,3\n4,5\n", None, "Line 3 of t.csv has 2 values where the first line has 3."),
        ("a,b\n1,2\n4\n", ["a"], "Line 3 of t.csv has 1 value where the first line has 2."),
        ("a,b\n1,2,3\n", None, "Line 2 of t.csv has 3 values where the first line has 2."),
        ("a,b\n1,2\n1,2\n,,\n", None, "Line 4 of t.csv has 3 values where the first line has 2."),
        ("Title\na,b\n1,2\n", None, "Line 2 of t.csv has 2 values where the first line has 1."),
        (
            'a,b\n1,"x\n2,y\n',
            None,
            "Line 2 of t.csv has a quotation mark that is never closed.",
        ),
    ],
)
def test_it_says_why_not(refused, content, columns, sentence):
    assert refused(content, columns) == sentence


def test_a_quotation_mark_may_stand_for_inches(read):
    dataset = read('x,height\n1,5\'10"\n2,"6\'2"""\n3,"a, b"\n')
    assert dataset.columns == ("x",)
    np.testing.assert_array_equal(dataset.points, [[1], [2], [3]])


@pytest.mark.parametrize(
    "content", ['x,y\n"1" , "2"\n3,4\n', 'x,y\n1, "2,5"\n3, 4\n', 'x,s\n1,a"\n', 'x,s\n1,"a"b\n']
)
def test_marks_in_odd_places_lose_no_row(read, content):
    assert read(content).n_rows == content.count("\n") - 1


def test_wide_tables(read):
    names = ",".join(f"c{index}" for index in range(2000))
    values = ",".join(str(index) for index in range(2000))
    dataset = read(f"{names}\n{values}\n{values.replace('1999', 'NA')}\n")
    assert dataset.points.shape == (1, 2000)
    assert dataset.columns[-1] == "c1999"


def test_a_name_with_brackets_is_a_name_not_a_pattern(read):
    assert read("x\n1\n2\n", name="a[1]*.csv").n_rows == 2


def test_a_sign_for_missing_late_in_the_file(read):
    dataset = read("x,y\n" + "1,2\n" * 5000 + "?,2\n3, 4\n")
    assert dataset.dropped_rows == 1
    np.testing.assert_array_equal(dataset.points[-1], [3, 4])


cells = st.one_of(
    st.sampled_from(
        ["", "NA", "1", "-2.5", " 3 ", "1e3", "x", 'a"b', "c,d", "e\nf", "1,5", "true"]
    ),
    st.floats(-1e6, 1e6, width=32).map(repr),
)


@given(
    st.integers(1, 4).flatmap(
        lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=1)
    ),
    st.sampled_from(",;\t|"),
    st.sampled_from(["\n", "\r\n"]),
)
@settings(deadline=None, max_examples=60)
def test_what_the_csv_module_writes_is_read_again(tmp_path_factory, rows, separator, end):
    path = tmp_path_factory.mktemp("csv") / "t.csv"
    text = io.StringIO(newline="")
    names = [f"c{index}" for index in range(len(rows[0]))]
    writer = csv.writer(text, delimiter=separator, lineterminator=end, quoting=csv.QUOTE_ALL)
    writer.writerows([names, *rows, ["7"] * len(names)])
    path.write_bytes(text.getvalue().encode())
    try:
        dataset = read_table(path)
    except DataError:
        return
    assert dataset.n_rows == len(rows) + 1
    kept = np.arange(dataset.n_rows) if dataset.kept is None else dataset.kept
    written = [[*row] for row in [*rows, ["7"] * len(names)]]
    for column, name in enumerate(dataset.columns):
        texts = [written[row][names.index(name)].strip() for row in kept]
        commas = separator == ";" and not any("." in text for text in texts)
        numbers = [
            {"true": 1.0}.get(text) or float(text.replace(",", ".") if commas else text)
            for text in texts
        ]
        np.testing.assert_array_equal(dataset.points[:, column], np.float32(numbers))

"""Delimited text files as spreadsheets, programs and people write them."""

import csv
import io

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.data.tables.options import Role, TableOptions
from engine.data.tables.readers import preview, read_table
from engine.errors import DataError

FURTHER_DOWN = " If its numbers begin further down, skip the lines above them (--skip-rows)."


@pytest.fixture
def read(tmp_path):
    """Read text or bytes as a file."""

    def read(content, columns=None, name="t.csv", **options):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_table(path, columns, TableOptions(**options))

    return read


@pytest.fixture
def refused(read, tmp_path):
    """Return the error message for a refused file, without its folder."""

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
        ("x\ty\n1\t2\n3\t4\n".encode("utf-16"), ("x", "y"), [[1, 2], [3, 4]]),
        ("x,y\r1,2\r3,4\r", ("x", "y"), [[1, 2], [3, 4]]),
        ("# x y\n1.0e+00 2\n   3      4\n", ("x", "y"), [[1, 2], [3, 4]]),
        ("x\n1\n3\n", ("x",), [[1], [3]]),
        ("x,x,\n1,2,3\n4,5,6\n", ("x", "x (2)", "column 3"), [[1, 2, 3], [4, 5, 6]]),
        ("\n\nx,y\n1,2\n3,4\n\n\n\n", ("x", "y"), [[1, 2], [3, 4]]),
        ("x,y\n1,2\n3,4\n,\n , \n", ("x", "y"), [[1, 2], [3, 4]]),
        ('"x\nz",y\n1,2\n3,4\n', ("x z", "y"), [[1, 2], [3, 4]]),
    ],
)
def test_files_are_read(read, content, columns, points):
    dataset = read(content)
    assert dataset.columns == columns
    np.testing.assert_array_equal(dataset.points, np.float32(points))
    assert (dataset.kept, dataset.left_out, dataset.notes) == (None, (), ())


def test_a_file_without_a_header_is_named_by_number(read):
    dataset = read("1,2\n3,4\n")
    assert dataset.columns == ("column 1", "column 2")
    assert dataset.n_rows == 2
    assert dataset.notes == ("The first line is numbers, so the columns are named by number.",)


def test_a_header_with_numbers_is_noted(read):
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


@pytest.mark.parametrize(
    "content", ["x,y\n1,2\n\n3,4\n\n", "x,y\n\n1,2\n , \n3,4\n", "x,y\n1,2\n,\n,\n3,4"]
)
def test_empty_lines_are_not_rows(read, content):
    dataset = read(content)
    np.testing.assert_array_equal(dataset.points, [[1, 2], [3, 4]])
    assert (dataset.kept, dataset.n_rows, dataset.notes) == (None, 2, ())


def test_text_columns_are_left_out_and_noted(read):
    dataset = read("species,x,when,y\nsetosa,1,2020-01-01,2\nvirginica,3,2020-01-02,4\n")
    assert dataset.columns == ("x", "y")
    assert dataset.left_out == ("species", "when")
    assert dataset.notes == (
        "Read as the name of each row: species.",
        'Left out, not numbers: when (line 2 holds "2020-01-01").',
    )


def test_a_column_of_numbers_and_text_is_explained(read):
    dataset = read("x,y\n1,1\nNA,2\nabc,3\n4,4\ndef,5\n")
    assert dataset.columns == ("y",)
    assert dataset.notes == (
        'Left out, not numbers: x (line 4 holds "abc").',
        "Correct such cells, or name them as missing.",
    )


def test_a_long_value_is_shortened(read):
    note = read(f"x,y\n1,1\n{'a' * 100},2\n").notes[0]
    assert note == f'Left out, not numbers: x (line 3 holds "{"a" * 39}…").'


def test_a_number_in_another_format(read):
    dataset = read("x;y\n1,5;1\n1.23;2\n2,5;3\n")
    assert dataset.left_out == ("x",)
    assert dataset.notes[0] == (
        'Left out, not numbers: x (line 3 holds "1.23", which does not fit a decimal comma).'
    )


def test_an_empty_column_drops_no_rows(read):
    dataset = read("x,y\n1,\n2,NA\n")
    assert (dataset.columns, dataset.left_out) == (("x",), ("y",))
    assert dataset.notes == ("Left out, no values: y.",)


def test_booleans_among_numbers_are_text(read):
    assert read("t,x\ntrue,1\n0,2\n").left_out == ("t",)


def test_columns_are_read_in_the_requested_order(read):
    dataset = read("a,s,b\n1,x,2\n3,y,4\n", ["b", "1"])
    assert dataset.columns == ("b", "a")
    np.testing.assert_array_equal(dataset.points, [[2, 1], [4, 3]])
    assert (dataset.left_out, dataset.notes) == ((), ())


def test_only_gaps_in_requested_columns_drop_rows(read):
    assert read("a,b\n1,\n3,4\n", ["a"]).kept is None


@pytest.mark.parametrize(
    ("content", "columns", "sentence"),
    [
        ("", None, "t.csv is empty."),
        ("x,y\n", None, "t.csv has a header line and no rows."),
        ("x,y\n\n,\n\n", None, "t.csv has a header line and no rows."),
        ("x\n", None, "t.csv has a header line and no rows."),
        (
            "a,b\nx,y\n",
            None,
            't.csv has no column of numbers; its columns: a, b. In "a", line 2 holds "x".'
            + FURTHER_DOWN,
        ),
        (
            "a,b\nx,z\n1,?\n",
            None,
            't.csv has no column of numbers; its columns: a, b. In "a", line 2 holds "x".'
            + FURTHER_DOWN,
        ),
        ("a,b\n1,x\n", ["b"], 'Column "b" of t.csv is not numbers: line 2 holds "x".'),
        ("a,b\n1,\n", ["2"], 'Column "b" of t.csv has no values.'),
        ("a,b\n1,2\n", ["c"], 't.csv has no column "c"; there are a, b.'),
        ("a,b\n1,2\n", [], "Choose at least one column of t.csv; there are a, b."),
        (
            "a,b,c\n1,2,3\n4,5\n",
            None,
            "Line 3 of t.csv has 2 values, but the table has 3 columns; correct that line, or "
            "delete it.",
        ),
        (
            "Title\n\na,b\n1,2\n4\n",
            ["a"],
            "Line 5 of t.csv has 1 value, but the table has 2 columns; correct that line, or "
            "delete it.",
        ),
        (
            "a,b\n1,2\n1,2\n,,\n",
            None,
            "Line 4 of t.csv has 3 values, but the table has 2 columns; correct that line, or "
            "delete it.",
        ),
        (
            'a,b\n1,"x\n2,y\n',
            None,
            "Line 2 of t.csv has a quotation mark that is never closed.",
        ),
    ],
)
def test_refused_files_get_an_explanation(refused, content, columns, sentence):
    assert refused(content, columns) == sentence


def test_a_quotation_mark_may_stand_for_inches(read):
    dataset = read('x,height\n1,5\'10"\n2,"6\'2"""\n3,"a, b"\n')
    assert dataset.columns == ("x",)
    np.testing.assert_array_equal(dataset.points, [[1], [2], [3]])


@pytest.mark.parametrize(
    "content", ['x,y\n"1" , "2"\n3,4\n', 'x,y\n1, "2,5"\n3, 4\n', 'x,s\n1,a"\n', 'x,s\n1,"a"b\n']
)
def test_stray_quotation_marks_lose_no_row(read, content):
    assert read(content).n_rows == content.count("\n") - 1


def test_wide_tables(read):
    names = ",".join(f"c{index}" for index in range(2000))
    values = ",".join(str(index) for index in range(2000))
    dataset = read(f"{names}\n{values}\n{values.replace('1999', 'NA')}\n")
    assert dataset.points.shape == (1, 2000)
    assert dataset.columns[-1] == "c1999"


def test_a_file_name_with_brackets_is_not_a_pattern(read):
    assert read("x\n1\n2\n", name="a[1]*.csv").n_rows == 2


def test_a_missing_value_code_late_in_the_file(read):
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
def test_files_of_the_csv_module_are_read(tmp_path_factory, rows, separator, end):
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
    # Text below the names may be read as the units of the columns, which a note then says.
    assume(not any("was left out: it holds no numbers" in note for note in dataset.notes))
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    assert dataset.n_rows == len(rows) + 1
    kept = np.arange(dataset.n_rows) if dataset.kept is None else dataset.kept
    written = [[*row] for row in [*rows, ["7"] * len(names)]]
    for column, name in enumerate(dataset.columns):
        texts = [written[row][names.index(name)].strip() for row in kept]
        commas = not any("." in text for text in texts)
        numbers = [
            {"true": 1.0}.get(text) or float(text.replace(",", ".") if commas else text)
            for text in texts
        ]
        np.testing.assert_array_equal(dataset.points[:, column], np.float32(numbers))


# Real-world tables: what is read, and the notes about it.
REAL_WORLD = {
    "German thousands": ("x;y\n1.200;2,5\n3.794,25;1,5\n", [[1200, 2.5], [3794.25, 1.5]], ""),
    "English thousands": ('x,y\n"3,794.25",1\n"1,200",2\n', [[3794.25, 1], [1200, 2]], ""),
    "thousands alone": (
        "x\n850\n1.200\n2.350\n990\n",
        [[850], [1200], [2350], [990]],
        "1.200 was read as 1200, with a decimal comma, but could be 1.2: x.",
    ),
    "three decimals": (
        "x,y\n1.200,a\n2.350,b\n",
        [[1.2], [2.35]],
        "1.200 was read as 1.2, with a decimal point, but could be 1200: x.",
    ),
    "tabs": ("x\ty\n1,5\t2,5\n1.200\t4\n", [[1.5, 2.5], [1200, 4]], ""),
    "one column of decimal commas": ("x\n1,5\n2,5\n", [[1.5], [2.5]], "Each line was read as"),
    "spaces": (
        "x;y\n1 200;2\n12\u202f500,5;3\n",
        [[1200, 2], [12500.5, 3]],
        "Spaces within numbers were read as thousands separators: x.",
    ),
    "money": (
        "p;q\n12,50 €;1\n1.200,00 €;2\n",
        [[12.5, 1], [1200, 2]],
        "Currency signs were left out: p.",
    ),
    "percent": (
        "p,q\n5 %,1\n7.5%,2\n8,3\n",
        [[5, 1], [7.5, 2], [8, 3]],
        "Only some numbers have a percent sign: p.",
    ),
    "brackets": (
        'p,q\n"(1,200)",1\n50,2\n',
        [[-1200, 1], [50, 2]],
        "Numbers in brackets were read as negative: p.",
    ),
    "latitudes in a German table": (
        "lat;v\n48.137;1,5\n47.25;2,5\n",
        [[48.137, 1.5], [47.25, 2.5]],
        "Unlike the rest, numbers have a decimal point: lat.",
    ),
    "truths": ("t,x\ntrue,1\nFalse,2\nTRUE,3\n", [[1, 1], [0, 2], [1, 3]], "True was read as 1"),
    "Windows": ("Größe;x\n1;2\n3;5\n".encode("cp1252"), [[1, 2], [3, 5]], "The file is not UTF-8"),
    "UTF-16 without a mark": ("ж;x\n1;2\n3;5\n".encode("utf-16-le"), [[1, 2], [3, 5]], ""),
    "title": ("Stations 2024\nx,y\n1,2\n3,5\n", [[1, 2], [3, 5]], "Left out above the table:"),
    "comments": ("# a\n# b, c\nx,y\n1,2\n3,5\n", [[1, 2], [3, 5]], "Left out above the table:"),
    "Excel's separator": ("sep=;\nx;y\n1;2\n3;5\n", [[1, 2], [3, 5]], ""),
    "savetxt": ("# x,y\n1,2\n3,5\n", [[1, 2], [3, 5]], ""),
    "R": ('"x" "y"\n"a" 1 2\n"b" 3 5\n', [[1, 2], [3, 5]], "The first column has no name"),
    "trailing separators": ("x;y;\n1;2;\n3;5;\n", [[1, 2], [3, 5]], ""),
    "rows with trailing separators": ("x;y\n1;2;\n3;5;\n", [[1, 2], [3, 5]], ""),
    "Excel's missing values": ("x,y\n1,2\n#N/A,3\n3,5\n", [[1, 2], [3, 5]], "1 of 3 rows"),
    "points as missing values": ("x,y\n1,2\n.,3\n3,<NA>\n3,5\n", [[1, 2], [3, 5]], "2 of 4 rows"),
    "units": ("x,y\nm,s\n1,2\n3,5\n", [[1, 2], [3, 5]], 'Line 2, "m,s", was left out'),
    "no header": (
        "5.1,3.5,setosa\n4.9,3.0,setosa\n",
        [[5.1, 3.5], [4.9, 3]],
        "The first line was read as values",
    ),
    "degrees with three decimals": (
        "lat;v\n48.137;1,5\n52.520;2,5\n",
        [[48137, 1.5], [52520, 2.5]],
        "48.137 was read as 48137, with a decimal comma, but could be 48.137: lat.",
    ),
    "one cell against many": (
        "a;b\n" + "".join(f"{1 + n / 9:.3f};{n}\n" for n in range(3)) + "3,5;7\n",
        [[1000, 0], [1111, 1], [1222, 2], [3.5, 7]],
        "",
    ),
    "apostrophes": ("x;y\n1'200.50;1\n99.95;2\n", [[1200.5, 1], [99.95, 2]], ""),
    "two separators": (
        "a;b\n1 200,5;1.300,5\n2,5;2,5\n",
        [[1200.5, 1300.5], [2.5, 2.5]],
        "Spaces within numbers",
    ),
    "commas unlike the rest": (
        "lat;lon;w\n48.1;11.5;1,234 €\n52.5;13.4;2,5 €\n",
        [[48.1, 11.5, 1.234], [52.5, 13.4, 2.5]],
        "Unlike the rest, numbers have a decimal comma: w.",
    ),
    "one column of prices": ("Preis (€)\n1,50\n2,50\n", [[1.5], [2.5]], "Each line was read as"),
    "one column with a gap": ("W\n1,5\nn/a\n3,5\n", [[1.5], [3.5]], "Each line was read as"),
    "one column without a name": ("1,5\n2,5\n3\n", [[1.5], [2.5], [3]], "Each line was read as"),
    "spaces and decimal commas": ("1,5 2,25\n10,5 4,5\n", [[1.5, 2.25], [10.5, 4.5]], "The first"),
    "a trailing delimiter in the header": ("x,y,\n1.5,2\n2.5,3\n", [[1.5, 2], [2.5, 3]], ""),
    "a header behind a number sign": (
        "#,Name,HP\n1,Ivy,45\n2,Saur,60\n3,Venu,80\n",
        [[45], [60], [80]],
        "The first column has no name",
    ),
    "comments between values": ("# a\nx,y\n1,2\n# b\n3,5\n# c\n", [[1, 2], [3, 5]], "Left out"),
    "many comments": ("# a\n" * 300 + "x,y\n1,2\n3,5\n", [[1, 2], [3, 5]], "Left out above"),
    "values first": (
        "T,2,8\nI,5,12\nD,4,11\n",
        [[2, 8], [5, 12], [4, 11]],
        "The first line was read as values",
    ),
    "accounts": (
        'k,v\nA,"$(1,200.00)"\nB,$ -\nC,$7.50\n',
        [[-1200], [0], [7.5]],
        "Currency signs were left out: v.",
    ),
    "minus signs": ("x,y\n−1,2\n3,5\n", [[-1, 2], [3, 5]], ""),
}


@pytest.mark.parametrize("kind", REAL_WORLD)
def test_real_world_tables(read, kind):
    content, points, note = REAL_WORLD[kind]
    dataset = read(content)
    np.testing.assert_array_equal(dataset.points, np.float32(points))
    assert any(each.startswith(note) for each in dataset.notes) if note else dataset.notes == ()
    options = dataset.reading.options
    again = read_table(dataset.source, None, options)  # what was detected can be chosen
    np.testing.assert_array_equal(again.points, dataset.points)
    assert (again.columns, again.reading.doubts) == (dataset.columns, ())


def test_a_minority_of_cells_is_doubted(read):
    text = "a;b\n" + "".join(f"{1 + n / 9:.3f};{n}\n" for n in range(30)) + "3,5;7\n"
    assert read(text).reading.doubts[0].startswith("1.000 was read as 1000")


def test_rows_that_look_like_comments_are_noted(read):
    assert (
        "Left out among the values: 2 lines that begin with #."
        in read("# by me\ntag,n\na,1\n#b,2\n#c,3\nd,4\n").notes
    )
    empty_first = read(";;Report 2024\nx;y;z\n;1;2\n;3;4\n5;6;7\n", ["y"])
    np.testing.assert_array_equal(empty_first.points, [[1], [3], [6]])
    paths = read("// by me\npath,n\n/a,1\n/b,2\n")
    np.testing.assert_array_equal(paths.points, [[1], [2]])


def test_a_long_cell_is_accepted(read):
    shape = "POLYGON((" + "1.5 2.5, " * 15_000 + "1 2))"
    text = "id,area,shape\n" + "".join(f'{7 * n},{n}.5,"{shape}"\n' for n in range(3))
    assert read(text).columns == ("area",)


def test_a_missing_value_code_is_given_as_written_or_as_noted(read):
    text = "x;y\n" + "".join(f"{n},14;{n}\n" for n in range(30)) + "-999,9;3\n-999,9;4\n"
    assert "(--missing -999.9," in read(text).notes[-1]
    for code in ("-999.9", "-999,9"):
        assert read(text, missing=(code,)).dropped_rows == 2
    assert read(text, missing=("7777",)).notes[0] == "Not found, though given as missing: 7777."


def test_a_choice_resolves_a_doubt(read):
    content = "x;y\n850;1\n1.200;2\n"
    assert read(content).reading.doubts
    np.testing.assert_array_equal(read(content).points[:, 0], [850, 1200])
    for chosen in ({"decimal": "."}, {"thousands": ","}, {"thousands": ""}):
        dataset = read(content, **chosen)
        np.testing.assert_array_equal(dataset.points[:, 0], np.float32([850, 1.2]))
        assert dataset.reading.doubts == ()


def test_the_number_format_is_detected_in_the_whole_file(read):
    lines = [f"{row % 900};{row}" for row in range(300_000)]
    assert read("x;y\n" + "\n".join([*lines, "1.200;2,5"]) + "\n").points[-1].tolist() == [
        1200,
        2.5,
    ]


def test_chosen_missing_value_codes(read):
    dataset = read("x,y\n1,2\n-999,3\n4,-999.0\n5,n.d.\n6,7\n", missing=("-999", "n.d."))
    np.testing.assert_array_equal(dataset.points, [[1, 2], [6, 7]])
    assert "--missing -999" in read("x\n1\n-999\n2\n-999\n3\n").notes[-1]


def test_many_unreadable_columns_are_named_with_their_first_cells(read):
    dataset = read("a,b,c\n1,2,3\n2,x,4\n3,4,y\n4,5,6\n")
    assert dataset.notes == (
        'Left out, not numbers: b (line 3 holds "x"), c (line 4 holds "y").',
        "Correct such cells, or name them as missing.",
    )


def test_twenty_thousand_columns(read):
    names = ",".join(f"c{index}" for index in range(20_000))
    row = ",".join(str(index / 2) for index in range(20_000))
    dataset = read(f"{names}\n{row}\n{row}\n")
    assert dataset.points.shape == (2, 20_000)


def test_a_preview_shows_what_is_read(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("Title\nid;x;word\n7;1.200,5;a\n3;;b\n")
    found = preview(path)
    assert found.lines == ("Title", "id;x;word", "7;1.200,5;a", "3;;b")
    assert found.cells == (("7", "1200.5", "a"), ("3", "", "b"))
    assert (found.problem, found.is_whole) == ("", True)
    assert [each.role for each in found.reading.columns] == [
        Role.LEAVE_OUT,
        Role.CLUSTER,
        Role.NAME,
    ]
    wrong = preview(path, TableOptions(delimiter="|"))
    assert "has no column of numbers" in wrong.problem


def test_a_preview_has_the_notes_that_are_not_doubts(tmp_path):
    path = tmp_path / "codes.csv"
    rows = "".join(f"{n},5;{n % 7}\n" for n in range(20))
    path.write_text(f"x;y\n{rows}-999;1.25\n-999;2.75\n")
    found = preview(path)
    assert len(found.reading.doubts) == 1
    (asked,) = found.notes
    assert asked.startswith("Far from all other values: -999 in x.")
    differing, asked_too = preview(path, TableOptions(decimal=",")).notes
    assert differing == "Unlike the rest, numbers have a decimal point: y."
    assert asked_too == asked
    out = TableOptions(decimal=",", roles=(("x", Role.LEAVE_OUT), ("y", Role.LEAVE_OUT)))
    assert preview(path, out).notes == ()


def test_the_preview_of_a_long_file_is_its_beginning(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("x,y\n" + "1.5,2.5\n" * 600_000)
    assert not preview(path).is_whole

"""Text that a spreadsheet would execute as a formula is quoted; numbers stay numbers."""

import csv
import io
import re

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from engine.data.output.spreadsheets import defused
from engine.data.output.table_files import write_table

NUMBER = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)+([eE][+-]?\d+)?%?", re.ASCII)


def one(text):
    return defused(pl.Series("^x.*$", [text], dtype=pl.String)).to_list()[0]


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+A1", "-A1", "@SUM(A1)", "=cmd|' /C calc'!A0", "-5+3", "-", "--"),
        *(
            "\t=1",
            "\tx",
            "\rx",
            "\nx",
            " =1",
            "\ufeff=1",
            "\u200b@x",
            "＝1+1",
            "＋A1",
            "－A1",
            "＠A1",
        ),
    ],
)
def test_formulas_are_quoted(text):
    assert one(text) == "'" + text


@pytest.mark.parametrize(
    "text",
    ["", "a=b", "1-2", "-1.5", "+3", "-1,5", "-1.234,50", "-1e-5", "-12%", "'=1", "setosa", None],
)
def test_other_text_is_unchanged(text):
    assert one(text) == text


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
SHARP = st.text("=+-@\t\r\n,;\"' 1.eＡ＝", max_size=5)


@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
@given(names=st.lists(TEXT | SHARP, min_size=1, max_size=3, unique=True), data=st.data())
@example(names=["=x"], data=None)
@settings(deadline=None, max_examples=60)
def test_no_written_cell_is_a_formula_and_none_is_lost(tmp_path_factory, suffix, names, data):
    cells = st.lists(TEXT | SHARP, min_size=2, max_size=2)
    columns = [["=a", "b"] if data is None else data.draw(cells) for _ in names]
    path = tmp_path_factory.mktemp("cells") / f"t{suffix}"
    write_table(path, pl.DataFrame(dict(zip(names, columns, strict=True))), header=names)
    text = io.StringIO(path.read_bytes().decode(), newline="")
    header, *rows = csv.reader(text, delimiter="," if suffix == ".csv" else "\t")
    rows = [row or [""] for row in rows]
    written = [*zip(header, names, strict=True)]
    for index, column in enumerate(columns):
        written += [(row[index], cell) for row, cell in zip(rows, column, strict=True)]
    for found, given_text in written:
        assert found in (given_text, "'" + given_text)
        assert found[:1] not in tuple("=+-@\t\r\n＝＋－＠") or NUMBER.fullmatch(found)


def test_numbers_in_numeric_columns_are_unchanged(tmp_path):
    write_table(tmp_path / "t.csv", pl.DataFrame({"-x": [-1.5, -2.0], "n": [-1, 2]}))
    assert (tmp_path / "t.csv").read_text() == "'-x,n\n-1.5,-1\n-2.0,2\n"


def test_text_in_parquet_is_unchanged(tmp_path):
    table = pl.DataFrame({"=x": ["=1", "-a"]})
    write_table(tmp_path / "t.parquet", table)
    assert pl.read_parquet(tmp_path / "t.parquet").equals(table)


def test_categories_are_quoted_like_text(tmp_path):
    table = pl.DataFrame({"x": pl.Series(["=1", "a"], dtype=pl.Categorical)})
    write_table(tmp_path / "t.csv", table)
    assert (tmp_path / "t.csv").read_text() == "x\n'=1\na\n"

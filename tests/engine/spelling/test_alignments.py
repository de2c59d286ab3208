"""Alignments as tables, read back with another library."""

import numpy as np
import polars as pl
import pytest

from engine.errors import ParameterError
from engine.spelling.alignments import Alignment, write_alignments

SEEING = Alignment("attention", ["a", "end"], np.float32([[0.25, 0.75], [1, 0]]))
AT_ONCE = Alignment("plain", ["a"], np.float32([[1]]), whole_word=True)


def test_alignments_of_two_spellers_share_a_table(tmp_path):
    write_alignments(tmp_path / "a.csv", ["AH0", "AH0"], [SEEING, AT_ONCE])
    assert (tmp_path / "a.csv").read_text() == (
        "speller,letter,AH0,AH0,whole word\n"
        "attention,a,0.25,0.75,\nattention,end,1.0,0.0,\nplain,a,,,1.0\n"
    )
    write_alignments(tmp_path / "a.csv", ["AH0", "AH0"], [SEEING])
    assert (tmp_path / "a.csv").read_text().splitlines()[0] == "speller,letter,AH0,AH0"


def test_alignments_in_parquet_have_separate_columns(tmp_path):
    write_alignments(tmp_path / "a.parquet", ["AH0", "AH0"], [SEEING, AT_ONCE])
    found = pl.read_parquet(tmp_path / "a.parquet")
    assert found.columns == ["speller", "letter", "AH0", "AH0 (2)", "whole word"]
    assert found.rows() == [
        ("attention", "a", 0.25, 0.75, None),
        ("attention", "end", 1.0, 0.0, None),
        ("plain", "a", None, None, 1.0),
    ]


def test_alignments_cannot_be_an_array(tmp_path):
    with pytest.raises(ParameterError, match=r"a \.npy file is written with numbers only"):
        write_alignments(tmp_path / "a.npy", ["AH0", "AH0"], [SEEING])

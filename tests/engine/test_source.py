"""Loading a recipe or a file."""

import subprocess
import sys

import numpy as np
import pytest

from engine.errors import DataError, ParameterError
from engine.source import load


def test_a_recipe():
    dataset = load("blobs:clusters=2,per_cluster=3")
    assert dataset.source == "blobs:clusters=2,per_cluster=3,variance=5,seed=0"
    assert dataset.points.shape == (6, 2)


def test_columns_of_a_recipe():
    whole = load("uniform:n_points=5")
    np.testing.assert_array_equal(load("uniform:n_points=5", ["2"]).points, whole.points[:, 1:])
    with pytest.raises(DataError, match='has no column "z"; there are x, y'):
        load("uniform:n_points=5", ["z"])


def test_a_file_takes_precedence_over_a_recipe(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "blobs").write_text("x\n1\n2\n")
    with pytest.raises(DataError, match=r"blobs cannot be opened: its name does not end in \.csv"):
        load("blobs")
    (tmp_path / "rings:.csv").write_text("x\n1\n2\n")
    assert load("rings:.csv").columns == ("x",)


def test_a_file_and_its_columns(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("a,b\n1,2\n3,4\n")
    assert load(str(path), ["b"]).columns == ("b",)


def test_unknown_sources_are_refused():
    with pytest.raises(DataError, match=r"There is no file blob\.$"):
        load("blob")
    with pytest.raises(ParameterError, match="no parameter"):
        load("blobs:k=3")


def test_importing_it_does_not_import_polars():
    modules = "engine.source, engine.data.output.writing"
    code = f"import sys, {modules}; sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0

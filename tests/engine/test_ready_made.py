"""Ready-made data: the tables of scikit-learn, and the photograph."""

import numpy as np
import pytest
from PIL import Image
from sklearn import datasets

from engine.data.generated.ready_made import FOLDER, PHOTOGRAPH
from engine.ready_made import READY_MADE, is_ready_made
from engine.source import is_file, load

ORIGINALS = {
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
    "digits": datasets.load_digits,
}


@pytest.mark.parametrize("name", ORIGINALS)
def test_the_numbers_match_scikit_learn(name):
    found, other = load(name), ORIGINALS[name]()
    np.testing.assert_array_equal(found.points, other.data.astype(np.float32))
    assert (found.source, found.notes, found.dropped_rows) == (name, (), 0)
    assert len(set(found.classes)) == len(other.target_names)
    kinds = dict(zip(other.target.tolist(), found.classes, strict=True))
    assert tuple(kinds[target] for target in other.target.tolist()) == found.classes


def test_columns_of_ready_made_data_keep_the_classes():
    found = load("iris", ["petal width", "1"])
    assert found.columns == ("petal width", "sepal length")
    assert found.classes == load("iris").classes


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        *((name, True) for name in READY_MADE),
        (" iris ", True),
        ("phonemes:plain", True),
        ("phonemes:", False),
        ("iris:2", False),
        ("iris.csv", False),
        ("", False),
    ],
)
def test_ready_made_sources_are_recognized(source, answer):
    assert is_ready_made(source) is answer


def test_a_file_takes_precedence_over_ready_made_data(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert not is_file("iris")
    (tmp_path / "iris").write_text("x\n1\n")
    assert is_file("iris")
    assert is_file("nowhere.csv")
    assert not is_file("blobs")


def test_the_photograph_is_small_and_has_an_author():
    path = FOLDER / PHOTOGRAPH
    assert path.stat().st_size < 150_000
    with Image.open(path) as picture:
        assert picture.size == (512, 342)
    assert f"`{PHOTOGRAPH}`" in (FOLDER / "README.md").read_text()
    assert "CC BY 2.0" in (FOLDER / "README.md").read_text()

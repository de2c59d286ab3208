"""Ready-made data: as scikit-learn has them, and the phonemes as their speller does."""

import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from sklearn import datasets

from engine.data.generated.ready_made import FOLDER, PHOTOGRAPH, READY_MADE, is_ready_made
from engine.data.source import is_file, load
from engine.errors import ParameterError
from engine.seq2seq.model.embeddings import phoneme_vectors
from engine.spelling import library
from engine.spelling.vocabulary import PHONEME_IDS

ORIGINALS = {
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
    "digits": datasets.load_digits,
}


@pytest.mark.parametrize("name", ORIGINALS)
def test_the_numbers_are_those_of_scikit_learn(name):
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


def test_phonemes_are_what_the_speller_has_learned():
    found = load("phonemes:plain")
    vectors = phoneme_vectors(library.load("plain").speller)
    rows = [PHONEME_IDS[name] for name in found.names]
    np.testing.assert_array_equal(found.points, vectors[rows])
    assert len(set(found.names)) == 39
    assert {"AA", "ZH"} <= set(found.names)
    assert (load("phonemes").points == load("phonemes:attention").points).all()


def test_an_unknown_speller_is_told():
    with pytest.raises(ParameterError, match=r'"ensemble"; choose attention, .*plain'):
        load("phonemes:ensemble")


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
def test_what_is_ready_made(source, answer):
    assert is_ready_made(source) is answer


def test_a_file_wins_over_ready_made_data(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert not is_file("iris")
    (tmp_path / "iris").write_text("x\n1\n")
    assert is_file("iris")
    assert is_file("nowhere.csv")
    assert not is_file("blobs")


def test_phonemes_need_no_tensorflow():
    code = (
        "import sys; from engine.data.source import load; load('phonemes'); "
        "sys.exit('tensorflow' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_the_photograph_is_small_and_has_an_author():
    path = FOLDER / PHOTOGRAPH
    assert path.stat().st_size < 150_000
    with Image.open(path) as picture:
        assert picture.size == (512, 342)
    assert f"`{PHOTOGRAPH}`" in (FOLDER / "README.md").read_text()
    assert "CC BY 2.0" in (FOLDER / "README.md").read_text()

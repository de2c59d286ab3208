"""Weights on disk: incomplete and damaged files are refused."""

import io
import json
import os
import zipfile

import numpy as np
import pytest

from engine.errors import DataError
from engine.seq2seq import checkpoints
from engine.seq2seq.checkpoints import card, load, save

ARRAYS = {
    "a/b": np.arange(6, dtype=np.float32).reshape(2, 3),
    "half": np.array([0.1, 0.2], np.float16),
    "number": np.array(7),
}


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "weights.npz"
    save(path, ARRAYS, {"seed": 3, "history": [{"step": 1}]})
    return path


def test_arrays_and_card_survive_a_round_trip(path):
    arrays, found = load(path)
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(arrays[name], array)
        assert arrays[name].dtype == array.dtype
    assert found["seed"] == 3
    assert found["history"] == [{"step": 1}]


def test_the_card_can_be_read_alone(path):
    assert card(path) == load(path)[1]


def test_saving_leaves_no_other_files(path):
    save(path, ARRAYS, {})
    assert [file.name for file in path.parent.iterdir()] == ["weights.npz"]


def test_a_missing_file(tmp_path):
    for read in (load, card):
        with pytest.raises(DataError, match=r"There is no file .*none\.npz; choose a file that"):
            read(tmp_path / "none.npz")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_named_pipe_does_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe.npz")
    for read in (load, card):
        with pytest.raises(DataError, match="is not a file but a pipe"):
            read(tmp_path / "pipe.npz")


def test_an_archive_with_a_huge_unpacked_size_is_refused(path, monkeypatch):
    monkeypatch.setattr(checkpoints, "MOST_BYTES", path.stat().st_size // 2)
    monkeypatch.setattr(np.lib.format, "read_array", None)
    for read in (load, card):
        with pytest.raises(DataError, match="does not hold a speller's weights, or is damaged"):
            read(path)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_weights_that_are_not_finite_are_refused(path, value):
    save(path, {**ARRAYS, "half": np.array([0.1, value], np.float16)}, {})
    with pytest.raises(DataError) as refused:
        load(path, "train anew")
    assert str(refused.value) == (
        f"{path} holds weights that are not finite numbers: its training went wrong; train anew."
    )


@pytest.mark.parametrize("text", ["[]", "null", "{}", "1", "[" * 100_000, "\\"])
def test_an_invalid_card_is_refused(path, text):
    np.savez(path, card=np.frombuffer(text.encode(), np.uint8))
    for read in (load, card):
        with pytest.raises(DataError, match="does not hold a speller's weights"):
            read(path)


def test_the_error_message_says_what_to_do(path):
    for content in (b"", path.read_bytes()[:-30]):
        path.write_bytes(content)
        for read in (load, card):
            with pytest.raises(DataError, match=r"; train anew\.$"):
                read(path, "train anew")


def foreign():
    buffer = io.BytesIO()
    np.savez(buffer, points=np.eye(2))
    return buffer.getvalue()


def pickled():
    buffer = io.BytesIO()
    np.savez(buffer, card=np.array([{}], dtype=object))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no archive",
        foreign(),
        pickled(),
        b"PK\x03\x04" + bytes(100),
        np.lib.format.magic(1, 0),
    ],
    ids=["empty", "text", "foreign", "pickle", "stub", "npy"],
)
def test_a_foreign_file_is_one_error_message(tmp_path, content):
    path = tmp_path / "other.npz"
    path.write_bytes(content)
    with pytest.raises(DataError, match="does not hold a speller's weights, or is damaged"):
        load(path)
    with pytest.raises(DataError, match="does not hold a speller's weights"):
        card(path)


def test_no_damaged_byte_changes_the_weights(path):
    """Every seventh byte in turn is damaged: that is an error, or has no effect."""
    content = path.read_bytes()
    for place in range(0, len(content), 7):
        path.write_bytes(content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :])
        try:
            arrays, _ = load(path)
        except DataError:
            continue
        for name, array in ARRAYS.items():
            np.testing.assert_array_equal(arrays[name], array)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_is_refused(path, part):
    content = path.read_bytes()
    path.write_bytes(content[: int(part * len(content))])
    with pytest.raises(DataError):
        load(path)


def test_changed_values_do_not_match_the_checksum_of_the_card(path):
    """A repaired archive may be valid as an archive, but not against the card's checksum."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    buffer = io.BytesIO()
    np.save(buffer, ARRAYS["half"] + 1)
    members["half.npy"] = buffer.getvalue()
    with zipfile.ZipFile(path, "w") as archive:
        for name, member in members.items():
            archive.writestr(name, member)
    with pytest.raises(DataError, match="its checksum does not fit"):
        load(path)


def test_a_newer_format_is_refused(path):
    arrays, found = load(path)
    blob = np.frombuffer(json.dumps({**found, "format": "barycenter speller 2"}).encode(), np.uint8)
    np.savez(path, card=blob, **arrays)
    with pytest.raises(DataError, match="does not hold a speller's weights"):
        load(path)

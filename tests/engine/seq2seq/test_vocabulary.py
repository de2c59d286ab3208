"""Converting symbols to ids and back."""

import numpy as np
import pytest

from engine.seq2seq.vocabulary import END_ID, PADDING_ID, Vocabulary

WORDS = Vocabulary(("_", "the", "cat", "sits", "*"), start="*")


def test_encoding_and_decoding_are_inverse():
    ids = WORDS.encode([["the", "cat", "sits"], ["cat"], []])
    np.testing.assert_array_equal(ids, [[1, 2, 3], [2, 0, 0], [0, 0, 0]])
    assert ids.dtype == np.int32
    assert [WORDS.decode(row) for row in ids] == [("the", "cat", "sits"), ("cat",), ()]


def test_symbols_after_the_end_mark_are_ignored():
    assert PADDING_ID == END_ID == 0
    assert WORDS.decode([2, 0, 3]) == ("cat",)


def test_sequences_are_padded_to_a_length():
    assert WORDS.encode([["cat"]], 4).shape == (1, 4)
    assert WORDS.encode([], 4).shape == (0, 4)
    with pytest.raises(ValueError, match="broadcast"):
        WORDS.encode([["the", "cat"]], 1)


def test_an_unknown_symbol_is_an_error():
    with pytest.raises(KeyError, match="dog"):
        WORDS.encode([["dog"]])


def test_only_a_target_has_a_start_symbol():
    assert (len(WORDS), WORDS.start_id) == (5, 4)
    with pytest.raises(KeyError):
        _ = Vocabulary(("_", "a")).start_id

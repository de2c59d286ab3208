"""Ranking known words first: the same spellings in another order."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.spelling.frames import SpellFrame, Spelling
from engine.spelling.known_words import frequency, reranked, shares


def spelling(letters, log_probability):
    nothing = np.empty(0)
    return Spelling(
        letters=letters,
        log_probability=log_probability,
        probabilities=nothing,
        alternatives=(),
        alternative_probabilities=nothing,
        alignments=nothing,
    )


def frame(*spellings, phonemes=("T",)):
    return SpellFrame(phonemes=phonemes, spellings=spellings, heads=(), sees_phonemes=True)


def letters(found):
    return [each.letters for each in found.spellings]


def test_frequent_words_come_first():
    found = reranked(frame(spelling("thair", -0.5), spelling("there", -1.0), spelling("ther", -2)))
    assert letters(found) == ["there", "ther", "thair"]


def test_homophones_are_ranked_by_frequency_alone():
    plain = frame(
        *(spelling("their", -0.5), spelling("the", -3.5), spelling("there", -2.0)),
        phonemes=("DH", "EH1", "R"),
    )
    # Both have half of exp(-0.5) + exp(-2).
    half = (math.exp(-0.5) + math.exp(-2)) / 2
    weights = {
        "their": half * frequency("their"),
        "there": half * frequency("there"),
        "the": math.exp(-3.5) * frequency("the"),
    }
    expected = {word: weight / sum(weights.values()) for word, weight in weights.items()}
    found = reranked(plain)
    assert dict(zip(letters(found), found.shares, strict=True)) == pytest.approx(expected)
    assert letters(found).index("there") < letters(found).index("their")


def test_no_spelling_is_lost_or_added():
    plain = frame(spelling("qqxz", -1.0), spelling("zzqx", -2.0))
    found = reranked(plain)
    # Words of frequency zero keep their order and their relative probabilities.
    assert found.spellings == plain.spellings
    assert found.phonemes == plain.phonemes
    assert found.shares == pytest.approx((1 / (1 + math.exp(-1)), 1 / (1 + math.e)))


words = st.text("aeht", min_size=1, max_size=4)


@given(st.dictionaries(words, st.floats(-200, 0), min_size=1, max_size=6), st.booleans())
def test_shares_descend_and_sum_to_one(found, sounds_like_there):
    sounds = ("DH", "EH1", "R") if sounds_like_there else ("T",)
    plain = frame(*(spelling(*each) for each in found.items()), phonemes=sounds)
    weighed = reranked(plain)
    assert sorted(letters(weighed)) == sorted(found)
    assert list(weighed.shares) == sorted(weighed.shares, reverse=True)
    assert sum(weighed.shares) == pytest.approx(1)
    assert sorted(weighed.shares) == sorted(shares(plain))


def test_the_meaning_of_the_shown_number():
    plain = frame(spelling("cat", -1.0))
    assert plain.shares == (pytest.approx(math.exp(-1)),)
    assert plain.shares_are.startswith("probability of the whole word under the model")
    assert reranked(plain).shares == (1.0,)
    assert reranked(plain).shares_are.startswith("share among the spellings listed")


def test_frequencies():
    assert frequency("qqxz") == 0
    # The token "their" is more frequent, but "there's" counts for "there".
    assert frequency("there") > frequency("their")
    assert frequency("the") > frequency("there") > frequency("thence") > 0

"""Known words: the same spellings in another order."""

import math

import numpy as np
import pytest

from engine.frames import SpellFrame, Spelling
from engine.seq2seq.known_words import WEIGHT, frequency, reranked, score


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


def frame(*spellings):
    return SpellFrame(phonemes=("T",), spellings=spellings, heads=(), sees_phonemes=True)


def test_frequent_words_come_first():
    found = reranked(frame(spelling("thair", -0.5), spelling("there", -1.0), spelling("ther", -2)))
    assert [each.letters for each in found.spellings] == ["there", "ther", "thair"]


def test_homophones_stand_together_the_more_frequent_first():
    given = SpellFrame(
        phonemes=("DH", "EH1", "R"),
        spellings=(spelling("their", -0.5), spelling("the", -1.2), spelling("there", -2.0)),
        heads=(),
        sees_phonemes=True,
    )
    found = reranked(given)
    assert [each.letters for each in found.spellings] == ["the", "there", "their"]


def test_nothing_is_lost_or_added():
    given = frame(spelling("qqxz", -1.0), spelling("zzqx", -2.0))
    found = reranked(given)
    # Words that nobody writes keep their order.
    assert found.spellings == given.spellings
    assert found.phonemes == given.phonemes


def test_score_by_hand():
    assert frequency("qqxz") == 0
    assert score(spelling("qqxz", -1.0)) == pytest.approx(-1 + WEIGHT * math.log(1e-9))
    assert score(spelling("the", -1.0)) == pytest.approx(-1 + WEIGHT * math.log(frequency("the")))
    # Alone "their" is more frequent, but "there's" has "there" in it.
    assert frequency("there") > frequency("their")
    assert frequency("the") > frequency("there") > frequency("thence") > 0

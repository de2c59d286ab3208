"""Words and pronunciations as training examples, with and without stress."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.spelling.dictionary.pronunciations import training_entries
from engine.spelling.training.examples import LENGTHS, buckets_of, examples_of, without_stress
from engine.spelling.vocabulary import BARE_IDS, PHONEMES, encode_phonemes
from tests.engine.spelling.tiny import EIGHT, recipe


def test_every_training_word_fits_its_bucket():
    buckets = buckets_of(training_entries())
    assert sum(len(bucket.target) for bucket in buckets) == len(training_entries())
    for bucket in buckets:
        assert bucket.target.shape[1] in LENGTHS
        assert bucket.source.shape[1] == bucket.target.shape[1] - 1
        # Every word has its end mark, and none would fit a shorter bucket.
        assert np.all(bucket.target[:, -1] == 0)
        longest = np.maximum((bucket.target > 0).sum(1), (bucket.source > 0).sum(1)) + 1
        shorter = [length for length in LENGTHS if length < bucket.target.shape[1]]
        assert longest.min() > max(shorter, default=0)


def test_stress_is_removed_from_the_requested_share_of_words():
    rng = np.random.default_rng(0)
    rows = encode_phonemes([("AH0", "B", "IY1", "ER2")] * 10_000)
    stressed = without_stress(rows, rng, 0.25, 0.2)
    bare = BARE_IDS[rows]
    n_vowels_bare = (stressed[:, [0, 2, 3]] == bare[:, [0, 2, 3]]).sum(1)
    # All vowels of a quarter of the words, and by chance of one in eight of another fifth.
    assert np.mean(n_vowels_bare == 3) == pytest.approx(0.25 + 0.2 / 8, abs=0.02)
    assert np.mean(n_vowels_bare == 0) == pytest.approx(0.55 + 0.2 / 8, abs=0.02)
    np.testing.assert_array_equal(BARE_IDS[stressed], bare)


@given(
    st.lists(st.sampled_from(PHONEMES[1:]), min_size=1, max_size=9),
    st.floats(0, 1),
    st.integers(0, 9),
)
def test_only_stress_is_removed(phonemes, part, seed):
    row = encode_phonemes([phonemes], 12)
    result = without_stress(row, np.random.default_rng(seed), part, 1 - part)
    np.testing.assert_array_equal(BARE_IDS[result], BARE_IDS[row])
    assert set(result[0]) <= {*row[0], *BARE_IDS[row[0]]}


def test_the_recipe_sets_the_share_of_removed_stress():
    phonemes = encode_phonemes([entry.phonemes for entry in EIGHT])
    everything = examples_of(EIGHT, recipe("plain", bare_words=1.0)).augment
    nothing = examples_of(EIGHT, recipe("plain", bare_words=0.0, bare_vowels=0.0)).augment
    rng = np.random.default_rng(0)
    np.testing.assert_array_equal(everything(phonemes, rng), BARE_IDS[phonemes])
    np.testing.assert_array_equal(nothing(phonemes, rng), phonemes)

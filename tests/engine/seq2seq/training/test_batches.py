"""Batches: every word once, of similar length, in an order that the seed decides."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.seq2seq.training.batches import LENGTHS, buckets_of, epoch_of, n_batches, without_stress
from engine.spelling.dictionary.pronunciations import training_entries
from engine.spelling.vocabulary import BARE_IDS, PHONEMES, decode_letters, encode_phonemes
from tests.engine.seq2seq.tiny import EIGHT, recipe


def words(batches):
    return Counter(decode_letters(row) for _, letters in batches for row in letters)


def test_each_entry_comes_once_an_epoch():
    buckets = buckets_of(EIGHT)
    batches = list(epoch_of(buckets, recipe("plain", batch_size=2), 0, 0))
    assert words(batches) == Counter(entry.word for entry in EIGHT)
    assert len(batches) == n_batches(buckets, 2)
    assert max(len(letters) for _, letters in batches) == 2


def test_every_word_to_train_on_fits():
    buckets = buckets_of(training_entries())
    assert sum(len(bucket.letters) for bucket in buckets) == len(training_entries())
    for bucket in buckets:
        assert bucket.letters.shape[1] in LENGTHS
        assert bucket.phonemes.shape[1] == bucket.letters.shape[1] - 1
        # Every word has its end mark, and none could stand in a shorter bucket.
        assert np.all(bucket.letters[:, -1] == 0)
        longest = np.maximum((bucket.letters > 0).sum(1), (bucket.phonemes > 0).sum(1)) + 1
        shorter = [length for length in LENGTHS if length < bucket.letters.shape[1]]
        assert longest.min() > max(shorter, default=0)


def test_the_order_follows_from_seed_and_epoch():
    buckets, tiny = buckets_of(EIGHT * 5), recipe("plain")

    def drawn(seed, epoch):
        return [np.concatenate(batch, 1).tolist() for batch in epoch_of(buckets, tiny, seed, epoch)]

    assert drawn(1, 2) == drawn(1, 2)
    assert drawn(1, 2) != drawn(1, 3)
    assert drawn(1, 2) != drawn(2, 2)


def test_stress_is_left_out_of_as_many_words_as_wished():
    rng = np.random.default_rng(0)
    rows = encode_phonemes([("AH0", "B", "IY1", "ER2")] * 10_000)
    stressed = without_stress(rows, rng, 0.25, 0.2)
    bare = BARE_IDS[rows]
    n_vowels_bare = (stressed[:, [0, 2, 3]] == bare[:, [0, 2, 3]]).sum(1)
    # All vowels of a quarter, and by chance of one in eight of another fifth.
    assert np.mean(n_vowels_bare == 3) == pytest.approx(0.25 + 0.2 / 8, abs=0.02)
    assert np.mean(n_vowels_bare == 0) == pytest.approx(0.55 + 0.2 / 8, abs=0.02)
    np.testing.assert_array_equal(BARE_IDS[stressed], bare)


@given(
    st.lists(st.sampled_from(PHONEMES[1:]), min_size=1, max_size=9),
    st.floats(0, 1),
    st.integers(0, 9),
)
def test_nothing_but_stress_is_left_out(phonemes, part, seed):
    row = encode_phonemes([phonemes], 12)
    result = without_stress(row, np.random.default_rng(seed), part, 1 - part)
    np.testing.assert_array_equal(BARE_IDS[result], BARE_IDS[row])
    assert set(result[0]) <= {*row[0], *BARE_IDS[row[0]]}

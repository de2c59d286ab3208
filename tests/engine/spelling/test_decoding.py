"""Beam search: compared with trying every word, for a speller of three letters, and by hand.

TensorFlow traces each width and length, which takes a second: tests share decoders and use few.
"""

import functools
import itertools

import numpy as np
import pytest
import tensorflow as tf

from engine.errors import ParameterError
from engine.seq2seq.beam_search import BATCH
from engine.seq2seq.model.encoder_decoder import NO_DROPOUT
from engine.seq2seq.vocabulary import END_ID
from engine.spelling.decoding import Decoder
from engine.spelling.vocabulary import LETTER_IDS, LETTERS, MAX_LETTERS, encode_phonemes
from tests.engine.seq2seq.table_model import TableModel
from tests.engine.spelling.tiny import EIGHT, KINDS, speller

PRONUNCIATIONS = [entry.phonemes for entry in EIGHT]


class LimitedTable(TableModel):
    """A table of letters: after `limit` letters only the end is possible."""

    def __init__(self, probabilities, limit):
        super().__init__(probabilities, LETTER_IDS)
        self.limit = limit

    def decode_step(self, memory, state, previous, position):
        free, alignment, state = super().decode_step(memory, state, previous, position)
        only_end = tf.where(tf.range(len(LETTERS)) == END_ID, 0.0, -100.0)
        return tf.where(position >= self.limit, only_end, free), alignment, state


TEMPTING = {
    # The first letter a looks best, but the best word begins with b.
    "*": {"a": 0.6, "b": 0.4},
    "a": {"a": 0.4, "b": 0.3, "_": 0.3},
    "b": {"a": 0.05, "b": 0.05, "_": 0.9},
}


@functools.cache
def tempted(compiled=False):
    return Decoder(LimitedTable(TEMPTING, 3), compiled=compiled)


@functools.cache
def decoder_of(kind):
    return Decoder(speller(kind))


def every_word(table, limit):
    """Return each word of up to `limit` letters with its log-probability."""
    found = {}
    for length in range(1, limit + 1):
        for letters in itertools.product("ab", repeat=length):
            path = ["*", *letters] + (["_"] if length < limit else [])
            steps = itertools.pairwise(path)
            found["".join(letters)] = sum(np.log(table[last][now]) for last, now in steps)
    return found


def test_greedy_search_takes_the_best_letter_each_time():
    (found,) = tempted().words([("T",)], 1)
    assert found == [("aaa", pytest.approx(np.log(0.6 * 0.4 * 0.4)))]


@pytest.mark.parametrize("compiled", [False, True])
def test_a_wide_beam_finds_the_best_of_all_words(compiled):
    (found,) = tempted(compiled).words([("T",)], 16)
    expected = every_word(TEMPTING, 3)
    assert len(expected) == 14
    likely = {word: score for word, score in found if word in expected}
    assert likely == pytest.approx(expected, rel=1e-4)


def test_words_are_ordered_by_their_probability():
    # b has 0.4 * 0.9 and ab 0.6 * 0.3 * 0.9, which is more per letter than a with 0.6 * 0.3.
    (found,) = tempted().words([("T",)], 16)
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    words = [word for word, _ in found]
    assert words[0] == "b"
    assert words.index("a") < words.index("ab")


ENDLESS = {"*": {"a": 1.0}, "a": {"a": 0.75, "_": 0.25}}


def test_an_endless_word_is_ended_at_the_maximum_length():
    decoder = Decoder(LimitedTable(ENDLESS, 1000))
    (frame,) = decoder.spell([("T",)], 1)
    (spelling,) = frame.spellings
    n_letters = len(spelling.letters)
    assert spelling.letters == "a" * n_letters
    assert n_letters > MAX_LETTERS
    assert spelling.symbols == spelling.letters + "_"
    # The end mark keeps the probability that the speller gives it.
    assert spelling.probabilities[-1] == pytest.approx(0.25)
    assert spelling.log_probability == pytest.approx(
        (n_letters - 1) * np.log(0.75) + np.log(0.25), rel=1e-4
    )
    assert spelling.is_longer_than_learned
    (note,) = frame.notes
    assert note == f"{spelling.letters} is longer than any word it has learned (22 letters)."


@pytest.mark.parametrize("width", [2, 3, 5])
def test_a_beam_is_never_worse_than_greedy_search(width):
    (found,) = tempted().words([("T",)], width)
    (narrower,) = tempted().words([("T",)], width - 1)
    assert found[0][1] >= narrower[0][1]
    assert len(found) == width


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_probabilities_match_forward(kind):
    (frame,) = decoder_of(kind).spell([PRONUNCIATIONS[5]], 3)
    for spelling in frame.spellings:
        ids = [LETTER_IDS[letter] for letter in spelling.letters]
        given = tf.constant([[LETTER_IDS["*"], *ids]])
        phonemes = tf.constant(encode_phonemes([PRONUNCIATIONS[5]]))
        logits, alignments = decoder_of(kind).speller.forward(
            phonemes, given, NO_DROPOUT, tf.float32
        )
        allowed = logits[0].numpy()
        allowed[:, LETTER_IDS["*"]] = allowed[0, END_ID] = -1e9
        expected = tf.nn.softmax(allowed).numpy()[np.arange(len(ids) + 1), [*ids, END_ID]]
        np.testing.assert_allclose(spelling.probabilities, expected, rtol=1e-3)
        assert spelling.log_probability == pytest.approx(
            np.log(spelling.probabilities).sum(), rel=1e-3
        )
        np.testing.assert_allclose(
            spelling.alignments, np.swapaxes(alignments[0], 0, 1), rtol=1e-3, atol=1e-5
        )


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_frame_is_consistent(kind):
    found = decoder_of(kind).spell(PRONUNCIATIONS, 3)
    for frame, phonemes in zip(found, PRONUNCIATIONS, strict=True):
        assert frame.phonemes == phonemes
        scores = [spelling.log_probability for spelling in frame.spellings]
        assert scores == sorted(scores, reverse=True)
        assert frame.shares == pytest.approx(np.exp(scores))
        assert len({spelling.letters for spelling in frame.spellings}) == len(scores) <= 3
        for spelling in frame.spellings:
            n_places = len(spelling.probabilities)
            assert n_places == len(spelling.letters) + 1
            n_columns = len(phonemes) if frame.sees_phonemes else 1
            assert spelling.alignments.shape == (n_places, len(frame.heads), n_columns)
            np.testing.assert_allclose(spelling.alignment.sum(1), np.ones(n_places), rtol=1e-4)
            assert spelling.alternative_probabilities.shape == (n_places, 5)
            assert np.all(np.diff(spelling.alternative_probabilities, axis=1) <= 0)
            assert all(len(set(letters)) == 5 for letters in spelling.alternatives)
            assert not any("*" in letters for letters in spelling.alternatives)
            for array in (spelling.probabilities, spelling.alignments):
                assert not array.flags.writeable


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_batching_does_not_change_a_word(kind):
    decoder = decoder_of(kind)
    together = decoder.words(PRONUNCIATIONS, 3)
    for phonemes, expected in zip(PRONUNCIATIONS, together, strict=True):
        (alone,) = decoder.words([phonemes], 3)
        assert [word for word, _ in alone] == [word for word, _ in expected]
        np.testing.assert_allclose([s for _, s in alone], [s for _, s in expected], rtol=1e-3)


@pytest.mark.slow
def test_frames_and_words_give_the_same_spellings():
    decoder = decoder_of("attention")
    frames = decoder.spell(PRONUNCIATIONS, 3)
    for frame, words in zip(frames, decoder.words(PRONUNCIATIONS, 3), strict=True):
        assert [spelling.letters for spelling in frame.spellings] == [word for word, _ in words]


@pytest.mark.slow
def test_several_batches_are_returned_in_order():
    decoder = decoder_of("attention")
    many = PRONUNCIATIONS * (BATCH // 8 + 2)
    found = decoder.words(many)
    assert [words[0][0] for words in found[:8]] == [words[0][0] for words in found[-8:]]
    assert len(found) == len(many)


def test_a_forced_prefix_by_hand():
    (frame,) = tempted().spell([("T",)], 2, prefix="a")
    scores = {spelling.letters: spelling.log_probability for spelling in frame.spellings}
    # After a: up to two more, or the end.
    assert scores["aaa"] == pytest.approx(np.log(0.6 * 0.4 * 0.4))
    assert scores["a"] == pytest.approx(np.log(0.6 * 0.3))
    assert all(spelling.letters.startswith("a") for spelling in frame.spellings)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_forced_letters_keep_their_own_probabilities(kind):
    decoder = decoder_of(kind)
    (free,) = decoder.spell([PRONUNCIATIONS[6]], 1)
    (forced,) = decoder.spell([PRONUNCIATIONS[6]], 1, prefix="qx")
    best = forced.spellings[0]
    assert best.letters.startswith("qx")
    assert best.probabilities[0] < free.spellings[0].probabilities[0]
    # The probability of the first letter is the same.
    assert best.alternatives[0] == free.spellings[0].alternatives[0]
    # Forcing what it would write anyway changes nothing.
    (same,) = decoder.spell([PRONUNCIATIONS[6]], 1, prefix=free.spellings[0].letters[:8])
    assert same.spellings[0].letters == free.spellings[0].letters
    np.testing.assert_allclose(
        same.spellings[0].log_probability, free.spellings[0].log_probability, rtol=1e-4
    )


def test_the_end_can_be_forced():
    (frame,) = decoder_of("attention").spell([PRONUNCIATIONS[6]], 3, prefix="ab_")
    assert [spelling.letters for spelling in frame.spellings] == ["ab"]


@pytest.mark.parametrize("prefix", ["é", "A", "a b", "a_b", "*", "1", "_"])
def test_only_letters_can_be_forced(prefix):
    with pytest.raises(ParameterError, match="give it letters from a to z"):
        decoder_of("attention").spell([("T",)], 1, prefix=prefix)


def test_too_many_letters_are_refused():
    with pytest.raises(ParameterError, match="40 letters are too many; a word may have 24"):
        decoder_of("attention").spell([("T",)], 1, prefix="a" * 40)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_one_phoneme_and_forty(kind):
    frames = decoder_of(kind).spell([("T",), ("T", "AH0") * 20], 2)
    assert [len(frame.phonemes) for frame in frames] == [1, 40]
    assert all(frame.spellings for frame in frames)


@pytest.mark.slow
def test_compiling_does_not_change_the_numbers():
    decoder = decoder_of("transformer")
    (frame,) = decoder.spell([PRONUNCIATIONS[4]], 3)
    (compiled,) = Decoder(decoder.speller, compiled=True).spell([PRONUNCIATIONS[4]], 3)
    for one, other in zip(frame.spellings, compiled.spellings, strict=True):
        assert one.letters == other.letters
        np.testing.assert_allclose(one.alignments, other.alignments, rtol=1e-3, atol=1e-5)
        assert one.log_probability == pytest.approx(other.log_probability, rel=1e-4)


def test_a_word_has_at_least_one_letter():
    ending = {"*": {"_": 0.9, "a": 0.1}, "a": {"_": 1.0}}
    (found,) = Decoder(LimitedTable(ending, 3)).words([("T",)], 3)
    assert found[0] == ("a", pytest.approx(0.0, abs=1e-4))


@pytest.mark.slow
def test_the_requested_length_is_compiled_first():
    decoder = decoder_of("plain")
    assert list(decoder.warm_up(2, first=9)) == [16, 8]
    assert list(decoder.warm_up(2, first=40)) == [40, 8, 16]
    assert list(decoder.warm_up(2)) == [8, 16]

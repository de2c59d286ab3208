"""Search: beside trying every word, on a speller of three letters and by hand.

Each width and each length is traced, which takes a second: tests share decoders, and ask for few.
"""

import functools
import itertools

import numpy as np
import pytest
import tensorflow as tf

from engine.errors import ParameterError
from engine.seq2seq.beam_search import BATCH
from engine.seq2seq.model.encoder_decoder import NO_DROPOUT, EncoderDecoder
from engine.seq2seq.vocabulary import END_ID
from engine.spelling.decoding import Decoder
from engine.spelling.vocabulary import LETTER_IDS, LETTERS, MAX_LETTERS, encode_phonemes
from tests.engine.spelling.tiny import EIGHT, KINDS, speller

PRONUNCIATIONS = [entry.phonemes for entry in EIGHT]


class Table(EncoderDecoder):
    """Probabilities of the next letter from a table by the last letter: a toy with a known best.

    After `limit` letters only the end is possible.
    """

    heads = ("only",)

    def __init__(self, probabilities, limit):
        table = np.full((len(LETTERS), len(LETTERS)), 1e-30, np.float32)
        for last, following in probabilities.items():
            for letter, probability in following.items():
                table[LETTER_IDS[last], LETTER_IDS[letter]] = probability
        self.log_table, self.limit = tf.constant(np.log(table)), limit

    def encode(self, source, dropout=None, dtype=tf.float32):
        return tf.cast(source > 0, dtype)

    def initial_state(self, memory, n_symbols):
        return memory[:, :1]

    def decode_step(self, memory, state, previous, position):
        only_end = tf.where(tf.range(len(LETTERS)) == END_ID, 0.0, -100.0)
        free = tf.gather(self.log_table, previous)
        logits = tf.where(position >= self.limit, only_end, free)
        alignment = memory / tf.reduce_sum(memory, 1, keepdims=True)
        return logits, alignment[:, tf.newaxis], state

    def forward(self, source, previous, dropout, dtype):
        raise NotImplementedError


TEMPTING = {
    # a looks best at first, but the best word begins with b.
    "*": {"a": 0.6, "b": 0.4},
    "a": {"a": 0.4, "b": 0.3, "_": 0.3},
    "b": {"a": 0.05, "b": 0.05, "_": 0.9},
}


@functools.cache
def tempted(compiled=False):
    return Decoder(Table(TEMPTING, 3), compiled=compiled)


@functools.cache
def decoder_of(kind):
    return Decoder(speller(kind))


def every_word(table, limit):
    """Each word of up to `limit` letters with its log-probability."""
    found = {}
    for length in range(1, limit + 1):
        for letters in itertools.product("ab", repeat=length):
            path = ["*", *letters] + (["_"] if length < limit else [])
            steps = itertools.pairwise(path)
            found["".join(letters)] = sum(np.log(table[last][now]) for last, now in steps)
    return found


def test_greedy_takes_the_best_letter_each_time():
    (found,) = tempted().words([("T",)], 1)
    assert found == [("aaa", pytest.approx(np.log(0.6 * 0.4 * 0.4)))]


@pytest.mark.parametrize("compiled", [False, True])
def test_a_wide_beam_finds_what_trying_every_word_finds(compiled):
    (found,) = tempted(compiled).words([("T",)], 16)
    expected = every_word(TEMPTING, 3)
    assert len(expected) == 14
    likely = {word: score for word, score in found if word in expected}
    assert likely == pytest.approx(expected, rel=1e-4)


def test_words_are_ordered_by_their_probability():
    # b: 0.4 and 0.9. ab: 0.6, 0.3 and 0.9, more probable a letter than a: 0.6 and 0.3.
    (found,) = tempted().words([("T",)], 16)
    scores = [score for _, score in found]
    assert scores == sorted(scores, reverse=True)
    words = [word for word, _ in found]
    assert words[0] == "b"
    assert words.index("a") < words.index("ab")


ENDLESS = {"*": {"a": 1.0}, "a": {"a": 0.75, "_": 0.25}}


def test_a_word_without_end_gets_one_where_no_letter_has_room():
    decoder = Decoder(Table(ENDLESS, 1000))
    (frame,) = decoder.spell([("T",)], 1)
    (spelling,) = frame.spellings
    n_letters = len(spelling.letters)
    assert spelling.letters == "a" * n_letters
    assert n_letters > MAX_LETTERS
    assert spelling.symbols == spelling.letters + "_"
    # The end has the probability that the speller gives it.
    assert spelling.probabilities[-1] == pytest.approx(0.25)
    assert spelling.log_probability == pytest.approx(
        (n_letters - 1) * np.log(0.75) + np.log(0.25), rel=1e-4
    )
    assert spelling.is_longer_than_learned
    (note,) = frame.notes
    assert note == f"{spelling.letters} is longer than any word it has learned (22 letters)."


@pytest.mark.parametrize("width", [2, 3, 5])
def test_a_beam_is_worth_its_width(width):
    (found,) = tempted().words([("T",)], width)
    (narrower,) = tempted().words([("T",)], width - 1)
    assert found[0][1] >= narrower[0][1]
    assert len(found) == width


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_probabilities_are_those_of_teaching(kind):
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
def test_a_frame_holds_what_it_promises(kind):
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
def test_alone_or_among_others_a_word_is_the_same(kind):
    decoder = decoder_of(kind)
    together = decoder.words(PRONUNCIATIONS, 3)
    for phonemes, expected in zip(PRONUNCIATIONS, together, strict=True):
        (alone,) = decoder.words([phonemes], 3)
        assert [word for word, _ in alone] == [word for word, _ in expected]
        np.testing.assert_allclose([s for _, s in alone], [s for _, s in expected], rtol=1e-3)


@pytest.mark.slow
def test_both_ways_to_ask_give_the_same_words():
    decoder = decoder_of("attention")
    frames = decoder.spell(PRONUNCIATIONS, 3)
    for frame, words in zip(frames, decoder.words(PRONUNCIATIONS, 3), strict=True):
        assert [spelling.letters for spelling in frame.spellings] == [word for word, _ in words]


@pytest.mark.slow
def test_more_than_a_batch_comes_back_in_order():
    decoder = decoder_of("attention")
    many = PRONUNCIATIONS * (BATCH // 8 + 2)
    found = decoder.words(many)
    assert [words[0][0] for words in found[:8]] == [words[0][0] for words in found[-8:]]
    assert len(found) == len(many)


def test_a_forced_beginning_by_hand():
    (frame,) = tempted().spell([("T",)], 2, prefix="a")
    scores = {spelling.letters: spelling.log_probability for spelling in frame.spellings}
    # After a: another a, twice, or the end.
    assert scores["aaa"] == pytest.approx(np.log(0.6 * 0.4 * 0.4))
    assert scores["a"] == pytest.approx(np.log(0.6 * 0.3))
    assert all(spelling.letters.startswith("a") for spelling in frame.spellings)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_what_is_forced_stands_there_with_its_own_probability(kind):
    decoder = decoder_of(kind)
    (free,) = decoder.spell([PRONUNCIATIONS[6]], 1)
    (forced,) = decoder.spell([PRONUNCIATIONS[6]], 1, prefix="qx")
    best = forced.spellings[0]
    assert best.letters.startswith("qx")
    assert best.probabilities[0] < free.spellings[0].probabilities[0]
    # What the speller thought of the first letter is the same.
    assert best.alternatives[0] == free.spellings[0].alternatives[0]
    # To force what it would write anyway changes nothing.
    (same,) = decoder.spell([PRONUNCIATIONS[6]], 1, prefix=free.spellings[0].letters[:8])
    assert same.spellings[0].letters == free.spellings[0].letters
    np.testing.assert_allclose(
        same.spellings[0].log_probability, free.spellings[0].log_probability, rtol=1e-4
    )


def test_an_end_can_be_forced_too():
    (frame,) = decoder_of("attention").spell([PRONUNCIATIONS[6]], 3, prefix="ab_")
    assert [spelling.letters for spelling in frame.spellings] == ["ab"]


@pytest.mark.parametrize("prefix", ["é", "A", "a b", "a_b", "*", "1", "_"])
def test_only_letters_can_be_forced(prefix):
    with pytest.raises(ParameterError, match="give it letters from a to z"):
        decoder_of("attention").spell([("T",)], 1, prefix=prefix)


def test_more_letters_than_there_is_room_for():
    with pytest.raises(ParameterError, match="40 letters are too many; a word may have 24"):
        decoder_of("attention").spell([("T",)], 1, prefix="a" * 40)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_one_phoneme_and_forty(kind):
    frames = decoder_of(kind).spell([("T",), ("T", "AH0") * 20], 2)
    assert [len(frame.phonemes) for frame in frames] == [1, 40]
    assert all(frame.spellings for frame in frames)


@pytest.mark.slow
def test_compiled_or_not_the_numbers_are_the_same():
    decoder = decoder_of("transformer")
    (frame,) = decoder.spell([PRONUNCIATIONS[4]], 3)
    (compiled,) = Decoder(decoder.speller, compiled=True).spell([PRONUNCIATIONS[4]], 3)
    for one, other in zip(frame.spellings, compiled.spellings, strict=True):
        assert one.letters == other.letters
        np.testing.assert_allclose(one.alignments, other.alignments, rtol=1e-3, atol=1e-5)
        assert one.log_probability == pytest.approx(other.log_probability, rel=1e-4)


def test_a_word_has_a_letter():
    ending = {"*": {"_": 0.9, "a": 0.1}, "a": {"_": 1.0}}
    (found,) = Decoder(Table(ending, 3)).words([("T",)], 3)
    assert found[0] == ("a", pytest.approx(0.0, abs=1e-4))


@pytest.mark.slow
def test_what_waits_is_warmed_up_first():
    decoder = decoder_of("plain")
    assert list(decoder.warm_up(2, first=9)) == [16, 8]
    assert list(decoder.warm_up(2, first=40)) == [40, 8, 16]
    assert list(decoder.warm_up(2)) == [8, 16]

"""What must hold for every speller, whatever is inside it."""

import numpy as np
import pytest
import tensorflow as tf

from engine.seq2seq.model.ensemble import EnsembleSpeller
from engine.seq2seq.model.layers import Noise
from engine.seq2seq.model.speller import SILENT
from engine.seq2seq.training.loss import losses
from engine.spelling.vocabulary import LETTERS, START_ID
from tests.engine.seq2seq.tiny import KINDS, speller

pytestmark = pytest.mark.slow

PHONEMES = tf.constant([[5, 9, 2, 40, 0, 0], [7, 1, 80, 3, 8, 2], [11, 0, 0, 0, 0, 0]])
LETTER_IDS = tf.constant([[3, 1, 20, 5, 0], [8, 9, 7, 26, 2], [1, 0, 0, 0, 0]])
GIVEN = tf.concat([tf.fill([3, 1], START_ID), LETTER_IDS[:, :-1]], 1)


@pytest.fixture(scope="module", params=[*KINDS, "ensemble"])
def any_speller(request):
    """Only asked, never changed."""
    if request.param == "ensemble":
        members = ["transformer", "attention"]
        return EnsembleSpeller([speller(kind) for kind in members], members)
    return speller(request.param)


def teach(model, phonemes=PHONEMES, given=GIVEN, noise=SILENT, dtype=tf.float32):
    return model.teach(phonemes, given, noise, dtype)


def test_step_by_step_is_all_at_once(any_speller):
    logits, alignments = teach(any_speller)
    memory = any_speller.read(PHONEMES)
    state = any_speller.start(memory, 8)
    for place in range(5):
        step_logits, alignment, state = any_speller.step(
            memory, state, GIVEN[:, place], tf.constant(place)
        )
        np.testing.assert_allclose(step_logits, logits[:, place], rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(alignment, alignments[:, :, place], rtol=1e-4, atol=1e-6)


def test_alignments_are_weights(any_speller):
    _, alignments = teach(any_speller)
    assert alignments.shape[1] == len(any_speller.heads)
    np.testing.assert_allclose(
        tf.reduce_sum(alignments, -1), np.ones((3, alignments.shape[1], 5)), rtol=1e-5
    )
    if any_speller.sees_phonemes:
        padding = np.broadcast_to((PHONEMES == 0)[:, None, None], alignments.shape)
        assert np.all(alignments.numpy()[padding] == 0)
        assert np.all(alignments.numpy()[~padding] > 0)


def test_padding_changes_nothing(any_speller):
    logits, alignments = teach(any_speller)
    longer = tf.pad(PHONEMES, [[0, 0], [0, 3]])
    padded_logits, padded_alignments = teach(any_speller, longer, tf.pad(GIVEN, [[0, 0], [0, 2]]))
    np.testing.assert_allclose(padded_logits[:, :5], logits, rtol=1e-4, atol=1e-5)
    if any_speller.sees_phonemes:
        np.testing.assert_allclose(
            padded_alignments[:, :, :5, :6], alignments, rtol=1e-4, atol=1e-6
        )


def test_loss_is_that_of_the_words_and_not_of_their_padding(any_speller):
    loss, right = losses(teach(any_speller)[0], LETTER_IDS, GIVEN, 0.1)
    letters, given = (tf.pad(ids, [[0, 0], [0, 3]]) for ids in (LETTER_IDS, GIVEN))
    padded, padded_right = losses(teach(any_speller, given=given)[0], letters, given, 0.1)
    assert float(padded) == pytest.approx(float(loss), rel=1e-5)
    assert float(padded_right) == pytest.approx(float(right))


def test_no_letter_is_seen_before_it_is_written(any_speller):
    logits, _ = teach(any_speller)
    changed = tf.where(tf.range(5) >= 3, 13, GIVEN)
    other, _ = teach(any_speller, given=changed)
    np.testing.assert_allclose(other[:, :3], logits[:, :3], rtol=1e-5, atol=1e-6)


def test_whether_the_letters_before_are_heard(any_speller):
    logits, _ = teach(any_speller)
    other, _ = teach(any_speller, given=tf.where(tf.range(5) == 1, 13, GIVEN))
    # The plain speller does not hear them; that is the lecture's point.
    assert np.allclose(other[:, 1:], logits[:, 1:]) is not any_speller.sees_phonemes


def test_every_weight_learns(any_speller):
    with tf.GradientTape() as tape:
        loss, _ = losses(teach(any_speller)[0], LETTER_IDS, GIVEN, 0.1)
    named = any_speller.named_weights()
    for name, gradient in zip(named, tape.gradient(loss, list(named.values())), strict=True):
        assert gradient is not None, name
        assert np.any(tf.convert_to_tensor(gradient) != 0), name


def test_dropout_changes_what_is_taught(any_speller):
    noisy, _ = teach(any_speller, noise=Noise(0.5, tf.constant([0, 1])))
    again, _ = teach(any_speller, noise=Noise(0.5, tf.constant([0, 1])))
    np.testing.assert_array_equal(noisy, again)
    assert not np.allclose(noisy, teach(any_speller)[0])


def test_sixteen_bits_are_near(any_speller):
    exact = tf.nn.softmax(teach(any_speller)[0])
    near = tf.nn.softmax(teach(any_speller, dtype=tf.bfloat16)[0])
    assert near.dtype == tf.float32
    np.testing.assert_allclose(near, exact, atol=0.1)


def test_an_ensemble_of_one_twice_is_that_one():
    member = speller("attention")
    both = EnsembleSpeller([member, member], ["one", "two"])
    logits, alignments = teach(both)
    np.testing.assert_allclose(tf.nn.softmax(logits), tf.nn.softmax(teach(member)[0]), rtol=1e-4)
    np.testing.assert_allclose(alignments[:, 0], alignments[:, 1])


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_loss_by_hand(smoothing):
    # Two places count: the letter a, then the end. All logits are equal but that of b at first.
    logits = np.zeros((1, 3, len(LETTERS)), np.float32)
    logits[0, 0, 2] = 1.0
    letters, given = tf.constant([[1, 0, 0]]), tf.constant([[START_ID, 1, 0]])
    loss, right = losses(tf.constant(logits), letters, given, smoothing)
    first = np.log(27 + np.e) - smoothing / 28
    assert float(loss) == pytest.approx((first + np.log(28)) / 2, rel=1e-5)
    assert float(right) == 0.5  # of equal letters the first is taken, which is the end

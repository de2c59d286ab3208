"""Properties of every model, whatever its architecture."""

import inspect

import numpy as np
import pytest
import tensorflow as tf

from engine.seq2seq import cards, checkpoints
from engine.seq2seq.model.encoder_decoder import NO_DROPOUT, EncoderDecoder
from engine.seq2seq.model.ensemble import Ensemble
from engine.seq2seq.model.layers import Dropout
from engine.seq2seq.model.models import MODELS
from engine.seq2seq.training.loss import loss_and_accuracy
from engine.spelling import library
from engine.spelling.models import build_speller
from engine.spelling.recipes import SpellerRecipe
from engine.spelling.vocabulary import LETTERS, START_ID
from tests.engine.spelling.tiny import KINDS, speller

pytestmark = pytest.mark.slow

PHONEMES = tf.constant([[5, 9, 2, 40, 0, 0], [7, 1, 80, 3, 8, 2], [11, 0, 0, 0, 0, 0]])
LETTER_IDS = tf.constant([[3, 1, 20, 5, 0], [8, 9, 7, 26, 2], [1, 0, 0, 0, 0]])
GIVEN = tf.concat([tf.fill([3, 1], START_ID), LETTER_IDS[:, :-1]], 1)


@pytest.fixture(scope="module", params=[*KINDS, "ensemble"])
def any_model(request):
    """A model that tests only call, never change."""
    if request.param == "ensemble":
        members = ["transformer", "attention"]
        return Ensemble([speller(kind) for kind in members], members)
    return speller(request.param)


def forward(model, phonemes=PHONEMES, given=GIVEN, dropout=NO_DROPOUT, dtype=tf.float32):
    return model.forward(phonemes, given, dropout, dtype)


def test_decoding_step_by_step_matches_forward(any_model):
    logits, alignments = forward(any_model)
    memory = any_model.encode(PHONEMES)
    state = any_model.initial_state(memory, 8)
    for place in range(5):
        step_logits, alignment, state = any_model.decode_step(
            memory, state, GIVEN[:, place], tf.constant(place)
        )
        np.testing.assert_allclose(step_logits, logits[:, place], rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(alignment, alignments[:, :, place], rtol=1e-4, atol=1e-6)


def test_alignments_are_distributions(any_model):
    _, alignments = forward(any_model)
    assert alignments.shape[1] == len(any_model.heads)
    np.testing.assert_allclose(
        tf.reduce_sum(alignments, -1), np.ones((3, alignments.shape[1], 5)), rtol=1e-5
    )
    if any_model.attends:
        padding = np.broadcast_to((PHONEMES == 0)[:, None, None], alignments.shape)
        assert np.all(alignments.numpy()[padding] == 0)
        assert np.all(alignments.numpy()[~padding] > 0)


def test_padding_changes_nothing(any_model):
    logits, alignments = forward(any_model)
    longer = tf.pad(PHONEMES, [[0, 0], [0, 3]])
    padded_logits, padded_alignments = forward(any_model, longer, tf.pad(GIVEN, [[0, 0], [0, 2]]))
    np.testing.assert_allclose(padded_logits[:, :5], logits, rtol=1e-4, atol=1e-5)
    if any_model.attends:
        np.testing.assert_allclose(
            padded_alignments[:, :, :5, :6], alignments, rtol=1e-4, atol=1e-6
        )


def test_loss_ignores_padding(any_model):
    loss, right = loss_and_accuracy(forward(any_model)[0], LETTER_IDS, GIVEN, 0.1)
    letters, given = (tf.pad(ids, [[0, 0], [0, 3]]) for ids in (LETTER_IDS, GIVEN))
    padded, padded_right = loss_and_accuracy(
        forward(any_model, given=given)[0], letters, given, 0.1
    )
    assert float(padded) == pytest.approx(float(loss), rel=1e-5)
    assert float(padded_right) == pytest.approx(float(right))


def test_the_causal_mask_hides_later_letters(any_model):
    logits, _ = forward(any_model)
    changed = tf.where(tf.range(5) >= 3, 13, GIVEN)
    other, _ = forward(any_model, given=changed)
    np.testing.assert_allclose(other[:, :3], logits[:, :3], rtol=1e-5, atol=1e-6)


def test_only_the_plain_speller_ignores_previous_letters(any_model):
    logits, _ = forward(any_model)
    other, _ = forward(any_model, given=tf.where(tf.range(5) == 1, 13, GIVEN))
    # The plain speller ignores them; that is the lecture's point.
    assert np.allclose(other[:, 1:], logits[:, 1:]) is not any_model.attends


def test_every_weight_has_a_gradient(any_model):
    with tf.GradientTape() as tape:
        loss, _ = loss_and_accuracy(forward(any_model)[0], LETTER_IDS, GIVEN, 0.1)
    named = any_model.named_weights()
    for name, gradient in zip(named, tape.gradient(loss, list(named.values())), strict=True):
        assert gradient is not None, name
        assert np.any(tf.convert_to_tensor(gradient) != 0), name


def test_dropout_changes_the_output_in_training(any_model):
    noisy, _ = forward(any_model, dropout=Dropout(0.5, tf.constant([0, 1])))
    again, _ = forward(any_model, dropout=Dropout(0.5, tf.constant([0, 1])))
    np.testing.assert_array_equal(noisy, again)
    assert not np.allclose(noisy, forward(any_model)[0])


def test_float16_is_close_to_float32(any_model):
    exact = tf.nn.softmax(forward(any_model)[0])
    near = tf.nn.softmax(forward(any_model, dtype=tf.bfloat16)[0])
    assert near.dtype == tf.float32
    np.testing.assert_allclose(near, exact, atol=0.1)


def test_an_ensemble_of_two_equal_members_equals_one():
    member = speller("attention")
    both = Ensemble([member, member], ["one", "two"])
    logits, alignments = forward(both)
    np.testing.assert_allclose(tf.nn.softmax(logits), tf.nn.softmax(forward(member)[0]), rtol=1e-4)
    np.testing.assert_allclose(alignments[:, 0], alignments[:, 1])


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_loss_by_hand(smoothing):
    # Two positions count: the letter a, then the end. All logits are equal except the first b.
    logits = np.zeros((1, 3, len(LETTERS)), np.float32)
    logits[0, 0, 2] = 1.0
    letters, given = tf.constant([[1, 0, 0]]), tf.constant([[START_ID, 1, 0]])
    loss, right = loss_and_accuracy(tf.constant(logits), letters, given, smoothing)
    first = np.log(27 + np.e) - smoothing / 28
    assert float(loss) == pytest.approx((first + np.log(28)) / 2, rel=1e-5)
    assert float(right) == 0.5  # argmax takes the first of equal logits, the end mark


INTERFACE = [name for name in vars(EncoderDecoder) if name in EncoderDecoder.__abstractmethods__]


def test_a_model_that_lacks_a_method_cannot_be_instantiated():
    assert sorted(INTERFACE) == ["decode_step", "encode", "forward", "initial_state"]
    for lacking in INTERFACE:
        methods = {name: lambda *_: None for name in INTERFACE if name != lacking}
        incomplete = type("Incomplete", (EncoderDecoder,), methods)
        with pytest.raises(TypeError, match=lacking):
            incomplete()


@pytest.mark.parametrize("kind", [*MODELS.values(), Ensemble], ids=lambda kind: kind.__name__)
def test_every_model_has_the_methods_of_the_interface(kind):
    assert issubclass(kind, EncoderDecoder)
    assert not kind.__abstractmethods__
    for name in INTERFACE:
        theirs, asked = (inspect.signature(getattr(each, name)) for each in (kind, EncoderDecoder))
        assert theirs == asked, name


@pytest.mark.parametrize("name", ["plain", "attention", "transformer"])
def test_weights_have_the_names_and_order_of_shipped_files(name):
    arrays, card = checkpoints.load(library.FOLDER / f"{name}.npz")
    model = build_speller(cards.recipe(card, SpellerRecipe), None)
    weights = model.named_weights()
    assert {key: tuple(weight.shape) for key, weight in weights.items()} == {
        key: array.shape for key, array in arrays.items()
    }
    # The optimizer's arrays in a checkpoint are numbered in this order.
    assert list(weights) == [*sorted(weights, key=_path)]


def _path(name):
    return [int(each) if each.isdigit() else each for each in name.split("/")]

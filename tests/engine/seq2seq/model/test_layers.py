"""The layers on numbers computed by hand, and compared with Keras."""

import numpy as np
import pytest
import tensorflow as tf

from engine.seq2seq.model.layers import (
    GRU,
    MASKED,
    AdditiveAttention,
    BidirectionalGRU,
    Dense,
    Dropout,
    Embedding,
    MultiHeadAttention,
    RelativeBias,
    rms_norm,
)


@pytest.fixture
def rng():
    return np.random.default_rng(0)


def random(rng, *shape):
    return tf.constant(rng.normal(size=shape), tf.float32)


in_loops_or_unrolled = pytest.mark.parametrize("unrolled", [False, True])


def test_dense_by_hand(rng):
    layer = Dense(rng, 2, 1)
    layer.kernel.assign([[2.0], [3.0]])
    layer.bias.assign([1.0])
    result = layer(tf.constant([[[1.0, 1.0], [0.0, -1.0]]]))
    np.testing.assert_array_equal(result, [[[6.0], [-2.0]]])


def test_embedding_looks_up(rng):
    layer = Embedding(rng, 3, 2)
    result = layer(tf.constant([[2, 0]]))
    np.testing.assert_array_equal(result[0], layer.vectors.numpy()[[2, 0]])


def test_rms_norm_by_hand():
    # The mean of 9 and 16 is 12.5.
    result = rms_norm(tf.constant([[3.0, 4.0]]))
    np.testing.assert_allclose(result, np.array([[3.0, 4.0]]) / np.sqrt(12.5), rtol=1e-5)


def attention_by_hand(rng):
    """Additive attention with one unit: the score of a phoneme is 2 tanh(state + annotation)."""
    layer = AdditiveAttention(rng, 1, 1, 1)
    layer.from_state.kernel.assign([[1.0]])
    layer.from_annotation.kernel.assign([[1.0]])
    layer.score.kernel.assign([[2.0]])
    return layer


def look(layer, state, annotations, mask):
    return layer(state, annotations, layer.from_annotation(annotations), mask)


def test_additive_attention_by_hand(rng):
    layer = attention_by_hand(rng)
    annotations = tf.constant([[[1.0], [-1.0], [5.0]]])
    context, alignment = look(
        layer, tf.constant([[0.5]]), annotations, tf.constant([[True, True, False]])
    )
    weights = np.exp([2 * np.tanh(1.5), 2 * np.tanh(-0.5)])
    weights /= weights.sum()
    np.testing.assert_allclose(alignment, [[*weights, 0.0]], rtol=1e-5)
    np.testing.assert_allclose(context, [[weights[0] - weights[1]]], rtol=1e-5)


def test_additive_attention_matches_keras(rng):
    layer = AdditiveAttention(rng, 6, 4, 3)
    state, annotations = random(rng, 2, 6), random(rng, 2, 5, 4)
    mask = tf.sequence_mask([5, 2], 5)
    context, alignment = look(layer, state, annotations, mask)
    keras = tf.keras.layers.AdditiveAttention()
    keras.build([(2, 1, 3), (2, 5, 4), (2, 5, 3)])
    keras.scale.assign(layer.score.kernel[:, 0])
    theirs, weights = keras(
        [layer.from_state(state)[:, None], annotations, layer.from_annotation(annotations)],
        mask=[None, mask],
        return_attention_scores=True,
    )
    np.testing.assert_allclose(context, theirs[:, 0], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(alignment, weights[:, 0], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("dtype", [tf.float32, tf.bfloat16])
def test_padding_has_exactly_zero_weight(rng, dtype):
    layer = AdditiveAttention(rng, 6, 4, 3)
    annotations = tf.cast(100 * random(rng, 2, 5, 4), dtype)
    _, alignment = look(
        layer, tf.cast(random(rng, 2, 6), dtype), annotations, tf.sequence_mask([5, 2], 5)
    )
    np.testing.assert_array_equal(alignment[1, 2:], [0, 0, 0])
    sums = tf.reduce_sum(tf.cast(alignment, tf.float32), 1)
    np.testing.assert_allclose(sums, [1, 1], atol=1e-6 if dtype is tf.float32 else 0.02)


@in_loops_or_unrolled
def test_gru_matches_keras(rng, unrolled):
    layer = GRU(rng, 3, 4)
    inputs = random(rng, 2, 5, 3)
    keras = tf.keras.layers.GRU(4, return_sequences=True, reset_after=True)
    keras.build(inputs.shape)
    # Keras orders the gates update, reset, new, and an update gate of one keeps the state.
    order = np.r_[4:8, 0:4, 8:12]
    layer.from_input.bias.assign(rng.normal(size=12).astype(np.float32))
    layer.from_state.bias.assign(rng.normal(size=12).astype(np.float32))
    keras.set_weights(
        [
            layer.from_input.kernel.numpy()[:, order],
            layer.from_state.kernel.numpy()[:, order],
            np.stack([layer.from_input.bias.numpy()[order], layer.from_state.bias.numpy()[order]]),
        ]
    )
    everywhere = tf.ones([2, 5], tf.bool)
    ours = layer.run(inputs, everywhere, unrolled=unrolled)
    np.testing.assert_allclose(ours, keras(inputs), rtol=1e-4, atol=1e-5)
    ours = layer.run(inputs, everywhere, backward=True, unrolled=unrolled)
    np.testing.assert_allclose(ours, keras(inputs[:, ::-1])[:, ::-1], rtol=1e-4, atol=1e-5)


@in_loops_or_unrolled
def test_a_gru_keeps_its_state_at_padding(rng, unrolled):
    layer = BidirectionalGRU(rng, 3, 4)
    inputs = random(rng, 1, 4, 3)
    whole = layer(inputs[:, :2], tf.ones([1, 2], tf.bool), unrolled=unrolled)
    padded = layer(inputs, tf.constant([[True, True, False, False]]), unrolled=unrolled)
    np.testing.assert_allclose(padded[:, :2], whole, rtol=1e-5, atol=1e-6)
    # Forward, the last state is kept to the end.
    np.testing.assert_allclose(padded[:, 3, :4], whole[:, 1, :4], rtol=1e-5, atol=1e-6)


def test_attention_with_one_head_matches_tensorflow(rng):
    layer = MultiHeadAttention(rng, 4, 1)
    inputs, others = random(rng, 2, 3, 4), random(rng, 2, 5, 4)
    keys_values = layer.keys_values(others)
    result, weights = layer(inputs, keys_values, tf.zeros([1, 3, 5]))
    keys, values = keys_values[:, 0], keys_values[:, 1]
    scores = tf.matmul(layer.to_query(inputs), keys, transpose_b=True) / 2  # the square root of 4
    expected = tf.nn.softmax(scores)
    np.testing.assert_allclose(weights[:, 0], expected, rtol=1e-5)
    np.testing.assert_allclose(
        result, layer.to_output(tf.matmul(expected, values)), rtol=1e-4, atol=1e-6
    )


def test_heads_are_independent(rng):
    layer = MultiHeadAttention(rng, 4, 2)
    inputs = random(rng, 1, 3, 4)
    bias = tf.stack([tf.zeros([3, 3]), tf.constant([[0.0, MASKED, MASKED]] * 3)])
    _, weights = layer(inputs, layer.keys_values(inputs), bias)
    np.testing.assert_array_equal(weights[0, 1], [[1, 0, 0]] * 3)
    assert np.all(weights[0, 0] > 0)


def test_relative_bias_depends_only_on_the_distance():
    layer = RelativeBias(1, farthest=2)
    layer.table.assign([[-2.0], [-1.0], [0.0], [1.0], [2.0]])
    places = tf.range(4)
    np.testing.assert_array_equal(
        layer(places, places, tf.float32)[0],
        [[0, 1, 2, 2], [-1, 0, 1, 2], [-2, -1, 0, 1], [-2, -2, -1, 0]],
    )
    np.testing.assert_array_equal(
        layer(tf.constant([7]), places + 7, tf.float32)[0], [[0, 1, 2, 2]]
    )


def test_dropout_drops_its_rate_and_keeps_the_mean():
    values = tf.ones([200, 500])
    result = Dropout(0.25, tf.constant([3, 4]))(values).numpy()
    assert set(np.unique(result)) == {0, np.float32(4 / 3)}
    # With 100,000 draws, five standard deviations are 0.7 %.
    assert np.mean(result == 0) == pytest.approx(0.25, abs=0.007)


def test_dropout_is_determined_by_its_seed():
    values = tf.ones([100])
    first, second = Dropout(0.5, tf.constant([3, 4])), Dropout(0.5, tf.constant([3, 4]))
    np.testing.assert_array_equal(first(values), second(values))
    assert np.any(first(values) != Dropout(0.5, tf.constant([3, 4]))(values)), "each call differs"
    assert np.any(
        Dropout(0.5, tf.constant([3, 5]))(values) != Dropout(0.5, tf.constant([3, 4]))(values)
    )


def test_a_dropout_rate_of_zero_changes_nothing():
    values = tf.constant([1.0, 2.0])
    assert Dropout()(values) is values

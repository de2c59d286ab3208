"""The loss of a batch, and functions of such batches."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from engine.runtime.backend import tf


def loss_and_accuracy(
    logits: tf.Tensor, target: tf.Tensor, previous: tf.Tensor, smoothing: float
) -> tuple[tf.Tensor, tf.Tensor]:
    """Mean cross-entropy over the symbols and end marks, and the accuracy on them.

    Args:
        logits: (B, L, V) float32.
        target: (B, L) int32, the correct symbols.
        previous: (B, L) int32, the symbols before them: after an end mark nothing counts.
        smoothing: Label smoothing: the probability that the target shares among all symbols.

    Returns:
        Two () float32.
    """
    counts = tf.cast(previous > 0, tf.float32)
    n_symbols = logits.shape[-1]
    wanted = tf.one_hot(target, n_symbols, 1 - smoothing, 0.0) + smoothing / n_symbols
    entropy = tf.nn.softmax_cross_entropy_with_logits(wanted, logits)
    correct = tf.cast(tf.argmax(logits, -1, tf.int32) == target, tf.float32)
    total = tf.reduce_sum(counts)
    return tf.reduce_sum(entropy * counts) / total, tf.reduce_sum(correct * counts) / total


def shifted(target: tf.Tensor, start_id: int) -> tf.Tensor:
    """The decoder's input: the (B, L) target shifted by one, the start symbol first."""
    return tf.concat([tf.fill([tf.shape(target)[0], 1], start_id), target[:, :-1]], 1)


def traced_by_length(function: Callable[..., Any]) -> Callable[..., Any]:
    """A TensorFlow function of sources and targets, traced once for each length, whatever B is."""

    @functools.cache
    def traced(n_source: int, n_target: int) -> Any:
        shapes = [None, n_source], [None, n_target]
        signature = [tf.TensorSpec(shape, tf.int32) for shape in shapes]
        # No model and no loss branches on a value, so AutoGraph has nothing to convert.
        return tf.function(function, input_signature=signature, autograph=False)

    def call(source: np.ndarray, target: np.ndarray) -> Any:
        return traced(source.shape[1], target.shape[1])(source, target)

    return call

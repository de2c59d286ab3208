"""The loss of a batch of words, and functions of such batches."""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

from engine.runtime.backend import tf
from engine.spelling.vocabulary import LETTERS, START_ID


def losses(
    logits: tf.Tensor, letters: tf.Tensor, given: tf.Tensor, smoothing: float
) -> tuple[tf.Tensor, tf.Tensor]:
    """Mean cross-entropy over the letters and end marks, and the part of them that is right.

    Args:
        logits: (B, L, V) float32.
        letters: (B, L) int32, the right ones.
        given: (B, L) int32, the letters before them: after an end mark nothing counts.
        smoothing: Probability that the target leaves to all symbols alike.

    Returns:
        Two () float32.
    """
    counts = tf.cast(given > 0, tf.float32)
    target = tf.one_hot(letters, len(LETTERS), 1 - smoothing, 0.0) + smoothing / len(LETTERS)
    entropy = tf.nn.softmax_cross_entropy_with_logits(target, logits)
    right = tf.cast(tf.argmax(logits, -1, tf.int32) == letters, tf.float32)
    n_letters = tf.reduce_sum(counts)
    return tf.reduce_sum(entropy * counts) / n_letters, tf.reduce_sum(right * counts) / n_letters


def taught(letters: tf.Tensor) -> tf.Tensor:
    """What the decoder is given: (B, L) letters shifted by one, the start symbol first."""
    return tf.concat([tf.fill([tf.shape(letters)[0], 1], START_ID), letters[:, :-1]], 1)


def traced_by_length(function: Callable[..., Any]) -> Callable[..., Any]:
    """A TensorFlow function of phonemes and letters, traced once for each length, whatever B is."""

    @functools.cache
    def traced(n_phonemes: int, n_letters: int) -> Any:
        shapes = [None, n_phonemes], [None, n_letters]
        signature = [tf.TensorSpec(shape, tf.int32) for shape in shapes]
        # Nothing in a speller or a loss branches on a value: there is nothing to convert.
        return tf.function(function, input_signature=signature, autograph=False)

    def call(phonemes: np.ndarray, letters: np.ndarray) -> Any:
        return traced(phonemes.shape[1], letters.shape[1])(phonemes, letters)

    return call

"""Measures how far outputs are from the correct ones."""

import numpy as np

from engine.runtime.backend import tf


def edit_distance(outputs: np.ndarray, targets: np.ndarray) -> int:
    """Count the symbols to insert, delete or replace in all outputs to get the targets.

    Args:
        outputs: (N, L) int32 ids, padded with 0.
        targets: (N, M) int32 ids, padded with 0.
    """
    edits = tf.edit_distance(
        tf.sparse.from_dense(outputs), tf.sparse.from_dense(targets), normalize=False
    )
    return int(tf.reduce_sum(edits))

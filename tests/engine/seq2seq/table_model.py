"""A model whose probabilities are a table, so that the best outputs can be found by hand."""

import numpy as np
import tensorflow as tf

from engine.seq2seq.model.encoder_decoder import EncoderDecoder


class TableModel(EncoderDecoder):
    """Probabilities of the next symbol that depend only on the previous one.

    Every symbol of the source gets the same attention.
    """

    heads = ("only",)

    def __init__(self, probabilities, ids):
        """Make the table.

        Args:
            probabilities: For each symbol those of the symbols that may follow it.
            ids: The id of each symbol.
        """
        table = np.full((len(ids), len(ids)), 1e-30, np.float32)
        for previous, following in probabilities.items():
            for symbol, probability in following.items():
                table[ids[previous], ids[symbol]] = probability
        self.log_table = tf.constant(np.log(table))

    def encode(self, source, dropout=None, dtype=tf.float32):
        return tf.cast(source > 0, dtype)

    def initial_state(self, memory, n_symbols):
        return memory[:, :1]

    def decode_step(self, memory, state, previous, position):
        uniform = memory / tf.reduce_sum(memory, 1, keepdims=True)
        alignment = tf.stack([uniform] * len(self.heads), 1)
        return tf.gather(self.log_table, previous), alignment, state

    def forward(self, source, previous, dropout, dtype):
        raise NotImplementedError

"""The lecture's first model: the whole source passes through one vector.

Sutskever, I., Vinyals, O. and Le, Q. (2014). Sequence to sequence learning with neural networks.
NeurIPS. In the lecture's version the vector is the decoder's input at every step, and the symbols
written so far are not.
"""

import numpy as np

from engine.runtime.backend import tf
from engine.seq2seq.model.encoder_decoder import NO_DROPOUT, EncoderDecoder, Memory, State
from engine.seq2seq.model.layers import GRU, BidirectionalGRU, Dense, Dropout, Embedding


class PlainEncoderDecoder(EncoderDecoder):
    """Embedding, bidirectional GRU, GRU to one vector; two GRUs that get it as input at each step.

    Args:
        rng: Draws the initial weights.
        n_source: Number of source symbols.
        n_target: Number of target symbols.
        embedding: Size of the vector of a source symbol.
        size: Size S of the states, even.
    """

    heads = ("the whole word",)
    attends = False

    def __init__(
        self, rng: np.random.Generator, n_source: int, n_target: int, *, embedding: int, size: int
    ) -> None:
        self.embedding = Embedding(rng, n_source, embedding)
        self.encoder = BidirectionalGRU(rng, embedding, size // 2)
        self.to_vector = GRU(rng, size, size)
        self.first = GRU(rng, size, size)
        self.second = GRU(rng, size, size)
        self.to_logits = Dense(rng, size, n_target)

    def encode(
        self, source: tf.Tensor, dropout: Dropout = NO_DROPOUT, dtype: tf.DType = tf.float32
    ) -> Memory:
        """One vector, projected to the decoder's gates: (B, 3 S)."""
        mask = source > 0
        unrolled = dropout is not NO_DROPOUT  # in training
        embedded = dropout(self.embedding(source, dtype))
        annotations = dropout(self.encoder(embedded, mask, unrolled=unrolled))
        vector = self.to_vector.run(annotations, mask, unrolled=unrolled)[:, -1]
        return self.first.from_input(dropout(vector))

    def initial_state(self, memory: Memory, n_symbols: int) -> State:
        """Two states of zeros, (B, S)."""
        zeros = tf.zeros([tf.shape(memory)[0], self.first.size], memory.dtype)
        return zeros, zeros

    def decode_step(
        self, memory: Memory, state: State, previous: tf.Tensor, position: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, State]:
        """Ignore the previous symbol; the only annotation gets all the weight."""
        first, second = state
        first = self.first.step(memory, first)
        second = self.second.step(self.second.from_input(first), second)
        logits = tf.cast(self.to_logits(second), tf.float32)
        return logits, tf.ones([tf.shape(previous)[0], 1, 1]), (first, second)

    def forward(
        self, source: tf.Tensor, previous: tf.Tensor, dropout: Dropout, dtype: tf.DType
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """All steps, one recurrent layer after the other."""
        memory = self.encode(source, dropout, dtype)
        state, _ = self.initial_state(memory, previous.shape[1])
        firsts = []
        for _ in range(previous.shape[1]):
            state = self.first.step(memory, state)
            firsts.append(state)
        everywhere = tf.ones(tf.shape(previous), tf.bool)
        firsts = dropout(tf.stack(firsts, 1))
        seconds = self.second.run(firsts, everywhere, unrolled=dropout is not NO_DROPOUT)
        logits = tf.cast(self.to_logits(dropout(seconds)), tf.float32)
        batch, n_symbols = tf.unstack(tf.shape(previous))
        return logits, tf.ones([batch, 1, n_symbols, 1])

"""The lecture's second model: it attends to the source again for each target symbol.

Bahdanau, D., Cho, K. and Bengio, Y. (2015). Neural machine translation by jointly learning to
align and translate. ICLR. https://arxiv.org/abs/1409.0473
"""

import numpy as np

from engine.runtime.backend import tf
from engine.seq2seq.model.encoder_decoder import NO_DROPOUT, EncoderDecoder, Memory, State
from engine.seq2seq.model.layers import (
    GRU,
    AdditiveAttention,
    BidirectionalGRU,
    Dense,
    Dropout,
    Embedding,
)


class AttentionEncoderDecoder(EncoderDecoder):
    """Bidirectional GRUs, and a GRU decoder with additive attention that gets the last symbol.

    Args:
        rng: Draws the initial weights.
        n_source: Number of source symbols.
        n_target: Number of target symbols.
        embedding: Size of the vector of a symbol.
        size: Size S of the states and annotations, even.
        units: Size U of the attention's hidden layer and of the layer before the logits.
    """

    heads = ("attention",)

    def __init__(
        self,
        rng: np.random.Generator,
        n_source: int,
        n_target: int,
        *,
        embedding: int,
        size: int,
        units: int,
    ) -> None:
        self.source_embedding = Embedding(rng, n_source, embedding)
        self.encoder = [
            BidirectionalGRU(rng, embedding, size // 2),
            BidirectionalGRU(rng, size, size // 2),
        ]
        self.to_start = Dense(rng, size // 2, size)
        self.target_embedding = Embedding(rng, n_target, embedding)
        self.attention = AdditiveAttention(rng, size, size, units)
        self.from_context = Dense(rng, size, 3 * size, bias=False)
        self.decoder = GRU(rng, embedding, size)
        self.to_output = Dense(rng, size + size + embedding, units)
        self.to_logits = Dense(rng, units, n_target)

    def encode(
        self, source: tf.Tensor, dropout: Dropout = NO_DROPOUT, dtype: tf.DType = tf.float32
    ) -> Memory:
        """Annotations (B, T, S), their keys (B, T, U), and the mask of source symbols, (B, T)."""
        mask = source > 0
        annotations = dropout(self.source_embedding(source, dtype))
        for layer in self.encoder:
            annotations = dropout(layer(annotations, mask, unrolled=dropout is not NO_DROPOUT))
        return annotations, self.attention.from_annotation(annotations), mask

    def initial_state(self, memory: Memory, n_symbols: int) -> State:
        """Computed from the backward state of the first annotation: (B, S)."""
        annotations, _, _ = memory
        backward = annotations[:, 0, annotations.shape[-1] // 2 :]
        return tf.tanh(self.to_start(backward))

    def decode_step(
        self, memory: Memory, state: State, previous: tf.Tensor, position: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, State]:
        """Attend with the state, update the state, and compute the logits."""
        embedded = self.target_embedding(previous, state.dtype)
        projected = self.decoder.from_input(embedded)
        state, context, alignment = self._next(memory, state, projected)
        logits = self._logits(state, context, embedded, NO_DROPOUT)
        return logits, tf.cast(alignment, tf.float32)[:, tf.newaxis], state

    def forward(
        self, source: tf.Tensor, previous: tf.Tensor, dropout: Dropout, dtype: tf.DType
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """All steps; only what depends on the state is computed symbol by symbol."""
        memory = self.encode(source, dropout, dtype)
        embedded = dropout(self.target_embedding(previous, dtype))
        state = self.initial_state(memory, previous.shape[1])
        steps = []
        for projected in tf.unstack(self.decoder.from_input(embedded), axis=1):
            steps.append(self._next(memory, state, projected))
            state = steps[-1][0]
        states, contexts, alignments = (tf.stack(each, 1) for each in zip(*steps, strict=True))
        logits = self._logits(states, contexts, embedded, dropout)
        return logits, tf.cast(alignments, tf.float32)[:, tf.newaxis]

    def _next(
        self, memory: Memory, state: tf.Tensor, projected: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """The next state (B, S), with the context (B, S) and alignment (B, T) it comes from."""
        context, alignment = self.attention(state, *memory)
        return (
            self.decoder.step(projected + self.from_context(context), state),
            context,
            alignment,
        )

    def _logits(
        self, states: tf.Tensor, contexts: tf.Tensor, embedded: tf.Tensor, dropout: Dropout
    ) -> tf.Tensor:
        """From the state, the context and the last symbol: (..., V) float32."""
        together = dropout(tf.concat([states, contexts, embedded], -1))
        return tf.cast(self.to_logits(dropout(tf.tanh(self.to_output(together)))), tf.float32)

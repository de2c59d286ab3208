"""The lecture's second speller: it looks at the phonemes again for each letter.

Bahdanau, D., Cho, K. and Bengio, Y. (2015). Neural machine translation by jointly learning to
align and translate. ICLR. https://arxiv.org/abs/1409.0473
"""

import numpy as np

from engine.runtime.backend import tf
from engine.seq2seq.model.layers import (
    GRU,
    AdditiveAttention,
    BidirectionalGRU,
    Dense,
    Embedding,
    Noise,
)
from engine.seq2seq.model.speller import SILENT, Memory, Speller, State
from engine.spelling.vocabulary import LETTERS, PHONEMES


class AttentionSpeller(Speller):
    """Bidirectional GRUs, additive attention with the decoder's state, the last letter fed in."""

    heads = ("attention",)

    def __init__(self, rng: np.random.Generator, *, embedding: int, size: int, units: int) -> None:
        super().__init__()
        self.phonemes = Embedding(rng, len(PHONEMES), embedding)
        self.encoder = [
            BidirectionalGRU(rng, embedding, size // 2),
            BidirectionalGRU(rng, size, size // 2),
        ]
        self.to_start = Dense(rng, size // 2, size)
        self.letters = Embedding(rng, len(LETTERS), embedding)
        self.attention = AdditiveAttention(rng, size, size, units)
        self.from_context = Dense(rng, size, 3 * size, bias=False)
        self.decoder = GRU(rng, embedding, size)
        self.to_output = Dense(rng, size + size + embedding, units)
        self.to_logits = Dense(rng, units, len(LETTERS))

    def read(
        self, phonemes: tf.Tensor, noise: Noise = SILENT, dtype: tf.DType = tf.float32
    ) -> Memory:
        """Annotations (B, T, S), their keys (B, T, U), and which are phonemes, (B, T)."""
        mask = phonemes > 0
        annotations = noise(self.phonemes(phonemes, dtype))
        for layer in self.encoder:
            annotations = noise(layer(annotations, mask, unrolled=noise is not SILENT))
        return annotations, self.attention.from_annotation(annotations), mask

    def start(self, memory: Memory, n_letters: int) -> State:
        """What the first annotation knows, read from the end of the word: (B, S)."""
        annotations, _, _ = memory
        backward = annotations[:, 0, annotations.shape[-1] // 2 :]
        return tf.tanh(self.to_start(backward))

    def step(
        self, memory: Memory, state: State, letters: tf.Tensor, place: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, State]:
        """Look, go on by one letter, write it."""
        embedded = self.letters(letters, state.dtype)
        projected = self.decoder.from_input(embedded)
        state, context, alignment = self._advance(memory, state, projected)
        logits = self._logits(state, context, embedded, SILENT)
        return logits, tf.cast(alignment, tf.float32)[:, tf.newaxis], state

    def teach(
        self, phonemes: tf.Tensor, letters: tf.Tensor, noise: Noise, dtype: tf.DType
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """All steps; only what depends on the state is done letter by letter."""
        memory = self.read(phonemes, noise, dtype)
        embedded = noise(self.letters(letters, dtype))
        state = self.start(memory, letters.shape[1])
        steps = []
        for projected in tf.unstack(self.decoder.from_input(embedded), axis=1):
            steps.append(self._advance(memory, state, projected))
            state = steps[-1][0]
        states, contexts, alignments = (tf.stack(parts, 1) for parts in zip(*steps, strict=True))
        logits = self._logits(states, contexts, embedded, noise)
        return logits, tf.cast(alignments, tf.float32)[:, tf.newaxis]

    def _advance(
        self, memory: Memory, state: tf.Tensor, projected: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        context, alignment = self.attention(state, *memory)
        return (
            self.decoder.step(projected + self.from_context(context), state),
            context,
            alignment,
        )

    def _logits(
        self, states: tf.Tensor, contexts: tf.Tensor, embedded: tf.Tensor, noise: Noise
    ) -> tf.Tensor:
        """From the state, what was looked at and the last letter: (..., V) float32."""
        together = noise(tf.concat([states, contexts, embedded], -1))
        return tf.cast(self.to_logits(noise(tf.tanh(self.to_output(together)))), tf.float32)

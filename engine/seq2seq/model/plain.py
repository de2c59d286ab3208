"""The lecture's first speller: the whole word through one vector.

Sutskever, I., Vinyals, O. and Le, Q. (2014). Sequence to sequence learning with neural networks.
NeurIPS. As the lecture has it: the vector is the decoder's input at every letter, and the letters
written so far are not.
"""

import numpy as np

from engine.runtime.backend import tf
from engine.seq2seq.model.layers import GRU, BidirectionalGRU, Dense, Embedding, Noise
from engine.seq2seq.model.speller import SILENT, Memory, Speller, State
from engine.spelling.vocabulary import LETTERS, PHONEMES


class PlainSpeller(Speller):
    """Embedding, bidirectional GRU, GRU to one vector; two GRUs that are given it at every step."""

    heads = ("the whole word",)
    sees_phonemes = False

    def __init__(self, rng: np.random.Generator, *, embedding: int, size: int) -> None:
        super().__init__()
        self.embedding = Embedding(rng, len(PHONEMES), embedding)
        self.encoder = BidirectionalGRU(rng, embedding, size // 2)
        self.to_vector = GRU(rng, size, size)
        self.first = GRU(rng, size, size)
        self.second = GRU(rng, size, size)
        self.to_logits = Dense(rng, size, len(LETTERS))

    def read(
        self, phonemes: tf.Tensor, noise: Noise = SILENT, dtype: tf.DType = tf.float32
    ) -> Memory:
        """One vector, ready as the decoder's input: (B, 3 S)."""
        mask = phonemes > 0
        unrolled = noise is not SILENT  # in training
        embedded = noise(self.embedding(phonemes, dtype))
        annotations = noise(self.encoder(embedded, mask, unrolled=unrolled))
        vector = self.to_vector.run(annotations, mask, unrolled=unrolled)[:, -1]
        return self.first.from_input(noise(vector))

    def start(self, memory: Memory, n_letters: int) -> State:
        """Two states of zeros, (B, S)."""
        zeros = tf.zeros([tf.shape(memory)[0], self.first.size], memory.dtype)
        return zeros, zeros

    def step(
        self, memory: Memory, state: State, letters: tf.Tensor, place: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, State]:
        """Write a letter without looking at the last one; the only annotation gets all weight."""
        first, second = state
        first = self.first.step(memory, first)
        second = self.second.step(self.second.from_input(first), second)
        logits = tf.cast(self.to_logits(second), tf.float32)
        return logits, tf.ones([tf.shape(letters)[0], 1, 1]), (first, second)

    def teach(
        self, phonemes: tf.Tensor, letters: tf.Tensor, noise: Noise, dtype: tf.DType
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """All steps: a recurrent layer at a time."""
        memory = self.read(phonemes, noise, dtype)
        state, _ = self.start(memory, letters.shape[1])
        firsts = []
        for _ in range(letters.shape[1]):
            state = self.first.step(memory, state)
            firsts.append(state)
        everywhere = tf.ones(tf.shape(letters), tf.bool)
        firsts = noise(tf.stack(firsts, 1))
        seconds = self.second.run(firsts, everywhere, unrolled=noise is not SILENT)
        logits = tf.cast(self.to_logits(noise(seconds)), tf.float32)
        batch, n_letters = tf.unstack(tf.shape(letters))
        return logits, tf.ones([batch, 1, n_letters, 1])

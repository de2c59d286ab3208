"""What every speller can do, whatever is inside it: the one interface of training and decoding."""

from abc import abstractmethod
from typing import Any

from engine.runtime.backend import tf
from engine.seq2seq.model.layers import Noise

# Tensors, or tuples of tensors, whose first axis is B.
Memory = Any
State = Any

SILENT = Noise()


class Speller(tf.Module):
    """An encoder and a decoder.

    A speller looks at its input through one or more heads. Each head's alignment is a weight for
    each annotation, and a heat map shows these very numbers.

    Attributes:
        heads: A names the heads, (A,).
        sees_phonemes: Whether there is an annotation for each phoneme; otherwise there is one
            for the whole word.
    """

    heads: tuple[str, ...] = ("attention",)
    sees_phonemes = True

    @abstractmethod
    def read(
        self, phonemes: tf.Tensor, noise: Noise = SILENT, dtype: tf.DType = tf.float32
    ) -> Memory:
        """Encode (B, T) int32 phonemes: what the decoder looks at, the same for all letters."""

    @abstractmethod
    def start(self, memory: Memory, n_letters: int) -> State:
        """The decoder's state before the first of at most `n_letters` letters."""

    @abstractmethod
    def step(
        self, memory: Memory, state: State, letters: tf.Tensor, place: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, State]:
        """Go on by one letter.

        Args:
            memory: From `read`.
            state: From `start` or the step before.
            letters: (B,) int32, the letter before this one; the start symbol at first.
            place: () int32, which letter this is, from 0.

        Returns:
            logits: (B, V) float32.
            alignment: (B, A, T) float32, each row summing to 1, zero on padding.
            state: For the next step.
        """

    @abstractmethod
    def teach(
        self, phonemes: tf.Tensor, letters: tf.Tensor, noise: Noise, dtype: tf.DType
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """All steps at once, each given the right letter before it (teacher forcing).

        Args:
            phonemes: (B, T) int32.
            letters: (B, L) int32, the right letters shifted by one: the start symbol first.
            noise: Dropout.
            dtype: What to compute in.

        Returns:
            logits: (B, L, V) float32.
            alignment: (B, A, L, T) float32.
        """

    def named_weights(self) -> dict[str, tf.Variable]:
        """Every weight by a name that stays the same: the path of attributes that leads to it."""
        found = self._flatten(predicate=lambda leaf: isinstance(leaf, tf.Variable), with_path=True)
        return {"/".join(map(str, path)): weight for path, weight in found}

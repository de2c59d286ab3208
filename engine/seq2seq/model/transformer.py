"""The most accurate speller: a transformer that knows places only by their distances.

Vaswani, A. et al. (2017). Attention is all you need. NeurIPS. With the scaling before each part
(Xiong, R. et al., 2020, On layer normalization in the transformer architecture), and with learned
scores for distances, from letters to phonemes too, in the place of absolute positions: a piece of
a long word is spelled as it is in a short one.
"""

from collections.abc import Callable

import numpy as np

from engine.runtime.backend import tf
from engine.seq2seq.model.layers import (
    MASKED,
    Embedding,
    FeedForward,
    MultiHeadAttention,
    Noise,
    scaled,
)
from engine.seq2seq.model.speller import SILENT, Memory, Speller, State
from engine.spelling.vocabulary import LETTERS, PHONEMES


class _Encoder(tf.Module):
    """One layer: each phoneme looks at all."""

    def __init__(self, rng: np.random.Generator, size: int, n_heads: int, inner: int) -> None:
        super().__init__()
        self.own = MultiHeadAttention(rng, size, n_heads)
        self.inner = FeedForward(rng, size, inner)

    def __call__(self, values: tf.Tensor, bias: tf.Tensor, noise: Noise) -> tf.Tensor:
        inputs = scaled(values)
        values += noise(self.own(inputs, self.own.keys_values(inputs), bias)[0])
        return values + noise(self.inner(scaled(values), noise))


class _Decoder(tf.Module):
    """One layer: each letter looks at the letters before it, then at the phonemes."""

    def __init__(self, rng: np.random.Generator, size: int, n_heads: int, inner: int) -> None:
        super().__init__()
        self.own = MultiHeadAttention(rng, size, n_heads)
        self.other = MultiHeadAttention(rng, size, n_heads)
        self.inner = FeedForward(rng, size, inner)

    def __call__(
        self,
        values: tf.Tensor,
        inputs: tf.Tensor,
        letters: tf.Tensor,
        phonemes: tf.Tensor,
        biases: tuple[tf.Tensor, tf.Tensor],
        noise: Noise,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Go through the layer.

        Args:
            values: (B, Q, size).
            inputs: (B, Q, size), the values scaled.
            letters: Keys and values of the letters, (B, 2 heads, L, head size).
            phonemes: Keys and values of the phonemes, (B, 2 heads, T, head size).
            biases: Scores for the places of letters and of phonemes.
            noise: Dropout.

        Returns:
            (B, Q, size), and the weights of the phonemes, (B, heads, Q, T).
        """
        values += noise(self.own(inputs, letters, biases[0])[0])
        looked, alignment = self.other(scaled(values), phonemes, biases[1])
        values += noise(looked)
        return values + noise(self.inner(scaled(values), noise)), alignment


class TransformerSpeller(Speller):
    """Pre-scaled encoder and decoder layers; letters share their vectors with the output."""

    def __init__(
        self, rng: np.random.Generator, *, size: int, n_heads: int, inner: int, n_layers: int
    ) -> None:
        super().__init__()
        if size % n_heads:
            raise ValueError(f"{size} cannot be shared by {n_heads} heads")
        self.size = size
        # A phoneme, the one before it and the one after: padding tells the ends of the word.
        self.phonemes = [Embedding(rng, len(PHONEMES), size) for _ in range(3)]
        self.encoder = [_Encoder(rng, size, n_heads, inner) for _ in range(n_layers)]
        self.letters = Embedding(rng, len(LETTERS), size)
        self.decoder = [_Decoder(rng, size, n_heads, inner) for _ in range(n_layers)]
        self.heads = tuple(
            f"layer {layer} head {head}"
            for layer in range(1, n_layers + 1)
            for head in range(1, n_heads + 1)
        )

    def read(
        self, phonemes: tf.Tensor, noise: Noise = SILENT, dtype: tf.DType = tf.float32
    ) -> Memory:
        """Keys and values of the phonemes for each layer, and (B, 1, 1, T) scores for padding."""
        padding = tf.where(phonemes > 0, 0.0, MASKED)[:, tf.newaxis, tf.newaxis]
        padding = tf.cast(padding, dtype)
        around = tf.pad(phonemes, [[0, 0], [1, 1]])
        neighbours = (phonemes, around[:, :-2], around[:, 2:])
        values = sum(
            embedding(ids, dtype) for embedding, ids in zip(self.phonemes, neighbours, strict=True)
        )
        values = noise(values * self.size**0.5)
        places = tf.range(tf.shape(phonemes)[1])
        for layer in self.encoder:
            values = layer(values, layer.own.bias(places, places, dtype) + padding, noise)
        values = scaled(values)
        return tuple(layer.other.keys_values(values) for layer in self.decoder), padding

    def start(self, memory: Memory, n_letters: int) -> State:
        """Room for the keys and values of the letters, for each layer."""
        keys_values, _ = memory
        shape = tf.concat([tf.shape(keys_values[0])[:2], [n_letters, keys_values[0].shape[-1]]], 0)
        return tuple(tf.zeros(shape, keys_values[0].dtype) for _ in self.decoder)

    def step(
        self, memory: Memory, state: State, letters: tf.Tensor, place: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, State]:
        """Go on by one letter; the letters before it are not computed again."""
        room = tf.range(tf.shape(state[0])[2])
        here = (room == place)[:, tf.newaxis]  # (L, 1)

        def remember(layer: int, latest: tf.Tensor) -> tf.Tensor:
            return tf.where(here, latest, state[layer])

        logits, alignment, state = self._decode(
            memory, letters[:, tf.newaxis], place[tf.newaxis], room, SILENT, remember
        )
        return logits[:, 0], alignment[:, :, 0], state

    def teach(
        self, phonemes: tf.Tensor, letters: tf.Tensor, noise: Noise, dtype: tf.DType
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """All letters at once, each looking back only."""
        memory = self.read(phonemes, noise, dtype)
        places = tf.range(tf.shape(letters)[1])
        logits, alignment, _ = self._decode(
            memory, letters, places, places, noise, lambda _, latest: latest
        )
        return logits, alignment

    def _decode(
        self,
        memory: Memory,
        letters: tf.Tensor,
        queries: tf.Tensor,
        room: tf.Tensor,
        noise: Noise,
        remember: Callable[[int, tf.Tensor], tf.Tensor],
    ) -> tuple[tf.Tensor, tf.Tensor, State]:
        """Go through the layers.

        Args:
            memory: From `read`.
            letters: (B, Q) int32, each before the one to write.
            queries: (Q,) int32, the places of these letters.
            room: (L,) int32, the places of all letters that can be looked at.
            noise: Dropout.
            remember: Given a layer and its latest keys and values, gives those of all `room`.

        Returns:
            (B, Q, V) logits, (B, A, Q, T) alignment, and the keys and values of each layer.
        """
        keys_values, padding = memory
        dtype = padding.dtype
        phoneme_places = tf.range(tf.shape(padding)[-1])
        ahead = tf.cast(tf.where(room > queries[:, tf.newaxis], MASKED, 0.0), dtype)
        values = noise(self.letters(letters, dtype) * self.size**0.5)
        alignments, kept = [], []
        for index, (layer, phonemes) in enumerate(zip(self.decoder, keys_values, strict=True)):
            inputs = scaled(values)
            kept.append(remember(index, layer.own.keys_values(inputs)))
            biases = (
                layer.own.bias(queries, room, dtype) + ahead,
                layer.other.bias(queries, phoneme_places, dtype) + padding,
            )
            values, alignment = layer(values, inputs, kept[-1], phonemes, biases, noise)
            alignments.append(alignment)
        vectors = tf.cast(self.letters.vectors, dtype)
        logits = tf.einsum("bqs,vs->bqv", scaled(values), vectors)
        return (
            tf.cast(logits, tf.float32),
            tf.cast(tf.concat(alignments, 1), tf.float32),
            tuple(kept),
        )

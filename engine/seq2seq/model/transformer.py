"""The most accurate model: a transformer that knows positions only by their distances.

Vaswani, A. et al. (2017). Attention is all you need. NeurIPS. Normalization precedes each sublayer
(Xiong, R. et al., 2020, On layer normalization in the transformer architecture). Learned scores for
distances, between target and source too, replace absolute positions, so a piece of a long word is
spelled as it is in a short one.
"""

from collections.abc import Callable

import numpy as np

from engine.runtime.backend import tf
from engine.seq2seq.model.encoder_decoder import NO_DROPOUT, EncoderDecoder, Memory, State
from engine.seq2seq.model.layers import (
    MASKED,
    Dropout,
    Embedding,
    FeedForward,
    MultiHeadAttention,
    rms_norm,
)


class _EncoderLayer(tf.Module):
    """One layer: each source symbol attends to all source symbols."""

    def __init__(self, rng: np.random.Generator, size: int, n_heads: int, mlp_size: int) -> None:
        super().__init__()
        self.self_attention = MultiHeadAttention(rng, size, n_heads)
        self.mlp = FeedForward(rng, size, mlp_size)

    def __call__(self, values: tf.Tensor, bias: tf.Tensor, dropout: Dropout) -> tf.Tensor:
        inputs = rms_norm(values)
        keys_values = self.self_attention.keys_values(inputs)
        values += dropout(self.self_attention(inputs, keys_values, bias)[0])
        return values + dropout(self.mlp(rms_norm(values), dropout))


class _DecoderLayer(tf.Module):
    """One layer: each target symbol attends to those before it, then to the source."""

    def __init__(self, rng: np.random.Generator, size: int, n_heads: int, mlp_size: int) -> None:
        super().__init__()
        self.self_attention = MultiHeadAttention(rng, size, n_heads)
        self.cross_attention = MultiHeadAttention(rng, size, n_heads)
        self.mlp = FeedForward(rng, size, mlp_size)

    def __call__(
        self,
        values: tf.Tensor,
        inputs: tf.Tensor,
        target: tf.Tensor,
        source: tf.Tensor,
        biases: tuple[tf.Tensor, tf.Tensor],
        dropout: Dropout,
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Go through the layer.

        Args:
            values: (B, Q, size).
            inputs: (B, Q, size), the normalized values.
            target: Keys and values of the target symbols, (B, 2 heads, L, head size).
            source: Keys and values of the source symbols, (B, 2 heads, T, head size).
            biases: Scores added in self-attention and in cross-attention.
            dropout: Applied in training.

        Returns:
            (B, Q, size), and the weights of the source symbols, (B, heads, Q, T).
        """
        values += dropout(self.self_attention(inputs, target, biases[0])[0])
        attended, alignment = self.cross_attention(rms_norm(values), source, biases[1])
        values += dropout(attended)
        return values + dropout(self.mlp(rms_norm(values), dropout)), alignment


class Transformer(EncoderDecoder):
    """Pre-norm encoder and decoder layers; the output shares the vectors of the target symbols.

    Args:
        rng: Draws the initial weights.
        n_source: Number of source symbols.
        n_target: Number of target symbols.
        size: Size of the vectors, a multiple of `n_heads`.
        n_heads: Attention heads in each layer.
        mlp_size: Size of the hidden layer of each MLP.
        n_layers: Layers of the encoder, and of the decoder.

    Raises:
        ValueError: `size` is not a multiple of `n_heads`.
    """

    def __init__(
        self,
        rng: np.random.Generator,
        n_source: int,
        n_target: int,
        *,
        size: int,
        n_heads: int,
        mlp_size: int,
        n_layers: int,
    ) -> None:
        if size % n_heads:
            raise ValueError(f"{size} cannot be shared by {n_heads} heads")
        self.size = size
        # A symbol, the one before it and the one after; padding marks both ends of the source.
        self.source_embedding = [Embedding(rng, n_source, size) for _ in range(3)]
        self.encoder = [_EncoderLayer(rng, size, n_heads, mlp_size) for _ in range(n_layers)]
        self.target_embedding = Embedding(rng, n_target, size)
        self.decoder = [_DecoderLayer(rng, size, n_heads, mlp_size) for _ in range(n_layers)]
        self.heads = tuple(
            f"layer {layer} head {head}"
            for layer in range(1, n_layers + 1)
            for head in range(1, n_heads + 1)
        )

    def encode(
        self, source: tf.Tensor, dropout: Dropout = NO_DROPOUT, dtype: tf.DType = tf.float32
    ) -> Memory:
        """Keys and values of the source for each layer, and (B, 1, 1, T) scores for padding."""
        padding = tf.where(source > 0, 0.0, MASKED)[:, tf.newaxis, tf.newaxis]
        padding = tf.cast(padding, dtype)
        padded = tf.pad(source, [[0, 0], [1, 1]])
        neighbours = (source, padded[:, :-2], padded[:, 2:])
        values = sum(
            embedding(ids, dtype)
            for embedding, ids in zip(self.source_embedding, neighbours, strict=True)
        )
        values = dropout(values * self.size**0.5)
        positions = tf.range(tf.shape(source)[1])
        for layer in self.encoder:
            bias = layer.self_attention.bias(positions, positions, dtype) + padding
            values = layer(values, bias, dropout)
        values = rms_norm(values)
        return tuple(layer.cross_attention.keys_values(values) for layer in self.decoder), padding

    def initial_state(self, memory: Memory, n_symbols: int) -> State:
        """An empty KV cache for each layer: (B, 2 heads, n_symbols, head size)."""
        keys_values, _ = memory
        shape = tf.concat([tf.shape(keys_values[0])[:2], [n_symbols, keys_values[0].shape[-1]]], 0)
        return tuple(tf.zeros(shape, keys_values[0].dtype) for _ in self.decoder)

    def decode_step(
        self, memory: Memory, state: State, previous: tf.Tensor, position: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, State]:
        """Add one symbol to the KV cache; the symbols before it are not computed again."""
        positions = tf.range(tf.shape(state[0])[2])
        is_here = (positions == position)[:, tf.newaxis]  # (L, 1)

        def update_cache(layer: int, latest: tf.Tensor) -> tf.Tensor:
            return tf.where(is_here, latest, state[layer])

        logits, alignment, state = self._decode(
            memory,
            previous[:, tf.newaxis],
            position[tf.newaxis],
            positions,
            NO_DROPOUT,
            update_cache,
        )
        return logits[:, 0], alignment[:, :, 0], state

    def forward(
        self, source: tf.Tensor, previous: tf.Tensor, dropout: Dropout, dtype: tf.DType
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """All symbols at once, under a causal mask."""
        memory = self.encode(source, dropout, dtype)
        positions = tf.range(tf.shape(previous)[1])
        logits, alignment, _ = self._decode(
            memory, previous, positions, positions, dropout, lambda _, latest: latest
        )
        return logits, alignment

    def _decode(
        self,
        memory: Memory,
        previous: tf.Tensor,
        queries: tf.Tensor,
        keys: tf.Tensor,
        dropout: Dropout,
        update_cache: Callable[[int, tf.Tensor], tf.Tensor],
    ) -> tuple[tf.Tensor, tf.Tensor, State]:
        """Go through the layers.

        Args:
            memory: From `encode`.
            previous: (B, Q) int32, the symbol before each one to predict.
            queries: (Q,) int32, the positions of these symbols.
            keys: (L,) int32, the positions in the KV cache.
            dropout: Applied in training.
            update_cache: Takes the index of a layer and its latest keys and values; returns the
                whole KV cache of that layer.

        Returns:
            (B, Q, V) logits, (B, A, Q, T) alignment, and the KV cache of each layer.
        """
        keys_values, padding = memory
        dtype = padding.dtype
        source_positions = tf.range(tf.shape(padding)[-1])
        causal_mask = tf.cast(tf.where(keys > queries[:, tf.newaxis], MASKED, 0.0), dtype)
        values = dropout(self.target_embedding(previous, dtype) * self.size**0.5)
        alignments, cache = [], []
        for index, (layer, source) in enumerate(zip(self.decoder, keys_values, strict=True)):
            inputs = rms_norm(values)
            cache.append(update_cache(index, layer.self_attention.keys_values(inputs)))
            biases = (
                layer.self_attention.bias(queries, keys, dtype) + causal_mask,
                layer.cross_attention.bias(queries, source_positions, dtype) + padding,
            )
            values, alignment = layer(values, inputs, cache[-1], source, biases, dropout)
            alignments.append(alignment)
        vectors = tf.cast(self.target_embedding.vectors, dtype)
        logits = tf.einsum("bqs,vs->bqv", rms_norm(values), vectors)
        return (
            tf.cast(logits, tf.float32),
            tf.cast(tf.concat(alignments, 1), tf.float32),
            tuple(cache),
        )

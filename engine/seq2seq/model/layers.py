"""The layers that the models are made of: a few lines of TensorFlow each.

A layer computes in the dtype of its input, so that a model can train in bfloat16, which is faster,
and run in float32 where numbers are shown. Weights are float32.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.runtime.backend import tf

# A score that softmax turns into exactly zero, in every float type.
MASKED = -1e9


class Dropout:
    """Dropout whose masks follow from a seed alone, so that a training can be resumed exactly.

    Srivastava, N. et al. (2014). Dropout: a simple way to prevent neural networks from overfitting.

    Args:
        rate: The fraction of values set to zero, in steps of 1/256; 0 for none.
        seed: (2,) int32, a different one for each training step.
    """

    def __init__(self, rate: float = 0.0, seed: tf.Tensor = (0, 0)) -> None:
        self._n_dropped = round(256 * rate)
        self._seed = seed
        self._n_calls = 0

    def __call__(self, values: tf.Tensor) -> tf.Tensor:
        """Set some of the values to zero, and scale the others so that the mean is unchanged."""
        if self._n_dropped == 0:
            return values
        self._n_calls += 1
        seed = tf.stack([self._seed[0] + 7919 * self._n_calls, self._seed[1]])
        size = tf.size(values)
        # One random integer serves four values: drawing them is most of the cost of dropout.
        drawn = tf.random.stateless_uniform(
            [(size + 3) // 4], seed, minval=None, maxval=None, dtype=tf.int32
        )
        draws = tf.reshape(tf.bitcast(drawn, tf.uint8), [-1])[:size]
        factor = tf.constant(256 / (256 - self._n_dropped), values.dtype)
        factors = tf.where(draws >= self._n_dropped, factor, tf.zeros([], values.dtype))
        return values * tf.reshape(factors, tf.shape(values))


class ZeroGenerator(np.random.Generator):
    """Draws only zeros: initial values for weights that are about to be read from a file.

    Real random values would be wasted there, and orthogonal ones take long to compute.

    Args:
        sizes: How many numbers each array of the file holds. A file may name a model of any size:
            once more is drawn than the file can fill, a ValueError is raised, before the memory is
            allocated.
    """

    def __init__(self, sizes: Sequence[int] | None = None) -> None:
        super().__init__(np.random.PCG64(0))
        # A recurrent layer draws some of its weights twice, so these are only upper bounds.
        self._n_values = math.inf if sizes is None else 2 * sum(sizes)
        self._n_arrays = math.inf if sizes is None else 2 * len(sizes)

    def normal(self, *, size: Any, **_: Any) -> Any:  # type: ignore[override]
        """Zeros."""
        return self._zeros(size)

    def uniform(self, _low: Any, _high: Any, size: Any) -> Any:  # type: ignore[override]
        """Zeros."""
        return self._zeros(size)

    def _zeros(self, size: tuple[int, ...]) -> np.ndarray:
        self._n_values -= math.prod(size)
        self._n_arrays -= 1
        if self._n_values < 0 or self._n_arrays < 0:
            raise ValueError("more weights than the file holds")
        return np.zeros(size)


class Dense(tf.Module):
    """x W + b."""

    def __init__(
        self, rng: np.random.Generator, n_in: int, n_out: int, *, bias: bool = True
    ) -> None:
        super().__init__()
        limit = np.sqrt(6 / (n_in + n_out))  # Glorot and Bengio (2010)
        self.kernel = tf.Variable(rng.uniform(-limit, limit, (n_in, n_out)).astype(np.float32))
        self.bias = tf.Variable(np.zeros(n_out, np.float32)) if bias else None

    def __call__(self, values: tf.Tensor) -> tf.Tensor:
        """Map (..., n_in) to (..., n_out)."""
        shape = tf.shape(values)
        kernel = tf.cast(self.kernel, values.dtype)
        # A single matrix product, whatever the leading axes are.
        flat = tf.matmul(tf.reshape(values, [-1, kernel.shape[0]]), kernel)
        if self.bias is not None:
            flat = tf.nn.bias_add(flat, tf.cast(self.bias, values.dtype))
        result = tf.reshape(flat, tf.concat([shape[:-1], [kernel.shape[1]]], 0))
        result.set_shape([*values.shape[:-1], kernel.shape[1]])
        return result


class Embedding(tf.Module):
    """A vector for each id."""

    def __init__(self, rng: np.random.Generator, n_symbols: int, size: int) -> None:
        super().__init__()
        vectors = rng.normal(scale=size**-0.5, size=(n_symbols, size))
        self.vectors = tf.Variable(vectors.astype(np.float32))

    def __call__(self, ids: tf.Tensor, dtype: tf.DType = tf.float32) -> tf.Tensor:
        """Look up (...) ids; gives (..., size)."""
        return tf.gather(tf.cast(self.vectors, dtype), ids)


def rms_norm(values: tf.Tensor) -> tf.Tensor:
    """Divide each row of (..., S) by its root mean square.

    Zhang, B. and Sennrich, R. (2019). Root mean square layer normalization. NeurIPS. Without their
    learned gains: a dense layer follows every use, and its weights can take any scale.
    """
    square = tf.reduce_mean(tf.square(values), -1, keepdims=True)
    return values * tf.math.rsqrt(square + tf.constant(1e-6, values.dtype))


class GRU(tf.Module):
    """A gated recurrent unit; the reset gate follows the product, so a step needs only one product.

    Cho, K. et al. (2014). Learning phrase representations using RNN encoder-decoder. EMNLP.
    """

    def __init__(self, rng: np.random.Generator, n_in: int, size: int) -> None:
        super().__init__()
        self.size = size
        self.from_input = Dense(rng, n_in, 3 * size)
        self.from_state = Dense(rng, size, 3 * size)
        # Orthogonal initial weights, gate by gate, so that states neither vanish nor explode.
        squares = [_orthogonal(rng.normal(size=(size, size))) for _ in range(3)]
        self.from_state.kernel.assign(np.concatenate(squares, 1).astype(np.float32))

    def step(self, projected: tf.Tensor, state: tf.Tensor) -> tf.Tensor:
        """Advance by one symbol.

        Args:
            projected: (B, 3 S), `from_input` of the symbol.
            state: (B, S).

        Returns:
            (B, S), the next state.
        """
        input_reset, input_update, input_new = tf.split(projected, 3, -1)
        reset, update, new = tf.split(self.from_state(state), 3, -1)
        reset = tf.sigmoid(input_reset + reset)
        update = tf.sigmoid(input_update + update)
        candidate = tf.tanh(input_new + reset * new)
        return candidate + update * (state - candidate)

    def run(
        self,
        inputs: tf.Tensor,
        mask: tf.Tensor,
        *,
        backward: bool = False,
        unrolled: bool = False,
    ) -> tf.Tensor:
        """Read a sequence; where the mask is false the state does not change.

        Args:
            inputs: (B, T, n_in), T known when this is traced.
            mask: (B, T) bool.
            backward: Read from the end.
            unrolled: Whether each symbol gets operations of its own. Gradients are then faster, but
                tracing and compiling take T times as long.

        Returns:
            (B, T, S), the state after each symbol.
        """
        projected = tf.transpose(self.from_input(inputs), [1, 0, 2])
        present = tf.transpose(mask)[:, :, tf.newaxis]
        state = tf.zeros([tf.shape(inputs)[0], self.size], inputs.dtype)
        run = self._unrolled if unrolled else self._looped
        return tf.transpose(run(projected, present, state, backward), [1, 0, 2])

    def _next(self, projected: tf.Tensor, present: tf.Tensor, state: tf.Tensor) -> tf.Tensor:
        return tf.where(present, self.step(projected, state), state)

    def _unrolled(
        self, projected: tf.Tensor, present: tf.Tensor, state: tf.Tensor, backward: bool
    ) -> tf.Tensor:
        """(T, B, S) states."""
        symbols = list(zip(tf.unstack(projected), tf.unstack(present), strict=True))
        states = []
        for values, is_there in reversed(symbols) if backward else symbols:
            state = self._next(values, is_there, state)
            states.append(state)
        return tf.stack(states[::-1] if backward else states)

    def _looped(
        self, projected: tf.Tensor, present: tf.Tensor, state: tf.Tensor, backward: bool
    ) -> tf.Tensor:
        """(T, B, S) states, the same as `_unrolled`."""
        n_symbols = projected.shape[0]

        def read(done: tf.Tensor, state: tf.Tensor, states: tf.TensorArray) -> tuple[Any, ...]:
            time = n_symbols - 1 - done if backward else done
            # Gathered, because XLA computes the position of a slice in a slow interpreter.
            state = self._next(tf.gather(projected, time), tf.gather(present, time), state)
            return done + 1, state, states.write(time, state)

        states = tf.TensorArray(state.dtype, n_symbols, element_shape=[None, self.size])
        begun = (0, state, states)
        return tf.while_loop(lambda done, *_: done < n_symbols, read, begun)[2].stack()


def _orthogonal(drawn: np.ndarray) -> np.ndarray:
    """The orthogonal matrix of the QR decomposition of (S, S) numbers; zeros stay zeros."""
    return np.linalg.qr(drawn)[0] if drawn.any() else drawn


class BidirectionalGRU(tf.Module):
    """Read a sequence from both ends; (B, T, n_in) becomes (B, T, 2 size)."""

    def __init__(self, rng: np.random.Generator, n_in: int, size: int) -> None:
        super().__init__()
        self.forward = GRU(rng, n_in, size)
        self.backward = GRU(rng, n_in, size)

    def __call__(self, inputs: tf.Tensor, mask: tf.Tensor, *, unrolled: bool = False) -> tf.Tensor:
        """Read (B, T, n_in) where the (B, T) mask is true; `unrolled` as in `GRU.run`."""
        onward = self.forward.run(inputs, mask, unrolled=unrolled)
        back = self.backward.run(inputs, mask, backward=True, unrolled=unrolled)
        return tf.concat([onward, back], -1)


class AdditiveAttention(tf.Module):
    """Weigh the encoder's annotations by how well they match the decoder's state.

    Bahdanau, D., Cho, K. and Bengio, Y. (2015). Neural machine translation by jointly learning to
    align and translate. ICLR. https://arxiv.org/abs/1409.0473
    """

    def __init__(
        self, rng: np.random.Generator, state_size: int, annotation_size: int, units: int
    ) -> None:
        super().__init__()
        self.from_state = Dense(rng, state_size, units, bias=False)
        self.from_annotation = Dense(rng, annotation_size, units, bias=False)
        self.score = Dense(rng, units, 1, bias=False)

    def __call__(
        self, state: tf.Tensor, annotations: tf.Tensor, keys: tf.Tensor, mask: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Attend once, for one output symbol (eq. 5-6 of the paper).

        Args:
            state: (B, S), the decoder's state before this symbol.
            annotations: (B, T, H), one row per source symbol.
            keys: (B, T, U), `from_annotation` of the annotations, the same for all outputs.
            mask: (B, T) bool, true on source symbols; each row has at least one true.

        Returns:
            context: (B, H), the annotations averaged by alignment.
            alignment: (B, T), zero on padding, each row summing to 1.
        """
        query = self.from_state(state)[:, tf.newaxis]  # (B, 1, U)
        scores = self.score(tf.tanh(query + keys))[:, :, 0]  # (B, T)
        scores = tf.where(mask, scores, tf.cast(MASKED, scores.dtype))
        alignment = tf.nn.softmax(scores, -1)
        context = tf.matmul(alignment[:, tf.newaxis], annotations)[:, 0]
        return context, alignment


class RelativeBias(tf.Module):
    """A learned score for each distance between a query's position and a key's, for each head.

    Raffel, C. et al. (2020). Exploring the limits of transfer learning with a unified text-to-text
    transformer. JMLR 21(140), section 2.1. Distances above `farthest` share one score.
    """

    def __init__(self, n_heads: int, farthest: int = 12) -> None:
        super().__init__()
        self.farthest = farthest
        self.table = tf.Variable(np.zeros((2 * farthest + 1, n_heads), np.float32))

    def __call__(self, queries: tf.Tensor, keys: tf.Tensor, dtype: tf.DType) -> tf.Tensor:
        """Scores (heads, Q, T) for the (Q,) and (T,) int32 positions."""
        distances = keys[tf.newaxis] - queries[:, tf.newaxis]
        rows = tf.clip_by_value(distances, -self.farthest, self.farthest) + self.farthest
        return tf.cast(tf.transpose(tf.gather(self.table, rows), [2, 0, 1]), dtype)


class MultiHeadAttention(tf.Module):
    """Several weighted averages of the same values, one for each head.

    Vaswani, A. et al. (2017). Attention is all you need. NeurIPS, section 3.2.
    """

    def __init__(self, rng: np.random.Generator, size: int, n_heads: int) -> None:
        super().__init__()
        self.n_heads, self.head_size = n_heads, size // n_heads
        self.to_query = Dense(rng, size, size, bias=False)
        self.to_keys_values = Dense(rng, size, 2 * size, bias=False)
        self.to_output = Dense(rng, size, size, bias=False)
        self.bias = RelativeBias(n_heads)

    def keys_values(self, inputs: tf.Tensor) -> tf.Tensor:
        """Project (B, T, size) to keys and values: (B, 2 heads, T, head size)."""
        return self._heads(self.to_keys_values(inputs), 2 * self.n_heads)

    def __call__(
        self, inputs: tf.Tensor, keys_values: tf.Tensor, bias: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Average the values for each query.

        Args:
            inputs: (B, Q, size).
            keys_values: (B, 2 heads, T, head size).
            bias: Added to the scores; its shape broadcasts to (B, heads, Q, T).

        Returns:
            (B, Q, size), and the weights, (B, heads, Q, T).
        """
        queries = self._heads(self.to_query(inputs) * self.head_size**-0.5, self.n_heads)
        keys, values = tf.split(keys_values, 2, 1)
        weights = tf.nn.softmax(tf.matmul(queries, keys, transpose_b=True) + bias)
        averages = tf.transpose(tf.matmul(weights, values), [0, 2, 1, 3])
        flat = tf.reshape(averages, tf.shape(inputs))
        return self.to_output(flat), weights

    def _heads(self, values: tf.Tensor, n_heads: int) -> tf.Tensor:
        shape = tf.shape(values)
        split = tf.reshape(values, [shape[0], shape[1], n_heads, self.head_size])
        return tf.transpose(split, [0, 2, 1, 3])


class FeedForward(tf.Module):
    """Two dense layers with a rectifier between them."""

    def __init__(self, rng: np.random.Generator, size: int, mlp_size: int) -> None:
        super().__init__()
        self.up_projection = Dense(rng, size, mlp_size)
        self.down_projection = Dense(rng, mlp_size, size)

    def __call__(self, values: tf.Tensor, dropout: Dropout) -> tf.Tensor:
        """Map (..., size) to (..., size)."""
        return self.down_projection(dropout(tf.nn.relu(self.up_projection(values))))

"""The interface of every sequence-to-sequence model: what training and beam search ask of it."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

from engine.runtime.backend import tf
from engine.seq2seq.model.layers import Dropout

# Tensors, or tuples of tensors, whose first axis is B.
Memory = Any
State = Any

NO_DROPOUT = Dropout()

# Names of weights in files (`barycenter speller 1`) that differ from those of the attributes.
_NAMES_IN_FILES = {
    "source_embedding": "phonemes",
    "target_embedding": "letters",
    "self_attention": "own",
    "cross_attention": "other",
    "mlp": "inner",
    "up_projection": "widen",
    "down_projection": "narrow",
}


class EncoderDecoder(ABC):
    """An encoder of a source sequence, and a decoder that writes the target symbol by symbol.

    The decoder attends to the source through one or more heads. A head's alignment is a weight for
    each annotation of the encoder; a heat map shows exactly these numbers.

    Attributes:
        heads: The names of the A heads.
        attends: Whether there is an annotation for each source symbol; otherwise there is a single
            one, for the whole source.
    """

    heads: tuple[str, ...] = ("attention",)
    attends: bool = True

    @abstractmethod
    def encode(
        self, source: tf.Tensor, dropout: Dropout = NO_DROPOUT, dtype: tf.DType = tf.float32
    ) -> Memory:
        """Encode (B, T) int32 source symbols, 0 for padding, as the memory of all decoder steps."""

    @abstractmethod
    def initial_state(self, memory: Memory, n_symbols: int) -> State:
        """The decoder's state before the first of at most `n_symbols` target symbols."""

    @abstractmethod
    def decode_step(
        self, memory: Memory, state: State, previous: tf.Tensor, position: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, State]:
        """Compute the logits of one more target symbol.

        Args:
            memory: From `encode`.
            state: From `initial_state` or the step before.
            previous: (B,) int32, the symbol before this one; the start symbol at first.
            position: () int32, the position of this symbol, from 0.

        Returns:
            logits: (B, V) float32.
            alignment: (B, A, T) float32, each row summing to 1, zero on padding.
            state: For the next step.
        """

    @abstractmethod
    def forward(
        self, source: tf.Tensor, previous: tf.Tensor, dropout: Dropout, dtype: tf.DType
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Compute the logits of all target symbols at once, by teacher forcing.

        Args:
            source: (B, T) int32.
            previous: (B, L) int32, the correct symbols shifted by one: the start symbol first.
            dropout: Applied in training.
            dtype: What to compute in.

        Returns:
            logits: (B, L, V) float32.
            alignment: (B, A, L, T) float32.
        """

    def named_weights(self) -> dict[str, tf.Variable]:
        """Every weight by its name in files: the path of attributes that leads to it.

        The order follows from these names; the optimizer's arrays in a checkpoint depend on it.
        """
        found = sorted(_weights_in(self), key=lambda pair: pair[0])
        return {"/".join(map(str, path)): weight for path, weight in found}


def _weights_in(value: object) -> Iterator[tuple[tuple[str | int, ...], tf.Variable]]:
    """The variables of a model, a layer or a sequence of them, each with its path."""
    children: Iterator[tuple[str | int, object]]
    if isinstance(value, tf.Variable):
        yield (), value
        return
    if isinstance(value, (list, tuple)):
        children = enumerate(value)
    elif isinstance(value, (EncoderDecoder, tf.Module)):
        # TensorFlow keeps references of its own in attributes with an underscore.
        public = ((name, each) for name, each in vars(value).items() if not name.startswith("_"))
        children = ((_NAMES_IN_FILES.get(name, name), each) for name, each in public)
    else:
        return
    for name, child in children:
        for path, weight in _weights_in(child):
            yield (name, *path), weight

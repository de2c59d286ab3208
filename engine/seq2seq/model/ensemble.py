"""Several models that predict each symbol together."""

from collections.abc import Sequence

from engine.runtime.backend import tf
from engine.seq2seq.model.encoder_decoder import NO_DROPOUT, EncoderDecoder, Memory, State
from engine.seq2seq.model.layers import Dropout


class Ensemble(EncoderDecoder):
    """The mean of the members' probabilities. Each member is a head: the mean of its own heads.

    Args:
        members: Models with the same source and target symbols.
        member_names: The names of the heads.
    """

    def __init__(self, members: Sequence[EncoderDecoder], member_names: Sequence[str]) -> None:
        self.members = list(members)
        self.heads = tuple(member_names)

    def encode(
        self, source: tf.Tensor, dropout: Dropout = NO_DROPOUT, dtype: tf.DType = tf.float32
    ) -> Memory:
        """The memory of each member."""
        return tuple(member.encode(source, dropout, dtype) for member in self.members)

    def initial_state(self, memory: Memory, n_symbols: int) -> State:
        """The state of each member."""
        return tuple(
            member.initial_state(its_memory, n_symbols)
            for member, its_memory in zip(self.members, memory, strict=True)
        )

    def decode_step(
        self, memory: Memory, state: State, previous: tf.Tensor, position: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, State]:
        """One step of each member, all with the same previous symbol."""
        steps = [
            member.decode_step(its_memory, its_state, previous, position)
            for member, its_memory, its_state in zip(self.members, memory, state, strict=True)
        ]
        logits, alignments, states = zip(*steps, strict=True)
        return *_averaged(logits, alignments), states

    def forward(
        self, source: tf.Tensor, previous: tf.Tensor, dropout: Dropout, dtype: tf.DType
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """The forward pass of each member."""
        passes = [member.forward(source, previous, dropout, dtype) for member in self.members]
        return _averaged(*zip(*passes, strict=True))


def _averaged(
    logits: Sequence[tf.Tensor], alignments: Sequence[tf.Tensor]
) -> tuple[tf.Tensor, tf.Tensor]:
    """Logarithms of the mean probabilities, (..., V); the members as heads, (B, A, ...)."""
    mean = tf.add_n([tf.nn.softmax(each) for each in logits]) / len(logits)
    heads = tf.stack([tf.reduce_mean(alignment, 1) for alignment in alignments], 1)
    return tf.math.log(tf.maximum(mean, 1e-30)), heads

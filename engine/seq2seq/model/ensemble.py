"""Several spellers that decide each letter together."""

from collections.abc import Sequence

from engine.runtime.backend import tf
from engine.seq2seq.model.layers import Noise
from engine.seq2seq.model.speller import SILENT, Memory, Speller, State


class EnsembleSpeller(Speller):
    """The mean of the members' probabilities; a head is a member, its own heads averaged."""

    def __init__(self, members: Sequence[Speller], member_names: Sequence[str]) -> None:
        super().__init__()
        self.members = list(members)
        self.heads = tuple(member_names)

    def read(
        self, phonemes: tf.Tensor, noise: Noise = SILENT, dtype: tf.DType = tf.float32
    ) -> Memory:
        """What each member has read."""
        return tuple(member.read(phonemes, noise, dtype) for member in self.members)

    def start(self, memory: Memory, n_letters: int) -> State:
        """The state of each member."""
        return tuple(
            member.start(own, n_letters) for member, own in zip(self.members, memory, strict=True)
        )

    def step(
        self, memory: Memory, state: State, letters: tf.Tensor, place: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor, State]:
        """Let each member go on by the same letter."""
        steps = [
            member.step(own_memory, own_state, letters, place)
            for member, own_memory, own_state in zip(self.members, memory, state, strict=True)
        ]
        logits, alignments, states = zip(*steps, strict=True)
        return *_averaged(logits, alignments), states

    def teach(
        self, phonemes: tf.Tensor, letters: tf.Tensor, noise: Noise, dtype: tf.DType
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """All steps at once, as the members do."""
        taught = [member.teach(phonemes, letters, noise, dtype) for member in self.members]
        return _averaged(*zip(*taught, strict=True))


def _averaged(
    logits: Sequence[tf.Tensor], alignments: Sequence[tf.Tensor]
) -> tuple[tf.Tensor, tf.Tensor]:
    """Logarithms of the mean probabilities, (..., V); the members as heads, (B, A, ...)."""
    mean = tf.add_n([tf.nn.softmax(each) for each in logits]) / len(logits)
    heads = tf.stack([tf.reduce_mean(alignment, 1) for alignment in alignments], 1)
    return tf.math.log(tf.maximum(mean, 1e-30)), heads

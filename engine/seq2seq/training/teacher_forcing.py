"""The loss and accuracy of a model on examples that it does not learn from."""

from collections.abc import Sequence

import numpy as np

from engine.runtime.backend import tf
from engine.seq2seq.model.encoder_decoder import NO_DROPOUT, EncoderDecoder
from engine.seq2seq.training.batches import Bucket
from engine.seq2seq.training.loss import loss_and_accuracy, shifted, traced_by_length


class TeacherForcing:
    """Measures a model on buckets of examples by teacher forcing.

    Args:
        model: The model, as its weights are when it is measured.
        start_id: The id of the start symbol.
    """

    def __init__(self, model: EncoderDecoder, start_id: int) -> None:
        self._model = model
        self._start_id = start_id
        self._measure = traced_by_length(self._measure_in_tensorflow)

    def measure(self, buckets: Sequence[Bucket]) -> tuple[float, float]:
        """The loss in nats a symbol, and the accuracy, over all symbols and end marks."""
        totals = np.zeros(3)
        for bucket in buckets:
            loss, accuracy = self._measure(bucket.source, bucket.target)
            n_symbols = np.count_nonzero(bucket.target) + len(bucket.target)  # and end marks
            totals += n_symbols * np.array([float(loss), float(accuracy), 1])
        return totals[0] / totals[2], totals[1] / totals[2]

    def _measure_in_tensorflow(
        self, source: tf.Tensor, target: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        previous = shifted(target, self._start_id)
        logits, _ = self._model.forward(source, previous, NO_DROPOUT, tf.float32)
        return loss_and_accuracy(logits, target, previous, 0.0)

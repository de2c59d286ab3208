"""The weights of a training, and how they change in one step."""

from collections.abc import Callable
from typing import Any

import numpy as np

from engine.runtime.backend import tf
from engine.seq2seq import checkpoints
from engine.seq2seq.model.encoder_decoder import EncoderDecoder
from engine.seq2seq.model.layers import Dropout
from engine.seq2seq.recipe import Recipe
from engine.seq2seq.training.loss import loss_and_accuracy, shifted, traced_by_length


class Trainer:
    """The weights, their exponential moving average (EMA) and the optimizer's moments.

    Args:
        recipe: How to train.
        initial: Makes a model with the initial weights; called twice, once for the EMA.
        start_id: The id of the start symbol.
        seed: Determines dropout, together with the number of the step.
        n_steps: Steps of the whole training.

    Attributes:
        model: The model with the weights as they are.
        ema_model: The model with the EMA of the weights.
        rate: The learning rate, given a number of steps done.
    """

    def __init__(
        self,
        recipe: Recipe,
        initial: Callable[[], EncoderDecoder],
        start_id: int,
        seed: int,
        n_steps: int,
    ) -> None:
        self.recipe = recipe
        self.seed = seed
        self.model, self.ema_model = initial(), initial()
        self._start_id = start_id
        self._dtype = tf.bfloat16 if recipe.bfloat16 else tf.float32
        self._weights = self.model.named_weights()
        self._ema = self.ema_model.named_weights()
        warm_up = min(recipe.warm_up, n_steps // 4)
        self.rate = tf.keras.optimizers.schedules.CosineDecay(
            0.0, max(1, n_steps - warm_up), warmup_target=recipe.peak_rate, warmup_steps=warm_up
        )
        # The rate of the current step. Keras would compute it again for each weight, with a branch
        # in it, and the first step of each length would take nearly twice as long.
        self._rate_now = tf.Variable(0.0)
        self._optimizer = tf.keras.optimizers.AdamW(
            self._rate_now.read_value,
            weight_decay=recipe.weight_decay,
            beta_2=0.98,
            global_clipnorm=1.0,
        )
        self._optimizer.build(list(self._weights.values()))
        self._step = traced_by_length(self._step_in_tensorflow)

    @property
    def n_done(self) -> int:
        """Steps done. The step itself counts them, so that Ctrl-C cannot come between the two."""
        return int(self._optimizer.iterations.numpy())

    def step(self, source: np.ndarray, target: np.ndarray) -> tuple[float, float]:
        """Learn from one batch.

        Args:
            source: (B, T) int32.
            target: (B, L) int32.

        Returns:
            The loss, and the accuracy by teacher forcing.
        """
        loss, accuracy = self._step(source, target)
        return float(loss), float(accuracy)

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything that the next steps depend on, by name."""
        return {name: variable.numpy() for name, variable in self._variables().items()}

    def restore(self, arrays: dict[str, np.ndarray]) -> None:
        """Restore the state when `arrays` was called; raises a ValueError if they do not fit."""
        variables = self._variables()
        shapes = {name: (array.shape, array.dtype) for name, array in arrays.items()}
        if shapes != {
            name: (tuple(variable.shape), tf.as_dtype(variable.dtype).as_numpy_dtype)
            for name, variable in variables.items()
        }:
            raise ValueError("other arrays than those of this training")
        for name, variable in variables.items():
            variable.assign(arrays[name])

    def _variables(self) -> dict[str, Any]:
        return {
            **{f"weights/{name}": weight for name, weight in self._weights.items()},
            **{f"{checkpoints.EMA}{name}": average for name, average in self._ema.items()},
            **{f"optimizer/{i}": v for i, v in enumerate(self._optimizer.variables)},
        }

    def _step_in_tensorflow(
        self, source: tf.Tensor, target: tf.Tensor
    ) -> tuple[tf.Tensor, tf.Tensor]:
        n_done = tf.cast(self._optimizer.iterations, tf.int32)
        dropout = Dropout(self.recipe.dropout, tf.stack([self.seed, n_done]))
        weights = list(self._weights.values())
        with tf.GradientTape() as tape:
            previous = shifted(target, self._start_id)
            logits, _ = self.model.forward(source, previous, dropout, self._dtype)
            loss, accuracy = loss_and_accuracy(logits, target, previous, self.recipe.smoothing)
        gradients = [tf.convert_to_tensor(g) for g in tape.gradient(loss, weights)]
        self._rate_now.assign(self.rate(self._optimizer.iterations))
        self._optimizer.apply(gradients, weights)
        # A smaller decay at first: an average over few steps is of use from the beginning.
        n_steps = tf.cast(n_done, tf.float32)
        decay = tf.minimum(self.recipe.ema_decay, (1 + n_steps) / (10 + n_steps))
        for average, weight in zip(self._ema.values(), weights, strict=True):
            average.assign_sub((1 - decay) * (average - weight))
        return loss, accuracy

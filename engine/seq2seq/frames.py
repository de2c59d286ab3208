"""What a search found: one output of a model, with what it computed for each symbol."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hypothesis:
    """One output, and what the model computed for each of its symbols.

    The last of its L positions is that of the end mark.

    Attributes:
        log_probability: Natural logarithm of the probability of the whole output, end included.
        probabilities: (L,) float32, of each symbol given those before it.
        alternatives: At each of the L positions the five most probable symbols.
        alternative_probabilities: (L, 5) float32.
        alignments: (L, A, T) float32, for each head the weight of each source symbol; rows sum
            to 1.
    """

    log_probability: float
    probabilities: np.ndarray
    alternatives: tuple[Sequence[str], ...]
    alternative_probabilities: np.ndarray
    alignments: np.ndarray

    @property
    def probability(self) -> float:
        """The probability of the whole output under the model, its end included, from 0 to 1."""
        return math.exp(self.log_probability)

    @property
    def alignment(self) -> np.ndarray:
        """(L, T) float32, the mean over the heads."""
        return np.asarray(self.alignments.mean(axis=1))

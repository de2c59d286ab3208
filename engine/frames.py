"""What all frames have in common: they are immutable, and any thread may hold them.

NumPy only: the window imports this module before TensorFlow is loaded.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Search:
    """The progress of a search for the best of several runs. It is not a frame: nothing is drawn.

    Attributes:
        n_done, n_runs: The number of finished runs, and of all runs.
        inertia: The lowest so far; None before the first run has ended.
    """

    n_done: int
    n_runs: int
    inertia: float | None = None


def sealed(values: npt.ArrayLike, dtype: npt.DTypeLike | None = None) -> np.ndarray:
    """Copy a tensor or an array into a read-only array that any thread may hold."""
    array = np.array(values, dtype)
    array.flags.writeable = False
    return array

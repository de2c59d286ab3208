"""The frames of mean shift."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from engine.clustering.frames import Clustered, Phase, Stop


class Kernel(StrEnum):
    """How points are weighted by their distance d from a position, for the bandwidth h.

    GAUSSIAN: exp(-d^2 / 2 h^2).
    FLAT: 1 up to h, 0 beyond.
    """

    GAUSSIAN = "gaussian"
    FLAT = "flat"

    def weights(self, squared: np.ndarray, bandwidth: float) -> np.ndarray:
        """Return the weight of each squared distance, from 0 to 1."""
        if self is Kernel.FLAT:
            return np.asarray(squared <= bandwidth**2, np.float32)
        return np.asarray(np.exp(squared / (-2 * bandwidth**2)), np.float32)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeanShiftFrame(Clustered):
    """The start of mean shift, one shift of the climbs, or one more mode found.

    Attributes:
        iteration: How many shifts have been made, including the one in progress.
        phase: START, SHIFT or MERGE.
        bandwidth: How far the kernel reaches, in the units of the points.
        kernel: How the points are weighted.
        positions: (M, D) float32, where each climb is, in the units of the points. In the first
            frame of a run, where they start.
        centroids: (K, D) float32, the modes found so far, the densest first; none before MERGE.
        labels: (N,) int32, the index of each point's mode; -1 if it has none yet.
        sizes: (K,) int64, the number of points with each label.
        densities: (K,) float64, the sum of the weights of all points at each mode.
        shift: The largest shift of a climb in this iteration.
        moving: How many climbs still move.
        waiting: How many of them still wait for their batch in this iteration.
        stop: Why the run ends here; None while it goes on.
    """

    iteration: int
    phase: Phase
    bandwidth: float
    kernel: Kernel
    positions: np.ndarray
    centroids: np.ndarray
    labels: np.ndarray
    sizes: np.ndarray
    densities: np.ndarray
    shift: float = 0.0
    moving: int = 0
    waiting: int = 0
    stop: Stop | None = None

    @property
    def converged(self) -> bool:
        """Whether the run ends here because nothing is left to move."""
        return self.stop is Stop.NO_SHIFT

    @property
    def n_alone(self) -> int:
        """The number of points that are alone in their clusters."""
        return int(np.count_nonzero(self.sizes == 1))

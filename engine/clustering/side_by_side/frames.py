"""A frame of two algorithms side by side."""

from dataclasses import dataclass

from engine.clustering.frames import Stop
from engine.clustering.kmeans.frames import KMeansFrame
from engine.clustering.mean_shift.frames import MeanShiftFrame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PairFrame:
    """A step of two algorithms on the same points; one that has ended repeats its last frame."""

    kmeans: KMeansFrame
    mean_shift: MeanShiftFrame

    @property
    def stop(self) -> Stop | None:
        """Why the later one ended; None while one goes on."""
        return self.mean_shift.stop if self.kmeans.stop else None

"""The frames of colour quantization."""

from dataclasses import dataclass

import numpy as np

from engine.clustering.frames import Stop
from engine.clustering.kmeans.frames import KMeansFrame


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PictureFrame:
    """One half-step of k-means on the pixels of a picture.

    Attributes:
        kmeans: The half-step; its points are the pixels, row by row.
        palette: (K, 3) uint8, the colour of each centroid.
        labels: (h, w) unsigned, the index of each pixel's colour.
    """

    kmeans: KMeansFrame
    palette: np.ndarray
    labels: np.ndarray

    @property
    def stop(self) -> Stop | None:
        """Why the run ends here; None while it goes on."""
        return self.kmeans.stop

    @property
    def shares(self) -> np.ndarray:
        """(K,), the fraction of the pixels that has each colour."""
        return np.asarray(self.kmeans.sizes / self.labels.size)

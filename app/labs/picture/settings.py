"""The settings of the picture lab."""

from dataclasses import dataclass

from app.controls.clustering.kmeans import can_show
from app.controls.transport import RATES
from app.settings.sections import accepting, one_of
from engine.clustering.kmeans.options import KMeansOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSettings:
    """How the colours are found.

    Attributes:
        kmeans: The options; k is the number of colours.
        rate: Half-steps a second; 0 is as fast as possible.
    """

    kmeans: KMeansOptions = accepting(KMeansOptions(n_clusters=8), can_show)
    rate: float = one_of(2.0, *RATES)

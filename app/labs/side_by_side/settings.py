"""The settings of the lab that runs two algorithms side by side."""

from dataclasses import dataclass, field

from app.controls.clustering.cluster_count import MAX_K
from app.controls.transport import RATES
from app.settings.sections import accepting, between, one_of
from engine.clustering.mean_shift.options import MeanShiftOptions
from engine.data.generated.generators import is_recipe

CLUSTERING = "clustering"  # the points of the tab Clustering


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySideSettings:
    """What both algorithms run on, and with which options.

    Attributes:
        points: A recipe, or `CLUSTERING`.
        k: The k of k-means for points that come without a number of clusters.
        mean_shift: The options of mean shift.
        rate: Steps a second; 0 is as fast as possible.
    """

    points: str = accepting("moons", lambda name: name == CLUSTERING or is_recipe(name))
    k: int = between(6, 1, MAX_K)
    mean_shift: MeanShiftOptions = field(default_factory=MeanShiftOptions)
    rate: float = one_of(2.0, *RATES)

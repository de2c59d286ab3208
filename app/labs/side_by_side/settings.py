"""What the lab with two algorithms side by side keeps for the next start."""

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
        k: How many clusters k-means looks for in points that come with no number of their own.
        mean_shift: The options of mean shift.
        rate: Steps a second; 0 is as fast as possible.
    """

    points: str = accepting("moons", lambda name: name == CLUSTERING or is_recipe(name))
    k: int = between(6, 1, MAX_K)
    mean_shift: MeanShiftOptions = field(default_factory=MeanShiftOptions)
    rate: float = one_of(2.0, *RATES)

"""What the clustering lab keeps for the next start."""

from dataclasses import dataclass, field

from app.controls.transport import RATES
from app.labs.clustering.algorithms.kmeans import KMEANS
from app.labs.clustering.algorithms.mini_batch import MINI_BATCH
from app.labs.clustering.algorithms.registry import ALGORITHMS
from app.qt_state import is_state
from app.settings.sections import accepting, one_of
from app.views.scatter.scenery import Shown
from engine.clustering.dbscan.options import DbscanOptions
from engine.clustering.kmeans.options import KMeansOptions, MiniBatchOptions
from engine.clustering.mean_shift.options import MeanShiftOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusteringSettings:
    """Points, algorithm and what is shown of them.

    Attributes:
        source: The recipe or the file that was open.
        columns: The widths of the columns, as Qt encodes them; empty unless they were dragged.
        algorithm: The name of the algorithm chosen.
        kmeans, ...: The options of each algorithm, in the field that its view names as `section`.
        standardize: Whether distances are measured in standard deviations of each column.
        rate: Half-steps a second; 0 is as fast as possible.
        shown: What the scatter shows.
        tween: Whether centroids glide between frames.
        live_line: Whether the operations of the half-step are listed beside the plot.
    """

    # Blobs that touch, so that there is something to watch.
    source: str = accepting("blobs:clusters=6,per_cluster=250,variance=30,seed=8", bool)
    columns: str = accepting("", is_state)
    algorithm: str = one_of(KMEANS.name, *(name for each in ALGORITHMS for name in each.names))
    kmeans: KMeansOptions = accepting(KMeansOptions(), KMEANS.can_show)
    mini_batch: MiniBatchOptions = accepting(MINI_BATCH.default_options, MINI_BATCH.can_show)
    mean_shift: MeanShiftOptions = field(default_factory=MeanShiftOptions)
    dbscan: DbscanOptions = field(default_factory=DbscanOptions)
    standardize: bool = False
    rate: float = one_of(2.0, *RATES)
    shown: Shown = field(default_factory=Shown)
    tween: bool = True
    live_line: bool = False

"""What can be chosen about k-means: k, seeding, seed, runs, empty clusters, formulation."""

from PyQt6.QtWidgets import QVBoxLayout

from app.controls.clustering.algorithm_form import AlgorithmForm
from app.controls.clustering.cluster_count import MAX_K, ClusterCount
from app.widgets import SeedBox, described_choice, form, number_box
from engine.clustering.kmeans.frames import EmptyPolicy
from engine.clustering.kmeans.options import MAX_RUNS, Formulation, KMeansOptions, Seeding

MAX_SHOWN_ITER = 100_000

SEEDINGS = {
    Seeding.FARTHEST: ("Farthest first", "A random point, then always the point farthest away."),
    Seeding.PLUS_PLUS: (
        "k-means++",
        "Several points are drawn for each centroid, far ones likelier by the square of the "
        "distance; the one that leaves the lowest inertia is kept.",
    ),
    Seeding.PLUS_PLUS_SINGLE: (
        "k-means++-single",
        "One point is drawn for each centroid, as in the paper of 2007.",
    ),
    Seeding.RANDOM: ("Random points", "Every point is equally likely."),
    Seeding.AFK_MC2: ("AFK-MC2", "Nearly the draws of k-means++, by a walk over few points."),
}
_EMPTY = {
    EmptyPolicy.KEEP: ("stays", "A centroid without points stays where it is."),
    EmptyPolicy.FARTHEST: (
        "jumps",
        "A centroid without points jumps to the point that is farthest from its own centroid.",
    ),
}
_FORMULATIONS = {
    Formulation.AUTO: ("Fast", "Assignment and sums in one compiled pass over the points."),
    Formulation.LECTURE: (
        "As taught",
        "The broadcast of the lecture: one (cluster, point, dimension) array.",
    ),
}


def can_show(options: KMeansOptions) -> bool:
    """Whether the form has room for these numbers."""
    return options.n_clusters <= MAX_K and options.max_iter <= MAX_SHOWN_ITER


class KMeansControl(AlgorithmForm):
    """The form for k-means."""

    def __init__(self, options: KMeansOptions) -> None:
        super().__init__()
        self._count = ClusterCount(options.n_clusters)
        self.k, self.slider = self._count.box, self._count.slider
        self.seeding = described_choice(SEEDINGS, "Seeding", options.seeding)
        self.seed = SeedBox("the seeding")
        self.n_init = number_box("How many runs are tried (n-init)", 1, MAX_RUNS, options.n_init)
        self.n_init.setPrefix("best of ")
        self.n_init.setToolTip(
            "Runs from this seed and the seeds after it (n-init). All are computed first; the one "
            "of the lowest inertia is shown."
        )
        self.empty = described_choice(_EMPTY, "A centroid without points", options.empty)
        self.formulation = described_choice(_FORMULATIONS, "Formulation", options.formulation)
        self.max_iter = number_box(
            "The most iterations", 0, MAX_SHOWN_ITER, options.max_iter, " iterations"
        )
        self.max_iter.setToolTip("A run stops here if points still change their cluster.")
        self.seed.setValue(options.seed)
        self._lay_out()
        self._count.changed.connect(self.changed)
        self.seed.valueChanged.connect(self.changed)
        for number in (self.n_init, self.max_iter):
            number.valueChanged.connect(self.changed)
        for box in (self.seeding, self.empty, self.formulation):
            box.currentIndexChanged.connect(self.changed)

    @property
    def options(self) -> KMeansOptions:
        """What is chosen."""
        return KMeansOptions(
            n_clusters=self.k.value(),
            seeding=self.seeding.currentData(),
            seed=self.seed.value(),
            n_init=self.n_init.value(),
            max_iter=self.max_iter.value(),
            empty=self.empty.currentData(),
            formulation=self.formulation.currentData(),
        )

    def show_options(self, options: KMeansOptions) -> None:
        """Choose other options, all at once; `changed` follows though they may be the same."""
        self.blockSignals(True)
        self.k.setValue(options.n_clusters)
        self.seed.setValue(options.seed)
        self.n_init.setValue(options.n_init)
        self.max_iter.setValue(options.max_iter)
        for box, value in (
            (self.seeding, options.seeding),
            (self.empty, options.empty),
            (self.formulation, options.formulation),
        ):
            box.setCurrentIndex(box.findData(value))
        self.blockSignals(False)
        self.changed.emit()

    def randomize_seed(self) -> None:
        """Choose another seed."""
        self.seed.randomize()

    def _lay_out(self) -> None:
        rows = form()
        rows.addRow("Clusters (k)", self._count)
        rows.addRow("Seeding", self.seeding)
        rows.addRow("Seed", self.seed)
        rows.addRow("Runs", self.n_init)
        rows.addRow("Empty one", self.empty)
        rows.addRow("At most", self.max_iter)
        rows.addRow("Computed", self.formulation)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(rows)

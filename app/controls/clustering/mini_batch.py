"""What can be chosen about mini-batch k-means: k, seeding, seed, batch size, batches."""

from PyQt6.QtWidgets import QVBoxLayout

from app.controls.clustering.algorithm_form import AlgorithmForm
from app.controls.clustering.cluster_count import MAX_K, ClusterCount
from app.controls.clustering.kmeans import SEEDINGS
from app.widgets import SeedBox, described_choice, form, number_box
from engine.clustering.kmeans.options import MiniBatchOptions

_MAX_BATCH_SIZE, _MAX_BATCHES = 1_000_000, 100_000


def can_show(options: MiniBatchOptions) -> bool:
    """Whether the form has room for these numbers."""
    return (
        options.n_clusters <= MAX_K
        and options.batch_size <= _MAX_BATCH_SIZE
        and options.max_batches <= _MAX_BATCHES
    )


class MiniBatchControl(AlgorithmForm):
    """The form for mini-batch k-means."""

    def __init__(self, options: MiniBatchOptions) -> None:
        super().__init__()
        self._count = ClusterCount(options.n_clusters)
        self.k, self.slider = self._count.box, self._count.slider
        self.seeding = described_choice(SEEDINGS, "Seeding", options.seeding)
        self.seed = SeedBox("the seeding and the batches")
        self.seed.setValue(options.seed)
        self.batch_size = number_box(
            "Points in a batch", 1, _MAX_BATCH_SIZE, options.batch_size, " points"
        )
        self.batch_size.setToolTip(
            "Points are drawn at random, and one may be drawn twice. Larger batches take longer, "
            "and move the centroids more steadily."
        )
        self.max_batches = number_box(
            "The most batches", 0, _MAX_BATCHES, options.max_batches, " batches"
        )
        self.max_batches.setToolTip(
            "A run stops here, or earlier if the inertia of the batches no longer falls."
        )
        self._lay_out()
        self._count.changed.connect(self.changed)
        self.seeding.currentIndexChanged.connect(self.changed)
        for box in (self.seed, self.batch_size, self.max_batches):
            box.valueChanged.connect(self.changed)

    @property
    def options(self) -> MiniBatchOptions:
        """What is chosen."""
        return MiniBatchOptions(
            n_clusters=self.k.value(),
            seeding=self.seeding.currentData(),
            seed=self.seed.value(),
            batch_size=self.batch_size.value(),
            max_batches=self.max_batches.value(),
        )

    def show_options(self, options: MiniBatchOptions) -> None:
        """Choose other options, all at once; `changed` follows though they may be the same."""
        self.blockSignals(True)
        self.k.setValue(options.n_clusters)
        self.seeding.setCurrentIndex(self.seeding.findData(options.seeding))
        self.seed.setValue(options.seed)
        self.batch_size.setValue(options.batch_size)
        self.max_batches.setValue(options.max_batches)
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
        rows.addRow("Batch", self.batch_size)
        rows.addRow("At most", self.max_batches)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(rows)

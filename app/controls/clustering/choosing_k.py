"""Two forms: for which k to try, and for the start lottery."""

from dataclasses import replace

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.controls.clustering.cluster_count import MAX_K
from app.controls.clustering.kmeans import SEEDINGS
from app.widgets import IconButton, SeedBox, described_choice, form, label, number_box
from engine.clustering.choosing_k.choices import ChoiceOptions
from engine.clustering.kmeans.options import KMeansOptions, Seeding

N_LOTS = 100


class StartButton(IconButton):
    """Starts something; while that goes on, it cancels it.

    Signals:
        asked: It is to start.
        cancelled: It is to end.
    """

    asked = pyqtSignal()
    cancelled = pyqtSignal()

    def __init__(self, icon: str, tip: str, text: str) -> None:
        super().__init__(icon, tip, text, is_primary=True)
        self._icons, self._texts = (icon, "mdi6.close"), (text, "Cancel")
        self._running = False
        policy = self.sizePolicy()
        policy.setHorizontalPolicy(policy.Policy.Expanding)
        self.setSizePolicy(policy)
        self.clicked.connect(lambda: (self.cancelled if self._running else self.asked).emit())

    def show_running(self, running: bool) -> None:
        """Offer what makes sense now."""
        self._running = running
        self.setText(self._texts[running])
        self.set_icon(self._icons[running])


class RangeControl(QWidget):
    """Which k are tried, and how often.

    Signals:
        changed: Anything is chosen otherwise.
    """

    changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        options = ChoiceOptions()
        self.low = number_box("The smallest k", 1, MAX_K, options.min_k)
        self.high = number_box("The largest k", 1, MAX_K, options.max_k)
        self.starts = number_box("Starts for each k", 1, 50, options.n_starts)
        self.starts.setToolTip("Runs of k-means for each k; the one of the least inertia counts.")
        self.references = number_box("Reference data sets", 2, 100, options.n_references)
        self.references.setToolTip(
            "How many uniform reference data sets the gap statistic compares with."
        )
        self.seeding = described_choice(SEEDINGS, "Seeding", options.kmeans.seeding)
        self.seed = SeedBox("the first start")
        self.start = StartButton("mdi6.chart-line", "Try every k of the range", "Compute")
        for number in (self.low, self.high, self.starts, self.references, self.seed):
            number.valueChanged.connect(self.changed)
        self.seeding.currentIndexChanged.connect(self.changed)
        self._lay_out()

    def options(self, kmeans: KMeansOptions) -> ChoiceOptions:
        """What is chosen.

        Args:
            kmeans: What a run does; its seeding and its seed are chosen here.

        Raises:
            ParameterError: The largest k is below the smallest.
        """
        return ChoiceOptions(
            min_k=self.low.value(),
            max_k=self.high.value(),
            n_starts=self.starts.value(),
            n_references=self.references.value(),
            kmeans=replace(kmeans, seeding=self.seeding.currentData(), seed=self.seed.value()),
        )

    def _lay_out(self) -> None:
        ends = QHBoxLayout()
        for box in (self.low, self.high):
            box.setMinimumWidth(44)  # side by side in a narrow column
        ends.addWidget(self.low, 1)
        ends.addWidget(label("to"))
        ends.addWidget(self.high, 1)
        rows = form()
        rows.addRow("Range", ends)
        rows.addRow("Starts", self.starts)
        rows.addRow("References", self.references)
        rows.addRow("Seeding", self.seeding)
        rows.addRow("Seed", self.seed)
        _stack(self, rows, self.start)


class LotteryControl(QWidget):
    """Which seedings take part in the start lottery, and how often.

    Signals:
        changed: Anything is chosen otherwise.
    """

    changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.k = number_box("k of the lottery", 1, MAX_K, 6)
        self.seeds = number_box("Seeds of each seeding", 1, 1000, N_LOTS)
        self.boxes = {seeding: QCheckBox(name) for seeding, (name, _) in SEEDINGS.items()}
        for seeding, box in self.boxes.items():
            box.setChecked(True)
            box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            box.setToolTip(SEEDINGS[seeding][1])
            box.toggled.connect(lambda _: self.start.setEnabled(bool(self.seedings)))
            box.toggled.connect(self.changed)
        for number in (self.k, self.seeds):
            number.valueChanged.connect(self.changed)
        self.start = StartButton("mdi6.dice-5-outline", "Run k-means from every seed", "Draw lots")
        rows = form()
        rows.addRow("k", self.k)
        rows.addRow("Seeds", self.seeds)
        _stack(self, rows, *self.boxes.values(), self.start)

    @property
    def seedings(self) -> tuple[Seeding, ...]:
        """Those that take part."""
        return tuple(seeding for seeding, box in self.boxes.items() if box.isChecked())

    def options(self, kmeans: KMeansOptions) -> KMeansOptions:
        """What a run does, from seed 0 on."""
        return replace(kmeans, n_clusters=self.k.value(), seed=0)


def _stack(control: QWidget, rows: QFormLayout, *parts: QWidget) -> None:
    layout = QVBoxLayout(control)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addLayout(rows)
    for part in parts:
        layout.addWidget(part)

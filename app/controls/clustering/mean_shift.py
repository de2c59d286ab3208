"""What can be chosen about mean shift: bandwidth and rule, kernel, form, where climbs start."""

from PyQt6.QtWidgets import QVBoxLayout

from app.controls.clustering.algorithm_form import AlgorithmForm
from app.controls.clustering.distance import DistanceChoice
from app.widgets import described_choice, form
from engine.clustering.mean_shift.frames import Kernel, MeanShiftFrame
from engine.clustering.mean_shift.options import Form, MeanShiftOptions, Rule, Seeds

_FIRST_BANDWIDTH = 5.0  # until a rule has found another

_RULES = {
    Rule.ESTIMATE.value: (
        "Estimated",
        "The best if all points were one normal cloud, but enough for half of them to have "
        "neighbours to climb to.",
    ),
    Rule.LECTURE.value: ("A third of the data", "The kernel covers a third of the points."),
}
_KERNELS = {
    Kernel.GAUSSIAN: ("Gaussian", "Points weigh less the farther they are."),
    Kernel.FLAT: ("Flat", "Points within the bandwidth weigh the same, others nothing."),
}
_FORMS = {
    Form.CLIMBING: ("Points climb", "The data stay, and copies of the points climb."),
    Form.BLURRING: ("Data move (blurring)", "The data themselves move, and with them the means."),
}
_SEEDS = {
    Seeds.AUTO: ("Automatic", "At every point of up to 20,000, in bins of more."),
    Seeds.POINTS: ("Every point", "One climb from each point."),
    Seeds.BINS: ("Bins", "One climb from each cell of a grid that has points."),
}


class MeanShiftControl(AlgorithmForm):
    """The form for mean shift."""

    def __init__(self, options: MeanShiftOptions) -> None:
        super().__init__()
        self._distance = DistanceChoice(
            _RULES, _chosen(options), first=_FIRST_BANDWIDTH, name="Bandwidth"
        )
        self.rule, self.bandwidth = self._distance.rule, self._distance.box
        self.slider = self._distance.slider
        self.bandwidth.setToolTip("How far the kernel reaches. A new one starts again.")
        self.kernel = described_choice(_KERNELS, "Kernel", options.kernel)
        self.form = described_choice(_FORMS, "What moves", options.form)
        self.seeds = described_choice(_SEEDS, "Where climbs start", options.seeds)
        self._lay_out()
        self._distance.changed.connect(self.changed)
        self.form.currentIndexChanged.connect(self._on_form)
        for box in (self.kernel, self.seeds):
            box.currentIndexChanged.connect(self.changed)
        self._offer_seeds()

    @property
    def options(self) -> MeanShiftOptions:
        """What is chosen."""
        chosen, blurring = self._distance.chosen, self.form.currentData() is Form.BLURRING
        return MeanShiftOptions(
            bandwidth=Rule(chosen) if isinstance(chosen, str) else chosen,
            kernel=self.kernel.currentData(),
            form=self.form.currentData(),
            seeds=Seeds.AUTO if blurring else self.seeds.currentData(),
        )

    def show_options(self, options: MeanShiftOptions) -> None:
        """Choose other options, all at once; `changed` follows though they may be the same."""
        self.blockSignals(True)
        self._distance.choose(_chosen(options))
        for box, value in (
            (self.kernel, options.kernel),
            (self.form, options.form),
            (self.seeds, options.seeds),
        ):
            box.setCurrentIndex(box.findData(value))
        self.blockSignals(False)
        self.changed.emit()

    def set_standard_deviation(self, deviation: float) -> None:
        """Fit the bandwidth to points of this standard deviation."""
        self._distance.set_standard_deviation(deviation)

    def show_found(self, frame: MeanShiftFrame) -> None:
        """Show the bandwidth of a frame."""
        self._distance.show(frame.bandwidth)

    def _lay_out(self) -> None:
        rows = form()
        rows.addRow("Bandwidth", self.rule)
        rows.addRow("", self._distance.row())
        rows.addRow("Kernel", self.kernel)
        rows.addRow("Form", self.form)
        rows.addRow("Start at", self.seeds)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(rows)

    def _on_form(self) -> None:
        self._offer_seeds()
        self.changed.emit()

    def _offer_seeds(self) -> None:
        self.seeds.setEnabled(self.form.currentData() is Form.CLIMBING)


def _chosen(options: MeanShiftOptions) -> str | float:
    """The rule, or the bandwidth by hand."""
    bandwidth = options.bandwidth
    return bandwidth.value if isinstance(bandwidth, Rule) else bandwidth

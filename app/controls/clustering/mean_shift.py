"""What can be chosen about mean shift: bandwidth and rule, kernel, form, where climbs start."""

import math

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QSlider, QVBoxLayout

from app.controls.clustering.algorithm_form import AlgorithmForm
from app.controls.widgets import described_choice, form
from engine.clustering.mean_shift.frames import Kernel, MeanShiftFrame
from engine.clustering.mean_shift.options import Form, MeanShiftOptions, Rule, Seeds

BY_HAND = "hand"
_FIRST_BANDWIDTH = 5.0  # until a rule has found another
# The slider goes from this fraction of the standard deviation of the points to this multiple of it,
# in steps of equal ratio.
_LEAST, _MOST, _STEPS = 0.02, 3.0, 200

_RULES = {
    Rule.ESTIMATE.value: (
        "Estimated",
        "The best if all points were one normal cloud, but enough for half of them to have "
        "neighbours to climb to.",
    ),
    Rule.LECTURE.value: ("A third of the data", "The kernel covers a third of the points."),
    BY_HAND: ("By hand", "The number below."),
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
        self._deviation = 1.0
        if isinstance(options.bandwidth, Rule):
            rule, number = options.bandwidth.value, _FIRST_BANDWIDTH
        else:
            rule, number = BY_HAND, options.bandwidth
        self.rule = described_choice(_RULES, "Rule for the bandwidth", rule)
        self.bandwidth = QDoubleSpinBox()
        self.bandwidth.setKeyboardTracking(False)
        self.bandwidth.setAccessibleName("Bandwidth")
        self.bandwidth.setToolTip("How far the kernel reaches. A new one starts again.")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setAccessibleName("Bandwidth")
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.kernel = described_choice(_KERNELS, "Kernel", options.kernel)
        self.form = described_choice(_FORMS, "What moves", options.form)
        self.seeds = described_choice(_SEEDS, "Where climbs start", options.seeds)
        self.set_standard_deviation(1.0)
        self.show_bandwidth(number)
        self._lay_out()
        self.bandwidth.valueChanged.connect(self._on_bandwidth)
        self.slider.valueChanged.connect(self._on_slider)
        self.form.currentIndexChanged.connect(self._on_form)
        for box in (self.rule, self.kernel, self.seeds):
            box.currentIndexChanged.connect(self.changed)
        self._offer_seeds()

    @property
    def options(self) -> MeanShiftOptions:
        """What is chosen."""
        rule, blurring = self.rule.currentData(), self.form.currentData() is Form.BLURRING
        return MeanShiftOptions(
            bandwidth=self.bandwidth.value() if rule == BY_HAND else Rule(rule),
            kernel=self.kernel.currentData(),
            form=self.form.currentData(),
            seeds=Seeds.AUTO if blurring else self.seeds.currentData(),
        )

    def show_options(self, options: MeanShiftOptions) -> None:
        """Choose other options, all at once; `changed` follows though they may be the same."""
        rule = BY_HAND
        self.blockSignals(True)
        if isinstance(options.bandwidth, Rule):
            rule = options.bandwidth.value
        else:
            self.bandwidth.setValue(options.bandwidth)
        for box, value in (
            (self.rule, rule),
            (self.kernel, options.kernel),
            (self.form, options.form),
            (self.seeds, options.seeds),
        ):
            box.setCurrentIndex(box.findData(value))
        self.blockSignals(False)
        self.changed.emit()

    def set_standard_deviation(self, deviation: float) -> None:
        """Fit the slider and the digits to points of this standard deviation."""
        self._deviation = deviation
        digits = min(max(2 - math.floor(math.log10(deviation)), 1), 9)
        self.bandwidth.blockSignals(True)
        self.bandwidth.setDecimals(digits)
        self.bandwidth.setRange(10.0**-digits, 1e4 * deviation)
        self.bandwidth.setSingleStep(10.0 ** (1 - digits))
        self.bandwidth.blockSignals(False)
        self.show_bandwidth(self.bandwidth.value())

    def show_bandwidth(self, bandwidth: float) -> None:
        """Show what a rule has found; nothing is chosen by it."""
        ratio = bandwidth / self._deviation / _LEAST
        step = _STEPS * math.log(max(ratio, 1e-9)) / math.log(_MOST / _LEAST)
        for widget, value in ((self.bandwidth, bandwidth), (self.slider, round(step))):
            widget.blockSignals(True)
            widget.setValue(value)  # type: ignore[arg-type]
            widget.blockSignals(False)

    def show_found(self, frame: MeanShiftFrame) -> None:
        """Show the bandwidth of a frame."""
        self.show_bandwidth(frame.bandwidth)

    def _lay_out(self) -> None:
        number = QHBoxLayout()
        number.addWidget(self.bandwidth)
        number.addWidget(self.slider, 1)
        rows = form()
        rows.addRow("Bandwidth", self.rule)
        rows.addRow("", number)
        rows.addRow("Kernel", self.kernel)
        rows.addRow("Form", self.form)
        rows.addRow("Start at", self.seeds)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(rows)

    def _on_slider(self, step: int) -> None:
        self.bandwidth.setValue(self._deviation * _LEAST * (_MOST / _LEAST) ** (step / _STEPS))

    def _on_bandwidth(self, bandwidth: float) -> None:
        self.show_bandwidth(bandwidth)
        self.rule.blockSignals(True)
        self.rule.setCurrentIndex(self.rule.findData(BY_HAND))
        self.rule.blockSignals(False)
        self.changed.emit()

    def _on_form(self) -> None:
        self._offer_seeds()
        self.changed.emit()

    def _offer_seeds(self) -> None:
        self.seeds.setEnabled(self.form.currentData() is Form.CLIMBING)

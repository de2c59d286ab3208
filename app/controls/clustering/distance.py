"""A distance that the engine chooses by a rule, unless it is set by hand."""

import math
from collections.abc import Mapping

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QSlider

from app.widgets import described_choice

BY_HAND = "hand"
# The slider goes from this fraction of the standard deviation of the points to this multiple of it,
# in steps of equal ratio.
_LEAST, _MOST, _STEPS = 0.02, 3.0, 200


class DistanceChoice(QObject):
    """A choice among rules, and a box and a slider for the distance.

    The box shows what a rule has found. Whoever changes it chooses by hand.

    Signals:
        changed: Another rule, or another distance by hand.

    Attributes:
        rule: The choice among rules; the last is `BY_HAND`.
        box, slider: The distance; they follow each other.
    """

    changed = pyqtSignal()

    def __init__(
        self,
        rules: Mapping[str, tuple[str, str]],
        chosen: str | float,
        first: float,
        name: str,
        more_digits: int = 0,
    ) -> None:
        """Choose a rule or a distance.

        Args:
            rules: For each rule its text and a tip.
            chosen: A rule or a distance.
            first: The distance in the box until a rule has found another.
            name: What the distance is called.
            more_digits: How many digits the box has beyond about a hundredth of the standard
                deviation.
        """
        super().__init__()
        self._deviation, self._more_digits = 1.0, more_digits
        by_hand = {BY_HAND: ("By hand", "The number below.")}
        rule = chosen if isinstance(chosen, str) else BY_HAND
        self.rule = described_choice({**rules, **by_hand}, f"Rule for the {name.lower()}", rule)
        self.box = QDoubleSpinBox()
        self.box.setKeyboardTracking(False)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, _STEPS)
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for part in (self.box, self.slider):
            part.setAccessibleName(name)
        self.set_standard_deviation(1.0)
        self.show(first if isinstance(chosen, str) else chosen)
        self.box.valueChanged.connect(self._on_box)
        self.slider.valueChanged.connect(self._on_slider)
        self.rule.currentIndexChanged.connect(self.changed)

    @property
    def chosen(self) -> str | float:
        """A rule, or the distance chosen by hand."""
        rule = str(self.rule.currentData())
        return self.box.value() if rule == BY_HAND else rule

    def choose(self, chosen: str | float) -> None:
        """Choose another rule, or a distance by hand."""
        if not isinstance(chosen, str):
            self.box.setValue(chosen)
        rule = chosen if isinstance(chosen, str) else BY_HAND
        self.rule.setCurrentIndex(self.rule.findData(rule))

    def show(self, distance: float) -> None:
        """Show what a rule has found; nothing is chosen by it."""
        ratio = distance / self._deviation / _LEAST
        step = _STEPS * math.log(max(ratio, 1e-9)) / math.log(_MOST / _LEAST)
        for widget, value in ((self.box, distance), (self.slider, round(step))):
            widget.blockSignals(True)
            widget.setValue(value)  # type: ignore[arg-type]
            widget.blockSignals(False)

    def set_standard_deviation(self, deviation: float) -> None:
        """Fit the slider and the digits to points of this standard deviation."""
        self._deviation = deviation
        digits = min(max(2 - math.floor(math.log10(deviation)), 1) + self._more_digits, 9)
        self.box.blockSignals(True)
        self.box.setDecimals(digits)
        self.box.setRange(10.0**-digits, 1e4 * deviation)
        self.box.setSingleStep(10.0 ** (1 - digits))
        self.box.blockSignals(False)
        self.show(self.box.value())

    def row(self) -> QHBoxLayout:
        """The box and the slider, side by side."""
        row = QHBoxLayout()
        row.addWidget(self.box)
        row.addWidget(self.slider, 1)
        return row

    def _on_slider(self, step: int) -> None:
        self.box.setValue(self._deviation * _LEAST * (_MOST / _LEAST) ** (step / _STEPS))

    def _on_box(self, distance: float) -> None:
        self.show(distance)
        self.rule.blockSignals(True)
        self.rule.setCurrentIndex(self.rule.findData(BY_HAND))
        self.rule.blockSignals(False)
        self.changed.emit()

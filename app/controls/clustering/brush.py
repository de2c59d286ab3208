"""What can be set of the brush: radius, points of a dab, jitter, seed."""

import numpy as np
from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QWidget

from app.theme import LARGE, Theme, current, follow
from app.widgets import SeedBox, label, number_box

MIN_RADIUS, MAX_RADIUS = 5, 150
_RADIUS, _N_POINTS, _JITTER = 40, 30, 100
_LARGER = 1.25


class BrushControl(QWidget):
    """A row of boxes; that of the eraser has the radius alone.

    Signals:
        resized: The radius is another one.
    """

    resized = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._erases = False
        self.radius = QSlider(Qt.Orientation.Horizontal)
        self.radius.setRange(MIN_RADIUS, MAX_RADIUS)
        self.radius.setValue(_RADIUS)
        self.radius.setAccessibleName("Radius of the brush")
        self.radius.setToolTip("How large the ring is: [ smaller, ] larger")
        self.radius.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.radius.valueChanged.connect(lambda _: self.resized.emit())
        self.n_points = number_box("Points of a dab", 1, 1000, _N_POINTS, " points")
        self.n_points.setToolTip("A click is a dab; a stroke is a dab each half of the radius.")
        self.jitter = number_box("Jitter", 0, 100, _JITTER, " %")
        self.jitter.setToolTip("How far points stray: 0 % all in the middle, 100 % the whole ring.")
        self.seed = SeedBox("the brush")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(label("Radius", "muted"))
        layout.addWidget(self.radius, 1)
        self._of_brush: list[QWidget] = []
        for name, box in (("Dab", self.n_points), ("Jitter", self.jitter), ("Seed", self.seed)):
            self._of_brush += [label(name, "muted"), box]
        for part in self._of_brush:
            part.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            layout.addWidget(part)
        follow(self, self.restyle)

    def show_for(self, erases: bool) -> None:
        """Show what counts for the eraser, or for the brush."""
        self._erases = erases
        n_shown = 0 if erases else len(self._of_brush)
        if current().scale > LARGE:  # there is room for radius and dab alone
            n_shown = min(n_shown, 2)
        for index, part in enumerate(self._of_brush):
            part.setVisible(index < n_shown)

    def resize_ring(self, by: int) -> None:
        """Make the ring larger, or smaller, by so many steps."""
        self.radius.setValue(round(self.radius.value() * _LARGER**by))

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        for box, width in ((self.n_points, 105), (self.jitter, 85), (self.seed, 120)):
            box.setMaximumWidth(theme.px(width))
        self.show_for(self._erases)

    @property
    def pixels(self) -> int:
        """The radius on screen."""
        return current().px(self.radius.value())

    @property
    def dab_size(self) -> int:
        """How many points one dab has."""
        return self.n_points.value()

    @property
    def stray(self) -> float:
        """How far points stray: 0 all in the middle, 1 the whole ring."""
        return self.jitter.value() / 100

    def rng(self, n_before: int) -> np.random.Generator:
        """The random numbers of a stroke: the same for the same seed and number of points."""
        return np.random.default_rng([self.seed.value(), n_before])

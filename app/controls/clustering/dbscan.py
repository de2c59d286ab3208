"""What can be chosen about DBSCAN: eps and its rule, and the minimum points."""

from PyQt6.QtWidgets import QVBoxLayout

from app.controls.clustering.algorithm_form import AlgorithmForm
from app.controls.clustering.distance import DistanceChoice
from app.widgets import form, number_box
from engine.clustering.dbscan.frames import DbscanFrame
from engine.clustering.dbscan.options import DbscanOptions

_K_DISTANCE = "k-distance"
_RULES = {
    _K_DISTANCE: (
        "By k-distance",
        "The distance within which 95 % of the points have the minimum points.",
    ),
}
_FIRST_EPS = 2.0  # until the rule has found another
_MAX_POINTS = 2**31 - 1  # as many as a box can hold


class DbscanControl(AlgorithmForm):
    """The form for DBSCAN."""

    def __init__(self, options: DbscanOptions) -> None:
        super().__init__()
        self._distance = DistanceChoice(
            _RULES, _chosen(options), first=_FIRST_EPS, name="eps", more_digits=1
        )
        self.rule, self.eps, self.slider = (
            self._distance.rule,
            self._distance.box,
            self._distance.slider,
        )
        self.eps.setToolTip("Points at most this far apart are neighbours. A new eps starts again.")
        self.min_points = number_box("Minimum points", 1, _MAX_POINTS, options.min_points)
        self.min_points.setMinimumWidth(60)
        self.min_points.setToolTip(
            "A point with at least this many points within eps, itself included, is a core point."
        )
        self._lay_out()
        self._distance.changed.connect(self.changed)
        self.min_points.valueChanged.connect(self.changed)

    @property
    def options(self) -> DbscanOptions:
        """What is chosen."""
        chosen = self._distance.chosen
        return DbscanOptions(
            eps=None if isinstance(chosen, str) else chosen, min_points=self.min_points.value()
        )

    def show_options(self, options: DbscanOptions) -> None:
        """Choose other options, all at once; `changed` follows though they may be the same."""
        self.blockSignals(True)
        self._distance.choose(_chosen(options))
        self.min_points.setValue(options.min_points)
        self.blockSignals(False)
        self.changed.emit()

    def set_standard_deviation(self, deviation: float) -> None:
        """Fit eps to points of this standard deviation."""
        self._distance.set_standard_deviation(deviation)

    def show_found(self, frame: DbscanFrame) -> None:
        """Show the eps of a frame."""
        self._distance.show(frame.eps)

    def _lay_out(self) -> None:
        rows = form()
        rows.addRow("eps", self.rule)
        rows.addRow("", self._distance.row())
        rows.addRow("Min. points", self.min_points)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(rows)


def _chosen(options: DbscanOptions) -> str | float:
    """The rule, or the eps by hand."""
    return _K_DISTANCE if options.eps is None else options.eps

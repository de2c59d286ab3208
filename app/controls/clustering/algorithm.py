"""Which algorithm clusters the points, and the form for it."""

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.controls.clustering.kmeans import KMeansControl
from app.controls.clustering.mean_shift import MeanShiftControl
from app.controls.widgets import described_choice
from engine.clustering.kmeans.options import KMeansOptions
from engine.clustering.mean_shift.options import MeanShiftOptions

KMEANS, MEAN_SHIFT = "k-means", "mean shift"
_ALGORITHMS = {
    KMEANS: ("k-means", "k centroids, each the mean of the points nearest to it."),
    MEAN_SHIFT: ("Mean shift", "Points climb to where they are densest; no k, but a bandwidth."),
}


class AlgorithmControl(QWidget):
    """A choice, and the form of what is chosen.

    Signals:
        changed: The options are different.
    """

    changed = pyqtSignal()

    def __init__(self, chosen: str, kmeans: KMeansOptions, mean_shift: MeanShiftOptions) -> None:
        """Show the form of an algorithm.

        Args:
            chosen: The name of the algorithm.
            kmeans: The options in the form of k-means.
            mean_shift: The options in the form of mean shift.
        """
        super().__init__()
        self.kind = described_choice(_ALGORITHMS, "Algorithm", chosen)
        self.kmeans, self.mean_shift = KMeansControl(kmeans), MeanShiftControl(mean_shift)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self.kind, self.kmeans, self.mean_shift):
            layout.addWidget(part)
        self._show_form()
        self.kind.currentIndexChanged.connect(self._on_kind)
        for control in (self.kmeans, self.mean_shift):
            control.changed.connect(self.changed)

    @property
    def chosen(self) -> str:
        """The name of the algorithm, for the settings."""
        return str(self.kind.currentData())

    @property
    def name(self) -> str:
        """Of the algorithm, for a headline."""
        return self.kind.currentText()

    @property
    def shifting(self) -> bool:
        """Whether it is mean shift."""
        return bool(self.kind.currentData() == MEAN_SHIFT)

    @property
    def options(self) -> KMeansOptions | MeanShiftOptions:
        """What is chosen."""
        return self.mean_shift.options if self.shifting else self.kmeans.options

    def show_kmeans(self, options: KMeansOptions) -> None:
        """Choose k-means with other options, all at once; `changed` follows."""
        self.kind.blockSignals(True)
        self.kind.setCurrentIndex(self.kind.findData(KMEANS))
        self.kind.blockSignals(False)
        self._show_form()
        self.kmeans.show_options(options)

    def _on_kind(self) -> None:
        self._show_form()
        self.changed.emit()

    def _show_form(self) -> None:
        self.kmeans.setVisible(not self.shifting)
        self.mean_shift.setVisible(self.shifting)

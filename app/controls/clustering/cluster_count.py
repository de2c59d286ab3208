"""k, as a box and a slider that follow each other."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QSlider, QSpinBox, QWidget

MAX_K = 100
_SLIDER_K = 20
_NAME = "k, the number of clusters"


class ClusterCount(QWidget):
    """Chooses k.

    The slider ends at a k that can be told apart. The box goes on, and the slider stays there.

    Signals:
        changed: k is another one.

    Attributes:
        box: From 1 to `MAX_K`.
        slider: From 1 to 20.
    """

    changed = pyqtSignal()

    def __init__(self, n_clusters: int) -> None:
        super().__init__()
        self.box = QSpinBox()
        self.box.setRange(1, MAX_K)
        self.box.setValue(n_clusters)
        self.box.setKeyboardTracking(False)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(1, _SLIDER_K)
        self.slider.setValue(n_clusters)
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for part in (self.box, self.slider):
            part.setAccessibleName(_NAME)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        layout.addWidget(self.slider, 1)
        self.box.valueChanged.connect(self._on_box)
        self.slider.valueChanged.connect(self.box.setValue)

    def _on_box(self, n_clusters: int) -> None:
        self.slider.blockSignals(True)
        self.slider.setValue(n_clusters)
        self.slider.blockSignals(False)
        self.changed.emit()

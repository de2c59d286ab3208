"""Which algorithm clusters the points, and the form for it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.controls.clustering.algorithm_form import AlgorithmForm
from app.widgets import described_choice


@dataclass(frozen=True, slots=True, eq=False)
class AlgorithmEntry:
    """An algorithm that can be chosen.

    Attributes:
        name: In settings.
        title: In the choice.
        tip: What it does, in a sentence.
        form: For its options.
    """

    name: str
    title: str
    tip: str
    form: AlgorithmForm


class AlgorithmControl(QWidget):
    """A choice of algorithms, and the form of the one chosen.

    Signals:
        changed: The options are different.
    """

    changed = pyqtSignal()

    def __init__(self, entries: Sequence[AlgorithmEntry], chosen: str) -> None:
        """Show the form of one.

        Args:
            entries: In the order of the choice.
            chosen: The name of the first one shown.
        """
        super().__init__()
        self._forms = {entry.name: entry.form for entry in entries}
        named = {entry.name: (entry.title, entry.tip) for entry in entries}
        self.kind = described_choice(named, "Algorithm", chosen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.kind)
        for part in self._forms.values():
            layout.addWidget(part)
            part.changed.connect(self.changed)
        self._show_form()
        self.kind.currentIndexChanged.connect(self._on_kind)

    @property
    def name(self) -> str:
        """The algorithm chosen."""
        return str(self.kind.currentData())

    @property
    def options(self) -> Any:
        """What is chosen, as the frozen dataclass of the algorithm."""
        return self._chosen.options

    def form(self, name: str) -> AlgorithmForm:
        """The form of an algorithm, shown or not."""
        return self._forms[name]

    def choose(self, name: str, options: Any) -> None:
        """Choose an algorithm with other options, all at once; `changed` follows."""
        self.kind.blockSignals(True)
        self.kind.setCurrentIndex(self.kind.findData(name))
        self.kind.blockSignals(False)
        self._show_form()
        self._chosen.show_options(options)

    def set_standard_deviation(self, deviation: float) -> None:
        """Fit boxes of distances to points of this standard deviation."""
        for part in self._forms.values():
            part.set_standard_deviation(deviation)

    def show_found(self, frame: Any) -> None:
        """Show what the engine has chosen itself, read off a frame of the algorithm chosen."""
        self._chosen.show_found(frame)

    def randomize_seed(self) -> None:
        """Choose another seed for the algorithm chosen, if it has one."""
        self._chosen.randomize_seed()

    @property
    def _chosen(self) -> AlgorithmForm:
        return self._forms[self.name]

    def _on_kind(self) -> None:
        self._show_form()
        self.changed.emit()

    def _show_form(self) -> None:
        for name, part in self._forms.items():
            part.setVisible(name == self.name)

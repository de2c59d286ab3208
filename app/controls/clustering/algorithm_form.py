"""What the form of every clustering algorithm offers."""

from typing import Any

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QWidget


class AlgorithmForm(QWidget):
    """The form for the options of one algorithm.

    Signals:
        changed: The options are different.
    """

    changed = pyqtSignal()

    @property
    def options(self) -> Any:
        """What is chosen, as the frozen dataclass of the algorithm."""
        raise NotImplementedError

    def show_options(self, options: Any) -> None:
        """Choose other options, all at once; `changed` follows though they may be the same."""
        raise NotImplementedError

    def set_standard_deviation(self, deviation: float) -> None:
        """Fit boxes of distances to points of this standard deviation."""

    def show_found(self, frame: Any) -> None:
        """Show what the engine has chosen itself, read off a frame; `changed` does not follow."""

    def randomize_seed(self) -> None:
        """Choose another seed, if there is one to choose."""

"""The known evaluations, and those that are chosen. The accuracy tab observes it."""

from collections.abc import Sequence

from PyQt6.QtCore import QObject, pyqtSignal

from app.labs.accuracy.evaluations import Evaluated, Evaluator
from engine.errors import DataError


class AccuracyState(QObject):
    """Holds evaluations by speller and beam width, and gets the chosen ones.

    Signals:
        changed: `shown` may have changed.
        failed: Why an evaluation could not be saved.

    Attributes:
        chosen: The names of the chosen spellers.
        width: The chosen beam width.
    """

    changed = pyqtSignal()
    failed = pyqtSignal(DataError)

    def __init__(self, evaluator: Evaluator, names: Sequence[str], parent: QObject) -> None:
        """Start without evaluations.

        Args:
            evaluator: Evaluates spellers, and reads saved evaluations.
            names: The names of all spellers.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self._evaluator, self._names = evaluator, tuple(names)
        self.chosen: tuple[str, ...] = ()
        self.width = 1
        self._known: dict[tuple[str, int], Evaluated] = {}
        self._widths_read: set[int] = set()
        evaluator.evaluated.connect(self._on_evaluated)

    @property
    def shown(self) -> list[Evaluated]:
        """The known evaluations of the chosen spellers."""
        keys = ((name, self.width) for name in self.chosen)
        return [self._known[key] for key in keys if key in self._known]

    @property
    def lacking(self) -> list[str]:
        """The chosen spellers without a known evaluation."""
        return [name for name in self.chosen if (name, self.width) not in self._known]

    def choose(self, chosen: tuple[str, ...], width: int) -> None:
        """Choose spellers and a beam width."""
        self.chosen, self.width = chosen, width
        self.changed.emit()

    def evaluate(self) -> bool:
        """Evaluate the chosen spellers; returns whether there are any."""
        if self.chosen:
            self._evaluator.evaluate(self.chosen, self.width)
        return bool(self.chosen)

    def read_saved(self) -> None:
        """Read the saved evaluations with the chosen beam width, once, if it is not busy."""
        if not self._evaluator.is_busy and self.width not in self._widths_read:
            self._widths_read.add(self.width)
            self._evaluator.read(self._names, self.width)

    def _on_evaluated(self, found: Evaluated) -> None:
        self._known[found.speller, found.width] = found
        self.changed.emit()
        if found.problem is not None:
            self.failed.emit(found.problem)

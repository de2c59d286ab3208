"""Lights the entries of a list one after the other."""

from PyQt6.QtCore import QObject, QTimer, pyqtSignal

_PAUSE_MS = 350


class Walk(QObject):
    """Goes from the first entry to the last, and stays there.

    Signals:
        reached: The number of an entry.

    Attributes:
        row: Where it is; -1 before it begins.
    """

    reached = pyqtSignal(int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.row, self._n_rows = -1, 0
        self._timer = QTimer(self)
        self._timer.timeout.connect(lambda: self.go(self.row + 1))

    @property
    def goes_on(self) -> bool:
        """Whether another entry follows by itself."""
        return self._timer.isActive()

    def begin(self, n_rows: int, within_ms: float | None = None) -> None:
        """Start at the first of some entries.

        Args:
            n_rows: How many there are.
            within_ms: How long all of them may take; None for as long as it takes to read them.
        """
        self._n_rows = n_rows
        share = _PAUSE_MS if within_ms is None else round(within_ms / max(n_rows, 1))
        self._timer.start(min(_PAUSE_MS, share))
        self.go(0)

    def stop(self, row: int | None = None) -> None:
        """Stay here, or at another entry."""
        self._timer.stop()
        self.row = self.row if row is None else row

    def go(self, row: int) -> None:
        """Be at an entry, and go on from there if it was going on."""
        self.row = row
        if row + 1 >= self._n_rows:
            self._timer.stop()
        self.reached.emit(row)

"""Columns to tick, of which there may be many thousands."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from PyQt6.QtCore import QAbstractListModel, QModelIndex, Qt, pyqtSignal
from PyQt6.QtWidgets import QListView

from app.text import as_tip, shown

_Role = Qt.ItemDataRole


class _Columns(QAbstractListModel):
    """Names with ticks.

    Signals:
        ticked: The user has changed a tick.
    """

    ticked = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.names: tuple[str, ...] = ()
        self._ticks: list[bool] = []
        self._reasons: Mapping[str, str] = {}

    @property
    def chosen(self) -> tuple[str, ...]:
        """The names that are ticked."""
        return tuple(name for name, tick in zip(self.names, self._ticks, strict=True) if tick)

    def fill(
        self, names: Sequence[str], chosen: Collection[str], reasons: Mapping[str, str]
    ) -> None:
        """Show other names, or other ticks."""
        ticked = frozenset(chosen)
        ticks = [name in ticked for name in names]
        if self.names == tuple(names):  # what was scrolled to stays in view
            self._ticks, self._reasons = ticks, reasons
            if ticks:
                self.dataChanged.emit(self.index(0), self.index(len(ticks) - 1))
            return
        self.beginResetModel()
        self.names, self._ticks, self._reasons = tuple(names), ticks, reasons
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """One row for each column."""
        return 0 if parent.isValid() else len(self.names)

    def data(self, index: QModelIndex, role: int = _Role.DisplayRole) -> Any:
        """What Qt shows of a column."""
        if not index.isValid():
            return None
        name = self.names[index.row()]
        if role == _Role.DisplayRole:
            return shown(name)
        if role == _Role.CheckStateRole:
            ticked = self._ticks[index.row()]
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        if role == _Role.ToolTipRole:
            return as_tip(self._reasons.get(name, "")) or None
        return None

    def setData(self, index: QModelIndex, value: Any, role: int = _Role.EditRole) -> bool:
        """Tick a column, or no longer; something stays ticked."""
        if role != _Role.CheckStateRole or not index.isValid():
            return False
        ticked = Qt.CheckState(value) == Qt.CheckState.Checked
        if not ticked and self.chosen == (self.names[index.row()],):
            return False
        self._ticks[index.row()] = ticked
        self.dataChanged.emit(index, index, [role])
        self.ticked.emit()
        return True

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        """Each can be ticked."""
        return super().flags(index) | Qt.ItemFlag.ItemIsUserCheckable


class ColumnList(QListView):
    """Columns with ticks; at least one is ticked.

    Signals:
        chosen: The columns that are ticked now, after the user has changed one.
    """

    chosen = pyqtSignal(tuple)

    def __init__(self, name: str) -> None:
        """Make an empty list.

        Args:
            name: For a screen reader.
        """
        super().__init__()
        self._columns = _Columns()
        self.setModel(self._columns)
        self.setUniformItemSizes(True)  # else Qt measures each of thousands
        self.setAccessibleName(name)
        self._columns.ticked.connect(lambda: self.chosen.emit(self._columns.chosen))

    @property
    def texts(self) -> list[str]:
        """What is shown of each column."""
        return [shown(name) for name in self._columns.names]

    @property
    def ticked(self) -> tuple[str, ...]:
        """The columns that are ticked."""
        return self._columns.chosen

    def tip(self, row: int) -> str:
        """What is said of a column that the pointer rests on."""
        return self._columns.data(self._columns.index(row), _Role.ToolTipRole) or ""

    def fill(
        self,
        names: Sequence[str],
        chosen: Collection[str],
        reasons: Mapping[str, str] | None = None,
    ) -> None:
        """Show columns without choosing anything.

        Args:
            names: The names of all of them.
            chosen: Those that are ticked.
            reasons: Why some are not, a sentence each.
        """
        self._columns.fill(names, chosen, reasons or {})

    def tick(self, row: int, ticked: bool = True) -> None:
        """Tick a column as a click does."""
        state = Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        self._columns.setData(self._columns.index(row), state.value, _Role.CheckStateRole)

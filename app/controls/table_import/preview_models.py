"""The models of the tables in the import dialog: the first rows, and the columns with roles."""

from collections.abc import Iterable
from itertools import islice
from typing import Any

from PyQt6.QtCore import QAbstractTableModel, QModelIndex, Qt, pyqtSignal
from PyQt6.QtGui import QGuiApplication, QPalette

from app.text import SHORT, as_tip, shown
from engine.data.tables.options import Role
from engine.data.tables.reading import ColumnReading, Kind, Preview

_Role = Qt.ItemDataRole
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
# Values shown beside the name of a column.
_N_FIRST = 4
HEADINGS = ("Column", "Holds", "Role", "Why it is not clustered", "First values")
ROLE = HEADINGS.index("Role")
# Made once, because Qt asks for them very often.
_READ = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_CHOSEN = _READ | Qt.ItemFlag.ItemIsEditable
NOT_NUMBERS = "It can be clustered only if its cells are numbers."


class RowsModel(QAbstractTableModel):
    """The first rows of a table as read."""

    def __init__(self) -> None:
        super().__init__()
        self._columns: tuple[ColumnReading, ...] = ()
        self._cells: tuple[tuple[str, ...], ...] = ()

    def show_preview(self, preview: Preview) -> None:
        """Show other rows."""
        self.beginResetModel()
        self._columns, self._cells = preview.reading.columns, preview.cells
        self.endResetModel()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Return the number of rows shown."""
        return 0 if parent.isValid() else len(self._cells)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: QModelIndex, role: int = _Role.DisplayRole) -> Any:
        """Return what Qt shows in a cell."""
        if not index.isValid():
            return None
        column, row = self._columns[index.column()], self._cells[index.row()]
        if role == _Role.DisplayRole:
            return shown(row[index.column()], SHORT) if index.column() < len(row) else ""
        if role == _Role.TextAlignmentRole and column.kind is Kind.NUMBERS:
            return _RIGHT
        if role == _Role.ForegroundRole and column.role is Role.LEAVE_OUT:
            return _muted()
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> Any:
        """Return a column's name and role, or the number of a row."""
        if orientation is Qt.Orientation.Vertical:
            return f"{section + 1:,}" if role == _Role.DisplayRole else None
        column = self._columns[section]
        if role == _Role.DisplayRole:
            return f"{shown(column.name, SHORT)}\n{column.role}"
        if role == _Role.ToolTipRole:
            return as_tip(column.why) or None
        return None


class ColumnsModel(QAbstractTableModel):
    """The columns of a table, the role each was given, and the roles that the user chose.

    Signals:
        chosen: The user chose the role of some columns.
    """

    chosen = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self._columns: tuple[ColumnReading, ...] = ()
        self._cells: tuple[tuple[str, ...], ...] = ()
        self._roles: dict[str, Role] = {}

    @property
    def roles(self) -> tuple[tuple[str, Role], ...]:
        """The chosen roles, by the names of their columns."""
        return tuple(self._roles.items())

    def show_roles(self, roles: Iterable[tuple[str, Role]]) -> None:
        """Show other roles as chosen, without emitting `chosen`."""
        self._roles = dict(roles)
        self._show_changes()

    def show_preview(self, preview: Preview) -> None:
        """Show the role that each column was given; forgets the roles of columns that are gone."""
        columns = preview.reading.columns
        names = [column.name for column in columns]
        same = names == [column.name for column in self._columns]
        if not same:
            self.beginResetModel()
        there = set(names)
        self._columns, self._cells = columns, preview.cells
        self._roles = {name: role for name, role in self._roles.items() if name in there}
        if same:  # the selection stays
            self._show_changes()
        else:
            self.endResetModel()

    def role_of(self, row: int) -> Role | None:
        """Return the role that the user chose for a column; None if none was chosen."""
        return self._roles.get(self._columns[row].name)

    def can_be_clustered(self, row: int) -> bool:
        """Whether a column's cells are numbers."""
        return self._columns[row].can_be_clustered

    def set_role(self, rows: Iterable[int], role: Role | None) -> None:
        """Choose the role of some columns; None for the detected one.

        If several columns get the role to be clustered, those with words keep theirs. There is one
        name and one class: a column that had that role before gets its detected one.
        """
        before = dict(self._roles)
        if role in (Role.NAME, Role.CLASS):
            self._roles = {name: had for name, had in before.items() if had is not role}
        for row in rows:
            name = self._columns[row].name
            if role is None:
                self._roles.pop(name, None)
            elif role is not Role.CLUSTER or self._columns[row].can_be_clustered:
                self._roles[name] = role
        if self._roles != before:
            self._show_changes()
            self.chosen.emit()

    def rowCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Return one row for each column."""
        return 0 if parent.isValid() else len(self._columns)

    def columnCount(self, parent: QModelIndex = QModelIndex()) -> int:  # noqa: B008
        """Return the number of facts about a column."""
        return 0 if parent.isValid() else len(HEADINGS)

    def data(self, index: QModelIndex, role: int = _Role.DisplayRole) -> Any:
        """Return what Qt shows about a column."""
        if not index.isValid():
            return None
        column = self._columns[index.row()]
        if role == _Role.DisplayRole:
            return self._text(index.row(), index.column())
        if role == _Role.ToolTipRole:
            return as_tip("\n".join(filter(None, (shown(column.name), column.why))))
        is_out = self._roles.get(column.name, column.role) is Role.LEAVE_OUT
        if role == _Role.ForegroundRole and is_out and index.column() != ROLE:
            return _muted()
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = _Role.DisplayRole
    ) -> Any:
        """Return the headings."""
        if role == _Role.DisplayRole and orientation is Qt.Orientation.Horizontal:
            return HEADINGS[section]
        if role == _Role.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: QModelIndex) -> Qt.ItemFlag:
        """Make the cells selectable; only roles can be edited."""
        return _CHOSEN if index.column() == ROLE else _READ

    def _text(self, row: int, what: int) -> str:
        column = self._columns[row]
        if what == 0:
            return shown(column.name, SHORT)
        if what == 1:
            return str(column.kind)
        if what == ROLE:
            chosen = self._roles.get(column.name)
            return f"{chosen or f'automatic ({column.role})'} ▾"
        if what == 3:
            return shown(column.why)
        cells = (line[row] for line in self._cells if row < len(line) and line[row])
        return " · ".join(shown(cell, SHORT) for cell in islice(cells, _N_FIRST))

    def _show_changes(self) -> None:
        if self._columns:
            last = self.index(len(self._columns) - 1, len(HEADINGS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)


def _muted() -> Any:
    return QGuiApplication.palette().color(QPalette.ColorRole.PlaceholderText)

"""The columns of an opened table, with a role for each; there may be many thousands."""

from PyQt6.QtCore import (
    QAbstractItemModel,
    QModelIndex,
    QSortFilterProxyModel,
    Qt,
    QTimer,
    pyqtSignal,
)
from PyQt6.QtGui import QKeyEvent, QStandardItemModel
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.controls.table_import.preview_models import HEADINGS, NOT_NUMBERS, ROLE, ColumnsModel
from app.text import as_tip
from app.widgets import label
from engine.data.tables.options import Role
from engine.data.tables.reading import Preview

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
# Columns whose texts are measured to find their width.
_MEASURED = 100
_WIDEST = 0.3  # fraction of the table's width
_TIPS = {
    Role.CLUSTER: "These columns are the dimensions of the points.",
    Role.NAME: "What each point is called.",
    Role.CLASS: "What is known about each point; shown beside the clusters, but not used.",
    Role.LEAVE_OUT: "Not used at all.",
    None: "The role that the column looks like.",
}
_TEXTS = {role: role.value.capitalize() for role in Role} | {None: "Automatic"}
_ROLES = (None, *Role)


class ColumnRoles(QWidget):
    """A list of columns, each with a role, and a field to find columns by name.

    Signals:
        changed: The role of some columns was chosen.
    """

    changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.model = ColumnsModel()
        self._found = QSortFilterProxyModel(self)
        self._found.setSourceModel(self.model)
        self._found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.table = _Table()
        self.table.setModel(self._found)
        self.table.setItemDelegateForColumn(ROLE, _RoleBox(self.table))
        self.table.clicked.connect(self._on_click)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Find a column")
        self.search.setAccessibleName("Find a column")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._found.setFilterFixedString)
        self.buttons: dict[Role | None, QPushButton] = {}
        self._lay_out()
        self.table.share_width()
        self.model.chosen.connect(self.changed)
        selection = self.table.selectionModel()
        assert selection is not None
        selection.selectionChanged.connect(lambda *_: self._offer())
        self._found.modelReset.connect(self._offer)
        self._offer()

    def show_preview(self, preview: Preview) -> None:
        """Show the role that each column was given."""
        is_first = not self.model.rowCount()
        self.model.show_preview(preview)
        if is_first:  # later the user may have changed the widths
            self.table.share_width()

    def set_role(self, role: Role | None) -> None:
        """Give the selected columns a role; None for the one that they look like."""
        self.model.set_role(self._selected(), role)

    def _selected(self) -> list[int]:
        """Return the columns of the selected rows; Qt takes seconds to list thousands itself."""
        selection = self.table.selectionModel()
        assert selection is not None
        shown, parts = self._found, selection.selection()
        return [
            shown.mapToSource(shown.index(row, 0)).row()
            for part in (parts[number] for number in range(len(parts)))
            for row in range(part.top(), part.bottom() + 1)
        ]

    def _offer(self) -> None:
        rows = self._selected()
        for role, button in self.buttons.items():
            possible = bool(rows)
            if role is Role.CLUSTER:
                possible = any(map(self.model.can_be_clustered, rows))
            elif role in (Role.NAME, Role.CLASS):
                possible = len(rows) == 1
            button.setEnabled(possible)

    def _on_click(self, index: QModelIndex) -> None:
        if index.column() == ROLE:
            self.table.edit(index)

    def _lay_out(self) -> None:
        above = QHBoxLayout()
        above.addWidget(self.search, 1)
        above.addWidget(label("Selected columns:", "muted"))
        for role in (*Role, None):
            button = QPushButton(_TEXTS[role])
            button.setAutoDefault(False)
            button.setToolTip(as_tip(_TIPS[role]))
            button.clicked.connect(lambda _, role=role: self.set_role(role))
            self.buttons[role] = button
            above.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(above)
        layout.addWidget(self.table, 1)


class _Table(QTableView):
    """A table with row selection, in which Enter chooses a role."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Columns of the table and their roles")
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.EditKeyPressed)
        across, down = self.horizontalHeader(), self.verticalHeader()
        assert across is not None
        assert down is not None
        across.setStretchLastSection(True)
        across.setHighlightSections(False)
        across.setResizeContentsPrecision(_MEASURED)
        down.hide()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(round(1.6 * self.fontMetrics().height()))
        self.setMinimumHeight(3 * down.defaultSectionSize())

    def share_width(self) -> None:
        """Make each column as wide as its texts, within limits."""
        self.resizeColumnsToContents()
        for column in range(len(HEADINGS) - 1):
            if column != ROLE:
                most = round(_WIDEST * self.width())
                self.setColumnWidth(column, min(self.columnWidth(column), most))

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Choose a role with Enter, which would close the dialog."""
        if event is not None and event.key() in _ENTER and self.currentIndex().isValid():
            self.edit(self.currentIndex().siblingAtColumn(ROLE))
            return
        super().keyPressEvent(event)


class _RoleBox(QStyledItemDelegate):
    """A choice of roles in a cell."""

    def createEditor(
        self, parent: QWidget | None, _: QStyleOptionViewItem, index: QModelIndex
    ) -> QWidget:
        """Open the choice."""
        box = QComboBox(parent)
        model, row = _source(index)
        for position, role in enumerate(_ROLES):
            box.addItem(_TEXTS[role], role)
            box.setItemData(position, _TIPS[role], Qt.ItemDataRole.ToolTipRole)
        entries = box.model()
        if not model.can_be_clustered(row) and isinstance(entries, QStandardItemModel):
            entry = entries.item(_ROLES.index(Role.CLUSTER))
            assert entry is not None
            entry.setEnabled(False)
            entry.setToolTip(NOT_NUMBERS)
        box.activated.connect(lambda _: self._close(box))
        QTimer.singleShot(0, box.showPopup)  # after it has been placed over the cell
        return box

    def setEditorData(self, editor: QWidget | None, index: QModelIndex) -> None:
        """Show the chosen role."""
        model, row = _source(index)
        if isinstance(editor, QComboBox):
            editor.setCurrentIndex(_ROLES.index(model.role_of(row)))

    def setModelData(
        self, editor: QWidget | None, _: QAbstractItemModel | None, index: QModelIndex
    ) -> None:
        """Set the chosen role."""
        model, row = _source(index)
        if isinstance(editor, QComboBox):
            model.set_role([row], editor.currentData())

    def _close(self, box: QComboBox) -> None:
        self.commitData.emit(box)
        self.closeEditor.emit(box)


def _source(index: QModelIndex) -> tuple[ColumnsModel, int]:
    """Return the model of the columns, and which column a row of the list shows."""
    proxy = index.model()
    assert isinstance(proxy, QSortFilterProxyModel)
    model = proxy.sourceModel()
    assert isinstance(model, ColumnsModel)
    return model, proxy.mapToSource(index).row()

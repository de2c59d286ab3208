"""How the small tables beside a stage are dressed."""

from collections.abc import Collection, Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft | _MIDDLE, Qt.AlignmentFlag.AlignRight | _MIDDLE


def dress(table: QTableWidget, name: str) -> None:
    """Make a table for reading; its first column takes the room that the others leave.

    Args:
        table: With its columns, but without rows.
        name: For a screen reader.
    """
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)  # Tab leaves the table, and arrows walk in it
    table.setAccessibleName(name)
    vertical, horizontal = table.verticalHeader(), table.horizontalHeader()
    assert vertical is not None
    assert horizontal is not None
    vertical.hide()
    horizontal.setHighlightSections(False)
    horizontal.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    horizontal.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)


def set_headings(table: QTableWidget, headings: Sequence[str], numbers: Collection[int]) -> None:
    """Name the columns; those of numbers have their names at the right, as their digits."""
    for column, heading in enumerate(headings):
        item = QTableWidgetItem(heading)
        item.setTextAlignment(_RIGHT if column in numbers else _LEFT)
        table.setHorizontalHeaderItem(column, item)


def set_row_height(table: QTableWidget, height: int) -> None:
    """Make all rows, also those to come, this high."""
    header = table.verticalHeader()
    assert header is not None
    header.setDefaultSectionSize(height)


def number_cell(text: str = "") -> QTableWidgetItem:
    """A cell for a number, its digits at the right."""
    cell = QTableWidgetItem(text)
    cell.setTextAlignment(_RIGHT)
    return cell

"""The style of the small tables beside a plot."""

from collections.abc import Collection, Sequence

from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft | _MIDDLE, Qt.AlignmentFlag.AlignRight | _MIDDLE


def dress(table: QTableWidget, name: str) -> None:
    """Make a table read-only; its first column takes the width that the others leave free.

    Args:
        table: With its columns, but without rows.
        name: The name for screen readers.
    """
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setShowGrid(False)
    table.setTabKeyNavigation(False)  # Tab leaves the table; the arrow keys move in it
    table.setAccessibleName(name)
    vertical, horizontal = table.verticalHeader(), table.horizontalHeader()
    assert vertical is not None
    assert horizontal is not None
    vertical.hide()
    horizontal.setHighlightSections(False)
    horizontal.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    horizontal.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)


def set_headings(table: QTableWidget, headings: Sequence[str], numbers: Collection[int]) -> None:
    """Name the columns; names of numeric columns are right-aligned, like their digits."""
    for column, heading in enumerate(headings):
        item = QTableWidgetItem(heading)
        item.setTextAlignment(_RIGHT if column in numbers else _LEFT)
        table.setHorizontalHeaderItem(column, item)


def set_row_height(table: QTableWidget, height: int) -> None:
    """Set the height of all rows, including later ones."""
    header = table.verticalHeader()
    assert header is not None
    header.setDefaultSectionSize(height)


def number_cell(text: str = "") -> QTableWidgetItem:
    """Make a cell for a right-aligned number."""
    cell = QTableWidgetItem(text)
    cell.setTextAlignment(_RIGHT)
    return cell

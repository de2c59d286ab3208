"""A layout for small widgets in as many rows as they need; Qt documents it but does not ship it."""

from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtWidgets import QLayout, QLayoutItem, QWidget


class Flow(QLayout):
    """Lays out widgets from left to right, and continues below when the width is full."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem | None) -> None:
        """Add a widget after the others."""
        if item is not None:
            self._items.append(item)

    def count(self) -> int:
        """Return the number of widgets."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """Return a widget; None if there is no such index."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove and return a widget."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        """Return True: less width needs more rows."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the rows at this width."""
        return self._place(QRect(0, 0, width, 0), is_meant=False)

    def setGeometry(self, room: QRect) -> None:
        """Place the widgets in a rectangle."""
        super().setGeometry(room)
        self._place(room, is_meant=True)

    def sizeHint(self) -> QSize:
        """Return the smallest size that they fit in."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Return the size of the largest widget; the total height follows from the width."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def expandingDirections(self) -> Qt.Orientation:
        """Return no direction: they take no more space than they need."""
        return Qt.Orientation(0)

    def _place(self, room: QRect, *, is_meant: bool) -> int:
        """Return the height of all rows in a rectangle; also place the widgets if requested."""
        gap, x, y, row = self.spacing(), room.left(), room.top(), 0
        for item in self._items:
            size = item.sizeHint().boundedTo(QSize(max(room.width(), 1), 16777215))
            if x > room.left() and x + size.width() > room.right() + 1:
                x, y, row = room.left(), y + row + gap, 0
            if is_meant:
                item.setGeometry(QRect(x, y, size.width(), size.height()))
            x, row = x + size.width() + gap, max(row, size.height())
        return y + row - room.top()

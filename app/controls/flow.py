"""Small widgets in as many rows as they need: a layout that Qt describes but does not have."""

from PyQt6.QtCore import QRect, QSize, Qt
from PyQt6.QtWidgets import QLayout, QLayoutItem, QWidget


class Flow(QLayout):
    """Lays widgets out from left to right, and goes on below where the width ends."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem | None) -> None:
        """Take another widget, after the others."""
        if item is not None:
            self._items.append(item)

    def count(self) -> int:
        """How many there are."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """One of them, None where there is none."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Let one of them go."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def hasHeightForWidth(self) -> bool:
        """A narrower room needs more rows."""
        return True

    def heightForWidth(self, width: int) -> int:
        """What the rows need in a room of this width."""
        return self._place(QRect(0, 0, width, 0), is_meant=False)

    def setGeometry(self, room: QRect) -> None:
        """Lay them out in a room."""
        super().setGeometry(room)
        self._place(room, is_meant=True)

    def sizeHint(self) -> QSize:
        """The narrowest room that they fit in."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """The largest of them; how high all are follows from the width."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def expandingDirections(self) -> Qt.Orientation:
        """They take no more room than they need."""
        return Qt.Orientation(0)

    def _place(self, room: QRect, *, is_meant: bool) -> int:
        """How high they all are in a room; and put them there, if that is meant."""
        gap, x, y, row = self.spacing(), room.left(), room.top(), 0
        for item in self._items:
            size = item.sizeHint().boundedTo(QSize(max(room.width(), 1), 16777215))
            if x > room.left() and x + size.width() > room.right() + 1:
                x, y, row = room.left(), y + row + gap, 0
            if is_meant:
                item.setGeometry(QRect(x, y, size.width(), size.height()))
            x, row = x + size.width() + gap, max(row, size.height())
        return y + row - room.top()

"""The mouse over the plot while a tool paints: what it does, and the ring that follows it."""

import numpy as np
from PyQt6.QtCore import QEvent, QObject, QPoint, Qt, pyqtSignal
from PyQt6.QtGui import QMouseEvent

from app.controls.clustering.brush import BrushControl
from app.labs.clustering.painting.tools import Tool, Tools
from app.theme import current, follow
from app.views.scatter.ring import RingItem
from app.views.scatter.view import ScatterView

# What the tools without a radius reach, in pixels.
_REACH = {Tool.ADD: 6, Tool.MOVE: 12}
_EVENTS = QEvent.Type
_PRESSES = (_EVENTS.MouseButtonPress, _EVENTS.MouseButtonDblClick)


class Pointer(QObject):
    """Takes the left button from the plot while a tool other than the hand is chosen.

    Signals:
        pressed: At a pixel of the viewport; `moved` follows.
        moved: To a place, x and y in the units of the plot.
        released: The button.

    Attributes:
        ring: What the tool reaches.
    """

    pressed = pyqtSignal(QPoint)
    moved = pyqtSignal(float, float)
    released = pyqtSignal()

    def __init__(self, scatter: ScatterView, tools: Tools, brush: BrushControl) -> None:
        """Follow the pointer.

        Args:
            scatter: The plot.
            tools: Which tool is chosen.
            brush: How large its ring is; shown for the tools that have one.
        """
        super().__init__(tools)  # it asks them at each event, and must not outlive them
        self._scatter, self._tools, self._brush = scatter, tools, brush
        self.ring = RingItem()
        scatter.addItem(self.ring, ignoreBounds=True)
        self._viewport = scatter.viewport()
        self._viewport.installEventFilter(self)
        tools.chosen.connect(self._on_tool)
        brush.resized.connect(self._resize_ring)
        follow(scatter, lambda _: self._resize_ring())

    @property
    def radii(self) -> np.ndarray:
        """(2,) of the ring, in the units of the plot."""
        return self._radius * self._scatter.pixel_size()

    @property
    def _radius(self) -> int:
        reach = _REACH.get(self._tools.tool)
        return self._brush.pixels if reach is None else current().px(reach)

    def eventFilter(self, _: QObject | None, event: QEvent | None) -> bool:
        """Take the left button from the plot, and follow the pointer with the ring."""
        if event is None or self._tools.tool is Tool.HAND:
            return False
        if event.type() == _EVENTS.Leave:
            self.ring.hide()
        return isinstance(event, QMouseEvent) and self._on_mouse(event)

    def _on_mouse(self, event: QMouseEvent) -> bool:
        left = Qt.MouseButton.LeftButton
        if event.type() == _EVENTS.MouseMove:
            if event.buttons() & ~left:
                return False  # the plot is panned or zoomed
            self._on_moved(event.pos())
            return True
        if event.button() != left:
            return False
        if event.type() in _PRESSES:
            self.pressed.emit(event.pos())
            self._on_moved(event.pos())
        else:
            self.released.emit()
        return True

    def _on_moved(self, pixel: QPoint) -> None:
        x, y = self._scatter.place_of(pixel)
        self.ring.show_at(x, y, self._radius, current())
        self.moved.emit(x, y)

    def _on_tool(self) -> None:
        tool = self._tools.tool
        self._brush.show_for(erases=tool is Tool.ERASE)
        self._brush.setVisible(tool in (Tool.BRUSH, Tool.ERASE))
        if tool is Tool.HAND:
            self.ring.hide()
            self._viewport.unsetCursor()
        else:
            self._scatter.hovered.emit(-1)
            self._viewport.setCursor(Qt.CursorShape.CrossCursor)
        self._resize_ring()

    def _resize_ring(self) -> None:
        if self.ring.isVisible():
            self.ring.show_at(self.ring.x(), self.ring.y(), self._radius, current())

"""The ring at the pointer, which shows the area that a tool reaches."""

from PyQt6.QtCore import QPointF, QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen
from PyQt6.QtWidgets import QGraphicsItem
from pyqtgraph import GraphicsObject

from app.theme import Theme, current


class RingItem(GraphicsObject):
    """A circle of constant size on screen, light on dark and dark on light."""

    def __init__(self) -> None:
        super().__init__()
        self._theme = current()
        self.radius = 0
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)
        self.setZValue(20)
        self.hide()

    def show_at(self, x: float, y: float, radius: int, theme: Theme) -> None:
        """Show the ring around a position.

        Args:
            x: The horizontal position, in the units of the plot.
            y: The vertical position.
            radius: In pixels.
            theme: Gives its colours.
        """
        self.prepareGeometryChange()
        self.radius, self._theme = radius, theme
        self.setPos(x, y)
        self.show()

    def boundingRect(self) -> QRectF:
        reach = self.radius + self._theme.px(3)
        return QRectF(-reach, -reach, 2 * reach, 2 * reach)

    def paint(self, painter: QPainter, *_: object) -> None:
        theme = self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for color, width in ((theme.card, 4.0), (theme.ink, 1.8)):
            painter.setPen(QPen(QColor(color), width * theme.scale))
            painter.drawEllipse(QPointF(0, 0), self.radius, self.radius)

"""A list of operations with named axes: one is highlighted, and each can be clicked."""

from collections.abc import Sequence

from PyQt6.QtCore import QModelIndex, QRectF, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter, QResizeEvent, QTextDocument
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from app.numbers import in_bytes, in_ms
from app.theme import Theme, current, follow
from app.views.live_line.axis_words import output, tinted
from engine.clustering.operations.traces import Measured

_MARGIN, _BAR = 6, 4


class _Delegate(QStyledItemDelegate):
    """Draws an operation as rich text; the highlighted one has another background and a bar."""

    def __init__(self, view: "OperationsView") -> None:
        super().__init__(view)
        self._view = view

    def document(self, row: int) -> QTextDocument:
        document = QTextDocument()
        document.setDefaultFont(self._view.font())
        document.setDocumentMargin(self._view.theme.px(_MARGIN))
        document.setHtml(self._view.html(row))
        viewport = self._view.viewport()
        assert viewport is not None
        document.setTextWidth(viewport.width() - self._view.theme.px(_BAR))
        return document

    def sizeHint(self, _: QStyleOptionViewItem, index: QModelIndex) -> QSize:
        return QSize(50, round(self.document(index.row()).size().height()))

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        assert painter is not None
        theme, box = self._view.theme, option.rect
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(theme.ground))
            bar = QRectF(box.left(), box.top(), theme.px(_BAR), box.height())
            painter.fillRect(bar, QColor(theme.accent))
        painter.translate(box.left() + theme.px(_BAR), box.top())
        self.document(index.row()).drawContents(painter)
        painter.restore()


class OperationsView(QListWidget):
    """One entry for each operation: its output with sizes, how it is computed, and its cost.

    Signals:
        picked: The index of an operation that was clicked, or reached with the arrow keys.
    """

    picked = pyqtSignal(int)

    def __init__(self, name: str, timed: bool = True) -> None:
        """Make an empty list.

        Args:
            name: For a screen reader.
            timed: Whether type, bytes and time are shown.
        """
        super().__init__()
        self.theme = current()
        self._timed = timed
        self._operations: tuple[Measured, ...] = ()
        self._lighting = False
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.currentRowChanged.connect(self._on_row)
        self.itemClicked.connect(lambda item: self.picked.emit(self.row(item)))
        follow(self, self.restyle)

    def draw(self, operations: Sequence[Measured]) -> None:
        """Show other operations; the highlight stays if its line is the same."""
        is_same, lit = self.lines == [each.line for each in operations], self.currentRow()
        self._lighting = True
        if not is_same:
            self.clear()  # before the operations change: Qt asks for their sizes
        self._operations = tuple(operations)
        if not is_same:
            self.addItems(self.lines)
        for row in range(self.count()):
            self._describe(row)
        self.light(lit if is_same else -1)
        self._lay_out_again()

    @property
    def lines(self) -> list[str]:
        """The text of each operation."""
        return [each.line for each in self._operations]

    def light(self, row: int) -> None:
        """Highlight one operation; -1 for none."""
        self._lighting = True
        self.setCurrentRow(row)
        self._lighting = False

    def html(self, row: int) -> str:
        """Return the rich text of one operation."""
        each, theme = self._operations[row], self.theme
        how = f"<div>&nbsp;&nbsp;= {tinted(each.how, theme)}</div>"
        cost = f'<div style="color:{theme.muted}">{_cost(each)}</div>' if self._timed else ""
        return f"<div>{output(each, theme)}</div>{how}{cost}"

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self.theme = theme
        self._lay_out_again()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        self._lay_out_again()

    def _describe(self, row: int) -> None:
        each, item = self._operations[row], self.item(row)
        assert isinstance(item, QListWidgetItem)
        sizes = ", ".join(f"{a} {n:,}" for a, n in zip(each.axes, each.shape, strict=True))
        description = f"{each.line}; {sizes or 'one number'}"
        item.setData(
            Qt.ItemDataRole.AccessibleTextRole,
            f"{description}; {_cost(each)}" if self._timed else description,
        )

    def _lay_out_again(self) -> None:
        self.scheduleDelayedItemsLayout()
        viewport = self.viewport()
        assert viewport is not None
        viewport.update()

    def _on_row(self, row: int) -> None:
        if row >= 0 and not self._lighting:
            self.picked.emit(row)


def _cost(each: Measured) -> str:
    tiles = f" × {each.n_tiles} tiles" if each.n_tiles > 1 else ""
    return f"{each.dtype} · {in_bytes(each.n_bytes)} · {in_ms(each.seconds)}{tiles}"

"""The table of answers: wrong letters are marked, and a row can be chosen."""

from PyQt6.QtCore import QModelIndex, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter, QPalette, QResizeEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from app.theme import Theme, current, follow
from app.views.tables.error_rows import PREDICTION, TRUTH, ErrorModel, Row
from engine.spelling.evaluation.answers import difference

_MARGIN = 4
_WIDTHS = (120, 66, 260, 120, 130, 110, 90)  # shares, and what the text needs at scale 1
_NARROWEST = 740


class _DifferenceDelegate(QStyledItemDelegate):
    """Writes a word; letters that the other word lacks are bold, underlined and coloured."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._table = parent
        self.theme = current()

    def paint(
        self, painter: QPainter | None, option: QStyleOptionViewItem, index: QModelIndex
    ) -> None:
        model = index.model()
        assert painter is not None
        assert isinstance(model, ErrorModel)
        style = self._table.style()
        assert style is not None
        ground = QStyle.PrimitiveElement.PE_PanelItemViewItem
        style.drawPrimitive(ground, option, painter, self._table)
        row = model.rows[index.row()]
        is_truth = index.column() == TRUTH
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        plain = option.palette.color(role)
        wrong = plain if chosen else self.theme.cluster_color(2 if is_truth else 1)
        x = float(option.rect.x() + _MARGIN)
        painter.save()
        painter.setClipRect(option.rect)
        for span in difference(row.truth, row.predicted):
            text = span.truth if is_truth else span.predicted
            font = QFont(option.font)
            font.setBold(not span.same)
            font.setUnderline(not span.same)
            painter.setFont(font)
            painter.setPen(plain if span.same else wrong)
            width = QFontMetricsF(font).horizontalAdvance(text)
            box = option.rect.toRectF()
            box.setLeft(x)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)
            x += width
        painter.restore()


class ErrorTable(QTableView):
    """The table; a click or Enter chooses a word.

    Signals:
        chosen: The row that was chosen.
    """

    chosen = pyqtSignal(Row)

    def __init__(self) -> None:
        super().__init__()
        self.rows = ErrorModel(self)
        self.setModel(self.rows)
        self._delegate = _DifferenceDelegate(self)
        for column in (TRUTH, PREDICTION):
            self.setItemDelegateForColumn(column, self._delegate)
        self.setAccessibleName("Words and what the spellers wrote")
        self.setAccessibleDescription(
            "Enter puts the word on stage. Letters that differ are bold and underlined."
        )
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the arrow keys go on from a click
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QTableView.Shape.NoFrame)
        self._set_headers()
        self.clicked.connect(self._choose)
        follow(self, self.restyle)

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._delegate.theme = theme
        vertical, viewport = self.verticalHeader(), self.viewport()
        assert vertical is not None
        assert viewport is not None
        vertical.setDefaultSectionSize(theme.px(24))
        self._share_width()
        viewport.update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Share the width among all columns."""
        super().resizeEvent(event)
        self._share_width()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Enter chooses the current row."""
        if event is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        """The height of a few rows."""
        return QSize(200, 110)

    def _share_width(self) -> None:
        viewport, horizontal = self.viewport(), self.horizontalHeader()
        assert viewport is not None
        assert horizontal is not None
        room = max(viewport.width(), self._delegate.theme.px(_NARROWEST))
        for column, width in enumerate(_WIDTHS):
            horizontal.resizeSection(column, room * width // sum(_WIDTHS))

    def _set_headers(self) -> None:
        vertical, horizontal = self.verticalHeader(), self.horizontalHeader()
        assert vertical is not None
        assert horizontal is not None
        vertical.hide()
        vertical.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        horizontal.setStretchLastSection(True)
        horizontal.setHighlightSections(False)
        self.setSortingEnabled(True)
        self.sortByColumn(TRUTH, Qt.SortOrder.AscendingOrder)

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(self.rows.rows[index.row()])

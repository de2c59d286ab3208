"""The branches of a history as a small tree: one line each, below the branch it came from."""

from collections.abc import Sequence
from dataclasses import dataclass

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QIcon, QPainterPath, QPalette, QPen
from PyQt6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem

from app.text import as_tip
from app.theme import Theme, current, follow
from app.views.curves.looks import icon

_MOST_LINES = 5
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Twig:
    """One branch.

    Attributes:
        name: What the user did where the branch begins.
        parent: The index of the branch it came from; -1 for none.
        value: The text at the end of its line.
        tip: The tool tip.
    """

    name: str
    parent: int
    value: str
    tip: str


class BranchTree(QTreeWidget):
    """Draws the branches; hidden while there is only one.

    Signals:
        picked: The index of a branch that was clicked, or reached with the arrow keys.
    """

    picked = pyqtSignal(int)

    def __init__(self) -> None:
        super().__init__()
        self._theme = current()
        self._twigs: tuple[Twig, ...] = ()
        self._items: list[QTreeWidgetItem] = []
        self._icons = (QIcon(), QIcon())
        self.setAccessibleName("Branches of the history")
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setToolTip("Click a branch, or press Page Up and Page Down, to go there.")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setItemsExpandable(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.header()
        assert header is not None
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.currentItemChanged.connect(self._on_current)
        self.hide()
        follow(self, self.restyle)

    def draw(self, twigs: Sequence[Twig], current: int) -> None:
        """Draw all branches.

        Args:
            twigs: Parents before their children.
            current: Which one is on screen.
        """
        self.blockSignals(True)  # drawing is not picking
        if [twig.parent for twig in twigs] != [twig.parent for twig in self._twigs]:
            self._plant(twigs)
        self._twigs = tuple(twigs)
        for item, twig in zip(self._items, twigs, strict=True):
            for column, text in enumerate((twig.name, twig.value)):
                item.setText(column, text)
                item.setToolTip(column, as_tip(twig.tip))
        self._light(current)
        self.blockSignals(False)
        self.setVisible(len(twigs) > 1)

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.setIndentation(theme.px(11))
        palette = self.palette()  # the line would not be visible on the accent colour
        palette.setColor(QPalette.ColorRole.Highlight, QColor(theme.line))
        palette.setColor(QPalette.ColorRole.HighlightedText, QColor(theme.ink))
        self.setPalette(palette)
        self.setIconSize(QSize(theme.px(22), theme.px(22)))
        self._icons = (self._stroke(False), self._stroke(True))
        self._fit()
        current = self.currentItem()
        if current is not None:
            self._light(self._items.index(current))

    def drawBranches(self, *_: object) -> None:
        """Draw no arrows: nothing can be collapsed."""

    def _plant(self, twigs: Sequence[Twig]) -> None:
        self.clear()
        self._items = []
        for twig in twigs:
            above = self._items[twig.parent] if twig.parent >= 0 else self.invisibleRootItem()
            self._items.append(QTreeWidgetItem(above))
            self._items[-1].setTextAlignment(1, _RIGHT)
        self.expandAll()
        self._fit()

    def _fit(self) -> None:
        """Be as high as the lines need, but leave space for the curve."""
        n_lines = min(max(len(self._items), 2), _MOST_LINES)
        self.setFixedHeight(self._theme.px(23) * n_lines + self._theme.px(6))

    def _light(self, current: int) -> None:
        for index, item in enumerate(self._items):
            item.setIcon(0, self._icons[index == current])
        if 0 <= current < len(self._items):
            self.setCurrentItem(self._items[current])

    def _stroke(self, current: bool) -> QIcon:
        """A piece of the line of the branch in the plot, as an icon."""
        theme = self._theme
        color = theme.cluster_color(0) if current else QColor(theme.muted)
        style = Qt.PenStyle.SolidLine if current else Qt.PenStyle.DashLine
        path = QPainterPath()
        path.moveTo(-theme.px(9), 0)
        path.lineTo(theme.px(9), 0)
        return icon(path, theme.px(22), color, QPen(color, 2.2 * theme.scale, style))

    def _on_current(self, item: QTreeWidgetItem | None, _: object) -> None:
        if item is not None:
            self.picked.emit(self._items.index(item))

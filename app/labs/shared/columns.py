"""Divides the width of a tab: controls beside the stage, in two or three columns."""

from PyQt6.QtCore import QByteArray, Qt
from PyQt6.QtGui import QKeySequence, QResizeEvent
from PyQt6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget

from app.labs.base import Tab
from app.theme import Theme, current, follow
from app.widgets import Column, card, label

_WIDTHS = (275, 300)
_WIDE = 430  # the width of a result that fills the right column
_LEFT = 240  # the width of a column with few controls
_WIDEST = 100_000  # pixels: no column is wider on any screen
_NARROWEST = 640


class Columns(QSplitter):
    """Controls on the left, the stage in the middle, numbers on the right."""

    def __init__(
        self,
        lab: Tab,
        controls: list[QWidget],
        stage: QWidget,
        results: list[QWidget],
        names: tuple[str, str],
    ) -> None:
        """Put three columns side by side.

        Args:
            lab: The tab, which makes the actions for the View menu.
            controls: Cards on the left.
            stage: The widget in the middle.
            results: Cards on the right.
            names: The names of the outer two in the View menu.
        """
        super().__init__(Qt.Orientation.Horizontal)
        self._theme = current()
        self._by_hand = False
        self.splitterMoved.connect(lambda *_: self._on_moved())
        right = QSplitter(Qt.Orientation.Vertical)
        for part in results:
            right.addWidget(part)
        right.setSizes([1000] * len(results))
        self.results, self._is_wide = right, False
        self._sides = (Column(*controls), right)
        for column in (self._sides[0], stage, self._sides[1]):
            self.addWidget(column)
            self.setCollapsible(self.count() - 1, False)
        self.setStretchFactor(1, 1)
        tip = "If hidden, its space goes to the plot"
        self.panel_actions = [lab.toggle(text, True, self._show, tip) for text in names]
        for action, key in zip(self.panel_actions, ("F9", "F10"), strict=True):
            action.setShortcut(QKeySequence(key))
        follow(self, self.restyle)

    def restyle(self, theme: Theme) -> None:
        """Adapt the widths to the size of the text."""
        self._theme = theme
        self.share_width()

    def state(self) -> QByteArray:
        """The widths that the user has set; empty if none."""
        return self.saveState() if self._by_hand else QByteArray()

    def restore(self, state: QByteArray) -> None:
        """Set the widths to those of `state`."""
        before, width = self.saveState(), self.handleWidth()
        self._by_hand = not state.isEmpty() and self.restoreState(state)
        # A damaged state may turn the splitter, hide columns, or be wider than any screen.
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setHandleWidth(width)
        self.setChildrenCollapsible(False)
        self.setOpaqueResize(True)
        if not all(0 <= size <= _WIDEST for size in self.sizes()):
            self._by_hand = False
            self.restoreState(before)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Give the stage the space that a larger window adds, until the user moves a handle."""
        super().resizeEvent(event)
        if not self._by_hand:
            self.share_width()

    def _on_moved(self) -> None:
        self._by_hand = True

    def share_width(self) -> None:
        """Give the outer columns what their text needs, and the rest to the stage."""
        width = max(self.width(), _NARROWEST)
        left, right = (_share(self._theme, size, width) for size in _WIDTHS)
        if self._is_wide:
            right = min(self._theme.px(_WIDE), 37 * width // 100)
        self.setSizes([left, width - left - right, right])

    def show_only(self, card: QWidget, alone: bool) -> None:
        """Give one card the whole right column and make it wider, or show the others there.

        Args:
            card: One of the results.
            alone: Whether it replaces the others, or they replace it.
        """
        for index in range(self.results.count()):
            part = self.results.widget(index)
            assert part is not None
            part.setVisible((part is card) == alone)
        self._is_wide = alone
        self.share_width()

    def _show(self) -> None:
        for column, action in zip(self._sides, self.panel_actions, strict=True):
            column.setVisible(action.isChecked())


class TwoColumns(QWidget):
    """A few controls on the left, and the rest of the width for the stage."""

    def __init__(self, controls: QWidget, stage: QWidget) -> None:
        super().__init__()
        self._theme, self._controls = current(), controls
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(controls)
        layout.addWidget(stage, 1)
        follow(self, self.restyle)

    def restyle(self, theme: Theme) -> None:
        """Adapt the widths to the size of the text."""
        self._theme = theme
        self._share_width()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Give the stage most of a narrow window."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        self._controls.setFixedWidth(_share(self._theme, _LEFT, self.width()))


def _share(theme: Theme, needed: float, width: int) -> int:
    """Return the width of an outer column: what its text needs, but at most a quarter."""
    return min(theme.px(needed), width // 4)


def stage(title: str | QLabel, buttons: list[QWidget], plot: QWidget, *others: QWidget) -> QWidget:
    """Make the card in the middle: a headline with buttons, then the other parts; the plot grows.

    Args:
        title: The headline; a label if it changes.
        buttons: The buttons beside it.
        plot: The part that grows.
        others: One part above the plot, then the parts below it.
    """
    head = QHBoxLayout()
    head.addWidget(label(title, "heading") if isinstance(title, str) else title, 1)
    for button in buttons:
        head.addWidget(button)
    first, *rest = others
    made = card(first, plot, *rest)
    layout = made.layout()
    assert isinstance(layout, QVBoxLayout)
    layout.insertLayout(0, head)
    layout.setStretchFactor(plot, 1)
    return made

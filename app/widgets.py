"""Small widgets that several controls use: cards, headings, icon buttons, a seed."""

import random
from collections.abc import Mapping
from typing import TypeVar

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.icons import icon
from app.text import Label, RichLabel, as_tip
from app.theme import Theme, current, follow

_WIDEST_COLUMN = 340
MAX_SEED = 2**31 - 1
_Value = TypeVar("_Value", bound=str)


def card(*parts: QWidget, heading: str = "") -> QFrame:
    """Make a frame around some widgets, one below another, with a heading above them."""
    frame = QFrame()
    frame.setObjectName("card")
    layout = QVBoxLayout(frame)
    if heading:
        layout.addWidget(label(heading, "heading"))
    for part in parts:
        layout.addWidget(part)
    return frame


class Column(QScrollArea):
    """Cards one below another that scroll, in a column that is as wide as they need."""

    def __init__(self, *cards: QWidget) -> None:
        super().__init__()
        content = QWidget()
        content.setObjectName("column")
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in cards:
            layout.addWidget(part)
        layout.addStretch()
        self.setWidget(content)
        self.setWidgetResizable(True)

    def minimumSizeHint(self) -> QSize:
        """Return enough width for the cards, but leave some for the plot."""
        content, bar = self.widget(), self.verticalScrollBar()
        assert content is not None
        assert bar is not None
        needed = content.minimumSizeHint().width() + bar.sizeHint().width()
        return QSize(min(needed, _WIDEST_COLUMN), 200)


def label(text: str = "", kind: str = "", *, is_rich: bool = False) -> QLabel:
    """Make a label.

    Args:
        text: Plain text, unless `is_rich`.
        kind: Its name in the style sheet: heading, muted.
        is_rich: Whether it is HTML; names in it go through `app.text.rich`.
    """
    made = RichLabel(text) if is_rich else Label(text)
    made.setObjectName(kind)
    return made


class StateLine(Label):
    """Text that changes at every step, with as many lines as any of the texts has needed so far.

    Otherwise the plot below would be resized and drawn again whenever a text needs another line.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("muted")
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)

    def setText(self, text: str | None) -> None:
        """Show another text."""
        super().setText(text)
        needed = self.heightForWidth(self.width())
        if needed > self.minimumHeight():
            self.setMinimumHeight(needed)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Adapt the height, because texts need other lines at another width."""
        super().resizeEvent(event)
        if event is not None and event.size().width() != event.oldSize().width():
            self.setMinimumHeight(0)
            self.setMinimumHeight(self.heightForWidth(self.width()))


def form() -> QFormLayout:
    """Make an empty form whose fields use the available width."""
    layout = QFormLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    layout.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    return layout


def choice(name: str) -> QComboBox:
    """Make an empty combo box; its texts are cut off in a narrow column, but never widen it."""
    box = QComboBox()
    box.setAccessibleName(name)
    box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(8)
    return box


def described_choice(
    entries: Mapping[_Value, tuple[str, str]], name: str, chosen: str
) -> QComboBox:
    """Make a combo box of values, each with a text and a tip; one of them is chosen."""
    box = choice(name)
    for index, (value, (text, tip)) in enumerate(entries.items()):
        box.addItem(text, value)
        box.setItemData(index, tip, Qt.ItemDataRole.ToolTipRole)
        if value == chosen:
            box.setCurrentIndex(index)
    box.setToolTip(as_tip(" ".join(f"{text}: {tip}" for text, tip in entries.values())))
    return box


class IconButton(QToolButton):
    """A button with an icon that takes the theme's colours.

    Tab reaches it, but a click leaves the focus where it was, so that Space still plays.
    """

    def __init__(self, icon: str, tip: str, text: str = "", is_primary: bool = False) -> None:
        super().__init__()
        if is_primary:  # the most important button
            self.setObjectName("primary")
        self._icon = icon
        self.setToolTip(as_tip(tip))
        self.setAccessibleName(tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if text:
            self.setText(text)
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        follow(self, self.restyle)

    def set_icon(self, icon: str) -> None:
        """Show another icon."""
        if icon != self._icon:
            self._icon = icon
            self.restyle(current())

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        color = "#ffffff" if self.objectName() == "primary" else theme.ink
        self.setIcon(icon(self._icon, color, theme.muted))
        size = theme.px(18)
        self.setIconSize(self.iconSize().scaled(size, size, Qt.AspectRatioMode.KeepAspectRatio))


def number_box(name: str, lowest: int, highest: int, value: int, suffix: str = "") -> QSpinBox:
    """A whole number to type or step, which counts once it is entered, not at each key.

    Args:
        name: What screen readers and undo call it.
        lowest: The smallest number.
        highest: The largest number.
        value: The number at first.
        suffix: The unit, with a space before it.
    """
    box = QSpinBox()
    box.setRange(lowest, highest)
    box.setValue(value)
    box.setSuffix(suffix)
    box.setGroupSeparatorShown(True)
    box.setKeyboardTracking(False)
    box.setAccessibleName(name)
    return box


class SeedBox(QWidget):
    """A seed, and a button for a random one.

    Signals:
        valueChanged: The seed has changed.
    """

    valueChanged = pyqtSignal(int)

    def __init__(self, what: str) -> None:
        super().__init__()
        self._box = QSpinBox()
        self._box.setRange(0, MAX_SEED)
        self._box.setAccessibleName(f"Seed of {what}")
        self._box.setToolTip("The same seed gives the same frames again.")
        self._box.setKeyboardTracking(False)
        self._box.setMinimumWidth(60)
        self.dice = IconButton("mdi6.dice-5-outline", f"New random seed for {what}")
        self.dice.clicked.connect(self.randomize)
        self.dice.setObjectName("dice")
        self._box.valueChanged.connect(self.valueChanged)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._box, 1)
        layout.addWidget(self.dice)

    def value(self) -> int:
        """The seed."""
        return self._box.value()

    def setValue(self, seed: int) -> None:
        """Set the seed."""
        self._box.setValue(seed)

    def randomize(self) -> None:
        """Choose another seed at random, small enough to be said aloud."""
        self.setValue(random.choice([seed for seed in range(1000) if seed != self.value()]))

"""Which directions of many are on screen: columns, or principal components, also three turned."""

from collections.abc import Sequence

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QComboBox, QSlider, QVBoxLayout, QWidget

from app.numbers import percent
from app.text import shown
from app.widgets import choice, form, label

MAX_COMPONENTS = 8
# Two of more columns than this do not show much.
_MANY_COLUMNS = 8
_KINDS = {
    "columns": ("Two columns", "Two of the columns, as they are."),
    "components": (
        "Principal components",
        "The directions in which the points are spread out most: sums of all columns.",
    ),
    "turned": (
        "Three components, turned",
        "Three dimensions, seen from any side: the first three principal components.",
    ),
}


class Viewpoint(QWidget):
    """A small form that is there while there is something to choose.

    Signals:
        chosen: Other directions.
        named: Whether names are written at the points.
    """

    chosen = pyqtSignal()
    named = pyqtSignal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._columns: tuple[str, ...] = ()
        self._explained: tuple[float, ...] = ()
        self.kind = choice("What the axes are")
        for index, (kind, (text, tip)) in enumerate(_KINDS.items()):
            self.kind.addItem(text, kind)
            self.kind.setItemData(index, tip, Qt.ItemDataRole.ToolTipRole)
        self.horizontal, self.vertical = choice("Horizontal axis"), choice("Vertical axis")
        self.turn = _angle("Turn, in degrees", 0, 360, 30)
        self.tilt = _angle("Tilt, in degrees", -90, 90, 20)
        self.about = label("", "muted")
        self.about.setWordWrap(True)
        self.about.setToolTip("What counts most in each direction, and with which sign.")
        self.names = QCheckBox("Names at the points")
        self.names.setToolTip("Write the name of each point beside it, where there are few.")
        self.names.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._axes = QWidget()
        self._lay_out()
        self.kind.currentIndexChanged.connect(self._on_kind)
        self.names.toggled.connect(self.named)
        for axis in (self.horizontal, self.vertical):
            axis.currentIndexChanged.connect(lambda _: self.chosen.emit())
        for angle in (self.turn, self.tilt):
            angle.valueChanged.connect(lambda _: self.chosen.emit())

    @property
    def by_components(self) -> bool:
        """Whether the axes are principal components."""
        return len(self._columns) > 2 and self.kind.currentData() != "columns"

    @property
    def writes_names(self) -> bool:
        """Whether names are written at the points."""
        return self.names.isChecked()

    @property
    def turned(self) -> tuple[int, int] | None:
        """How three components are turned and tilted, in degrees; None if they are not shown."""
        if not self.by_components or self.kind.currentData() != "turned":
            return None
        return self.turn.value(), self.tilt.value()

    @property
    def axes(self) -> tuple[int, int]:
        """Which columns, or components, are shown across and up, by index."""
        return max(self.horizontal.currentIndex(), 0), max(self.vertical.currentIndex(), 0)

    def show_columns(self, columns: Sequence[str]) -> None:
        """Offer other columns; what is chosen stays where it is still there."""
        if tuple(columns) != self._columns:
            many = len(columns) > _MANY_COLUMNS
            if many != (len(self._columns) > _MANY_COLUMNS):
                _set_quietly(self.kind, int(many))
            self._columns, self._explained = tuple(columns), ()
            self.about.hide()
        self._fill()
        self._show_rows()
        self._axes.setVisible(len(columns) > 2)

    def show_explained(self, explained: Sequence[float]) -> None:
        """Say beside each component which part of the variance it has."""
        self._explained = tuple(explained)
        self._fill()

    def say(self, text: str) -> None:
        """Say in a line what the axes are made of; nothing for columns."""
        self.about.setText(text)
        self.about.setVisible(bool(text))

    def offer_names(self, names: Sequence[str] | None, few: bool) -> None:
        """Offer names where there are any, and few enough; written at once where each differs."""
        self.names.blockSignals(True)
        self.names.setChecked(bool(names) and few and len(set(names or ())) == len(names or ()))
        self.names.blockSignals(False)
        self.names.setVisible(bool(names) and few)

    def _entries(self) -> list[tuple[str, str]]:
        """What can be chosen, and how it is shown."""
        if not self.by_components:
            return [(name, shown(name)) for name in self._columns]
        names = [f"Component {n + 1}" for n in range(min(len(self._columns), MAX_COMPONENTS))]
        shares = [f" · {percent(part)}" for part in self._explained] or [""] * len(names)
        return [(name, name + share) for name, share in zip(names, shares, strict=False)]

    def _fill(self) -> None:
        entries = self._entries()
        names = [name for name, _ in entries]
        for axis, default in ((self.horizontal, 0), (self.vertical, 1)):
            before = axis.currentData() if axis.currentIndex() >= 0 else None
            kept = names.index(before) if before in names else default
            axis.blockSignals(True)
            axis.clear()
            for name, text in entries:
                axis.addItem(text, name)
            axis.setCurrentIndex(kept)
            axis.blockSignals(False)
        across, up = self.axes
        if across == up and len(entries) > 1:
            _set_quietly(self.vertical, (across + 1) % len(entries))

    def _on_kind(self) -> None:
        for axis in (self.horizontal, self.vertical):
            _set_quietly(axis, -1)  # a component is no column
        self._fill()
        self._show_rows()
        self.chosen.emit()

    def _show_rows(self) -> None:
        """Two directions are chosen, or two angles."""
        turned = self.turned is not None
        for angle in (self.turn, self.tilt):
            self._rows.setRowVisible(angle, turned)
        for axis in (self.horizontal, self.vertical):
            self._rows.setRowVisible(axis, not turned)

    def _lay_out(self) -> None:
        rows = self._rows = form()
        rows.addRow("Axes", self.kind)
        rows.addRow("Across", self.horizontal)
        rows.addRow("Up", self.vertical)
        rows.addRow("Turn", self.turn)
        rows.addRow("Tilt", self.tilt)
        self._axes.setLayout(rows)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in (self._axes, self.about, self.names):
            layout.addWidget(part)
            part.hide()


def _angle(name: str, least: int, most: int, value: int) -> QSlider:
    slider = QSlider(Qt.Orientation.Horizontal)
    slider.setRange(least, most)
    slider.setValue(value)
    slider.setPageStep(15)
    slider.setAccessibleName(name)
    slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return slider


def _set_quietly(box: QComboBox, index: int) -> None:
    box.blockSignals(True)
    box.setCurrentIndex(index)
    box.blockSignals(False)

"""The boxes in which one chooses how a table is read; each is found out unless it is chosen."""

import re
from collections.abc import Mapping
from typing import Any

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QSpinBox, QWidget

from app.controls.widgets import form
from app.text import as_tip, shown
from engine.data.tables.options import DECIMALS, DELIMITERS, MAX_SKIPPED, THOUSANDS, TableOptions

AUTOMATIC = "Automatic"
ENCODINGS = (
    *("utf-8", "utf-16", "windows-1252", "iso-8859-15", "mac-roman", "windows-1250"),
    *("windows-1251", "iso-8859-2", "iso-8859-7", "shift_jis", "gb18030", "big5", "euc-kr"),
)
_ANY_WIDTH = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
_WIDEST = f"{AUTOMATIC} (windows-1252)"
_HEADER = {True: "yes", False: "no"}
# A value in quotation marks may have anything in it; others end at white space or a comma, which
# between two digits is part of a number.
_VALUE = re.compile(r'"([^"]*)"|((?:[^\s,;]|(?<=\d),(?=\d))+)')


class ReadingForm(QWidget):
    """How a table is read, but for the roles of its columns.

    Signals:
        changed: Something else is chosen.
    """

    changed = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.delimiter = _Choice(_named(DELIMITERS))
        self.decimal = _Choice(_named(DECIMALS))
        self.thousands = _Choice(_named(THOUSANDS))
        self.header = _Choice(_HEADER)
        self.encoding = _TypedChoice(ENCODINGS)
        self.skip_rows = _Number()
        self.missing = QLineEdit()
        self.missing.setPlaceholderText("such as -999, unknown")
        self._boxes: dict[str, _Choice | _TypedChoice | _Number] = {
            "delimiter": self.delimiter,
            "decimal": self.decimal,
            "thousands": self.thousands,
            "header": self.header,
            "skip_rows": self.skip_rows,
            "encoding": self.encoding,
        }
        self._rows = _form()
        for text, box, tip in (
            ("Delimiter", self.delimiter, "What stands between two values."),
            ("Decimal mark", self.decimal, "What stands before the decimals of a number."),
            ("Thousands", self.thousands, "What stands between the thousands of a number."),
            ("Header row", self.header, "Whether the first row names the columns."),
            ("Lines to skip", self.skip_rows, "Lines above the header, or above the first row."),
            ("Encoding", self.encoding, "How letters are written as bytes; any that Python knows."),
            ("Missing values", self.missing, "What else means that a value is missing."),
        ):
            box.setAccessibleName(text)
            box.setToolTip(as_tip(tip))
            box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # not by the wheel
            box.installEventFilter(self)
            metrics = box.fontMetrics()
            box.setMinimumWidth(metrics.horizontalAdvance(_WIDEST) + 2 * metrics.height())
            self._rows.addRow(text, box)
        self.setLayout(self._rows)
        for box in self._boxes.values():
            box.chosen.connect(self.changed)
        self.missing.editingFinished.connect(self.changed)

    @property
    def values(self) -> dict[str, Any]:
        """The arguments of `TableOptions`, but for the roles; None for what is found out."""
        values: dict[str, Any] = {name: box.value for name, box in self._boxes.items()}
        return values | {"missing": missing_values(self.missing.text())}

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Let the wheel scroll the form, and turn only the box that has the focus."""
        if event is None or event.type() != QEvent.Type.Wheel or not isinstance(watched, QWidget):
            return False
        if not watched.hasFocus():
            event.ignore()
        return not watched.hasFocus()

    def show_options(self, options: TableOptions) -> None:
        """Fill the boxes without choosing anything."""
        for name, box in self._boxes.items():
            box.show_value(getattr(options, name))
        self.missing.setText(missing_text(options.missing))

    def show_found(self, found: TableOptions, is_text: bool) -> None:
        """Say what was found out, in each box in which nothing is chosen.

        Args:
            found: All of it.
            is_text: Whether there is more to be chosen than what means that a value is missing.
        """
        for name, box in self._boxes.items():
            box.show_found(getattr(found, name))
            self._rows.setRowVisible(box, is_text)


class _Choice(QComboBox):
    """One of some values, or what is found out.

    Signals:
        chosen: Another one was chosen by hand.
    """

    chosen = pyqtSignal()

    def __init__(self, entries: Mapping[Any, str]) -> None:
        super().__init__()
        self._entries = entries
        self.addItem(AUTOMATIC, None)
        for value, text in entries.items():
            self.addItem(text.capitalize(), value)
        self.setSizeAdjustPolicy(_ANY_WIDTH)
        self.currentIndexChanged.connect(lambda _: self.chosen.emit())

    @property
    def value(self) -> Any:
        """What is chosen, None for nothing."""
        return self.currentData()

    def show_value(self, value: Any) -> None:
        """Choose it without a signal."""
        self.blockSignals(True)
        self.setCurrentIndex(0 if value is None else 1 + list(self._entries).index(value))
        self.blockSignals(False)

    def show_found(self, value: Any) -> None:
        """Say what was found out."""
        self.setItemText(0, _automatic(self._entries.get(value, ""), self.value))


class _TypedChoice(QComboBox):
    """One of some texts, or any other, or what is found out.

    Signals:
        chosen: Another one was chosen by hand.
    """

    chosen = pyqtSignal()

    def __init__(self, texts: tuple[str, ...]) -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.addItems([AUTOMATIC, *texts])
        self.setSizeAdjustPolicy(_ANY_WIDTH)
        line = self.lineEdit()
        assert line is not None
        line.editingFinished.connect(self.chosen)
        self.activated.connect(lambda _: self.chosen.emit())

    @property
    def value(self) -> str | None:
        """What is typed or chosen, None for nothing."""
        text = self.currentText().strip()
        return None if text in ("", self.itemText(0)) else text

    def show_value(self, value: str | None) -> None:
        """Choose it without a signal."""
        self.blockSignals(True)
        self.setCurrentIndex(0 if value is None else self.findText(value))
        self.setEditText(self.itemText(0) if value is None else value)
        self.blockSignals(False)

    def show_found(self, value: str | None) -> None:
        """Say what was found out."""
        is_automatic = self.value is None
        self.setItemText(0, _automatic(shown(value or "", 40), self.value))
        if is_automatic:
            self.show_value(None)


class _Number(QSpinBox):
    """A number of lines, or what is found out.

    Signals:
        chosen: Another one was chosen by hand.
    """

    chosen = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setRange(-1, MAX_SKIPPED)
        self.setSpecialValueText(AUTOMATIC)
        self.setKeyboardTracking(False)
        self.show_value(None)
        self.valueChanged.connect(lambda _: self.chosen.emit())

    @property
    def value(self) -> int | None:  # type: ignore[override]
        """What is chosen, None for nothing."""
        number = super().value()
        return None if number < 0 else number

    def show_value(self, value: int | None) -> None:
        """Choose it without a signal."""
        self.blockSignals(True)
        self.setValue(-1 if value is None else value)
        self.blockSignals(False)

    def show_found(self, value: int | None) -> None:
        """Say what was found out."""
        text = "" if value is None else f"{value:,}"
        self.setSpecialValueText(_automatic(text, self.value))


def missing_values(text: str) -> tuple[str, ...]:
    """The values that were typed, each once: separated by commas or spaces, or in quotation marks.

    >>> missing_values('-999, -1,5 "not known"')
    ('-999', '-1,5', 'not known')
    """
    found = (match[1] or match[2] for match in _VALUE.finditer(text))
    return tuple(dict.fromkeys(value for value in found if value))


def missing_text(values: tuple[str, ...]) -> str:
    """Values as they are typed."""
    return ", ".join(value if _VALUE.fullmatch(value) else f'"{value}"' for value in values)


def _automatic(found: str, chosen: Any) -> str:
    """What a box says where nothing is chosen; what would be found is known only then."""
    return f"{AUTOMATIC} ({found})" if found and chosen is None else AUTOMATIC


def _named(entries: Mapping[str, str]) -> dict[str, str]:
    """Each with its sign, where that can be seen."""
    return {
        sign: f"{name} {sign}" if len(sign) == 1 and not sign.isspace() else name
        for sign, name in entries.items()
    }


def _form() -> QFormLayout:
    """Labels beside their boxes, also where the text is large."""
    rows = form()
    rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
    return rows

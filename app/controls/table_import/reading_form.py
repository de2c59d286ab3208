"""The boxes for choosing how a table is read; everything that is not chosen is detected."""

import re
from collections.abc import Mapping
from typing import Any

from PyQt6.QtCore import QEvent, QObject, Qt, pyqtSignal
from PyQt6.QtWidgets import QComboBox, QFormLayout, QLineEdit, QSpinBox, QWidget

from app.text import as_tip, shown
from app.widgets import form
from engine.data.tables.options import DECIMALS, DELIMITERS, MAX_SKIPPED, THOUSANDS, TableOptions

AUTOMATIC = "Automatic"
ENCODINGS = (
    *("utf-8", "utf-16", "windows-1252", "iso-8859-15", "mac-roman", "windows-1250"),
    *("windows-1251", "iso-8859-2", "iso-8859-7", "shift_jis", "gb18030", "big5", "euc-kr"),
)
_ANY_WIDTH = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
_WIDEST = f"{AUTOMATIC} (windows-1252)"
_HEADER = {True: "yes", False: "no"}
# A value in quotation marks may contain anything; others end at white space or a comma, but a comma
# between two digits is part of a number.
_VALUE = re.compile(r'"([^"]*)"|((?:[^\s,;]|(?<=\d),(?=\d))+)')


class ReadingForm(QWidget):
    """How a table is read, except the roles of its columns.

    Signals:
        changed: A choice has changed.
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
            ("Delimiter", self.delimiter, "The character between two values."),
            ("Decimal mark", self.decimal, "The character before the decimals of a number."),
            ("Thousands", self.thousands, "The character between the thousands of a number."),
            ("Header row", self.header, "Whether the first row names the columns."),
            ("Lines to skip", self.skip_rows, "Lines above the header, or above the first row."),
            ("Encoding", self.encoding, "How letters are written as bytes; any that Python knows."),
            ("Missing values", self.missing, "Other values that mean that a value is missing."),
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
        """The arguments of `TableOptions` except the roles; None for what is detected."""
        values: dict[str, Any] = {name: box.value for name, box in self._boxes.items()}
        return values | {"missing": missing_values(self.missing.text())}

    def eventFilter(self, watched: QObject | None, event: QEvent | None) -> bool:
        """Let the wheel scroll the form, and change only the focused box."""
        if event is None or event.type() != QEvent.Type.Wheel or not isinstance(watched, QWidget):
            return False
        if not watched.hasFocus():
            event.ignore()
        return not watched.hasFocus()

    def show_options(self, options: TableOptions) -> None:
        """Fill the boxes without emitting `changed`."""
        for name, box in self._boxes.items():
            box.show_value(getattr(options, name))
        self.missing.setText(missing_text(options.missing))

    def show_found(self, found: TableOptions, is_text: bool) -> None:
        """Show what was detected, in each box in which nothing is chosen.

        Args:
            found: Everything that was detected.
            is_text: Whether the file is text, so that there is more to choose than missing values.
        """
        for name, box in self._boxes.items():
            box.show_found(getattr(found, name))
            self._rows.setRowVisible(box, is_text)


class _Choice(QComboBox):
    """One of several values, or the detected one.

    Signals:
        chosen: The user chose another one.
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
        """The choice; None if nothing is chosen."""
        return self.currentData()

    def show_value(self, value: Any) -> None:
        """Set the choice without a signal."""
        self.blockSignals(True)
        self.setCurrentIndex(0 if value is None else 1 + list(self._entries).index(value))
        self.blockSignals(False)

    def show_found(self, value: Any) -> None:
        """Show what was detected."""
        self.setItemText(0, _automatic(self._entries.get(value, ""), self.value))


class _TypedChoice(QComboBox):
    """One of several texts, or any other, or the detected one.

    Signals:
        chosen: The user chose another one.
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
        """The typed or chosen text; None if there is none."""
        text = self.currentText().strip()
        return None if text in ("", self.itemText(0)) else text

    def show_value(self, value: str | None) -> None:
        """Set the choice without a signal."""
        self.blockSignals(True)
        self.setCurrentIndex(0 if value is None else self.findText(value))
        self.setEditText(self.itemText(0) if value is None else value)
        self.blockSignals(False)

    def show_found(self, value: str | None) -> None:
        """Show what was detected."""
        is_automatic = self.value is None
        self.setItemText(0, _automatic(shown(value or "", 40), self.value))
        if is_automatic:
            self.show_value(None)


class _Number(QSpinBox):
    """A number of lines, or the detected one.

    Signals:
        chosen: The user chose another one.
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
        """The choice; None if nothing is chosen."""
        number = super().value()
        return None if number < 0 else number

    def show_value(self, value: int | None) -> None:
        """Set the choice without a signal."""
        self.blockSignals(True)
        self.setValue(-1 if value is None else value)
        self.blockSignals(False)

    def show_found(self, value: int | None) -> None:
        """Show what was detected."""
        text = "" if value is None else f"{value:,}"
        self.setSpecialValueText(_automatic(text, self.value))


def missing_values(text: str) -> tuple[str, ...]:
    """Parse the typed values, each once: separated by commas or spaces, or in quotation marks.

    >>> missing_values('-999, -1,5 "not known"')
    ('-999', '-1,5', 'not known')
    """
    found = (match[1] or match[2] for match in _VALUE.finditer(text))
    return tuple(dict.fromkeys(value for value in found if value))


def missing_text(values: tuple[str, ...]) -> str:
    """Format values as they are typed."""
    return ", ".join(value if _VALUE.fullmatch(value) else f'"{value}"' for value in values)


def _automatic(found: str, chosen: Any) -> str:
    """Return the text of a box in which nothing is chosen, with what was detected if known."""
    return f"{AUTOMATIC} ({found})" if found and chosen is None else AUTOMATIC


def _named(entries: Mapping[str, str]) -> dict[str, str]:
    """Add its sign to each name, if the sign is visible."""
    return {
        sign: f"{name} {sign}" if len(sign) == 1 and not sign.isspace() else name
        for sign, name in entries.items()
    }


def _form() -> QFormLayout:
    """Make a form with labels beside their boxes, even if the text is large."""
    rows = form()
    rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
    return rows

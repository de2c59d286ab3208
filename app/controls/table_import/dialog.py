"""The import dialog: a table's file as text, how it was read, and what can be chosen."""

from dataclasses import replace
from itertools import islice

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtGui import QFontDatabase, QKeyEvent
from PyQt6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSpinBox,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from app.controls.busy import BusyLine
from app.controls.table_import.column_roles import ColumnRoles
from app.controls.table_import.preview_models import RowsModel
from app.controls.table_import.reading_form import ReadingForm
from app.text import Sentence, as_tip, seen, shown
from app.views.veil import Stale
from app.widgets import label
from engine.data.tables.options import TableOptions
from engine.data.tables.reading import Preview
from engine.errors import ParameterError

_TITLE = "How was it read?"
_READ, _READ_IN_PART = "As read", "As read, judging by the beginning of a long file"
_OLD = "It cannot be read this way; this is how it was read before."
# For text of normal size.
_SIZE, _POINTS = QSize(1240, 860), 10.0
# The margin around the dialog in which the window remains visible.
_MARGINS = QSize(40, 56)
# Sentences shown at once; a tool tip has the others.
_N_DOUBTS = 3
# The most characters of a line that are shown; a file may have lines of millions.
_MAX_LINE = 2000
# Columns whose texts are measured to find their width.
_MEASURED = 60
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class TableImport(QDialog):
    """Shows how a table is read, and lets the user choose.

    Signals:
        asked: A preview with these `TableOptions` is requested.
        given_up: The preview is no longer needed.
    """

    asked = pyqtSignal(TableOptions)
    given_up = pyqtSignal()

    def __init__(self, name: str, options: TableOptions, parent: QWidget) -> None:
        """Show only the options at first.

        Args:
            name: The name of the file.
            options: The initial choices.
            parent: The widget whose style and window it uses.
        """
        super().__init__(parent)
        self.setWindowTitle(_TITLE)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # The options of the requested preview; None if the choices contradict each other.
        self._chosen: TableOptions | None = options
        self.waits, self._accepts = True, False
        self.doubts, self.problem = _sentence(), _sentence()
        self.notes = Sentence()
        self.notes.setObjectName("muted")
        self.form, self.roles = ReadingForm(), ColumnRoles()
        self.lines, self.rows = _Lines(), _Rows()
        self._file = label(f"{shown(name)}: the first lines", "muted")
        self._heading = label("", "muted")
        self.busy = BusyLine()
        self.buttons = QDialogButtonBox()
        self.open_button = self._button("Open", QDialogButtonBox.ButtonRole.AcceptRole)
        self.cancel_button = self._button("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        self.automatic = self._button("Automatic", QDialogButtonBox.ButtonRole.ResetRole)
        self.form.show_options(options)
        self.roles.model.show_roles(options.roles)
        self._lay_out()
        self._wire()
        self._heading.setText(_READ)
        self._say(self.doubts, ())
        self._say(self.notes, ())
        self._tell("", can_open=False)

    @property
    def options(self) -> TableOptions:
        """The current choices.

        Raises:
            ParameterError: The choices contradict each other.
        """
        return TableOptions(**self.form.values, roles=self.roles.model.roles)

    def show_preview(self, preview: Preview, problem: str = "") -> None:
        """Show how the table is read with the current choices.

        Args:
            preview: The beginning of the table.
            problem: Why all of it cannot be opened this way; empty if no reason is known.
        """
        self._end_waiting()
        reading = preview.reading
        self.form.show_found(replace(reading.options, thousands=None), reading.is_text)
        self.form.thousands.show_found(reading.thousands)
        self.lines.show_lines(preview.lines)
        self._show_texts(bool(preview.lines))
        self._heading.setText(_READ if preview.is_whole else _READ_IN_PART)
        self.rows.show_preview(preview)
        self._show_staleness(lines=False, columns=not reading.columns)
        if reading.columns:  # else nothing could be read, and the chosen roles stay
            self.roles.show_preview(preview)
        if self._chosen is not None:
            self._chosen = replace(self._chosen, roles=self.roles.model.roles)
        self._say(self.doubts, reading.doubts)
        self._say(self.notes, preview.notes)
        problem = preview.problem or problem
        self._tell(problem, can_open=not problem)
        if self._accepts:
            self.accept()

    def show_error(self, sentence: str) -> None:
        """Show why the file cannot be read with the choices; grey out what was read before."""
        self._end_waiting()
        self._accepts = False
        self._say(self.doubts, ())
        self._say(self.notes, ())
        self._show_staleness(lines=True, columns=True)
        self._tell(sentence, can_open=False)

    def _show_staleness(self, *, lines: bool, columns: bool) -> None:
        """Grey out what still shows how the file was read before."""
        self._old_lines.say(_OLD if lines and self.lines.toPlainText() else "")
        self._old_rows.say(_OLD if columns and self.rows.has_columns else "")
        self._old_roles.say(_OLD if columns and self.roles.model.rowCount() else "")

    def accept(self) -> None:
        """Accept the choices as soon as it is known that the file can be read."""
        self._on_changed()
        self._accepts = self.waits
        if self.open_button.isEnabled() and not self.waits:
            super().accept()

    def keyPressEvent(self, event: QKeyEvent | None) -> None:
        """Let Enter in a box accept what was typed there, without closing the dialog."""
        box = self.focusWidget()
        typing = isinstance(box, QComboBox) and box.isEditable()
        typing |= isinstance(box, QLineEdit | QSpinBox)
        if event is not None and event.key() in _ENTER and typing:
            event.accept()
            return
        super().keyPressEvent(event)

    def _on_changed(self) -> None:
        try:
            options = self.options
        except ParameterError as error:
            self._chosen = None
            self._stop_waiting()
            self._tell(str(error), can_open=False)
            return
        if options != self._chosen:
            self._chosen, self.waits = options, True
            self.busy.start("Reading…", self._on_cancelled)
            self.asked.emit(options)

    def _on_cancelled(self) -> None:
        self._stop_waiting()
        self._tell("This preview was made with the previous choices.", can_open=True)

    def _stop_waiting(self) -> None:
        self._end_waiting()
        self._accepts = False
        self.given_up.emit()

    def _end_waiting(self) -> None:
        self.waits = False
        self.busy.stop()

    def _reset(self) -> None:
        self.form.show_options(TableOptions())
        self.roles.model.show_roles(())
        self._on_changed()

    def _tell(self, problem: str, can_open: bool) -> None:
        """Show what is wrong, and whether the table can be opened nevertheless."""
        self._say(self.problem, (problem,) if problem else ())
        self.open_button.setEnabled(can_open)
        self.open_button.setToolTip(as_tip(problem))

    @staticmethod
    def _say(where: Sentence, sentences: tuple[str, ...]) -> None:
        more = len(sentences) - _N_DOUBTS
        lines = [*islice(sentences, _N_DOUBTS), *([f"… and {more} more"] if more > 0 else [])]
        where.say("\n".join(lines))
        where.setToolTip(as_tip("\n".join(sentences)))
        where.setVisible(bool(sentences))

    def _button(self, text: str, role: QDialogButtonBox.ButtonRole) -> QPushButton:
        button = self.buttons.addButton(text, role)
        assert button is not None
        return button

    def _lay_out(self) -> None:
        self.open_button.setObjectName("primary")
        self.automatic.setAutoDefault(False)
        self.automatic.setToolTip("Clear all choices: everything is detected from the file.")
        layout = QVBoxLayout(self)
        layout.addWidget(self.doubts)
        layout.addWidget(self.notes)
        halves = QSplitter(Qt.Orientation.Vertical)
        halves.setChildrenCollapsible(False)
        halves.addWidget(self._upper())
        halves.addWidget(self.roles)
        halves.setSizes([600, 400])
        layout.addWidget(halves, 1)
        layout.addWidget(self.problem)
        below = QHBoxLayout()
        below.addWidget(self.busy)
        below.addStretch(1)
        below.addWidget(self.buttons)
        layout.addLayout(below)
        self._old_lines = Stale(self.lines)
        self._old_rows, self._old_roles = Stale(self.rows), Stale(self.roles.table)
        self.open_button.setDefault(True)  # possible only after it has been added to the dialog
        self.form.delimiter.setFocus()
        self.resize(self.sizeHint())

    def _upper(self) -> QWidget:
        """Make the boxes, and beside them the file as text and as read."""
        upper, self._texts = QWidget(), QWidget()
        texts = QVBoxLayout(self._texts)
        texts.setContentsMargins(0, 0, 0, 0)
        texts.addWidget(self._file)
        texts.addWidget(self.lines, 1)
        grid = self._grid = QGridLayout(upper)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.addWidget(_scrolled(self.form), 0, 0, 3, 1)
        grid.addWidget(self._texts, 0, 1)
        grid.addWidget(self._heading, 1, 1)
        grid.addWidget(self.rows, 2, 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(2, 1)
        self._show_texts(True)
        return upper

    def _show_texts(self, are_there: bool) -> None:
        """Give the space of the lines to the rows if the file is not text."""
        self._texts.setVisible(are_there)
        self._grid.setRowStretch(0, int(are_there))

    def sizeHint(self) -> QSize:
        """Return a large size, but within the window."""
        parent = self.parentWidget()
        assert parent is not None
        window = parent.window()
        assert window is not None
        wanted = _SIZE * (self.font().pointSizeF() / _POINTS)
        return wanted.boundedTo(window.size() - _MARGINS)

    def _wire(self) -> None:
        self.form.changed.connect(self._on_changed)
        self.roles.changed.connect(self._on_changed)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.automatic.clicked.connect(self._reset)
        self.finished.connect(lambda _: self.given_up.emit())


class _Lines(QPlainTextEdit):
    """The first lines of a file as text, with line numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self.setAccessibleName("The first lines of the file")
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self.font().pointSizeF())
        self.setFont(font)
        self.setMinimumHeight(round(3.2 * self.fontMetrics().height()))

    def show_lines(self, lines: tuple[str, ...]) -> None:
        """Show other lines at the same scroll position."""
        width = len(str(len(lines)))
        numbered = (f"{n:>{width}} │ {_visible(line)}" for n, line in enumerate(lines, 1))
        text = "\n".join(numbered)
        if text != self.toPlainText():
            self.setPlainText(text)


class _Rows(QTableView):
    """The first rows of a table as read; arrow keys move in it, Tab leaves it."""

    def __init__(self) -> None:
        super().__init__()
        self._rows = RowsModel()
        self.setModel(self._rows)
        self.setAccessibleName("The first rows as read")
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        across, down = self.horizontalHeader(), self.verticalHeader()
        assert across is not None
        assert down is not None
        across.setHighlightSections(False)
        height = self.fontMetrics().height()
        down.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        down.setDefaultSectionSize(round(1.5 * height))
        across.setDefaultSectionSize(8 * height)
        self.setMinimumHeight(5 * height)

    @property
    def has_columns(self) -> bool:
        """Whether there is anything to show."""
        return self._rows.columnCount() > 0

    def show_preview(self, preview: Preview) -> None:
        """Show other rows at the same scroll position."""
        bar = self.horizontalScrollBar()
        assert bar is not None
        place = bar.value()
        self._rows.show_preview(preview)
        for column in range(min(_MEASURED, self._rows.columnCount())):
            self.resizeColumnToContents(column)
        bar.setValue(place)


def _sentence() -> Sentence:
    made = Sentence()
    made.setObjectName("problem")
    return made


def _scrolled(inner: QWidget) -> QScrollArea:
    """Put a form in a scroll area that is as wide as the form needs."""
    area = _Area()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(inner)
    return area


class _Area(QScrollArea):
    def minimumSizeHint(self) -> QSize:
        """Return the width of the content."""
        inner, bar = self.widget(), self.verticalScrollBar()
        assert inner is not None
        assert bar is not None
        return QSize(inner.minimumSizeHint().width() + bar.sizeHint().width(), 120)

    def sizeHint(self) -> QSize:
        """Return the height of the content."""
        inner = self.widget()
        assert inner is not None
        return QSize(self.minimumSizeHint().width(), inner.sizeHint().height())


def _visible(line: str) -> str:
    """Return a line in which tabs are visible."""
    cut = f"{line[:_MAX_LINE]}…" if len(line) > _MAX_LINE else line
    return seen(cut.replace("\t", "→   ").replace("\r", "").replace("\n", ""))

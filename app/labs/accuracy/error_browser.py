"""The error browser: a table of all answers, with filters above it."""

from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path
from typing import Any

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from app.views.tables.error_rows import HEADINGS, Filter, Row
from app.views.tables.error_table import ErrorTable
from app.widgets import label
from engine.data.output.formats import TEXT_TABLE, check_suffix
from engine.data.output.table_files import frame_of, write_table
from engine.spelling.evaluation.answers import Mistake

_DIGITS = 6


class ErrorBrowser(QWidget):
    """A table of answers, and filters for speller, length and kind of mistake.

    Signals:
        chosen: The row that was clicked, or on which Enter was pressed.
    """

    chosen = pyqtSignal(Row)

    def __init__(self) -> None:
        super().__init__()
        self.table = ErrorTable()
        self.speller, self.length, self.kind = QComboBox(), QComboBox(), QComboBox()
        self.only_wrong = QCheckBox("Wrong only")
        self.count = label("", "muted")
        self._all: tuple[Row, ...] = ()
        self._filling = False
        self._dress()
        self._lay_out()
        _offer(self.kind, "Any kind", [(k.value.capitalize(), k) for k in Mistake])
        self.set_rows(())
        self.table.chosen.connect(self.chosen)

    @property
    def rows(self) -> list[Row]:
        """The rows that are shown, in order."""
        return self.table.rows.rows

    @property
    def filter(self) -> Filter:
        """The chosen filters."""
        kind = self.kind.currentData()
        return Filter(
            speller=self.speller.currentData(),
            n_letters=self.length.currentData(),
            mistake=kind,
            only_wrong=self.only_wrong.isChecked() and kind is not Mistake.NONE,
        )

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other answers; filters that still apply stay."""
        self._all = tuple(rows)
        spellers = dict.fromkeys(map(attrgetter("speller"), rows))
        lengths = sorted(set(map(len, map(attrgetter("truth"), rows))))
        self._filling = True
        _offer(self.speller, "All spellers", [(name, name) for name in spellers])
        _offer(self.length, "Any length", [(f"{length} letters", length) for length in lengths])
        self._filling = False
        self._on_filter()

    def show_only(self, speller: str, n_letters: int) -> None:
        """Show one speller and one length, and all kinds of mistakes."""
        self._filling = True
        for box, value in ((self.speller, speller), (self.length, n_letters), (self.kind, None)):
            box.setCurrentIndex(max(box.findData(value), 0))
        self._filling = False
        self._on_filter()

    def _dress(self) -> None:
        names = ("Speller of the words shown", "Number of letters", "Kind of mistake")
        for box, name in zip((self.speller, self.length, self.kind), names, strict=True):
            box.setAccessibleName(name)
            box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            # Wide enough for the longest text, unless that would widen the window.
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            box.setMinimumWidth(60)
            box.currentIndexChanged.connect(lambda _: self._on_filter())
        self.only_wrong.setChecked(True)
        self.only_wrong.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.only_wrong.toggled.connect(lambda _: self._on_filter())

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        for part in (self.speller, self.length, self.kind, self.only_wrong):
            bar.addWidget(part)
        bar.addStretch()
        head = QHBoxLayout()
        head.addWidget(label("Errors", "heading"), 1)
        head.addWidget(self.count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(head)
        layout.addLayout(bar)
        layout.addWidget(self.table, 1)

    def _on_filter(self) -> None:
        if self._filling:
            return
        self.table.rows.show(self._all, self.filter)
        self.count.setText(f"{len(self.rows):,} of {len(self._all):,} answers")


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """Write rows, at least one, with the columns of the table; runs on the engine thread.

    Raises:
        ParameterError: The suffix is not one of a table with text.
        DataError: The file cannot be written.
    """
    check_suffix(path, TEXT_TABLE)
    cells = [
        (
            *(row.speller, len(row.truth), " ".join(row.phonemes), row.truth, row.predicted),
            *(row.mistake.value, round(float(row.probability), _DIGITS)),
        )
        for row in rows
    ]
    columns = zip(*cells, strict=True) if cells else [[] for _ in HEADINGS]
    names = (heading.lower() for heading in HEADINGS)
    write_table(path, frame_of(zip(names, columns, strict=True)))


def _offer(box: QComboBox, everything: str, choices: Sequence[tuple[str, Any]]) -> None:
    """Offer choices, after one for everything; the current choice stays if it is among them."""
    before = box.currentData()
    box.blockSignals(True)
    box.clear()
    box.addItem(everything, None)
    for text, value in choices:
        box.addItem(text, value)
    box.setCurrentIndex(max(box.findData(before), 0) if before is not None else 0)
    box.blockSignals(False)

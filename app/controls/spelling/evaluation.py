"""The form for an evaluation: which spellers and how, the progress, a button to cancel."""

from collections.abc import Sequence

from PyQt6.QtCore import QSize, Qt, pyqtSignal
from PyQt6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.theme import Theme, follow
from app.views.curves.looks import in_words, swatch
from app.widgets import IconButton, form, label

WIDTHS = (1, 5)
_N_STEPS = 1000


class EvaluationControl(QWidget):
    """A form, a button, and a bar.

    Signals:
        changed: Other spellers are chosen, or another beam width.
        asked: The user wants to evaluate the chosen spellers.
        cancelled: The user wants to cancel the evaluation.
    """

    changed = pyqtSignal()
    asked = pyqtSignal()
    cancelled = pyqtSignal()

    def __init__(self, names: Sequence[str], chosen: Sequence[str]) -> None:
        super().__init__()
        self.boxes = {name: QCheckBox(name) for name in names}
        self.beam = QComboBox()
        self.start = IconButton(
            "mdi6.chart-line", "Spell all test words", "Evaluate", is_primary=True
        )
        self.cancel = QPushButton("Cancel")
        self.bar, self.text = QProgressBar(), label("", "muted")
        for look, (name, box) in enumerate(self.boxes.items()):
            box.setChecked(name in chosen)
            box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            box.setAccessibleDescription(f"In the figure: {in_words(look)}")
            box.toggled.connect(lambda _: self._on_changed())
        for width in WIDTHS:
            self.beam.addItem("1, greedy" if width == 1 else str(width), width)
        self._dress()
        self._lay_out()
        self.show_end()
        follow(self, self.restyle)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The spellers that are ticked."""
        return tuple(name for name, box in self.boxes.items() if box.isChecked())

    @property
    def beam_width(self) -> int:
        """The chosen beam width."""
        return int(self.beam.currentData())

    def look(self, name: str) -> int:
        """Return the index of a speller's colour and marker."""
        return list(self.boxes).index(name)

    def show_progress(self, text: str, n_done: int, n_words: int) -> None:
        """Show the progress.

        Args:
            text: The text to show.
            n_done: Words done; while there are none, the bar runs to and fro.
            n_words: Words in total.
        """
        self.bar.setRange(0, _N_STEPS if n_done else 0)
        self.bar.setValue(_N_STEPS * n_done // max(n_words, 1))
        self.text.setText(text)
        self._show_running(True)

    def show_end(self) -> None:
        """Show that nothing is going on."""
        self._show_running(False)

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self.bar.setFixedHeight(theme.px(12))
        for look, box in enumerate(self.boxes.values()):
            box.setIcon(swatch(look, theme))
            box.setIconSize(QSize(theme.px(16), theme.px(16)))

    def _dress(self) -> None:
        self.start.clicked.connect(self.asked)
        self.cancel.clicked.connect(self.cancelled)
        self.cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.beam.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.beam.setAccessibleName("Beam width")
        self.beam.setToolTip("How many hypotheses of the word are kept at each letter")
        self.beam.currentIndexChanged.connect(lambda _: self._on_changed())
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of the evaluation")
        self.text.setWordWrap(True)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for box in self.boxes.values():
            layout.addWidget(box)
        rows = form()
        rows.addRow("Beam", self.beam)
        layout.addLayout(rows)
        policy = self.start.sizePolicy()
        policy.setHorizontalPolicy(policy.Policy.Expanding)
        self.start.setSizePolicy(policy)  # as wide as what replaces it
        for part in (self.start, self.bar, self.text, self.cancel):
            layout.addWidget(part)

    def _show_running(self, running: bool) -> None:
        for part in (self.bar, self.text, self.cancel):
            part.setVisible(running)
        self.start.setVisible(not running)
        self.start.setEnabled(bool(self.chosen))

    def _on_changed(self) -> None:
        self.start.setEnabled(bool(self.chosen))
        self.changed.emit()

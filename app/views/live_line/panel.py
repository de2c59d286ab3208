"""The live line: the operations of the half-step on screen, their code, and numbers below."""

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTextBrowser, QVBoxLayout, QWidget

from app.theme import Theme, current, follow
from app.views.live_line.bug_card import BugCard
from app.views.live_line.code import CodeView
from app.views.live_line.operations import OperationsView
from app.widgets import IconButton, label
from engine.clustering.operations.traces import Trace

# Widths at scale 1: the card's minimum, and where its switches get names beside their icons.
_NARROWEST, _ROOMY = 230, 370


class LiveLinePanel(QFrame):
    """A card with three pages: the operations, their code, and the bug to find.

    Signals:
        picked: The index of an operation that was clicked.
        switched: A page, or the comparison, was opened or closed.
    """

    picked = pyqtSignal(int)
    switched = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self._theme = current()
        self._trace: Trace | None = None
        self._told = ""
        self.code = _switch("mdi6.code-tags", "Code", "The TensorFlow code of the half-step")
        self.compare = _switch(
            "mdi6.scale-balance", "Compare", "As taught and as computed fast, side by side"
        )
        self.bug = _switch(
            "mdi6.bug-outline",
            "Bug",
            "Find the bug: a well-known mistake that only the axes reveal",
        )
        self.says, self.hint = label("", "muted"), label("", "problem")
        self.operations = OperationsView("Operations of the half-step")
        self.source = CodeView("TensorFlow code of the half-step")
        self.numbers = QTextBrowser()
        self.card = BugCard()
        self._lists, self._pages = QStackedWidget(), QStackedWidget()
        self.listing = QWidget()
        self._lay_out()
        self.operations.picked.connect(self.picked)
        for button in self._switches:
            button.toggled.connect(lambda _: self._on_switched())
        follow(self, self.restyle)

    @property
    def compares(self) -> bool:
        """Whether the formulations are compared."""
        return self.compare.isChecked()

    @property
    def shows_bug(self) -> bool:
        """Whether the bug is shown in place of the operations."""
        return self.bug.isChecked()

    @property
    def _switches(self) -> tuple[IconButton, ...]:
        return self.code, self.compare, self.bug

    def say(self, text: str) -> None:
        """Show why there are no operations."""
        self._trace = None
        self.says.setText(text)
        self.hint.hide()
        self.operations.draw(())
        self.source.draw("")
        self.tell("")

    def draw(self, trace: Trace, text: str, hint: str) -> None:
        """Show the operations of a half-step.

        Args:
            trace: The operations.
            text: A line above them.
            hint: A remark about them; empty for none.
        """
        self._trace = trace
        self.says.setText(text)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.operations.draw(trace.operations)
        functions = dict.fromkeys(each.code for each in trace.operations)
        self.source.draw("\n\n\n".join([trace.code, *functions]))

    def light(self, row: int) -> None:
        """Highlight one operation and its code; -1 for none."""
        self.operations.light(row)
        lit = self._trace is not None and 0 <= row < len(self._trace.operations)
        self.source.mark(self._trace.operations[row].code if self._trace and lit else "")

    def tell(self, html: str) -> None:
        """Show numbers below the operations."""
        if html != self._told:
            self._told = html
            self.numbers.setHtml(html)
        self.numbers.setVisible(bool(html))

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.setMinimumWidth(theme.px(_NARROWEST))
        self.numbers.setFont(theme.font())

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Name the switches if there is room."""
        super().resizeEvent(event)
        styles = Qt.ToolButtonStyle
        named = self.width() >= self._theme.px(_ROOMY)
        for button in self._switches:
            button.setToolButtonStyle(
                styles.ToolButtonTextBesideIcon if named else styles.ToolButtonIconOnly
            )

    def _on_switched(self) -> None:
        self._lists.setCurrentIndex(int(self.code.isChecked()))
        self._pages.setCurrentIndex(int(self.bug.isChecked()))
        for button in (self.code, self.compare):
            button.setEnabled(not self.bug.isChecked())
        self.switched.emit()

    def _lay_out(self) -> None:
        head, live = QHBoxLayout(), self.listing
        head.addWidget(label("Live line", "heading"), 1)
        for button in self._switches:
            head.addWidget(button)
        for text in (self.says, self.hint):
            text.setWordWrap(True)
        self.hint.hide()
        self.numbers.setFrameShape(QFrame.Shape.NoFrame)
        self.numbers.setAccessibleName("Numbers of the point or the centroid that was clicked")
        self._lists.addWidget(self.operations)
        self._lists.addWidget(self.source)
        column = QVBoxLayout(live)
        column.setContentsMargins(0, 0, 0, 0)
        for part, stretch in ((self.says, 0), (self.hint, 0), (self._lists, 3), (self.numbers, 2)):
            column.addWidget(part, stretch)
        self._pages.addWidget(live)
        self._pages.addWidget(self.card)
        layout = QVBoxLayout(self)
        layout.addLayout(head)
        layout.addWidget(self._pages, 1)


def _switch(icon: str, text: str, tip: str) -> IconButton:
    button = IconButton(icon, tip, text)
    button.setCheckable(True)
    return button

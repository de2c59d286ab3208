"""Find the bug: operations with a broadcasting mistake that the axes alone reveal."""

from html import escape

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFrame, QTextBrowser, QVBoxLayout, QWidget

from app.theme import Theme, current, follow
from app.views.live_line.axis_words import legend, output
from app.views.live_line.operations import OperationsView
from app.widgets import label
from engine.clustering.operations.bug_result import BugResult

_TASK = (
    "<b>Find the bug.</b> Farthest-first seeding takes one point as the only centroid, and looks "
    "for the point farthest from it. These operations ran on the points on screen, and nothing "
    "failed. One line is wrong."
)
_ASK = "Which one? Compare the sizes of its axes with those meant, and click it."


class BugCard(QWidget):
    """Shows operations one of which is wrong, and says whether the user found it.

    Attributes:
        result: What the operations with the bug computed; None if nothing is shown.

    Signals:
        answered: A line was clicked; whether it is the wrong one.
    """

    answered = pyqtSignal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._theme, self._chosen = current(), -1
        self.result: BugResult | None = None
        self.task, self.meant = label(_TASK, "muted", is_rich=True), label(is_rich=True)
        self.operations = OperationsView("Operations, one of them wrong", timed=False)
        self.verdict = QTextBrowser()
        self.verdict.setFrameShape(QFrame.Shape.NoFrame)
        self.verdict.setAccessibleName("Whether that is the bug")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        for text in (self.task, self.meant):
            text.setWordWrap(True)
        for part, stretch in ((self.task, 0), (self.meant, 0), (self.operations, 3)):
            layout.addWidget(part, stretch)
        layout.addWidget(self.verdict, 2)
        self.operations.picked.connect(self._on_picked)
        follow(self, self.restyle)

    def say(self, text: str) -> None:
        """Show why there is no bug to find."""
        self.result = None
        self.meant.setText("")
        self.operations.draw(())
        self.verdict.setPlainText(text)

    def draw(self, result: BugResult) -> None:
        """Show a new result and ask for its bug."""
        self.result, self._chosen = result, -1
        self.operations.draw(result.wrong)
        self.operations.light(-1)
        self._write()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        self.verdict.setFont(theme.font())
        self._write()

    def _on_picked(self, row: int) -> None:
        self._chosen = row
        self._write()
        if self.result is not None:
            self.answered.emit(row == self.result.wrong_index)

    def _write(self) -> None:
        result, theme = self.result, self._theme
        if result is None:
            return
        self.meant.setText(f"Meant: {legend(result.sizes, theme)}")
        if self._chosen < 0:
            self.verdict.setHtml(_ASK)
        elif self._chosen == result.wrong_index:
            self.verdict.setHtml(_right(result, theme))
        else:
            self.verdict.setHtml(_wrong(result, self._chosen, theme))


def _wrong(result: BugResult, chosen: int, theme: Theme) -> str:
    each, meant = result.wrong[chosen], result.right[chosen]
    if each.shape == meant.shape:
        why = "Its axes have the sizes that were meant."
    else:
        why = (
            f"The line itself is right: it should be {output(meant, theme)}, "
            "but its input is already wrong. Look at an earlier line."
        )
    return f"<p><b>Not this one.</b> {why}</p>"


def _right(result: BugResult, theme: Theme) -> str:
    wrong, right = result.wrong[result.wrong_index], result.right[result.wrong_index]
    n_dims = result.sizes["dim"]
    distance = next(each for each in result.wrong if each.name == "distance")
    meant = next(each for each in result.right if each.name == "distance")
    return (
        f"<p><b>Yes, this is the bug.</b> It is {output(wrong, theme)}; {output(right, theme)} was "
        f"meant. The new axis is in the wrong place:</p>{_code(wrong.code, theme)}"
        f"<p>was meant as</p>{_code(right.code, theme)}"
        f"<p>Broadcasting takes it for {n_dims} centroids, each with one number for all its "
        f"coordinates. So {output(distance, theme)} comes out, where {output(meant, theme)} was "
        f"meant, the minimum over cluster hides it again, and nothing fails.</p>{_found(result)}"
    )


def _code(code: str, theme: Theme) -> str:
    last = code.splitlines()[-1].strip()
    return f'<p style="margin-left:{theme.px(14)}px"><code>{escape(last)}</code></p>'


def _found(result: BugResult) -> str:
    """Compare the points found by the wrong and the right operations."""
    assert result.distances is not None
    found, meant = (float(result.distances[index]) for index in (result.found, result.meant))
    begun = f"<p>From point {result.chosen + 1:,}, the farthest is point {result.meant + 1:,}"
    if result.found == result.meant:
        return (
            f"{begun}, at {meant:.4g}. The bug found the same one by chance: try another seed.</p>"
        )
    return f"{begun}, at {meant:.4g}. The bug took point {result.found + 1:,}, at {found:.4g}.</p>"

"""Find the bug: operations with a broadcasting mistake that the axes alone reveal."""

from html import escape

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtWidgets import QFrame, QTextBrowser, QVBoxLayout, QWidget

from app.controls.widgets import label
from app.theme import Theme, current, follow
from app.views.live_line.axis_words import legend, output
from app.views.live_line.operations import OperationsView
from engine.clustering.operations.slips import Slip

_TASK = (
    "<b>Find the bug.</b> Farthest-first seeding takes one point as the only centroid, and looks "
    "for the point farthest from it. These operations ran on the points on screen, and nothing "
    "failed. One line is wrong."
)
_ASK = "Which one? Compare the sizes of its axes with those meant, and click it."


class BugCard(QWidget):
    """The card.

    Attributes:
        slip: The operations with the mistake; None while there are none.

    Signals:
        answered: A line was clicked; whether it is the wrong one.
    """

    answered = pyqtSignal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._theme, self._chosen = current(), -1
        self.slip: Slip | None = None
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
        """Say why there is no bug to find."""
        self.slip = None
        self.meant.setText("")
        self.operations.draw(())
        self.verdict.setPlainText(text)

    def draw(self, slip: Slip) -> None:
        """Ask about other operations."""
        self.slip, self._chosen = slip, -1
        self.operations.draw(slip.wrong)
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
        if self.slip is not None:
            self.answered.emit(row == self.slip.slip)

    def _write(self) -> None:
        slip, theme = self.slip, self._theme
        if slip is None:
            return
        self.meant.setText(f"Meant: {legend(slip.sizes, theme)}")
        if self._chosen < 0:
            self.verdict.setHtml(_ASK)
        elif self._chosen == slip.slip:
            self.verdict.setHtml(_right(slip, theme))
        else:
            self.verdict.setHtml(_wrong(slip, self._chosen, theme))


def _wrong(slip: Slip, chosen: int, theme: Theme) -> str:
    each, meant = slip.wrong[chosen], slip.right[chosen]
    if each.shape == meant.shape:
        why = "Its axes have the sizes that were meant."
    else:
        why = (
            f"It does what it says, with what it is given: it should be {output(meant, theme)}, "
            "but what it takes is wrong already. Look at an earlier line."
        )
    return f"<p><b>Not this one.</b> {why}</p>"


def _right(slip: Slip, theme: Theme) -> str:
    wrong, right = slip.wrong[slip.slip], slip.right[slip.slip]
    n_dims = slip.sizes["dim"]
    distance = next(each for each in slip.wrong if each.name == "distance")
    meant = next(each for each in slip.right if each.name == "distance")
    return (
        f"<p><b>Yes, this is the bug.</b> It is {output(wrong, theme)}; {output(right, theme)} was "
        f"meant. The new axis stands in the wrong place:</p>{_code(wrong.code, theme)}"
        f"<p>was meant as</p>{_code(right.code, theme)}"
        f"<p>Broadcasting takes it for {n_dims} centroids, each with one number for all its "
        f"coordinates. So {output(distance, theme)} comes out, where {output(meant, theme)} was "
        f"meant, the minimum over cluster hides it again, and nothing fails.</p>{_found(slip)}"
    )


def _code(code: str, theme: Theme) -> str:
    last = code.splitlines()[-1].strip()
    return f'<p style="margin-left:{theme.px(14)}px"><code>{escape(last)}</code></p>'


def _found(slip: Slip) -> str:
    """The values of both: distances from the first point, and those of the right operations."""
    assert slip.distances is not None
    found, meant = (float(slip.distances[index]) for index in (slip.found, slip.meant))
    begun = f"<p>From point {slip.chosen + 1:,}, the farthest is point {slip.meant + 1:,}"
    if slip.found == slip.meant:
        return (
            f"{begun}, at {meant:.4g}. The slip found the same one, by luck: throw another seed, "
            "and it may not.</p>"
        )
    return f"{begun}, at {meant:.4g}. The slip took point {slip.found + 1:,}, at {found:.4g}.</p>"

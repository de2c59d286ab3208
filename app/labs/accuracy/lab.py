"""The accuracy tab: how well spellers spell test words, by length, and what they get wrong."""

from collections.abc import Sequence
from itertools import chain
from pathlib import Path

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QCheckBox, QSplitter, QVBoxLayout

from app.controls.spelling.evaluation import EvaluationControl
from app.controls.widgets import Column, card, label
from app.labs.accuracy.error_browser import ErrorBrowser, write_rows
from app.labs.accuracy.evaluations import Evaluated, Evaluator, Progress
from app.labs.accuracy.settings import AccuracySettings
from app.labs.base import Tab
from app.labs.shared.columns import TwoColumns, stage
from app.labs.shared.files import FileWriter
from app.running.bridge import Bridge
from app.theme import LARGE, Theme, current
from app.views.curves.accuracy import AccuracyView, Line
from app.views.figure import Figure, figure_of
from app.views.tables.error_rows import Row
from engine.data.output.formats import TEXT_TABLE
from engine.spelling import library

_EMPTY = "Nothing is evaluated yet: choose spellers on the left, and press Evaluate."
_HINT = "Larger points have more words behind them. Click one to see its words below."


class AccuracyTab(Tab):
    """Evaluates spellers, and shows what came of it.

    Signals:
        staged: A word of the error browser and its phonemes: it is to be put on stage.
    """

    staged = pyqtSignal(str, tuple)

    def __init__(
        self,
        bridge: Bridge,
        settings: AccuracySettings,
        folder: Path,
        n_words: int | None = None,
    ) -> None:
        """Make the tab.

        Args:
            bridge: To the engine thread.
            settings: What was chosen last time.
            folder: Where evaluations are kept.
            n_words: A sample of the test words; None for all of them.
        """
        super().__init__(bridge)
        names = library.names()
        self.control = EvaluationControl(names, settings.spellers or names)
        self.plot, self.browser = AccuracyView(), ErrorBrowser()
        self.fair = QCheckBox("Count fair spellings")
        self.state = label(_EMPTY, "muted")
        self.evaluator = Evaluator(bridge, folder, n_words, self)
        self.files = FileWriter(bridge, self)
        self.results: dict[tuple[str, int], Evaluated] = {}
        self._read: set[int] = set()
        self._lay_out()
        self._fill_menus()
        self._wire()
        self._show_results()

    def showEvent(self, event: QShowEvent | None) -> None:
        """Show what was kept, as soon as the tab is looked at."""
        super().showEvent(event)
        self._read_kept()

    def evaluate(self) -> None:
        """Evaluate the chosen spellers, those that were not kept."""
        if self.control.chosen:
            self.evaluator.evaluate(self.control.chosen, self.control.beam_width)
            self.control.show_progress("Starting…", 0, 0)

    def stop(self) -> None:
        """Leave everything that is going on: the window closes."""
        self.evaluator.cancel()

    @property
    def settings(self) -> AccuracySettings:
        """What is chosen, for the next start."""
        return AccuracySettings(spellers=self.control.chosen)

    def figure(self) -> Figure:
        """The figure."""
        return figure_of(self.plot, "Words right by length")

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        super().restyle(theme)
        self._say(self._shown())

    # What is on screen

    def _shown(self) -> list[Evaluated]:
        keys = ((name, self.control.beam_width) for name in self.control.chosen)
        return [self.results[key] for key in keys if key in self.results]

    def _show_results(self) -> None:
        shown = self._shown()
        self._draw(shown)
        self.browser.set_rows(tuple(chain.from_iterable(each.rows for each in shown)))
        self._say(shown)
        for action in self.file_actions:
            if action is not None:
                action.setEnabled(bool(shown))

    def _say(self, shown: Sequence[Evaluated]) -> None:
        hint = f" {_HINT}" if current().scale <= LARGE else ""
        there = {each.speller for each in shown}
        lacking = [name for name in self.control.chosen if name not in there]
        self.state.setText(_summary(shown) + _lacking(lacking) + hint if shown else _EMPTY)

    def _draw(self, shown: Sequence[Evaluated]) -> None:
        lines = [
            Line(each.speller, self.control.look(each.speller), each.lengths) for each in shown
        ]
        self.plot.draw(lines, self.fair.isChecked())

    # What comes and goes

    def _read_kept(self) -> None:
        width = self.control.beam_width
        if not self.evaluator.busy and width not in self._read:
            self._read.add(width)
            self.evaluator.read(list(self.control.boxes), width)

    def _on_changed(self) -> None:
        self._show_results()
        self._read_kept()

    def _on_progress(self, progress: Progress) -> None:
        self.control.show_progress(_sentence(progress), progress.n_done, progress.n_words)

    def _on_evaluated(self, result: Evaluated) -> None:
        self.results[result.speller, result.width] = result
        self._show_results()
        if result.problem is not None:
            self.failed.emit(result.problem)

    def _on_end(self) -> None:
        self.control.show_end()
        if self.isVisible():
            self._read_kept()  # of another beam that was chosen meanwhile

    def _on_chosen(self, row: Row) -> None:
        self.staged.emit(row.truth, row.phonemes)

    # Putting it together

    def _fill_menus(self) -> None:
        self.file_actions = [
            self.save_action("Save &picture…", self.save_picture, "accuracy.png"),
            self.save_action("Save &errors…", self.save_errors, "errors.csv", kind=TEXT_TABLE),
        ]
        self.run_actions = [
            self.action("Evaluate", self.evaluate),
            self.action("Cancel the evaluation", self.evaluator.cancel),
        ]
        self.busy_lines.append(self.files.busy)

    def save_picture(self, path: Path) -> None:
        """Write the figure as a picture."""
        self.files.write_picture(path, self.figure())

    def save_errors(self, path: Path) -> None:
        """Write the rows that are shown as CSV, in their order."""
        rows = tuple(self.browser.rows)
        self.files.write(path, lambda: write_rows(path, rows))

    def _lay_out(self) -> None:
        self.fair.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.fair.setToolTip("Every spelling counts that the dictionary lists for the phonemes")
        self.state.setWordWrap(True)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(stage("Accuracy by length", [self.fair], self.plot, self.state))
        split.addWidget(card(self.browser))
        split.setChildrenCollapsible(False)
        split.setSizes([1000, 1000])
        self.columns = TwoColumns(Column(card(self.control, heading="Spellers")), split)
        QVBoxLayout(self).addWidget(self.columns)

    def _wire(self) -> None:
        self.control.asked.connect(self.evaluate)
        self.control.cancelled.connect(self.evaluator.cancel)
        self.control.changed.connect(self._on_changed)
        self.evaluator.progressed.connect(self._on_progress)
        self.evaluator.evaluated.connect(self._on_evaluated)
        self.evaluator.ended.connect(self._on_end)
        self.evaluator.failed.connect(self.failed)
        self.files.saved.connect(self.noticed)
        self.files.failed.connect(self.failed)
        self.fair.toggled.connect(lambda _: self._draw(self._shown()))
        self.plot.picked.connect(self.browser.show_only)
        self.browser.chosen.connect(self._on_chosen)


def _sentence(progress: Progress) -> str:
    place = f" ({progress.place} of {progress.n_spellers})" if progress.n_spellers > 1 else ""
    if progress.seconds_left is None:
        return f"{progress.speller}{place}: loading…"
    return (
        f"{progress.speller}{place}: {progress.n_done:,} of {progress.n_words:,} words, "
        f"about {progress.seconds_left:.0f} s left"
    )


def _lacking(names: Sequence[str]) -> str:
    """Which of those chosen are not in the figure."""
    if not names:
        return ""
    return f" Not evaluated with this beam yet: {', '.join(names)}."


def _summary(shown: Sequence[Evaluated]) -> str:
    """All words together, a speller after the other."""
    parts = []
    for each in shown:
        n_right = sum(figures.n_exact for figures in each.lengths)
        parts.append(f"{each.speller} {100 * n_right / len(each.rows):.1f} %")
    n_words = len(shown[0].rows)
    return f"Exactly right of {n_words:,} test words: {', '.join(parts)}."

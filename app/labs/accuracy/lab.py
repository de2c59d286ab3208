"""The accuracy tab: how many test words spellers get right, by length, and their errors."""

from itertools import chain
from pathlib import Path

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QCheckBox, QSplitter, QVBoxLayout

from app.controls.spelling.evaluation import EvaluationControl
from app.labs.accuracy import texts
from app.labs.accuracy.error_browser import ErrorBrowser, write_rows
from app.labs.accuracy.evaluations import Evaluator, Progress
from app.labs.accuracy.settings import AccuracySettings
from app.labs.accuracy.state import AccuracyState
from app.labs.base import Tab
from app.labs.shared.columns import TwoColumns, stage
from app.running.bridge import Bridge
from app.theme import LARGE, Theme, current
from app.views.curves.accuracy import AccuracyView, Line
from app.views.figure import Figure, figure_of
from app.views.tables.error_rows import Row
from app.widgets import Column, card, label
from engine.data.output.formats import TEXT_TABLE
from engine.spelling import library


class AccuracyTab(Tab):
    """Evaluates spellers, and shows the results.

    Signals:
        staged: A word of the error browser and its phonemes, to be shown in the spelling lab.
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
            bridge: The bridge to the engine thread.
            settings: The settings from the last start.
            folder: Where evaluations are saved.
            n_words: How many test words to sample; None for all of them.
        """
        super().__init__(bridge)
        names = library.names()
        self.control = EvaluationControl(names, settings.spellers or names)
        self.plot, self.browser = AccuracyView(), ErrorBrowser()
        self.fair = QCheckBox("Count fair spellings")
        self.state_line = label("", "muted")
        self.evaluator = Evaluator(bridge, folder, n_words, self)
        self.state = AccuracyState(self.evaluator, names, self)
        self._lay_out()
        self._fill_menus()
        self._wire()
        self.state.choose(self.control.chosen, self.control.beam_width)

    def showEvent(self, event: QShowEvent | None) -> None:
        """Show saved evaluations when the tab is first shown."""
        super().showEvent(event)
        self.state.read_saved()

    def evaluate(self) -> None:
        """Evaluate the chosen spellers that have no saved evaluation."""
        if self.state.evaluate():
            self.control.show_progress(texts.STARTING, 0, 0)

    def stop(self) -> None:
        """Stop everything: the window closes."""
        self.evaluator.cancel()

    @property
    def settings(self) -> AccuracySettings:
        """The settings for the next start."""
        return AccuracySettings(spellers=self.control.chosen)

    def figure(self) -> Figure:
        """The curves."""
        return figure_of(self.plot, "Words right by length")

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        super().restyle(theme)
        self._say()

    # The display

    def _show(self) -> None:
        """Show the evaluations of the chosen spellers."""
        shown = self.state.shown
        self._draw()
        self.browser.set_rows(tuple(chain.from_iterable(each.rows for each in shown)))
        self._say()
        for action in self._saves:
            action.setEnabled(bool(shown))

    def _say(self) -> None:
        shown, hint = self.state.shown, f" {texts.HINT}" if current().scale <= LARGE else ""
        lacking = texts.lacking(self.state.lacking)
        self.state_line.setText(texts.summary(shown) + lacking + hint if shown else texts.EMPTY)

    def _draw(self) -> None:
        lines = [
            Line(each.speller, self.control.look(each.speller), each.lengths)
            for each in self.state.shown
        ]
        self.plot.draw(lines, self.fair.isChecked())

    # Evaluations

    def _on_chosen(self) -> None:
        self.state.choose(self.control.chosen, self.control.beam_width)
        self.state.read_saved()

    def _on_progress(self, progress: Progress) -> None:
        self.control.show_progress(texts.progress(progress), progress.n_done, progress.n_words)

    def _on_end(self) -> None:
        self.control.show_end()
        if self.isVisible():
            self.state.read_saved()  # another beam width may have been chosen meanwhile

    def _stage(self, row: Row) -> None:
        self.staged.emit(row.truth, row.phonemes)

    # Layout and signals

    def _fill_menus(self) -> None:
        self._saves = (
            self.save_action("Save &picture…", self.save_picture, "accuracy.png"),
            self.save_action("Save &errors…", self.save_errors, "errors.csv", kind=TEXT_TABLE),
        )
        self.file_actions = [*self._saves]
        self.run_actions = [
            self.action("Evaluate", self.evaluate),
            self.action("Cancel the evaluation", self.evaluator.cancel),
        ]

    def save_errors(self, path: Path) -> None:
        """Write the rows that are shown, in their order, as a table."""
        rows = tuple(self.browser.rows)
        self.files.write(path, lambda: write_rows(path, rows))

    def _lay_out(self) -> None:
        self.fair.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.fair.setToolTip("Every spelling that the dictionary lists for the phonemes counts")
        self.state_line.setWordWrap(True)
        split = QSplitter(Qt.Orientation.Vertical)
        split.addWidget(stage("Accuracy by length", [self.fair], self.plot, self.state_line))
        split.addWidget(card(self.browser))
        split.setChildrenCollapsible(False)
        split.setSizes([1000, 1000])
        self.columns = TwoColumns(Column(card(self.control, heading="Spellers")), split)
        QVBoxLayout(self).addWidget(self.columns)

    def _wire(self) -> None:
        control, evaluator = self.control, self.evaluator
        control.asked.connect(self.evaluate)
        control.cancelled.connect(evaluator.cancel)
        control.changed.connect(self._on_chosen)
        evaluator.progressed.connect(self._on_progress)
        evaluator.ended.connect(self._on_end)
        for part in (evaluator, self.state):
            part.failed.connect(self.failed)
        self.state.changed.connect(self._show)
        self.fair.toggled.connect(lambda _: self._draw())
        self.plot.picked.connect(self.browser.show_only)
        self.browser.chosen.connect(self._stage)

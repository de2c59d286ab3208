"""The tab for choosing k: curves over k, and the start lottery."""

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QShowEvent
from PyQt6.QtWidgets import QTabWidget, QVBoxLayout

from app.controls.clustering.algorithm_form import AlgorithmForm
from app.labs.base import Tab
from app.labs.choosing_k.curves_page import CurvesPage
from app.labs.choosing_k.lottery_page import LotteryPage
from app.labs.choosing_k.points import PointsOfClustering
from app.labs.clustering.state import ClusteringState
from app.labs.shared.columns import TwoColumns
from app.running.bridge import Bridge
from app.views.figure import Figure, figure_of
from app.widgets import Column, card, label
from engine.clustering.kmeans.options import KMeansOptions
from engine.data.output.formats import TEXT_TABLE


class ChoosingKTab(Tab):
    """Measures the points of the clustering lab, in the units of distance chosen there.

    Signals:
        staged: The options of a run to be shown in the clustering lab, and whether step by step.
    """

    staged = pyqtSignal(KMeansOptions, bool)

    def __init__(self, bridge: Bridge, state: ClusteringState, kmeans: AlgorithmForm) -> None:
        """Make the tab.

        Args:
            bridge: The bridge to the engine thread.
            state: The state of the clustering lab, whose points are measured.
            kmeans: The form for k-means there.
        """
        super().__init__(bridge)
        self._points = PointsOfClustering(state, kmeans, self)
        self._was_seen = False
        self.curves = CurvesPage(bridge, self._points, self.files)
        self.lottery = LotteryPage(bridge, self._points, self.files)
        self.source = label("", "muted")
        self.pages = QTabWidget()
        self._lay_out()
        self._fill_menus()
        self._wire()
        self._offer()

    def showEvent(self, event: QShowEvent | None) -> None:
        """Take over the k of the clustering lab, the first time."""
        super().showEvent(event)
        self._show_source()
        if not self._was_seen:
            self._was_seen = True
            self.lottery.set_k(self._points.kmeans.n_clusters)

    def forget(self) -> None:
        """Clear everything: it says nothing about the new points."""
        self.curves.forget()
        self.lottery.forget()
        self._show_source()

    def stop(self) -> None:
        """Stop everything: the window closes."""
        self.curves.request.cancel()
        self.lottery.request.cancel()

    def figure(self) -> Figure:
        """The page on top: the curves, or the histogram."""
        return figure_of(self.pages.currentWidget() or self.curves, "How many clusters")

    # Layout and signals

    def _show_source(self) -> None:
        """Say where the points come from."""
        self.source.setText(self._points.in_words())

    def _show_staleness(self) -> None:
        self.curves.show_staleness()
        self.lottery.show_staleness()

    def _offer(self) -> None:
        """Enable the save actions if there is something to save."""
        has_curves, has_lots = self.curves.has_result, self.lottery.has_result
        known = (has_curves, has_lots, has_curves or has_lots)
        for action, is_known in zip(self._saves, known, strict=True):
            action.setEnabled(is_known)

    def _fill_menus(self) -> None:
        curves, lottery = self.curves, self.lottery
        self._saves = (
            self.save_action("Save &curves…", curves.save, "choose-k.csv"),
            self.save_action("Save &lots…", lottery.save, "lots.csv", kind=TEXT_TABLE),
            self.save_action("Save &picture…", self.save_picture, "choose-k.png"),
        )
        self.file_actions = [*self._saves]
        self.run_actions = [
            self.action("Compute the curves", curves.compute),
            self.action("Draw lots", lottery.draw_lots),
            self.action("Cancel", self.stop),
        ]
        self.busy_lines += [curves.busy, lottery.busy]

    def _lay_out(self) -> None:
        self.pages.setDocumentMode(True)
        self.pages.addTab(self.curves, "Curves")
        self.pages.addTab(self.lottery, "Start lottery")
        self.source.setWordWrap(True)
        controls = Column(
            card(self.source, heading="Points"),
            card(self.curves.form, heading="Range of k"),
            card(self.lottery.form, heading="Start lottery"),
        )
        self.columns = TwoColumns(controls, self.pages)
        QVBoxLayout(self).addWidget(self.columns)

    def _wire(self) -> None:
        for page in (self.curves, self.lottery):
            page.began.connect(lambda page=page: self.pages.setCurrentWidget(page))
            page.changed.connect(self._offer)
            page.failed.connect(self.failed)
        self.curves.k_picked.connect(self.lottery.set_k)
        self.curves.opened.connect(lambda options: self.staged.emit(options, False))
        self.lottery.picked.connect(lambda options: self.staged.emit(options, True))
        self._points.changed.connect(self.forget)
        self._points.options_changed.connect(self._show_staleness)

"""Four curves over k, each with the k that its method chooses, and a preview of one k."""

import numpy as np
from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtGui import QResizeEvent
from PyQt6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.labs.clustering.algorithms.kmeans import KMEANS
from app.labs.shared.plane import Plane
from app.numbers import counted, shortened
from app.theme import LARGE, Theme, current, follow
from app.views.curves.choice_curve import ChoiceCurveView
from app.views.scatter.scenery import Shown
from app.views.scatter.view import ScatterView
from app.views.tables.cluster_table import ClusterTable
from app.widgets import IconButton, card, label
from engine.clustering.choosing_k.choices import Choice, ChoiceFrame, ChoiceOptions, Method
from engine.clustering.kmeans.frames import KMeansFrame

_CURVES = {
    Method.ELBOW: ("Elbow", "inertia"),
    Method.SILHOUETTE: ("Silhouette", "silhouette"),
    Method.GAP: ("Gap", "gap"),
    Method.NEXT_SEED: ("Next seed", "distance"),
}
_TIPS = {
    Method.ELBOW: "The k farthest below the line between the ends of the curve.",
    Method.SILHOUETTE: "How much closer points are to their own cluster than to the next; at "
    "most 1.",
    Method.GAP: "How much tighter clusters are than those of uniform points; chosen is the "
    "smallest k whose gap the next k does not exceed by more than its error.",
    Method.NEXT_SEED: "The distance to the next farthest-first seed. It drops once every cluster "
    "has a seed.",
}
_NO_PREVIEW = "Click a k in a curve to see its clusters."


class KCurves(QWidget):
    """The curves of the newest frame.

    Signals:
        picked: The index of the selected k.
        opened: The index of a k whose clustering should be opened.
    """

    picked = pyqtSignal(int)
    opened = pyqtSignal(int)

    def __init__(self) -> None:
        super().__init__()
        self.frame: ChoiceFrame | None = None
        self.at = -1
        self._plane: Plane | None = None
        self._options = ChoiceOptions()
        self._shown: KMeansFrame | None = None
        self._theme = current()
        self.views = {method: ChoiceCurveView(*names) for method, names in _CURVES.items()}
        self.words = {method: label("", "muted") for method in Method}
        self.preview, self.table = ScatterView(), ClusterTable()
        self.about = label(_NO_PREVIEW, "muted")
        self.open = IconButton("mdi6.open-in-app", "Run it again, step by step", "Open")
        self._lay_out()
        self._wire()
        self.clear()
        follow(self, self.restyle)

    def set_points(self, points: np.ndarray, plane: Plane, names: tuple[str, ...]) -> None:
        """Show other points, for which nothing is measured yet.

        Args:
            points: (N, D) in the units of the data.
            plane: Where they are drawn.
            names: The names of the D columns.
        """
        self.clear()
        self._plane = plane
        self.preview.show()
        same_scale = plane.n_dims == 2
        self.preview.set_points(plane.of_points(points), plane.names(names), same_scale)
        self.preview.set_metric(plane.metric)

    def clear(self) -> None:
        """Show nothing."""
        self.frame, self.at, self._shown, self._plane = None, -1, None, None
        self.preview.clear_scene()
        self.preview.hide()
        self.about.setText(_NO_PREVIEW)
        for view in self.views.values():
            view.draw(np.empty(0, int), np.empty(0), None)
            view.look_at(-1)
        self._say()
        self.table.setRowCount(0)
        self._offer()

    def draw(self, frame: ChoiceFrame, options: ChoiceOptions) -> None:
        """Show the measurements so far, and the options of the runs."""
        self.frame, self._options = frame, options
        for method, view in self.views.items():
            choice = frame.choice(method)
            errors = frame.gap_errors if method is Method.GAP else None
            view.draw(frame.ks, frame.values(method), choice.k, errors)
        self._say()
        self._show_preview()

    def look_at(self, index: int) -> None:
        """Select a k: mark it in every curve, and show its clusters."""
        self.at = index
        for view in self.views.values():
            view.look_at(index)
        self._show_preview()
        self.picked.emit(index)

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self.table.setVisible(theme.scale <= LARGE)
        self._theme = theme
        self._share_width()
        self._say()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Give the curves most of a narrow window."""
        super().resizeEvent(event)
        self._share_width()

    def _share_width(self) -> None:
        self._preview_card.setFixedWidth(min(self._theme.px(270), self.width() * 3 // 10))
        self.preview.setFixedHeight(min(self._theme.px(290), self.height() * 9 // 20))

    def _say(self) -> None:
        """Say what each method chooses and why, or what it is; large text omits why."""
        frame, large = self.frame, self._theme.scale > LARGE
        for method, words in self.words.items():
            if frame is None:
                words.setText("" if large else _TIPS[method])
            else:
                text = _sentence(frame.choice(method), frame)
                words.setText(text.partition(":")[0] if large else text)

    def _show_preview(self) -> None:
        """Draw the clusters of the selected k, unless they are drawn already."""
        frame, plane = self.frame, self._plane
        self._offer()
        if frame is None or plane is None or self.at < 0:
            return
        run, k = frame.best[self.at], int(frame.ks[self.at])
        if run is None:
            self.preview.clear_scene()
            self.table.setRowCount(0)
            self.about.setText(f"k = {k} is not computed yet.")
        elif run is not self._shown:
            self.preview.draw(KMEANS.scene([run], plane))
            self.table.draw(run.sizes, run.inertias)
            options = self._options.run(k, int(frame.starts[self.at]))
            self.about.setText(
                f"k = {k}, the best of {counted(self._options.n_starts, 'start')}: "
                f"seed {options.seed}, inertia {shortened(run.inertia)}, "
                f"{counted(run.iteration, 'iteration')}"
            )
        self._shown = run

    def _offer(self) -> None:
        known = self.frame is not None and self.at >= 0
        self.open.setEnabled(known and self.frame.best[self.at] is not None)  # type: ignore[union-attr]

    def _open(self) -> None:
        if self.open.isEnabled():
            self.opened.emit(self.at)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        for place, method in enumerate(Method):
            grid.addWidget(self._curve_card(method), place // 2, place % 2)
        for line in range(2):
            grid.setRowStretch(line, 1)
            grid.setColumnStretch(line, 1)
        # Centroids cannot be dragged here, but in the clustering tab.
        self.preview.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.preview.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.preview.show_parts(Shown(trails=False))
        self.about.setWordWrap(True)
        self._preview_card = card(
            self.preview, self.about, self.open, self.table, heading="Clusters"
        )
        column = self._preview_card.layout()
        assert isinstance(column, QVBoxLayout)
        column.setStretchFactor(self.table, 1)
        column.addStretch()  # fills the space of a hidden table
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(grid, 1)
        layout.addWidget(self._preview_card)

    def _curve_card(self, method: Method) -> QFrame:
        words: QLabel = self.words[method]
        words.setWordWrap(True)
        made = card(self.views[method], words, heading=_CURVES[method][0])
        made.setToolTip(_TIPS[method])
        return made

    def _wire(self) -> None:
        self.open.clicked.connect(self._open)
        for view in self.views.values():
            view.picked.connect(self.look_at)
            view.opened.connect(self._open)


def _sentence(choice: Choice, frame: ChoiceFrame) -> str:
    """Say what a method chooses, and why."""
    if not frame.stop:
        return "" if choice.k is None else f"So far k = {choice.k}"
    return f"No choice: {choice.why}." if choice.k is None else f"k = {choice.k}: {choice.why}."

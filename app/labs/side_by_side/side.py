"""One of the two algorithms side by side: its state line, its plot, and a lesson."""

import numpy as np
from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.labs.shared.plane import Plane
from app.views.scatter.scenery import Scene
from app.views.scatter.view import ScatterView
from app.widgets import card, label


class Side(QWidget):
    """A card with a plot. Nothing can be dragged in it.

    Attributes:
        view: The plot.
        state_line: Describes the frame on screen.
    """

    def __init__(self, name: str, lesson: str) -> None:
        """Show no points.

        Args:
            name: The name of the algorithm.
            lesson: What to learn from it.
        """
        super().__init__()
        self.view, self.state_line, lesson_label = ScatterView(), label("", "muted"), label(lesson)
        for text in (self.state_line, lesson_label):
            text.setWordWrap(True)
        made = card(self.state_line, self.view, lesson_label, heading=name)
        inner = made.layout()
        assert isinstance(inner, QVBoxLayout)
        inner.setStretchFactor(self.view, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(made)
        self._scene: Scene | None = None
        self.view.dropped.connect(lambda *_: self._redraw())

    def set_points(
        self, points: np.ndarray, columns: tuple[str, ...], plane: Plane, *, same_scale: bool
    ) -> None:
        """Show other points.

        Args:
            points: (N, D) in the units of the data.
            columns: Names of the D columns.
            plane: Where they are drawn.
            same_scale: Whether a unit has the same length across and up.
        """
        self._scene = None
        self.view.set_points(plane.of_points(points), plane.names(columns), same_scale)
        self.view.set_metric(plane.metric)

    def draw(self, scene: Scene, text: str) -> None:
        """Show the current step of the algorithm, with its description."""
        self._scene = scene
        self.state_line.setText(text)
        self._redraw()

    def clear(self) -> None:
        """Show only the points."""
        self._scene = None
        self.view.clear_scene()
        self.state_line.setText("Computing…")

    def _redraw(self) -> None:
        if self._scene is not None:
            self.view.draw(self._scene)

"""One speller's heat map, with its name and a choice of its heads above it."""

import numpy as np
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from app.controls.widgets import label
from app.labs.spelling import words
from app.theme import Theme, current, follow
from app.views.attention.heatmap import HeatmapView
from engine.spelling.frames import SpellFrame, Spelling


class SpellerMap(QWidget):
    """The alignment of one speller."""

    def __init__(self) -> None:
        super().__init__()
        self.name = label("", "muted")
        self.heads = QComboBox()
        self.heads.setAccessibleName("Which heads of the speller")
        self.heads.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.map = HeatmapView()
        self._theme = current()
        self._names: tuple[str, ...] = ()
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.heads)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(head)
        layout.addWidget(self.map, 1)
        follow(self, self.restyle)

    def offer(self, result: SpellFrame) -> None:
        """Offer the heads of a speller: their mean, the mean of a layer, or one."""
        if result.heads == self._names:
            return
        self._names = result.heads
        self.heads.blockSignals(True)
        self.heads.clear()
        for name, rows in words.head_groups(result.heads):
            self.heads.addItem(name, rows)
        self.heads.blockSignals(False)
        self.heads.setVisible(len(result.heads) > 1)

    def show_name(self, name: str, *, alone: bool, beside_heads: bool) -> None:
        """Say whose map it is.

        Args:
            name: Of the speller.
            alone: Whether it is the only map; with one head it needs no line that says so.
            beside_heads: Whether a map has heads to choose from: all begin at the same height.
        """
        self.name.setText(name)
        self.name.setVisible(not alone or beside_heads)
        self.name.setMinimumHeight(self.heads.sizeHint().height() if beside_heads else 0)

    def weights(self, spelling: Spelling) -> np.ndarray:
        """(L, T) of the heads chosen."""
        rows = list(self.heads.currentData() or [0])
        return np.asarray(spelling.alignments[:, rows].mean(axis=1))

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme

    def paint(self, painter: QPainter) -> None:
        """Draw the map and whose it is into a file."""
        if not self.name.isHidden():
            heads = f", {self.heads.currentText()}" if len(self._names) > 1 else ""
            painter.setFont(self._theme.font())
            painter.setPen(QColor(self._theme.muted))
            rect = QRectF(self.name.geometry())
            rect.setRight(self.width())
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, self.name.text() + heads)
        painter.translate(self.map.pos())
        self.map.paint(painter)

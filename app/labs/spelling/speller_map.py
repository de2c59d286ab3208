"""The heat map of one speller, with its name and a choice of heads above it."""

import numpy as np
from PyQt6.QtCore import QRectF, Qt, pyqtSignal
from PyQt6.QtGui import QColor, QPainter
from PyQt6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from app.labs.spelling import texts
from app.theme import current
from app.views.attention.heatmap import HeatmapView
from app.widgets import label
from engine.spelling.frames import SpellFrame, Spelling


class SpellerMap(QWidget):
    """The alignment of one speller.

    Signals:
        hovered: The row and the column under the pointer, -1 for none.
        heads_chosen: Other heads are chosen.
    """

    hovered = pyqtSignal(int, int)
    heads_chosen = pyqtSignal()

    def __init__(self) -> None:
        super().__init__()
        self.name = label("", "muted")
        self.heads = QComboBox()
        self.heads.setAccessibleName("Which heads of the speller")
        self.heads.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.map = HeatmapView()
        self._names: tuple[str, ...] = ()
        head = QHBoxLayout()
        head.addWidget(self.name, 1)
        head.addWidget(self.heads)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(head)
        layout.addWidget(self.map, 1)
        self.map.hovered.connect(self.hovered)
        self.heads.currentIndexChanged.connect(self.heads_chosen)

    def clear(self) -> None:
        """Show nothing."""
        self.map.draw((), "", np.zeros((0, 0)))

    def draw(self, result: SpellFrame, spelling: Spelling, n_written: int, *, done: bool) -> None:
        """Show where the speller looked for the written letters.

        Args:
            result: What the speller computed for the word.
            spelling: The spelling that it is writing.
            n_written: Letters written so far.
            done: Whether no letter follows.
        """
        self.offer(result)
        self.map.draw(
            result.phonemes,
            spelling.symbols[:n_written],
            self.weights(spelling)[:n_written],
            whole_word=not result.sees_phonemes,
            current=-1 if done else n_written - 1,
            n_places=len(spelling.symbols),
        )

    def light(self, row: int, column: int) -> None:
        """Highlight a row, a column, or a cell; -1 for none."""
        self.map.light(row, column)

    @property
    def shown(self) -> np.ndarray:
        """(L, T) the numbers on screen."""
        return self.map.weights

    def offer(self, result: SpellFrame) -> None:
        """Offer the heads of a speller: the mean of all, the mean of a layer, or one head."""
        if result.heads == self._names:
            return
        self._names = result.heads
        self.heads.blockSignals(True)
        self.heads.clear()
        for name, rows in texts.head_groups(result.heads):
            self.heads.addItem(name, rows)
        self.heads.blockSignals(False)
        self.heads.setVisible(len(result.heads) > 1)

    def show_name(self, name: str, *, alone: bool, beside_heads: bool) -> None:
        """Name the speller above its map.

        Args:
            name: The name of the speller.
            alone: Whether it is the only map; with one head it needs no name.
            beside_heads: Whether any map has heads to choose from: the maps are aligned at the top.
        """
        self.name.setText(name)
        self.name.setVisible(not alone or beside_heads)
        self.name.setMinimumHeight(self.heads.sizeHint().height() if beside_heads else 0)

    def weights(self, spelling: Spelling) -> np.ndarray:
        """(L, T) the mean alignment of the chosen heads."""
        rows = list(self.heads.currentData() or [0])
        return np.asarray(spelling.alignments[:, rows].mean(axis=1))

    def paint(self, painter: QPainter) -> None:
        """Draw the map and its name into a file."""
        if not self.name.isHidden():
            heads = f", {self.heads.currentText()}" if len(self._names) > 1 else ""
            painter.setFont(current().font())
            painter.setPen(QColor(current().muted))
            rect = QRectF(self.name.geometry())
            rect.setRight(self.width())
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, self.name.text() + heads)
        painter.translate(self.map.pos())
        self.map.paint(painter)

"""The colours of weights from 0 to 1, and the scale that explains them."""

import numpy as np
import pyqtgraph as pg
from PyQt6.QtCore import QRectF, Qt
from PyQt6.QtGui import QColor, QPainter, QPen

from app.theme import Theme

# Lightness falls evenly from near white to blue, in both themes.
# Kovesi, P. (2015). Good Colour Maps: How to Design Them. arXiv:1509.03700
_RAMP = pg.colormap.get("CET-L12")
_N_STEPS = 40
_DARK = 0.6  # at larger weights the ink is white


def colors(weights: np.ndarray) -> list[QColor]:
    """Return a colour for each weight, row by row."""
    return list(_RAMP.map(np.clip(weights, 0, 1).ravel(), mode="qcolor"))


def ink(weight: float) -> QColor:
    """Return an ink that is readable on the colour of a weight."""
    return QColor("#ffffff" if weight > _DARK else "#0f172a")


def paint_scale(painter: QPainter, bar: QRectF, theme: Theme) -> None:
    """Draw the colours from 0 at the bottom to 1, with numbers on their right."""
    step = bar.height() / _N_STEPS
    for index, color in enumerate(colors(np.linspace(1, 0, _N_STEPS))):
        rect = QRectF(bar.left(), bar.top() + index * step, bar.width(), step + 0.5)
        painter.fillRect(rect, color)
    painter.setPen(QPen(QColor(theme.line), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(bar)
    painter.setPen(QColor(theme.muted))
    painter.setFont(theme.font(0.8))
    for weight in (1.0, 0.5, 0.0):
        middle = bar.bottom() - weight * bar.height()
        rect = QRectF(bar.right() + theme.px(4), middle - theme.px(9), theme.px(28), theme.px(18))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, f"{weight:g}")

"""Axes of plots: the colours and sizes of the theme, and ranges that are never empty."""

import pyqtgraph as pg
from PyQt6.QtGui import QColor

from app.theme import Theme


def keep_still(plot: pg.PlotItem) -> None:
    """Make a plot for reading and clicking: it cannot be dragged, its numbers are written out."""
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.setMouseEnabled(x=False, y=False)
    for name in ("bottom", "left"):
        plot.getAxis(name).enableAutoSIPrefix(False)


def style_axes(plot: pg.PlotItem, theme: Theme) -> None:
    """Give a plot's axes the colours and sizes of the theme."""
    for name in ("bottom", "left"):
        axis = plot.getAxis(name)
        axis.setPen(pg.mkPen(QColor(theme.line), width=1))
        axis.setTextPen(QColor(theme.muted))
        axis.setTickFont(theme.font(0.9))
        axis.label.setFont(theme.font(0.95))
        axis.setStyle(tickTextOffset=theme.px(4), maxTickLevel=1)


def widened(low: float, high: float) -> tuple[float, float]:
    """A range that has some width, though all its values may be the same."""
    return (low, high) if high > low else (low - 0.5, high + 0.5)

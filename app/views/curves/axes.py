"""Axes of plots: the colours and sizes of the theme, and ranges that are never empty."""

import pyqtgraph as pg
from PyQt6.QtCore import QRectF
from PyQt6.QtGui import QColor

from app.numbers import at_ticks
from app.text import LONG, rich
from app.theme import Theme

# The smallest width of a range or a view, relative to the numbers in it: float64 resolves 1e-16,
# and there are thousands of pixels.
_LEAST_PART, _FINEST = 1e-6, 1e-11
_TINIEST, _WIDEST = 1e-60, 1e60


class MeasureAxis(pg.AxisItem):
    """An axis with large numbers in millions, as in the tables, and no two ticks alike."""

    def tickStrings(self, values: list[float], scale: float, spacing: float) -> list[str]:
        return at_ticks([value * scale for value in values], spacing * scale)


def keep_still(plot: pg.PlotItem) -> None:
    """Set a plot up for reading and clicking: no dragging, and numbers without SI prefixes."""
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


def name_axis(plot: pg.PlotItem, side: str, name: str) -> None:
    """Label an axis; pyqtgraph itself would read the name as HTML."""
    plot.setLabel(side, rich(name, LONG))


def widened(low: float, high: float) -> tuple[float, float]:
    """Return a range of some width around values that may all be equal, and may be huge."""
    margin = max(0.5, _LEAST_PART * abs(low))
    return (low, high) if high > low else (low - margin, high + margin)


def limit_zoom(box: pg.ViewBox, bounds: QRectF) -> None:
    """Limit zooming before a pixel is too small or too large for the numbers of the axes.

    Args:
        box: The view box of the plot.
        bounds: The rectangle around the points.
    """
    for axis, corners in (
        ("X", (bounds.left(), bounds.right())),
        ("Y", (bounds.top(), bounds.bottom())),
    ):
        least = max(max(map(abs, corners)) * _FINEST, _TINIEST)
        if box.state["limits"][axis.lower() + "Range"][0] != least:
            box.setLimits(**{f"min{axis}Range": least, f"max{axis}Range": _WIDEST})

"""Named axes as rich text: each has its own tint, and its name is always shown."""

import re
from collections.abc import Mapping
from html import escape

from PyQt6.QtGui import QColor

from app.theme import Theme, mixed
from engine.clustering.operations.traces import Measured

# The index of the theme's colour for each axis. A row is a point of one tile.
_COLORS = {"cluster": 0, "point": 4, "row": 4, "dim": 2}
_TINT = 0.34
# An axis is in brackets, or comes after "over"; `point[...]` is an array.
_AXIS = re.compile(rf"\b({'|'.join(_COLORS)})\b(?!\[)")


def axis(name: str, theme: Theme, size: int | None = None) -> str:
    """Show an axis on its tint, with its size if it is given."""
    text = escape(name) if size is None else f"{escape(name)} <b>{size:,}</b>"
    if name not in _COLORS:
        return text
    tint = mixed(QColor(theme.card), QColor(theme.clusters[_COLORS[name]]), _TINT)
    return f'<span style="background-color:{tint.name()}">&nbsp;{text}&nbsp;</span>'


def tinted(text: str, theme: Theme) -> str:
    """Show the axes in a line of text on their tints."""
    return _AXIS.sub(lambda found: axis(found[1], theme), escape(text))


def output(measured: Measured, theme: Theme) -> str:
    """Show an operation's output: its name, and its axes with their sizes."""
    sizes = zip(measured.axes, measured.shape, strict=True)
    axes = ", ".join(axis(name, theme, size) for name, size in sizes)
    return f"<b>{escape(measured.name)}</b>[{axes}]"


def legend(sizes: Mapping[str, int], theme: Theme) -> str:
    """Show the axes and their sizes, side by side."""
    return " ".join(axis(name, theme, size) for name, size in sizes.items())

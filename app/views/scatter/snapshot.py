"""Pictures of what is on screen, with all points drawn."""

from collections.abc import Iterator
from contextlib import contextmanager

from PyQt6.QtGui import QPixmap
from PyQt6.QtWidgets import QWidget

from app.views.scatter.view import ScatterView


def snapshot(widget: QWidget) -> QPixmap:
    """Take a picture of a widget, with every scatter plot in it drawn completely."""
    with finished(widget):
        return QPixmap(widget.grab())


@contextmanager
def finished(widget: QWidget) -> Iterator[None]:
    """Have every scatter plot in a widget drawn completely whenever it is painted.

    On screen, many points appear a moment later; a picture waits for them.
    """
    views = (widget, *widget.findChildren(QWidget))
    items = [view.points for view in views if isinstance(view, ScatterView)]
    for item in items:
        item.waits = True
    try:
        yield
    finally:
        for item in items:
            item.waits = False

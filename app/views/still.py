"""Pictures to keep of what is on screen."""

from PyQt6.QtGui import QPixmap
from PyQt6.QtWidgets import QWidget

from app.views.scatter import ScatterView


def still(widget: QWidget) -> QPixmap:
    """Take a picture of a widget, with every scatter plot in it drawn to the end.

    On screen many points follow a moment later; a picture waits for them.
    """
    views = (widget, *widget.findChildren(QWidget))
    items = [view.points for view in views if isinstance(view, ScatterView)]
    for item in items:
        item.waits = True
    try:
        return QPixmap(widget.grab())
    finally:
        for item in items:
            item.waits = False

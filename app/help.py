"""The two dialogs of the Help menu: the list of shortcuts, and about this program."""

from collections.abc import Iterable
from html import escape

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QAction
from PyQt6.QtWidgets import QMessageBox, QWidget

from app.text import Box, without_mnemonic

_ABOUT = (
    "<b>Barycenter</b> shows weighted averages being computed: k-means, and the attention of a "
    "speller, step by step, by the same TensorFlow code that does the real work.<br><br>"
    "Free software under the GNU General Public License, version 3 or later. "
    "Nothing is drawn that was not computed."
)
_HINTS = (
    "<p>Drag a centroid to branch the history; click the inertia curve to go there.<br>"
    "Drag the plot to pan, turn the wheel to zoom, drop a file on the window to open it.</p>"
)


def show_keys(parent: QWidget, actions: Iterable[QAction]) -> None:
    """List the shortcuts of all actions that have any."""
    rows = [
        f"<tr><td><b>{', '.join(key.toString() for key in action.shortcuts())}</b></td>"
        f"<td style='padding-left:16px'>{escape(without_mnemonic(action.text()).rstrip('…'))}</td>"
        "</tr>"
        for action in actions
        if action.shortcuts()
    ]
    _show(parent, "Keys", f"<table>{''.join(rows)}</table>{_HINTS}")


def show_about(parent: QWidget) -> None:
    """Show what this program is."""
    _show(parent, "About Barycenter", _ABOUT)


def _show(parent: QWidget, heading: str, text: str) -> None:
    box = Box(QMessageBox.Icon.NoIcon, heading, text, parent)
    box.setTextFormat(Qt.TextFormat.RichText)  # it holds no name that a user or a file gave
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()  # not exec: play goes on behind it

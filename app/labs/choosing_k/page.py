"""A page of the tab about k: a line of text above what it shows."""

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.controls.widgets import label


class Page(QWidget):
    """What one computation brought, below a line that says how far it is.

    Attributes:
        state: The line.
    """

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.state = label("", "muted")
        self.state.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.state)
        layout.addWidget(content, 1)

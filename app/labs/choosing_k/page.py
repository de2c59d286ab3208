"""A page of the tab for choosing k: a line of text above its content."""

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from app.widgets import label


class Page(QWidget):
    """The result of one computation, below a line that shows its progress.

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

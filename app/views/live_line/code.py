"""Source code to read, with one function highlighted."""

from PyQt6.QtCore import Qt
from PyQt6.QtGui import QColor, QFontDatabase, QTextCursor, QTextFormat
from PyQt6.QtWidgets import QFrame, QPlainTextEdit, QTextEdit

from app.theme import Theme, current, follow


class CodeView(QPlainTextEdit):
    """Read-only code that can be selected and copied."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._theme, self._marked = current(), ""
        self.setReadOnly(True)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        follow(self, self.restyle)

    def draw(self, code: str) -> None:
        """Show other code, with nothing marked."""
        if code != self.toPlainText():
            self.setPlainText(code)
        self.mark("")

    def mark(self, part: str) -> None:
        """Highlight some lines and scroll to them; nothing if the code does not contain them."""
        self._marked = part
        start = self.toPlainText().find(part) if part else -1
        self.setExtraSelections([] if start < 0 else self._selections(start, len(part)))
        if start >= 0:
            cursor = self.textCursor()
            cursor.setPosition(start)
            self.setTextCursor(cursor)
            self.ensureCursorVisible()

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self._theme = theme
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(theme.font(0.9).pointSizeF())
        self.setFont(font)
        self.mark(self._marked)

    def _selections(self, start: int, length: int) -> list[QTextEdit.ExtraSelection]:
        """Select complete lines, one after another."""
        selections = []
        cursor = QTextCursor(self.document())
        cursor.setPosition(start)
        while cursor.position() < start + length:
            selection = QTextEdit.ExtraSelection()
            selection.cursor = QTextCursor(cursor)
            selection.cursor.movePosition(
                QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor
            )
            selection.format.setBackground(QColor(self._theme.ground))
            selection.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
            selections.append(selection)
            if not cursor.movePosition(QTextCursor.MoveOperation.NextBlock):
                break
        return selections

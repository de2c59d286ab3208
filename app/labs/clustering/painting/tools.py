"""The tools of the hand: which one the left button of the mouse has in the plot."""

from collections.abc import Callable
from enum import StrEnum

from PyQt6.QtCore import QObject, QSize, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QActionGroup
from PyQt6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from app.labs.shared.actions import Actions
from app.labs.shared.toggles import action_button
from app.text import as_tip
from app.theme import Theme, follow


class Tool(StrEnum):
    """What the left button does."""

    HAND = "hand"
    ADD = "add"
    BRUSH = "brush"
    ERASE = "erase"
    MOVE = "move"


# Name, key, icon, and what it does.
_TOOLS = {
    Tool.HAND: ("Hand", "H", "mdi6.hand-back-right-outline", "drag centroids, or the plot"),
    Tool.ADD: ("Add a point", "A", "mdi6.plus-circle-outline", "a click adds a point"),
    Tool.BRUSH: ("Brush", "B", "mdi6.spray", "a click or a stroke adds many points"),
    Tool.ERASE: ("Erase", "E", "mdi6.eraser", "a click or a stroke takes points away"),
    Tool.MOVE: ("Move a point", "V", "mdi6.cursor-move", "drag a point elsewhere"),
}


class Tools(QObject):
    """The actions of the tools, one of them chosen, and a column of buttons for them.

    Signals:
        chosen: Another tool.
    """

    chosen = pyqtSignal()

    def __init__(self, actions: Actions, clear: Callable[[], object], parent: QObject) -> None:
        """Make the actions.

        Args:
            actions: Makes them.
            clear: Takes all points away.
            parent: Qt's owner.
        """
        super().__init__(parent)
        self._buttons: list[QToolButton] = []
        self._group = QActionGroup(self)
        self._actions = {tool: self._action(actions, tool) for tool in Tool}
        self._actions[Tool.HAND].setChecked(True)
        self.clear = actions.action("Clear all points", clear, "Shift+E", "mdi6.selection-remove")
        self.clear.setIconVisibleInMenu(False)
        self._clear_tip = "Clear all points (Shift+E): begin with nothing"

    @property
    def tool(self) -> Tool:
        """The one chosen."""
        checked = self._group.checkedAction()
        return Tool.HAND if checked is None else Tool(checked.data())

    @property
    def actions(self) -> list[QAction | None]:
        """All of them, for a menu."""
        return [*self._actions.values(), self.clear]

    def choose(self, tool: Tool) -> None:
        """Take another tool."""
        self._actions[tool].setChecked(True)
        self.chosen.emit()

    def offer(self, refusal: str) -> None:
        """Offer the tools that paint, or say why they cannot be used.

        Args:
            refusal: Why not; empty if they can.
        """
        for tool, action in self._actions.items():
            if tool is not Tool.HAND:
                action.setEnabled(not refusal)
                action.setToolTip(as_tip(refusal or _tip(tool)))
        self.clear.setEnabled(not refusal)
        self.clear.setToolTip(as_tip(refusal or self._clear_tip))
        if refusal and self.tool is not Tool.HAND:
            self.choose(Tool.HAND)

    def column(self) -> QWidget:
        """A button for each, one below the other."""
        made = QWidget()
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, 0, 0)
        for action in [*self._actions.values(), self.clear]:
            button = action_button(action)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
            button.setAccessibleName(action.text())
            self._buttons.append(button)
            layout.addWidget(button)
        layout.addStretch()
        follow(made, self.restyle)
        return made

    def restyle(self, theme: Theme) -> None:
        """Draw the buttons in another size."""
        for button in self._buttons:
            button.setIconSize(QSize(theme.px(18), theme.px(18)))

    def _action(self, actions: Actions, tool: Tool) -> QAction:
        name, key, icon, _ = _TOOLS[tool]
        action = actions.action(name, self.chosen.emit, key, icon)
        action.setCheckable(True)
        action.setIconVisibleInMenu(False)  # white where it is chosen, and so is the menu
        action.setData(tool.value)
        action.setToolTip(as_tip(_tip(tool)))
        self._group.addAction(action)
        return action


def _tip(tool: Tool) -> str:
    name, key, _, does = _TOOLS[tool]
    return f"{name} ({key}): {does}"

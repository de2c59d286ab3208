"""Makes actions for the menus of the window."""

from collections.abc import Callable

from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QWidget

from app.icons import icon as icon_of
from app.text import as_tip
from app.theme import Theme


class Actions:
    """Makes actions whose shortcuts work in the whole window while a widget is on top."""

    def __init__(self, owner: QWidget) -> None:
        self._owner = owner
        self._icons: dict[QAction, str] = {}

    def action(
        self, text: str, slot: Callable[[], object], key: str = "", icon: str = ""
    ) -> QAction:
        """Make an action.

        Args:
            text: The text in the menu.
            slot: Called when it is triggered.
            key: A shortcut.
            icon: The name of an icon, which is drawn in the colours of the theme.
        """
        action = QAction(text, self._owner)
        if key:
            action.setShortcut(QKeySequence(key))
        if icon:
            self._icons[action] = icon
        action.triggered.connect(lambda: slot())
        self.add(action)
        return action

    def toggle(
        self, text: str, on: bool, changed: Callable[[], object], tip: str, icon: str = ""
    ) -> QAction:
        """Make an action that is on or off.

        Args:
            text: The text in the menu.
            on: Whether it is on at first.
            changed: Called when it is switched on or off.
            tip: The tool tip of its button.
            icon: See `action`.
        """
        action = self.action(text, lambda: None, icon=icon)
        action.setCheckable(True)
        action.setChecked(on)
        action.setToolTip(as_tip(tip))
        action.toggled.connect(lambda _: changed())
        return action

    def add(self, action: QAction) -> None:
        """Make the shortcut of an action that was made elsewhere work, too."""
        self._owner.addAction(action)

    def restyle(self, theme: Theme) -> None:
        """Draw the icons in another theme."""
        for action, name in self._icons.items():
            action.setIcon(icon_of(name, theme.ink, theme.muted))

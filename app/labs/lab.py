"""What every lab is: a player with its transport bar, and actions for the menus, wired once."""

from collections.abc import Callable

import qtawesome
from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QWidget

from app.bridge import Bridge
from app.controls.busy import BusyLine
from app.controls.transport import TransportBar
from app.player import MAX_BRANCHES, Player
from app.theme import LIGHT, Theme

_FORGOT = f"{MAX_BRANCHES} branches are kept; the oldest but the first was forgotten."


class Lab(QWidget):
    """A tab of the window.

    Signals:
        failed: An exception that the window should tell about.
        noticed: A sentence that the window should show.
    """

    failed = pyqtSignal(Exception)
    noticed = pyqtSignal(str)

    def __init__(self, bridge: Bridge, rate: float) -> None:
        super().__init__()
        self.bridge = bridge
        self.theme = LIGHT
        self.player = Player(bridge, self)
        self.transport = TransportBar(self.player, rate)
        self.computing = BusyLine()
        self._icons: dict[QAction, str] = {}
        self.run_actions = self._run_actions()
        self.ready = False
        self.player.wanted.connect(self.restart)
        self.player.changed.connect(self._show_waiting)
        self.player.forgot.connect(lambda: self.noticed.emit(_FORGOT))

    def set_ready(self) -> None:
        """TensorFlow is there."""
        self.ready = True
        self.player.changed.emit()

    def restart(self) -> None:
        """Start again from the first frame, with an empty history. Each lab says how."""
        raise NotImplementedError

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self.theme = theme
        self.transport.restyle(theme)
        for action, icon in self._icons.items():
            action.setIcon(qtawesome.icon(icon, color=theme.ink, color_on="#ffffff"))

    def action(
        self, text: str, slot: Callable[[], object], key: str = "", icon: str = ""
    ) -> QAction:
        """Make an action; its shortcut works in the whole window."""
        action = QAction(text, self)
        if key:
            action.setShortcut(QKeySequence(key))
        if icon:
            self._icons[action] = icon
        action.triggered.connect(lambda: slot())
        self.addAction(action)
        return action

    def toggle(
        self, text: str, on: bool, changed: Callable[[], object], tip: str, icon: str = ""
    ) -> QAction:
        """Make an action that is on or off."""
        action = self.action(text, lambda: None, icon=icon)
        action.setCheckable(True)
        action.setChecked(on)
        action.setToolTip(tip)
        action.toggled.connect(lambda _: changed())
        return action

    def _run_actions(self) -> list[QAction]:
        player = self.player
        return [
            self.action("Play or pause", player.toggle, "Space"),
            self.action("Step on", player.step, "Right"),
            self.action("Step back", player.back, "Left"),
            self.action("To the start", lambda: player.seek(0), "Home"),
            self.action("Compute to the end", player.play_to_end, "End"),
            self.action("Faster", lambda: self.transport.faster(1), "Up"),
            self.action("Slower", lambda: self.transport.faster(-1), "Down"),
            self.action("Start again", self.restart, "R"),
        ]

    def _show_waiting(self) -> None:
        # Before TensorFlow is there the status bar says what everybody waits for.
        if self.player.waiting and self.ready:
            self.computing.start("Computing a step…", self.player.give_up)
        else:
            self.computing.stop()

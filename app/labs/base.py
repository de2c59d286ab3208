"""What every tab offers to the window; a lab is a tab with a player and a transport bar."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PyQt6.QtCore import pyqtSignal
from PyQt6.QtGui import QAction, QPixmap
from PyQt6.QtWidgets import QWidget

from app.controls.busy import BusyLine
from app.controls.transport import TransportBar
from app.labs.shared import save_dialog
from app.labs.shared.actions import Actions
from app.labs.shared.files import FileWriter
from app.running.bridge import Bridge
from app.running.history import HISTORY_BYTES
from app.running.player import MAX_BRANCHES, Player
from app.theme import Theme
from app.views.figure import Figure
from engine.data.output.formats import Kind, check_suffix, kind_of
from engine.errors import ParameterError

_FORGOT = f"At most {MAX_BRANCHES} branches are kept; the oldest except the first was dropped."
_FULL = f"The history has reached its limit of {HISTORY_BYTES / 2**30:.0f} GiB: "
_NOW = {
    True: "the oldest branch except the first was dropped.",
    False: "the run stops here. Press R to start again.",
}


@dataclass(slots=True)
class Asked:
    """What the save dialog suggests.

    Attributes:
        name: The name of the file, or its full path.
        kind: What is saved.
    """

    name: str
    kind: Kind


class Tab(QWidget):
    """A tab of the window: what it offers to the menus, and what it reports to the window.

    Signals:
        failed: An exception that the window should report.
        run_failed: Why the current choices give no frames. The next frame withdraws it.
        noticed: A sentence that the window should show.

    Attributes:
        title: The title in the tab bar.
        file_actions, edit_actions, view_actions, run_actions: What the menus show while this tab is
            on top; None is a separator.
        busy_lines: The busy lines in the status bar.
        make: Makes the actions.
        files: Writes the files of this tab.
    """

    failed = pyqtSignal(Exception)
    run_failed = pyqtSignal(Exception)
    noticed = pyqtSignal(str)
    title = ""

    def __init__(self, bridge: Bridge) -> None:
        super().__init__()
        self.bridge = bridge
        self.ready = False
        self.file_actions: list[QAction | None] = []
        self.edit_actions: list[QAction | None] = []
        self.view_actions: list[QAction | None] = []
        self.run_actions: list[QAction | None] = []
        self.files = FileWriter(bridge, self)
        self.files.saved.connect(self.noticed)
        self.files.failed.connect(self.failed)
        self.busy_lines: list[BusyLine] = [self.files.busy]
        self.make = Actions(self)

    def set_ready(self) -> None:
        """Take note that TensorFlow has started."""
        self.ready = True

    def restyle(self, theme: Theme) -> None:
        """Draw in another theme."""
        self.make.restyle(theme)

    def figure(self) -> Figure | None:
        """What `Copy picture` copies and `Save picture` saves; None if there is nothing."""
        return None

    def picture(self) -> QPixmap | None:
        """The figure as pixels; None if there is nothing to copy."""
        figure = self.figure()
        return None if figure is None else figure.pixmap()

    def save_picture(self, path: Path) -> None:
        """Write the figure as a picture."""
        self.files.write_picture(path, self.figure())

    @property
    def close_seconds(self) -> float:
        """How long closing may wait for the engine to stop the work of this tab, in seconds."""
        return 0.8

    def stop(self) -> None:
        """Stop everything: the window closes."""

    @property
    def settings(self) -> object:
        """The tab's section of the settings for the next start; None if it has none."""
        return None

    def action(
        self, text: str, slot: Callable[[], object], key: str = "", icon: str = ""
    ) -> QAction:
        """Make an action; its shortcut works in the whole window."""
        return self.make.action(text, slot, key, icon)

    def save_action(
        self,
        text: str,
        save: Callable[[Path], object],
        name: str,
        key: str = "",
        kind: Kind | None = None,
    ) -> QAction:
        """Make an action that asks for a file and saves to it.

        Args:
            text: The text in the menu.
            save: Called with the path, whose suffix is one of the kind.
            name: The suggested file name, with its suffix.
            key: A shortcut.
            kind: What is saved; None if the suffix determines it.
        """
        asked = Asked(name, kind or kind_of(name))
        return self.action(text, lambda: self._ask_save(save, asked), key)

    def _ask_save(self, save: Callable[[Path], object], asked: Asked) -> None:
        path = save_dialog.ask(self.window(), asked.name, asked.kind)
        if path is None:
            return
        try:
            check_suffix(path, asked.kind)
        except ParameterError as error:
            # When the dialog is opened again, it suggests what was typed before.
            asked.name = str(path.with_suffix(asked.kind.suffixes[0]))
            self.failed.emit(error)
            return
        save(path)

    def toggle(
        self, text: str, on: bool, changed: Callable[[], object], tip: str, icon: str = ""
    ) -> QAction:
        """Make an action that is on or off."""
        return self.make.toggle(text, on, changed, tip, icon)


class Lab(Tab):
    """A tab that plays frames."""

    def __init__(self, bridge: Bridge, rate: float) -> None:
        super().__init__(bridge)
        self.player = Player(bridge, self)
        self.transport = TransportBar(self.player, rate)
        self.computing = BusyLine()
        self.busy_lines.append(self.computing)
        self.speed_actions = [
            self.action("Faster", lambda: self.transport.faster(1), "Up"),
            self.action("Slower", lambda: self.transport.faster(-1), "Down"),
        ]
        self.run_actions = self._run_actions()
        self.player.wanted.connect(self.restart)
        self.player.changed.connect(self._show_waiting)
        self.player.forgot.connect(lambda: self.noticed.emit(_FORGOT))
        self.player.full.connect(lambda helped: self.noticed.emit(_FULL + _NOW[helped]))

    def set_ready(self) -> None:
        """Take note that TensorFlow has started."""
        super().set_ready()
        self.player.changed.emit()

    def restart(self) -> None:
        """Start again from the first frame, with an empty history. Each lab implements it."""
        raise NotImplementedError

    def _run_actions(self) -> list[QAction | None]:
        player = self.player
        return [
            self.action("Play or pause", player.toggle, "Space"),
            self.action("Step forward", player.step, "Right"),
            self.action("Step back", player.back, "Left"),
            self.action("To the start", lambda: player.seek(0), "Home"),
            self.action("Compute to the end", player.play_to_end, "End"),
            *self.speed_actions,
            self.action("Start again", self.restart, "R"),
        ]

    def _show_waiting(self) -> None:
        # Until TensorFlow is loaded, the status bar says that all tabs wait for it.
        if self.player.waiting and self.ready:
            self.computing.start("Computing a step…", self.player.give_up)
        else:
            self.computing.stop()

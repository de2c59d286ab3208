"""The menus of the window and their shortcuts, all in one place."""

from collections.abc import Callable, Sequence
from functools import partial

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QActionGroup, QKeySequence
from PyQt6.QtWidgets import QApplication, QFileDialog, QMainWindow, QMenu

from app import help as help_boxes
from app.labs.base import Tab
from app.settings.window import WindowSettings
from app.tabs import Tabs
from app.text import menu
from engine.data.images import SUFFIXES
from engine.data.tables.readers import READERS

_THEMES = {"system": "Theme of the system", "light": "Light theme", "dark": "Dark theme"}
_LARGER = 1.15
_PATTERNS = " ".join(f"*{suffix}" for suffix in (*READERS, *SUFFIXES))


class Menus(QObject):
    """Fills a window's menu bar: the fixed entries, and what the current tab offers.

    Signals:
        file_chosen: The path of a file to be opened.
        theme_chosen: system, light or dark.
        zoomed: The factor by which to enlarge everything; 0 for the normal size.
        programs_kept: Whether compiled programs are kept, from the next start on.

    Attributes:
        recent: The menu of recent files.
        themes: The actions for the themes.
    """

    file_chosen = pyqtSignal(str)
    theme_chosen = pyqtSignal(str)
    zoomed = pyqtSignal(float)
    programs_kept = pyqtSignal(bool)

    def __init__(self, window: QMainWindow, tabs: Tabs, settings: WindowSettings) -> None:
        """Fill the menu bar.

        Args:
            window: Owns the actions, so that their shortcuts work everywhere in it.
            tabs: The current tab provides the picture to copy, and its shortcuts.
            settings: Which entries are checked at first, and the recent files.
        """
        super().__init__(window)
        self._window, self._tabs = window, tabs
        self.recent = QMenu("Open &recent", window)
        self.themes = QActionGroup(window)
        self._bar = {
            title: self._menu(title) for title in ("&File", "&Edit", "&View", "&Run", "&Help")
        }
        self._open = self._action("&Open…", self.ask_open, "Ctrl+O")
        self._quit = self._action("&Quit", window.close, "Ctrl+Q")
        self._keep = self._kept_programs(settings.keep_programs)
        self._copy = self._action("&Copy picture", self._copy_picture, "Ctrl+C")
        self._look = [*self._theme(settings.theme), None, *self._size()]
        self._put("&Help", self._help())
        self.show_recent(settings.recent_files)

    def show_recent(self, paths: tuple[str, ...]) -> None:
        """List the recent files, newest first."""
        self.recent.clear()
        for path in paths:
            action = self.recent.addAction(menu(path))
            assert action is not None
            action.triggered.connect(lambda _, path=path: self.file_chosen.emit(path))
        self.recent.setEnabled(bool(paths))

    def show_tab(self, tab: Tab) -> None:
        """Show the entries that another tab offers."""
        files = [self._open, self.recent.menuAction()]
        self._put("&File", [*files, None, *tab.file_actions, None, self._keep, self._quit])
        self._put("&Edit", [self._copy, *tab.edit_actions])
        self._put("&View", [*tab.view_actions, None, *self._look])
        self._put("&Run", tab.run_actions)

    def ask_open(self) -> None:
        """Let the user choose a file of points."""
        path, _ = QFileDialog.getOpenFileName(
            self._window, "Open points", "", f"Tables and pictures ({_PATTERNS})"
        )
        if path:
            self.file_chosen.emit(path)

    def show_keys(self) -> None:
        """List every shortcut, from the actions themselves."""
        help_boxes.show_keys(self._window, [*self._tabs.top.actions(), *self._window.actions()])

    def _menu(self, title: str) -> QMenu:
        bar = self._window.menuBar()
        assert bar is not None
        made = bar.addMenu(title)
        assert made is not None
        made.setToolTipsVisible(True)
        return made

    def _put(self, title: str, entries: Sequence[QAction | None]) -> None:
        shown = self._bar[title]
        shown.clear()
        for entry in entries:
            if entry is None:
                shown.addSeparator()
            else:
                shown.addAction(entry)
        shown.menuAction().setVisible(bool(entries))  # type: ignore[union-attr]

    def _action(self, text: str, slot: Callable[[], object], *keys: str) -> QAction:
        action = QAction(text, self._window)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.triggered.connect(lambda: slot())
        self._window.addAction(action)
        return action

    def _theme(self, chosen: str) -> list[QAction | None]:
        actions: list[QAction | None] = []
        for name, title in _THEMES.items():
            action = self._action(title, partial(self.theme_chosen.emit, name))
            action.setCheckable(True)
            action.setChecked(name == chosen)
            self.themes.addAction(action)
            actions.append(action)
        return actions

    def _kept_programs(self, kept: bool) -> QAction:
        action = QAction("&Keep compiled programs", self._window)
        action.setCheckable(True)
        action.setChecked(kept)
        action.toggled.connect(self.programs_kept)
        action.setToolTip(
            "The next start is faster with the programs compiled in this one. A change takes "
            "effect at the next start; `python main.py info` prints the folder."
        )
        return action

    def _size(self) -> list[QAction | None]:
        action, zoom = self._action, self.zoomed.emit
        return [
            action("&Larger", lambda: zoom(_LARGER), "Ctrl++", "Ctrl+="),
            action("&Smaller", lambda: zoom(1 / _LARGER), "Ctrl+-"),
            action("&Normal size", lambda: zoom(0), "Ctrl+Shift+0"),
            action("&Full screen", self._toggle_full_screen, "F11"),
        ]

    def _toggle_full_screen(self) -> None:
        window = self._window
        window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _help(self) -> list[QAction | None]:
        return [
            self._action("&Keys…", self.show_keys, "F1"),
            self._action("&About Barycenter…", lambda: help_boxes.show_about(self._window)),
        ]

    def _copy_picture(self) -> None:
        clipboard = QApplication.clipboard()
        assert clipboard is not None
        picture = self._tabs.top.picture()
        if picture is not None:
            clipboard.setPixmap(picture)

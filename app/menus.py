"""The menus of the window and their shortcuts, all in one place."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction, QActionGroup, QKeySequence
from PyQt6.QtWidgets import QApplication, QFileDialog, QMenu

from app.labs.base import Tab
from app.text import menu

if TYPE_CHECKING:
    from app.window import MainWindow

_THEMES = {"system": "Theme of the system", "light": "Light theme", "dark": "Dark theme"}
_LARGER = 1.15


class Menus:
    """Fills a window's menu bar: what is always there, and what the tab on top offers."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.recent = QMenu("Open &recent", window)
        self.themes = QActionGroup(window)
        self._bar = {
            title: self._menu(title) for title in ("&File", "&Edit", "&View", "&Run", "&Help")
        }
        self._open = self._action("&Open…", self.ask_open, "Ctrl+O")
        self._quit = self._action("&Quit", window.close, "Ctrl+Q")
        self._keep = self._kept_programs()
        self._copy = self._action("&Copy picture", self._copy_picture, "Ctrl+C")
        self._look = [*self._theme(), None, *self._size()]
        self._put("&Help", self._help())
        window.tabs.clustering.data.open_asked.connect(self.ask_open)

    def show_recent(self, paths: tuple[str, ...]) -> None:
        """List the files that were open, newest first."""
        self.recent.clear()
        for path in paths:
            action = self.recent.addAction(menu(path))
            assert action is not None
            action.triggered.connect(lambda _, path=path: self._window.open_points(path))
        self.recent.setEnabled(bool(paths))

    def show_tab(self, tab: Tab) -> None:
        """Offer what another tab has."""
        files = [self._open, self.recent.menuAction()]
        self._put("&File", [*files, None, *tab.file_actions, None, self._keep, self._quit])
        self._put("&Edit", [self._copy, *tab.edit_actions])
        self._put("&View", [*tab.view_actions, None, *self._look])
        self._put("&Run", tab.run_actions)

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

    def _theme(self) -> list[QAction | None]:
        actions: list[QAction | None] = []
        for name, title in _THEMES.items():
            action = self._action(title, partial(self._window.set_theme, name))
            action.setCheckable(True)
            action.setChecked(self._window.settings.theme == name)
            self.themes.addAction(action)
            actions.append(action)
        return actions

    def _kept_programs(self) -> QAction:
        action = QAction("&Keep compiled programs", self._window)
        action.setCheckable(True)
        action.setChecked(self._window.settings.keep_programs)
        action.toggled.connect(self._window.keep_programs)
        action.setToolTip(
            "The next start is quicker with what was compiled in this one. A change counts from "
            "the next start on; `python main.py info` names the folder."
        )
        return action

    def _size(self) -> list[QAction | None]:
        window, action = self._window, self._action
        return [
            action("&Larger", lambda: window.zoom(_LARGER), "Ctrl++", "Ctrl+="),
            action("&Smaller", lambda: window.zoom(1 / _LARGER), "Ctrl+-"),
            action("&Normal size", lambda: window.zoom(0), "Ctrl+Shift+0"),
            action("&Full screen", window.toggle_full_screen, "F11"),
        ]

    def _help(self) -> list[QAction | None]:
        return [
            self._action("&Keys…", self._window.show_keys, "F1"),
            self._action("&About Barycenter…", self._window.show_about),
        ]

    def ask_open(self) -> None:
        """Let the user choose a file of points."""
        path, _ = QFileDialog.getOpenFileName(
            self._window, "Open points", "", f"Tables and pictures ({self._window.file_patterns})"
        )
        if path:
            self._window.open_points(path)

    def _copy_picture(self) -> None:
        clipboard = QApplication.clipboard()
        assert clipboard is not None
        picture = self._window.tabs.top.picture()
        if picture is not None:
            clipboard.setPixmap(picture)

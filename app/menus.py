"""The menus of the window and their shortcuts, all in one place."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PyQt6.QtGui import QAction, QActionGroup, QKeySequence
from PyQt6.QtWidgets import QApplication, QFileDialog, QMenu

if TYPE_CHECKING:
    from app.window import MainWindow

_THEMES = {"system": "Theme of the system", "light": "Light theme", "dark": "Dark theme"}
_LARGER = 1.15


class Menus:
    """Fills a window's menu bar."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.recent = QMenu("Open &recent", window)
        self.themes = QActionGroup(window)
        lab = window.lab
        self._add("&File", self._file())
        self._add("&Edit", self._edit())
        self._add("&View", [*lab.toggles.actions, None, *self._theme(), None, *self._size()])
        self._add("&Run", lab.run_actions)
        self._add("&Help", self._help())

    def show_recent(self, paths: tuple[str, ...]) -> None:
        """List the files that were open, newest first."""
        self.recent.clear()
        for path in paths:
            action = self.recent.addAction(path)
            assert action is not None
            action.triggered.connect(lambda _, path=path: self._window.lab.open(path))
        self.recent.setEnabled(bool(paths))

    def _add(self, title: str, entries: list[QAction | None] | list[QAction]) -> None:
        bar = self._window.menuBar()
        assert bar is not None
        menu = bar.addMenu(title)
        assert menu is not None
        menu.setToolTipsVisible(True)
        for entry in entries:
            if entry is None:
                menu.addSeparator()
            else:
                menu.addAction(entry)

    def _action(self, text: str, slot: Callable[[], object], *keys: str) -> QAction:
        action = QAction(text, self._window)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.triggered.connect(lambda: slot())
        self._window.addAction(action)
        return action

    def _file(self) -> list[QAction | None]:
        lab, action = self._window.lab, self._action
        return [
            action("&Open…", self._ask_open, "Ctrl+O"),
            self.recent.menuAction(),
            None,
            action("Save &labels…", lambda: self._ask_save(lab.exports.save_labels, "labels.csv")),
            action(
                "Save &centroids…",
                lambda: self._ask_save(lab.exports.save_centroids, "centroids.csv"),
            ),
            action(
                "Save &picture…",
                lambda: self._ask_save(lab.exports.save_picture, "k-means.png"),
                "Ctrl+S",
            ),
            action(
                "Save &animation…",
                lambda: self._ask_save(lab.exports.save_animation, "k-means.gif"),
            ),
            None,
            action("&Quit", self._window.close, "Ctrl+Q"),
        ]

    def _edit(self) -> list[QAction | None]:
        return [
            self._action("&Copy picture", self._copy_picture, "Ctrl+C"),
            self._action("Throw another &seed", self._window.lab.kmeans.seed.throw, "D"),
        ]

    def _theme(self) -> list[QAction | None]:
        actions: list[QAction | None] = []
        for name, title in _THEMES.items():
            action = self._action(title, partial(self._window.set_theme, name))
            action.setCheckable(True)
            action.setChecked(self._window.settings.theme == name)
            self.themes.addAction(action)
            actions.append(action)
        return actions

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

    def _ask_open(self) -> None:
        path, _ = QFileDialog.getOpenFileName(
            self._window, "Open points", "", f"Tables ({self._window.file_patterns})"
        )
        if path:
            self._window.lab.open(path)

    def _ask_save(self, save: Callable[[Path], object], name: str) -> None:
        suffix = Path(name).suffix
        path, _ = QFileDialog.getSaveFileName(self._window, "Save", name, f"*{suffix}")
        if path:
            save(Path(path).with_suffix(suffix))

    def _copy_picture(self) -> None:
        clipboard = QApplication.clipboard()
        assert clipboard is not None
        clipboard.setPixmap(self._window.lab.scatter.grab())

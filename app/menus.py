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
        self._saves: list[QAction] = []
        self._add("&File", self._file())
        self._add("&Edit", self._edit())
        self._add(
            "&View",
            [
                *lab.toggles.actions,
                None,
                *lab.columns.panel_actions,
                None,
                *self._theme(),
                None,
                *self._size(),
            ],
        )
        self._add("&Run", lab.run_actions)
        self._add("&Help", self._help())
        lab.data.open_asked.connect(self.ask_open)
        lab.player.changed.connect(self._offer_saves)
        lab.player.cleared.connect(self._offer_saves)
        self._offer_saves()

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
        exports = self._window.lab.exports
        self._saves = [
            self._save("Save &labels…", exports.save_labels, "labels.csv"),
            self._save("Save &centroids…", exports.save_centroids, "centroids.csv"),
            self._save("Save &picture…", exports.save_picture, "k-means.png", "Ctrl+S"),
            self._save("Save &animation…", exports.save_animation, "k-means.gif"),
        ]
        return [
            self._action("&Open…", self.ask_open, "Ctrl+O"),
            self.recent.menuAction(),
            None,
            *self._saves,
            None,
            self._action("&Quit", self._window.close, "Ctrl+Q"),
        ]

    def _save(self, text: str, save: Callable[[Path], object], name: str, *keys: str) -> QAction:
        return self._action(text, lambda: self._ask_save(save, name), *keys)

    def _offer_saves(self) -> None:
        """There is something to save once there is a frame."""
        for action in self._saves:
            action.setEnabled(self._window.lab.player.frame is not None)

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

    def ask_open(self) -> None:
        """Let the user choose a file of points."""
        path, _ = QFileDialog.getOpenFileName(
            self._window, "Open points", "", f"Tables ({self._window.file_patterns})"
        )
        if path:
            self._window.lab.open(path)

    def _ask_save(self, save: Callable[[Path], object], name: str) -> None:
        suffix = Path(name).suffix
        dialog = QFileDialog(self._window, "Save", name, f"*{suffix}")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # The dialog adds it itself, so it asks about the very file that would be replaced.
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(name)
        if dialog.exec():
            save(Path(dialog.selectedFiles()[0]))

    def _copy_picture(self) -> None:
        clipboard = QApplication.clipboard()
        assert clipboard is not None
        clipboard.setPixmap(self._window.lab.scatter.grab())

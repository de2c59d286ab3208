"""The main window: the labs as tabs, menus, status bar, notices; what it remembers."""

import base64
import sys
from dataclasses import replace
from pathlib import Path

from PyQt6.QtCore import QByteArray, Qt
from PyQt6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
)
from PyQt6.QtWidgets import (
    QLabel,
    QLayout,
    QMainWindow,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from app import settings as remembered
from app import theme as themes
from app.bridge import Bridge
from app.failures import Failures, NoticeStrip
from app.keys import KeyFilter
from app.labs.lab import Lab, Tab
from app.menus import Menus
from app.tabs import Tabs
from engine import device, program_cache
from engine.data.images import SUFFIXES, is_picture
from engine.data.painting import PAINTED
from engine.data.source import is_file, is_generated
from engine.data.tables import READERS
from engine.device import Device
from engine.errors import DataError

_ABOUT = (
    "<b>Barycenter</b> shows weighted averages being computed: k-means, and the attention of a "
    "speller, step by step, by the same TensorFlow code that does the real work.<br><br>"
    "Free software under the GNU General Public License, version 3 or later. "
    "Nothing is drawn that was not computed."
)


class MainWindow(QMainWindow):
    """The window of the application."""

    def __init__(self, settings_path: Path, failures: Failures | None = None) -> None:
        super().__init__()
        self._settings_path = settings_path
        self.settings = remembered.load(settings_path)
        themes.apply(self._theme)  # before there are widgets: those would keep the font of before
        self.bridge = Bridge(self)
        self.notices = NoticeStrip()
        self.failures = failures or Failures()
        self.failures.attach(self, self.notices)
        folder = settings_path.parent  # evaluations and trainings lie beside the settings
        self._keys = KeyFilter(self)
        self.tabs = Tabs(self.bridge, self.settings, folder)
        self.tabs.made.connect(self._on_made)
        self.engine_state = QLabel("Starting TensorFlow…")
        self.engine_ready = self.engine_idle = False
        self.file_patterns = " ".join(f"*{suffix}" for suffix in (*READERS, *SUFFIXES))
        self._lay_out()
        self.menus = Menus(self)
        self.menus.show_recent(self.settings.recent_files)
        self._wire()
        self._restore_geometry()
        self.tabs.show_titled(self.settings.tab)
        self._on_tab()
        self._start()

    # Putting it together

    def _lay_out(self) -> None:
        self.setWindowTitle("Barycenter")
        self.setAcceptDrops(True)
        middle = QWidget()
        layout = QVBoxLayout(middle)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notices)
        layout.addWidget(self.tabs, 1)
        self.setCentralWidget(middle)
        status = self.statusBar()
        assert status is not None
        status.setSizeGripEnabled(False)
        self.engine_state.setContentsMargins(8, 0, 0, 2)
        status.addWidget(self.engine_state)

    def _wire(self) -> None:
        self.tabs.clustering.opened.connect(self._on_opened)
        self.tabs.currentChanged.connect(lambda _: self._on_tab())
        hints = QGuiApplication.styleHints()
        assert hints is not None
        hints.colorSchemeChanged.connect(lambda _: self.restyle())

    def _start(self) -> None:
        """Points first: they need no TensorFlow, and are there to look at while it loads."""
        if not self.settings.keep_programs:
            program_cache.turn_off()
        self.tabs.clustering.open(self.settings.source)
        run = self.bridge.run(device.frames)
        run.advanced.connect(lambda frames: self._on_device(frames[0]))
        run.failed.connect(self._on_no_device)
        run.advance(budget=0.01)

    def _on_device(self, found: Device) -> None:
        self.engine_state.setText(f"TensorFlow {found.tensorflow} · {found}")
        self.engine_ready = True
        for lab in self.tabs.labs:
            lab.set_ready()

    def _on_no_device(self, error: Exception) -> None:
        self.engine_state.setText("TensorFlow could not be started")
        self.failures.report(error)

    # What the menus do

    def set_theme(self, name: str) -> None:
        """Choose system, light or dark."""
        self.settings = replace(self.settings, theme=name)
        self.restyle()

    def keep_programs(self, keep: bool) -> None:
        """Choose whether compiled programs are kept, from the next start on."""
        self.settings = replace(self.settings, keep_programs=keep)

    def zoom(self, factor: float) -> None:
        """Make everything larger or smaller; 0 goes back to normal."""
        scale = self.settings.scale * factor if factor else 1.0
        scale = min(max(scale, themes.MIN_SCALE), themes.MAX_SCALE)
        self.settings = replace(self.settings, scale=scale)
        self.restyle()

    def restyle(self) -> None:
        """Draw everything in the theme and size chosen."""
        chosen = self._theme
        themes.apply(chosen)
        for lab in self.tabs.labs:
            lab.restyle(chosen)

    @property
    def _theme(self) -> themes.Theme:
        return themes.chosen(self.settings.theme, self.settings.scale)

    def toggle_full_screen(self) -> None:
        """Fill the screen, or go back."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def show_keys(self) -> None:
        """List every shortcut, from the actions themselves."""
        rows = [
            f"<tr><td><b>{', '.join(key.toString() for key in action.shortcuts())}</b></td>"
            f"<td style='padding-left:16px'>{action.text().replace('&', '').rstrip('…')}</td></tr>"
            for action in [*self.tabs.top.actions(), *self.actions()]
            if action.shortcuts()
        ]
        hints = (
            "<p>Drag a centroid to branch the history; click the inertia curve to go there.<br>"
            "Drag the plot to pan, turn the wheel to zoom, drop a file on the window to open it."
            "</p>"
        )
        self._message("Keys", f"<table>{''.join(rows)}</table>{hints}")

    def show_about(self) -> None:
        """Say what this is."""
        self._message("About Barycenter", _ABOUT)

    def _message(self, title: str, text: str) -> None:
        box = QMessageBox(QMessageBox.Icon.NoIcon, title, text, parent=self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()  # not exec: play goes on behind it

    # Tabs

    def _on_made(self, lab: Tab) -> None:
        """Take in a tab that is new."""
        self._keys.watch(lab)
        lab.failed.connect(self.failures.report)
        lab.run_failed.connect(lambda error: self.failures.report(error, of_run=True))
        lab.noticed.connect(self.notices.say)
        if isinstance(lab, Lab):
            lab.player.moved.connect(self.notices.settle)
        status = self.statusBar()
        assert status is not None
        for busy in lab.busy_lines:
            status.addPermanentWidget(busy)
        lab.restyle(self._theme)
        if self.engine_ready:
            lab.set_ready()

    def _on_tab(self) -> None:
        self.notices.dismiss()  # it was about what was on top before
        self.menus.show_tab(self.tabs.top)

    # Files

    def open_points(self, path: str) -> None:
        """Show points of a file in the clustering lab, a picture in its own."""
        if is_picture(path):
            self.tabs.show_tab(self.tabs.pictures)
            self.tabs.pictures.open(path)
            self._keep_recent(path)
            return
        self.tabs.show_tab(self.tabs.clustering)
        self.tabs.clustering.open(path)

    def _on_opened(self, source: str) -> None:
        self.notices.dismiss()  # it was about what was open before
        if source == PAINTED:  # no file yet
            self.setWindowTitle("painted – Barycenter")
            return
        if is_file(source):
            self._keep_recent(source)
        self.settings = replace(self.settings, source=source)
        name = "" if is_generated(source) else f"{Path(source).name} – "
        self.setWindowTitle(f"{name}Barycenter")

    def _keep_recent(self, path: str) -> None:
        recent = self.settings.with_recent(path)
        self.settings = replace(self.settings, recent_files=recent)
        self.menus.show_recent(recent)

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Take files."""
        data = event.mimeData() if event else None
        if event and data and any(url.isLocalFile() for url in data.urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Open the first file dropped."""
        data = event.mimeData() if event else None
        paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()] if data else []
        if paths:
            self.open_points(paths[0])

    # Ends

    def _restore_geometry(self) -> None:
        for layout in self.findChildren(QLayout):
            layout.invalidate()  # it knows what its rows needed before they were restyled
        self.resize(1280, 800)
        if self.settings.geometry:
            self.restoreGeometry(_decoded(self.settings.geometry))
        self.tabs.clustering.columns.restore(_decoded(self.settings.columns))

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Remember, and stop the engine."""
        self.settings = replace(
            self.settings,
            geometry=_encoded(self.saveGeometry()),
            columns=_encoded(self.tabs.clustering.columns.state()),
            tab=self.tabs.top.title,
        )
        for lab in self.tabs.labs:
            self.settings = lab.remember(self.settings)
        self.hide()
        try:
            self._keep_painted()
            remembered.save(self.settings, self._settings_path)
        except (OSError, DataError) as error:
            sys.stderr.write(f"Not everything could be kept for the next start: {error}\n")
        for lab in self.tabs.labs:
            lab.stop()
        # A training wants to finish its step and to keep what was learned.
        self.engine_idle = self.bridge.close(max(lab.close_seconds for lab in self.tabs.labs))
        super().closeEvent(event)

    def _keep_painted(self) -> None:
        """Painted points are opened by the next start, saved or not."""
        path = self._settings_path.with_name("painted.csv")
        path.parent.mkdir(parents=True, exist_ok=True)
        if self.tabs.clustering.painting.keep(path):
            self.settings = replace(self.settings, source=str(path))


def _encoded(state: QByteArray) -> str:
    return base64.b64encode(state.data()).decode("ascii")


def _decoded(text: str) -> QByteArray:
    try:
        return QByteArray(base64.b64decode(text))
    except ValueError:
        return QByteArray()

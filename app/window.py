"""The main window: the labs as tabs, menus, status bar, notices; what it remembers."""

import base64
import itertools
import sys
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path

from PyQt6.QtCore import QByteArray, Qt
from PyQt6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDropEvent,
    QGuiApplication,
)
from PyQt6.QtWidgets import (
    QLayout,
    QMainWindow,
    QMessageBox,
    QVBoxLayout,
    QWidget,
)

from app import theme as themes
from app.closing import Closing
from app.failures import Failures, NoticeStrip
from app.keys import KeyFilter
from app.labs.base import Lab, Tab
from app.menus import Menus
from app.running.bridge import Bridge
from app.settings import SettingsFile
from app.tabs import Tabs
from app.text import Box, Label, title, without_mnemonic
from engine.data.generated.ready_made import FOLDER
from engine.data.images import SUFFIXES, is_picture
from engine.data.output import writing
from engine.data.painting import PAINTED
from engine.data.source import is_file, is_generated
from engine.data.tables.readers import READERS
from engine.errors import DataError, EngineError
from engine.runtime import device, program_cache
from engine.runtime.device import Device

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
        self._remembered = SettingsFile(settings_path)
        self._painted_before = _written(self._painted_path)
        self.settings = self._remembered.settings
        themes.apply(self._theme)  # before there are widgets: those would keep the font of before
        self.bridge = Bridge(self)
        self.notices = NoticeStrip()
        self.failures = failures or Failures()
        self.failures.attach(self, self.notices)
        self.closing = Closing(self.bridge, self)
        folder = settings_path.parent  # evaluations and trainings lie beside the settings
        self._keys = KeyFilter(self)
        self.tabs = Tabs(self.bridge, self.settings, folder)
        self.tabs.made.connect(self._on_made)
        self.engine_state = Label("Starting TensorFlow…")
        self.engine_ready = self.engine_idle = False
        self.file_patterns = " ".join(f"*{suffix}" for suffix in (*READERS, *SUFFIXES))
        self._lay_out()
        self._dress(self._theme)
        self.menus = Menus(self)
        self.menus.show_recent(self.settings.recent_files)
        self._wire()
        self._restore_geometry()
        self.tabs.show_titled(self.settings.tab)
        self._on_tab()
        self.notices.keep(self._remembered.notice)
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
        self.tabs.picture_opened.connect(self._on_picture)
        self.tabs.currentChanged.connect(lambda _: self._on_tab())
        hints = QGuiApplication.styleHints()
        assert hints is not None
        hints.colorSchemeChanged.connect(lambda _: self.restyle())
        self._keeps_source = False
        self.closing.waits.connect(self._wait_to_close)
        self.closing.ready.connect(self.close)
        self.closing.stays.connect(lambda: self._let_work(True))

    def _start(self) -> None:
        """Points first: they need no TensorFlow, and are there to look at while it loads."""
        if not self.settings.keep_programs:
            program_cache.turn_off()
        self.tabs.clustering.not_restored.connect(self._on_not_restored)
        self.tabs.clustering.restore(self.settings.source)
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
        self._dress(chosen)

    def _dress(self, theme: themes.Theme) -> None:
        for part in (self.notices, self.statusBar()):
            assert part is not None
            themes.dress(part, theme)
        self.tabs.restyle(theme)

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
            f"<td style='padding-left:16px'>"
            f"{escape(without_mnemonic(action.text()).rstrip('…'))}</td></tr>"
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

    def _message(self, heading: str, text: str) -> None:
        box = Box(QMessageBox.Icon.NoIcon, heading, text, self)
        box.setTextFormat(Qt.TextFormat.RichText)  # no name of others is in it
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
        if self.engine_ready:
            lab.set_ready()

    def _on_tab(self) -> None:
        self._forget()  # it was about what was on top before
        self.menus.show_tab(self.tabs.top)

    def _forget(self) -> None:
        if self.tabs.isEnabled():  # or it says what closing waits for
            self.notices.forget()

    # Files

    def open_points(self, path: str) -> None:
        """Show points of a file in the clustering lab, a picture in its own."""
        if is_picture(path):
            self.tabs.show_tab(self.tabs.pictures)
            self.tabs.pictures.open(path)
            return
        self.tabs.show_tab(self.tabs.clustering)
        self.tabs.clustering.open(path)

    def _on_not_restored(self, error: Exception) -> None:
        """Say that the last session's points cannot be shown; the next start tries them again."""
        self._keeps_source = True
        if isinstance(error, EngineError):
            self.notices.keep(str(error))
        else:
            self.failures.report(error)

    def _on_opened(self, source: str) -> None:
        self._forget()  # it was about what was open before
        if self._keeps_source:  # these points only stand in for those that are gone
            self._keeps_source = False
            return
        if source == PAINTED:  # no file yet
            self.setWindowTitle("painted – Barycenter")
            return
        if is_file(source):
            self._keep_recent(source)
        self.settings = replace(self.settings, source=source)
        name = "" if is_generated(source) else f"{title(Path(source).name)} – "
        self.setWindowTitle(f"{name}Barycenter")

    def _on_picture(self, source: str) -> None:
        if Path(source).parent != FOLDER:  # the photograph that comes along is no file of theirs
            self._keep_recent(source)

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
        """Remember, and stop the engine; but first let be written what would be lost."""
        for lab in self.tabs.labs:
            lab.stop()
        if not self.closing.may_close():
            if event is not None:
                event.ignore()
            return
        self.settings = replace(
            self.settings,
            geometry=_encoded(self.saveGeometry()),
            columns=_encoded(self.tabs.clustering.columns.state()),
            tab=self.tabs.top.title,
        )
        for lab in self.tabs.labs:
            self.settings = lab.remember(self.settings)
        self.hide()
        keeps = (
            self._keep_painted,
            self._keep_tables,
            lambda: self._remembered.save(self.settings),
        )
        for keep in keeps:
            try:
                keep()
            except DataError as error:
                sys.stderr.write(f"Not everything could be kept for the next start: {error}\n")
        self.engine_idle = self.bridge.close(max(lab.close_seconds for lab in self.tabs.labs))
        super().closeEvent(event)

    def _wait_to_close(self, why: str) -> None:
        """Say what closing waits for; meanwhile nothing new can be begun."""
        self.notices.say(why)
        self._let_work(False)

    def _let_work(self, can: bool) -> None:
        self.tabs.setEnabled(can)
        self.setAcceptDrops(can)
        bar = self.menuBar()
        assert bar is not None
        bar.setEnabled(can)

    def _keep_painted(self) -> None:
        """Painted points are opened by the next start, saved or not.

        What another window has painted since this one was opened stays, and is a recent file.

        Raises:
            DataError: They cannot be written.
        """
        path, painting = self._painted_path, self.tabs.clustering.painting
        if not painting.has_points or not self._remembered.is_writable:
            return
        if _written(path) != self._painted_before:
            self.settings = replace(
                self.settings, recent_files=self.settings.with_recent(str(path))
            )
            path = next(other for other in _numbered(path) if not other.exists())
        writing.make_folder(path.parent)
        painting.keep(path)
        self.settings = replace(self.settings, source=str(path))

    def _keep_tables(self) -> None:
        """How tables were read is remembered for each; a DataError where that cannot be written."""
        if self._remembered.is_writable:
            self.tabs.clustering.importing.memory.save()

    @property
    def _painted_path(self) -> Path:
        return self._settings_path.with_name("painted.csv")


def _written(path: Path) -> int:
    """When a file was written, in nanoseconds; 0 if there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _numbered(path: Path) -> Iterator[Path]:
    """Other names for a file: `painted-2.csv`, `painted-3.csv`, and so on."""
    return (path.with_stem(f"{path.stem}-{number}") for number in itertools.count(2))


def _encoded(state: QByteArray) -> str:
    return base64.b64encode(state.data()).decode("ascii")


def _decoded(text: str) -> QByteArray:
    try:
        return QByteArray(base64.b64decode(text))
    except ValueError:
        return QByteArray()

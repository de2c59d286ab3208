"""The main window: assembles tabs, menus, status bar and notices."""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PyQt6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PyQt6.QtWidgets import QLayout, QMainWindow, QVBoxLayout, QWidget

from app import qt_state
from app import theme as themes
from app.closing import Closing
from app.failures import Failures, NoticeStrip
from app.keys import KeyFilter
from app.labs.base import Lab, Tab
from app.menus import Menus
from app.running.bridge import Bridge
from app.settings.session import Session
from app.style_sheet import dress
from app.tabs import Tabs
from app.text import Label, title
from engine.data.generated.ready_made import FOLDER
from engine.data.images import is_picture
from engine.data.painting import PAINTED
from engine.errors import EngineError
from engine.runtime import device, program_cache
from engine.runtime.device import Device
from engine.source import is_file, is_generated


class MainWindow(QMainWindow):
    """The window of the application.

    Attributes:
        settings: The window's own settings, as they are now.
        engine_ready: Whether TensorFlow has started.
    """

    def __init__(self, settings_path: Path, failures: Failures | None = None) -> None:
        super().__init__()
        self.session = Session(settings_path)
        self.settings = self.session.window
        themes.apply(self._theme)  # before there are widgets: they would keep the old font
        self.bridge = Bridge(self)
        self.notices = NoticeStrip()
        self.failures = failures or Failures()
        self.failures.attach(self, self.notices)
        self.closing = Closing(self.bridge, self)
        self._keys = KeyFilter(self)
        self.tabs = Tabs(self.bridge, self.session.tabs, self.session.tables, self.session.folder)
        self.tabs.made.connect(self._on_made)
        self.engine_state = Label("Starting TensorFlow…")
        self.engine_ready = False
        self._lay_out()
        self.menus = Menus(self, self.tabs, self.settings)
        self._wire()
        self._restore_geometry()
        self.tabs.show_named(self.settings.tab)
        self._on_tab()
        self.notices.keep(self.session.notice)
        self._start()

    # Construction

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
        for part in (self.notices, status):
            themes.follow(part, partial(dress, part))

    def _wire(self) -> None:
        self.tabs.clustering.opened.connect(self._on_opened)
        self.tabs.clustering.file_wanted.connect(self.menus.ask_open)
        self.menus.file_chosen.connect(self.open_points)
        self.menus.theme_chosen.connect(self.set_theme)
        self.menus.zoomed.connect(self.zoom)
        self.menus.programs_kept.connect(self.keep_programs)
        self.tabs.picture_opened.connect(self._on_picture)
        self.tabs.currentChanged.connect(lambda _: self._on_tab())
        hints = QGuiApplication.styleHints()
        assert hints is not None
        hints.colorSchemeChanged.connect(lambda _: self.restyle())
        self.closing.waits.connect(self._wait_to_close)
        self.closing.ready.connect(self.close)
        self.closing.stays.connect(lambda: self._set_enabled(True))

    def _start(self) -> None:
        """Load points first: they need no TensorFlow, and can be viewed while it loads."""
        if not self.settings.keep_programs:
            program_cache.turn_off()
        self.tabs.clustering.not_restored.connect(self._on_not_restored)
        self.tabs.clustering.restore()
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
        """Choose the theme: system, light or dark."""
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
        """Draw everything in the chosen theme and size."""
        themes.apply(self._theme)

    @property
    def _theme(self) -> themes.Theme:
        return themes.chosen(self.settings.theme, self.settings.scale)

    # Tabs

    def _on_made(self, lab: Tab) -> None:
        """Connect a tab that was just made."""
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
        self._forget()  # the notice was about the previous tab
        self.menus.show_tab(self.tabs.top)

    def _forget(self) -> None:
        if self.tabs.isEnabled():  # otherwise the notice says what closing waits for
            self.notices.forget()

    # Files

    def open_points(self, path: str) -> None:
        """Open a file: points in the clustering lab, a picture in the picture lab."""
        if is_picture(path):
            self.tabs.show_tab(self.tabs.pictures)
            self.tabs.pictures.open(path)
            return
        self.tabs.show_tab(self.tabs.clustering)
        self.tabs.clustering.open(path)

    def _on_not_restored(self, error: Exception) -> None:
        """Report that the last points cannot be shown; the next start tries them again."""
        if isinstance(error, EngineError):
            self.notices.keep(str(error))
        else:
            self.failures.report(error)

    def _on_opened(self, source: str) -> None:
        self._forget()  # the notice was about the previous points
        if source == PAINTED:  # no file yet
            self.setWindowTitle("painted – Barycenter")
            return
        if is_file(source):
            self._keep_recent(source)
        name = "" if is_generated(source) else f"{title(Path(source).name)} – "
        self.setWindowTitle(f"{name}Barycenter")

    def _on_picture(self, source: str) -> None:
        if (
            Path(source).parent != FOLDER
        ):  # the photograph shipped with the program is not a file of the user
            self._keep_recent(source)

    def _keep_recent(self, path: str) -> None:
        self.settings = self.settings.with_recent(path)
        self.menus.show_recent(self.settings.recent_files)

    def dragEnterEvent(self, event: QDragEnterEvent | None) -> None:
        """Accept files."""
        data = event.mimeData() if event else None
        if event and data and any(url.isLocalFile() for url in data.urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent | None) -> None:
        """Open the first of the dropped files."""
        data = event.mimeData() if event else None
        paths = [url.toLocalFile() for url in data.urls() if url.isLocalFile()] if data else []
        if paths:
            self.open_points(paths[0])

    # Start and end

    def _restore_geometry(self) -> None:
        for layout in self.findChildren(QLayout):
            layout.invalidate()  # its cached sizes are from before the widgets were styled
        self.resize(1280, 800)
        if self.settings.geometry:
            self.restoreGeometry(qt_state.from_text(self.settings.geometry))
        self.tabs.clustering.restore_columns()

    def closeEvent(self, event: QCloseEvent | None) -> None:
        """Save the settings and stop the engine, once everything unsaved is written."""
        for lab in self.tabs.labs:
            lab.stop()
        if not self.closing.may_close():
            if event is not None:
                event.ignore()
            return
        self.settings = replace(
            self.settings,
            geometry=qt_state.as_text(self.saveGeometry()),
            tab=self.tabs.name_on_top,
        )
        self.hide()
        self.session.save(self.settings, self.tabs.settings, self.tabs.clustering.painting)
        self.bridge.close(max(lab.close_seconds for lab in self.tabs.labs))
        super().closeEvent(event)

    def _wait_to_close(self, why: str) -> None:
        """Show what closing waits for, and let nothing new begin meanwhile."""
        self.notices.say(why)
        self._set_enabled(False)

    def _set_enabled(self, can: bool) -> None:
        self.tabs.setEnabled(can)
        self.setAcceptDrops(can)
        bar = self.menuBar()
        assert bar is not None
        bar.setEnabled(can)

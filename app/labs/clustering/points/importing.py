"""How a table was read: the dialog that shows it, and what was chosen for each file."""

from collections.abc import Callable, Generator
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal
from PyQt6.QtWidgets import QApplication, QDialog, QWidget

from app.controls.table_import.dialog import TableImport
from app.labs.shared.loading import AUTOMATIC, Loaded
from app.running.bridge import Bridge, Stepper
from app.running.requests import Request
from app.settings.table_memory import TableMemory
from app.text import shown
from engine import source
from engine.data.tables.options import TableOptions
from engine.data.tables.reading import Preview, Reading
from engine.data.text_tables.raw_lines import raw_lines
from engine.errors import DataError, EngineError


class Importing(QObject):
    """Lets the user see and choose how tables are read.

    Signals:
        chosen: The path of a table that is to be read, and how.
        failed: A mistake of this program.

    Attributes:
        dialog: The one that is open.
        memory: What was chosen for each file.
    """

    chosen = pyqtSignal(str, TableOptions)
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, memory: TableMemory, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent, self.memory = parent, memory
        self._preview = Request(bridge, self)
        self._preview.failed.connect(self._on_no_preview)
        self._mending = Request(bridge, self)  # a preview for a dialog that is not open yet
        self._mending.failed.connect(self._on_not_mended)
        self._later: Callable[[], object] | None = None
        self._quiet = self._chosen = ""
        self.dialog: TableImport | None = None

    def be_quiet_about(self, name: str) -> None:
        """Do not open by itself when this table is there next: the window has just started."""
        self._quiet = name

    def options_for(self, name: str) -> TableOptions:
        """How a table is read: as it was chosen, or as it looks."""
        return self.memory.get(name) or AUTOMATIC

    def take(self, loaded: Loaded) -> str:
        """Points were read: show how where it is doubtful, and nobody has seen it yet.

        Returns:
            A sentence for the user; empty where all is as it was chosen.
        """
        dataset = loaded.dataset
        reading, name = dataset.reading, dataset.source
        is_quiet, self._quiet = name == self._quiet, ""
        if reading is None:
            return ""
        if reading.doubts and self.memory.get(name) is None and not is_quiet:
            self.show(loaded)
        if not loaded.unusable:
            return ""
        return (
            f"{shown(Path(name).name)} was read as it looks, for it cannot be read as it was last "
            f"time: {loaded.unusable}"
        )

    def remember(self, loaded: Loaded | None) -> None:
        """Points are on screen, perhaps again: the next start reads their table as it was read.

        A dialog that is open was about what was there before.
        """
        self.stop()
        chosen, self._chosen = self._chosen, ""
        if loaded is None or loaded.dataset.reading is None or loaded.unusable:
            return
        name = loaded.dataset.source
        is_known = self.memory.get(name) is not None or name == chosen
        if is_known or loaded.options != AUTOMATIC:
            self.memory.put(name, loaded.options)

    def show(self, loaded: Loaded) -> None:
        """Show how the table on screen was read."""
        dataset, options = loaded.dataset, loaded.options_with_ticks
        name = dataset.source
        if dataset.reading is None:
            return

        def show() -> None:
            self._open(name, options).rejected.connect(lambda: self._leave_as_it_is(loaded))
            self._ask(name, options)

        self._when_alone(show)

    def mend(self, name: str, options: TableOptions, error: Exception) -> None:
        """A table could not be read: let the user choose how, if that can help.

        Args:
            name: Its path.
            options: How it was to be read.
            error: What was wrong.
        """

        def answered(preview: Preview) -> None:
            if preview.lines or preview.cells:
                self._when_alone(
                    lambda: self._open(name, options).show_preview(preview, str(error))
                )

        self._mending.ask(_preview(name, options), answered)

    def stop(self) -> None:
        """Close the dialog, and choose nothing."""
        self._preview.cancel()
        self._mending.cancel()
        self._later = None
        if self.dialog is not None:
            self.dialog.blockSignals(True)
            self.dialog.close()
            self.dialog = None

    def _open(self, name: str, options: TableOptions) -> TableImport:
        self.stop()
        self.dialog = dialog = TableImport(Path(name).name, options, self._parent)
        for signal, slot in (
            (dialog.asked, lambda options: self._ask(name, options)),
            (dialog.accepted, lambda: self._take_choice(name, dialog.options)),
            (dialog.given_up, self._preview.cancel),
            (dialog.finished, self._on_finished),
        ):
            signal.connect(slot)
        dialog.open()
        return dialog

    def _when_alone(self, show: Callable[[], object]) -> None:
        """Open a dialog at once, or when another one is closed that is open over the window."""
        other = QApplication.activeModalWidget()
        if other is None or other is self.dialog or not isinstance(other, QDialog):
            show()
            return
        self._later = show
        other.finished.connect(lambda _: self._show_later(show))

    def _show_later(self, show: Callable[[], object]) -> None:
        if self._later is show:
            self._later = None
            self._when_alone(show)

    def _ask(self, name: str, options: TableOptions) -> None:
        """Let the dialog show a preview; the last one asked for wins."""
        if self.dialog is not None:
            self._preview.ask(_preview(name, options), self.dialog.show_preview)

    def _on_no_preview(self, error: Exception) -> None:
        if not isinstance(error, EngineError):
            self.failed.emit(error)
        if self.dialog is not None:
            self.dialog.show_error(str(error))

    def _on_not_mended(self, error: Exception) -> None:
        if not isinstance(error, EngineError):  # what is wrong with the file was told already
            self.failed.emit(error)

    def _on_finished(self) -> None:
        self._preview.cancel()
        self.dialog = None

    def _take_choice(self, name: str, options: TableOptions) -> None:
        """Read it, even as it was read before: the file may have changed."""
        self._chosen = name
        self.chosen.emit(name, options)

    def _leave_as_it_is(self, loaded: Loaded) -> None:
        """The user has seen how a table was read, and is not asked again."""
        name = loaded.dataset.source
        if self.memory.get(name) is None:
            self.memory.put(name, loaded.options)


def _preview(name: str, options: TableOptions) -> Stepper:
    """A stepper that reads the beginning of a table, or only its first lines as text.

    It raises an EngineError where there is neither.
    """

    def frames() -> Generator[Preview, None, None]:
        if not source.is_table(name):
            raise DataError(f"{name} is not a table.")
        try:
            yield source.preview(name, options)
        except EngineError as error:
            lines = raw_lines(name, options)
            if not lines:
                raise
            reading = Reading(options=options, columns=(), is_text=True)
            yield Preview(reading=reading, cells=(), lines=lines, problem=str(error))

    return frames

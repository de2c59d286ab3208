"""Where the points come from: what is opened, how its table is read, and what comes of it."""

from PyQt6.QtCore import QObject, pyqtSignal

from app.controls.clustering.data_source import DataControl
from app.labs.clustering.points.display import PointsDisplay
from app.labs.clustering.points.importing import Importing
from app.labs.clustering.settings import ClusteringSettings
from app.labs.clustering.state import ClusteringState
from app.labs.shared.loading import Loaded, Loader
from engine.data.tables.options import TableOptions
from engine.errors import EngineError


class Sources(QObject):
    """Opens points, and puts them on screen when they are there.

    Signals:
        arrived: Other points are on screen, and wait for a run.
        noticed: A sentence about how they were read.
        failed: Why there are none.
        not_restored: Why those of the last session are not there; others take their place.

    Attributes:
        source: What the next start opens.
    """

    arrived = pyqtSignal()
    noticed = pyqtSignal(str)
    failed = pyqtSignal(Exception)
    not_restored = pyqtSignal(Exception)

    def __init__(
        self,
        state: ClusteringState,
        display: PointsDisplay,
        form: DataControl,
        loader: Loader,
        importing: Importing,
        source: str,
    ) -> None:
        """Open nothing yet.

        Args:
            state: Which points are on screen.
            display: Puts them there.
            form: Where points are chosen.
            loader: Reads or generates them.
            importing: Shows how a table is read.
            source: What was open last time.
        """
        super().__init__(state)
        self._state, self._display, self._form = state, display, form
        self._loader, self._importing = loader, importing
        self.source, self._stands_in = source, False
        for signal, slot in (
            (loader.loaded, self._on_loaded),
            (loader.failed, self._on_not_read),
            (importing.failed, self.failed),
            (importing.chosen, self._on_reading_chosen),
            (form.source_chosen, self.open),
            (form.refused, self._on_not_loaded),
            (form.reading_asked, self.show_reading),
            (form.columns_chosen, self._on_columns),
            (state.points_changed, self._on_points),
        ):
            signal.connect(slot)

    def open(self, name: str) -> None:
        """Read a file or generate points; what is on screen stays until they are there."""
        self._form.forget_typing()
        self._loader.open(name, options=self._importing.options_for(name))

    def restore(self) -> None:
        """Open what was open last time, without opening a dialog at the start."""
        self._importing.be_quiet_about(self.source)
        self.open(self.source)

    def show_reading(self) -> None:
        """Show how the table on screen was read."""
        if (loaded := self._state.loaded) is not None:
            self._importing.show(loaded)

    def show_source(self) -> None:
        """Let the form be about the points on screen again."""
        self._display.show_source(self._state.loaded)

    def _on_loaded(self, loaded: Loaded) -> None:
        self._display.show(loaded, same_scale=loaded.generated)
        sentences = [self._importing.take(loaded), *loaded.dataset.notes]
        if said := " ".join(filter(None, sentences)):
            self.noticed.emit(said)
        self.arrived.emit()

    def _on_points(self) -> None:
        self._importing.remember(self._state.loaded)
        if not (self._stands_in or self._state.is_painted):  # painted points are in no file
            self.source = self._state.source
        self._stands_in = False

    def _on_not_read(self, error: Exception) -> None:
        is_there = self._state.loaded is not None
        self._on_not_loaded(error)
        if is_there and isinstance(error, EngineError):
            self._importing.mend(*self._loader.asked, error)

    def _on_not_loaded(self, error: Exception) -> None:
        if self._state.loaded is None:  # the last session's points are gone: open the default
            self.not_restored.emit(error)
            self._stands_in = True
            self._loader.open(ClusteringSettings().source)
        else:
            self.failed.emit(error)
        self.show_source()

    def _on_columns(self, columns: tuple[str, ...]) -> None:
        if (loaded := self._state.loaded) is not None:
            source = self._state.source
            self._loader.open(source, columns, loaded.options, fall_back=False)

    def _on_reading_chosen(self, name: str, options: TableOptions) -> None:
        self._loader.open(name, options=options, fall_back=False)

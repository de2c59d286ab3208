"""Points on their way from a file or a generator to a lab, over the engine thread."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from app.bridge import Bridge, Run
from app.controls.busy import BusyLine
from app.text import shown
from engine.data import source
from engine.data.dataset import Dataset
from engine.data.scaling import Scaling


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """Points that were read or generated, and what a lab needs to know about them.

    Attributes:
        dataset: The points, of the columns chosen.
        scaling: To standardized columns.
        all_columns: Every numeric column of the source.
        generated: Whether they come from a recipe, and are not read.
    """

    dataset: Dataset
    scaling: Scaling
    all_columns: tuple[str, ...]
    generated: bool


class Loader(QObject):
    """Reads or generates points; the last one asked for wins.

    Signals:
        loaded: The points, as `Loaded`.
        failed: Why there are none.
    """

    loaded = pyqtSignal(Loaded)
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._run: Run | None = None
        self._all_columns: tuple[str, ...] = ()
        self.busy = BusyLine()

    def open(self, name: str, columns: Sequence[str] | None = None) -> None:
        """Read a file or generate points.

        Args:
            name: A recipe, or the path of a file.
            columns: Those to cluster; None for all numeric ones. Given only for what is open.
        """
        self.cancel()
        known, generated = self._all_columns, source.is_generated(name)

        def frames() -> Generator[Loaded, None, None]:
            dataset = source.load(name, columns)
            all_columns = known if columns else dataset.columns
            yield Loaded(dataset, Scaling.fit(dataset.points), all_columns, generated)

        self._run = self._bridge.run(frames)
        self._run.advanced.connect(lambda loaded: self._on_loaded(*loaded))
        self._run.failed.connect(self._on_failed)
        what = "Generating points…" if generated else f"Reading {shown(Path(name).name)}…"
        self.busy.start(what, self.cancel)
        self._run.advance()

    def resume(self, loaded: Loaded) -> None:
        """Points that were there before are there again; what was asked for is not wanted."""
        self.cancel()
        self._all_columns = loaded.all_columns

    def cancel(self) -> None:
        """Forget what was asked for."""
        self.busy.stop()
        if self._run is not None:
            self._run.cancel()
            self._run = None

    def _on_loaded(self, loaded: Loaded) -> None:
        self.cancel()
        self._all_columns = loaded.all_columns
        self.loaded.emit(loaded)

    def _on_failed(self, error: Exception) -> None:
        self._run = None
        self.busy.stop()
        self.failed.emit(error)

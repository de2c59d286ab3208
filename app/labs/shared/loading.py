"""Points on their way from a file or a generator to a lab, over the engine thread."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PyQt6.QtCore import QObject, pyqtSignal

from app.controls.busy import BusyLine
from app.running.bridge import Bridge, Run
from app.text import shown
from engine.data import source
from engine.data.dataset import Dataset
from engine.data.scaling import Scaling
from engine.data.tables.options import Role, TableOptions
from engine.errors import EngineError

AUTOMATIC = TableOptions()


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """Points that were read or generated, and what a lab needs to know about them.

    Attributes:
        dataset: The points, of the columns chosen.
        scaling: To standardized columns.
        all_columns: Every column of the source that can be clustered.
        generated: Whether they come from a recipe, and are not read.
        by_role: Those of a table whose role it is to be clustered, ticked or not.
        options: What was chosen about the reading of a table; nothing for other points.
        unusable: Why the options that were asked for could not be used, so that the table was read
            as it looks; empty if they could.
    """

    dataset: Dataset
    scaling: Scaling
    all_columns: tuple[str, ...]
    generated: bool
    by_role: tuple[str, ...] = ()
    options: TableOptions = AUTOMATIC
    unusable: str = ""

    @property
    def options_with_ticks(self) -> TableOptions:
        """The options, and a role for each column that was ticked, or is no longer."""
        ticked, by_role = set(self.dataset.columns), set(self.by_role)
        roles = dict(self.options.roles)
        for name in self.all_columns if by_role else ():
            if (name in ticked) != (name in by_role):
                roles[name] = Role.CLUSTER if name in ticked else Role.LEAVE_OUT
        return replace(self.options, roles=tuple(roles.items()))


class Loader(QObject):
    """Reads or generates points; the last one asked for wins.

    Signals:
        loaded: The points, as `Loaded`.
        failed: Why there are none.

    Attributes:
        asked: What was asked for last, and how it should have been read where it could not be.
    """

    loaded = pyqtSignal(Loaded)
    failed = pyqtSignal(Exception)

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._run: Run | None = None
        self._all_columns: tuple[str, ...] = ()
        self._by_role: tuple[str, ...] = ()
        self.asked: tuple[str, TableOptions] = ("", AUTOMATIC)
        self.busy = BusyLine()

    def open(
        self,
        name: str,
        columns: Sequence[str] | None = None,
        options: TableOptions = AUTOMATIC,
        fall_back: bool = True,
    ) -> None:
        """Read a file or generate points.

        Args:
            name: A recipe, or the path of a file.
            columns: Those to cluster; None for those whose role it is. Given only for what is open.
            options: How a table is read.
            fall_back: Whether a table that cannot be read so is read as it looks.
        """
        self.cancel()
        self.asked = (name, AUTOMATIC if fall_back else options)
        known, by_role = self._all_columns, self._by_role
        generated = source.is_generated(name)

        def frames() -> Generator[Loaded, None, None]:
            dataset, used, unusable = _load(name, columns, options, fall_back)
            yield Loaded(
                dataset,
                Scaling.fit(dataset.points),
                known if columns and dataset.reading is None else dataset.numeric_columns,
                generated,
                by_role if columns else dataset.columns,
                used,
                unusable,
            )

        self._run = self._bridge.run(frames)
        self._run.advanced.connect(lambda loaded: self._on_loaded(*loaded))
        self._run.failed.connect(self._on_failed)
        what = "Generating points…" if generated else f"Reading {shown(Path(name).name)}…"
        self.busy.start(what, self.cancel)
        self._run.advance()

    def resume(self, loaded: Loaded) -> None:
        """Points that were there before are there again; what was asked for is not wanted."""
        self.cancel()
        self._all_columns, self._by_role = loaded.all_columns, loaded.by_role

    def cancel(self) -> None:
        """Forget what was asked for."""
        self.busy.stop()
        if self._run is not None:
            self._run.cancel()
            self._run = None

    def _on_loaded(self, loaded: Loaded) -> None:
        self.cancel()
        self._all_columns, self._by_role = loaded.all_columns, loaded.by_role
        self.loaded.emit(loaded)

    def _on_failed(self, error: Exception) -> None:
        self._run = None
        self.busy.stop()
        self.failed.emit(error)


def _load(
    name: str, columns: Sequence[str] | None, options: TableOptions, fall_back: bool
) -> tuple[Dataset, TableOptions, str]:
    """Read a table as chosen, or else as it looks if it may.

    Returns:
        The points, the options that were used, and why these are not those that were chosen.

    Raises:
        EngineError: It cannot be read.
    """
    if options == AUTOMATIC:
        return source.load(name, columns), options, ""
    try:
        return source.load(name, columns, options), options, ""
    except EngineError as error:
        if not fall_back:
            raise
        return source.load(name, columns), AUTOMATIC, str(error)

"""Reads or generates points on the engine thread."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PyQt6.QtCore import QObject, pyqtSignal

from app.controls.busy import BusyLine
from app.running.bridge import Bridge
from app.running.requests import Request
from app.text import shown
from engine import source
from engine.data.dataset import Dataset
from engine.data.scaling import Scaling
from engine.data.tables.options import Role, TableOptions
from engine.errors import EngineError

AUTOMATIC = TableOptions()


@dataclass(frozen=True, slots=True, eq=False)
class Loaded:
    """Points that were read or generated, and what a lab needs to know about them.

    Attributes:
        dataset: The points, in the chosen columns.
        scaling: Standardizes the columns.
        all_columns: Every column of the source that can be clustered.
        generated: Whether they were generated from a recipe.
        by_role: Columns of a table whose role is to be clustered, ticked or not.
        options: How the table was to be read; the default for other points.
        unusable: Why the table could not be read with the requested options, so that they were
            detected; empty if it could.
    """

    dataset: Dataset
    scaling: Scaling
    all_columns: tuple[str, ...]
    generated: bool
    by_role: tuple[str, ...] = ()
    options: TableOptions = AUTOMATIC
    unusable: str = ""

    @property
    def spread(self) -> float:
        """The largest standard deviation of a column."""
        return float(np.max(self.scaling.scale))

    @property
    def options_with_ticks(self) -> TableOptions:
        """The options, with a role for each column that was ticked or unticked."""
        ticked, by_role = set(self.dataset.columns), set(self.by_role)
        roles = dict(self.options.roles)
        for name in self.all_columns if by_role else ():
            if (name in ticked) != (name in by_role):
                roles[name] = Role.CLUSTER if name in ticked else Role.LEAVE_OUT
        return replace(self.options, roles=tuple(roles.items()))


class Loader(QObject):
    """Reads or generates points; a new request replaces the one before.

    Signals:
        loaded: The points, as `Loaded`.
        failed: Why there are no points.
        text_changed: `text` has changed.

    Attributes:
        asked: The last request, and the options with which it could not be read, if any.
    """

    loaded = pyqtSignal(Loaded)
    failed = pyqtSignal(Exception)
    text_changed = pyqtSignal()

    def __init__(self, bridge: Bridge, parent: QObject) -> None:
        super().__init__(parent)
        self._all_columns: tuple[str, ...] = ()
        self._by_role: tuple[str, ...] = ()
        self.asked: tuple[str, TableOptions] = ("", AUTOMATIC)
        self.busy = BusyLine()
        self._request = Request(bridge, self, self.busy)
        self._request.failed.connect(self.failed)
        self.busy.changed.connect(self.text_changed)

    @property
    def text(self) -> str:
        """What is going on; empty if nothing."""
        return self.busy.text

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
            columns: The columns to cluster, of the open table; None for those with that role.
            options: How a table is read.
            fall_back: Whether a table that cannot be read with these options is read with detected
                ones.
        """
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

        what = "Generating points…" if generated else f"Reading {shown(Path(name).name)}…"
        self._request.ask(frames, self._on_loaded, what)

    def resume(self, loaded: Loaded) -> None:
        """Cancel the request, because earlier points are on screen again."""
        self.cancel()
        self._all_columns, self._by_role = loaded.all_columns, loaded.by_role

    def cancel(self) -> None:
        """Cancel the request."""
        self._request.cancel()

    def _on_loaded(self, loaded: Loaded) -> None:
        self._all_columns, self._by_role = loaded.all_columns, loaded.by_role
        self.loaded.emit(loaded)


def _load(
    name: str, columns: Sequence[str] | None, options: TableOptions, fall_back: bool
) -> tuple[Dataset, TableOptions, str]:
    """Read a table with options, or if that fails with detected ones, if `fall_back`.

    Returns:
        The points, the options used, and why the given ones could not be used, if so.

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

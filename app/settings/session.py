"""What the window takes over from the last start, and keeps for the next."""

import itertools
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from app.settings.file import SettingsFile
from app.settings.table_memory import TableMemory
from app.settings.window import SECTIONS, WindowSettings
from engine.data.output import writing
from engine.errors import DataError


class Painted(Protocol):
    """Points that the user may have painted."""

    @property
    def has_points(self) -> bool:
        """Whether there are any."""

    def keep(self, path: Path) -> None:
        """Write them to a file; raises a DataError if it cannot be written."""


class Session:
    """The files that are kept: the settings, how tables were read, and painted points.

    Attributes:
        folder: Where all of them are; trainings and evaluations too.
        tables: How each table was read.
        painted: Where painted points are kept for the next start.
        notice: What the user should know about the settings, empty if nothing.
    """

    def __init__(self, path: Path) -> None:
        """Read what the last start has kept.

        Args:
            path: The settings file.
        """
        self._file = SettingsFile(path, SECTIONS)
        self.folder, self.notice = path.parent, self._file.notice
        self.tables = TableMemory(path.with_name("tables.json"))
        self.painted = path.with_name("painted.csv")
        self._painted_before = _written(self.painted)

    @property
    def window(self) -> WindowSettings:
        """The window's own settings, as they were read."""
        section: WindowSettings = self._file.sections["window"]
        return section

    @property
    def tabs(self) -> Mapping[str, Any]:
        """The section of each tab, as it was read."""
        return self._file.sections

    def save(self, window: WindowSettings, tabs: Mapping[str, Any], painted: Painted) -> None:
        """Keep everything for the next start; what cannot be written is reported on stderr.

        Args:
            window: The window's own settings.
            tabs: The sections of the tabs, by name.
            painted: The points to write to a file that the next start opens, if there are any.
        """
        if not self._file.is_writable:
            return
        now = {**tabs, "window": window}

        def keep_painted() -> None:
            now.update(self._keep_painted(painted, window, tabs))

        for keep in (keep_painted, self.tables.save, lambda: self._file.save(now)):
            _try(keep)

    def _keep_painted(
        self, painted: Painted, window: WindowSettings, tabs: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Write painted points, whether saved or not; returns the sections with their path.

        Points that another window has painted since this one was opened stay, as a recent file.

        Raises:
            DataError: They cannot be written.
        """
        if not painted.has_points:
            return {}
        path = self.painted
        if _written(path) != self._painted_before:
            window = window.with_recent(str(path))
            path = next(other for other in _numbered(path) if not other.exists())
        writing.make_folder(path.parent)
        painted.keep(path)
        clustering = replace(tabs["clustering"], source=str(path))
        return {"window": window, "clustering": clustering}


def _try(keep: Callable[[], None]) -> None:
    try:
        keep()
    except DataError as error:
        sys.stderr.write(f"Not everything could be kept for the next start: {error}\n")


def _written(path: Path) -> int:
    """Return when a file was written, in nanoseconds; 0 if there is none."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _numbered(path: Path) -> Iterator[Path]:
    """Yield other names for a file: `painted-2.csv`, `painted-3.csv`, and so on."""
    return (path.with_stem(f"{path.stem}-{number}") for number in itertools.count(2))

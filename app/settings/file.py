"""The settings, kept for the next start: a JSON file with a section for each tab."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from app.settings import sections
from app.settings.json_files import Found, aside, locked, read_object, write_object
from app.settings.old_settings import in_sections
from engine import user_folders

# A larger file counts as damaged.
_MAX_BYTES = 2**20


class Read(NamedTuple):
    """The content of a settings file.

    Attributes:
        sections: The sections by name, with the default for each value that could not be used.
        wrong: The names of the values that could not be used: dotted, or the key of version 0.1.
        problem: Why nothing could be read; empty if it could, or there is no file yet.
        damaged: Whether the file could be read, but contains no settings.
    """

    sections: dict[str, Any]
    wrong: tuple[str, ...] = ()
    problem: str = ""
    damaged: bool = False


class SettingsFile:
    """The settings of one window, in a file that other windows may write too.

    Attributes:
        sections: The sections by name, as they were when the window was opened.
        notice: What the user should know about the file, empty if nothing.
    """

    def __init__(self, path: Path, kinds: Mapping[str, type]) -> None:
        """Read the file.

        Args:
            path: Where the file is, or will be.
            kinds: The class of each section, by its name.
        """
        self._path, self._kinds = path, kinds
        self._read = read(path, kinds)
        self.sections = self._read.sections
        self._obstacle = "" if self._read.problem else _obstacle(path)
        self.notice = self._obstacle or _notice(path, self._read)

    @property
    def is_writable(self) -> bool:
        """Whether the settings can be kept; if not, `notice` says so."""
        return not self._obstacle

    def save(self, now: Mapping[str, Any]) -> None:
        """Write what this window has changed; changes that another window has written stay.

        Flat values of version 0.1 move to their sections; what another version wrote stays.

        A damaged file is kept beside the new one; one without read permission is not touched. What
        `notice` has already said is not said again.

        Args:
            now: The sections by name; those left out are as they were.

        Raises:
            DataError: The file cannot be written.
        """
        if not self.is_writable or (self._read.problem and not self._read.damaged):
            return
        with locked(self._path):
            self._write({**self.sections, **now})

    def _write(self, now: Mapping[str, Any]) -> None:
        found = read_object(self._path, _MAX_BYTES)
        there = _read_from(found, self._kinds).sections
        content = in_sections(found.content).content
        written = {
            name: sections.overlay(
                content.get(name, {}),
                sections.merge(self.sections[name], now[name], there[name]),
            )
            for name in self._kinds
        }
        write_object(self._path, content | written, found)


def default_path() -> Path:
    """Return the path of this user's settings on this system."""
    return user_folders.stored_paths()["settings"]


def read(path: Path, kinds: Mapping[str, type]) -> Read:
    """Read the settings; what is missing or cannot be used keeps its default.

    Args:
        path: Where the file is, or will be.
        kinds: The class of each section, by its name.
    """
    return _read_from(read_object(path, _MAX_BYTES), kinds)


def _read_from(found: Found, kinds: Mapping[str, type]) -> Read:
    content, origins = in_sections(found.content)
    taken: dict[str, Any] = {}
    wrong: list[str] = []
    for name, kind in kinds.items():
        taken[name], problems = sections.read(kind, content.get(name, {}), name)
        wrong += problems
    keys = tuple(dict.fromkeys(origins.get(name, name) for name in wrong))
    return Read(taken, keys, found.problem, found.damaged)


def _obstacle(path: Path) -> str:
    """Return a sentence that says why the settings cannot be written; empty if they can.

    This is found out without writing anything.
    """
    if path.exists() and not os.access(path, os.W_OK):
        return f"What you choose cannot be kept for the next start: {path} is write-protected."
    folder = next((parent for parent in path.parents if os.path.lexists(parent)), path.parent)
    if folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
        return ""
    return (
        f"What you choose cannot be kept for the next start: the folder {path.parent} cannot be "
        "written."
    )


def _notice(path: Path, found: Read) -> str:
    """Return what the user should know about the file; empty if nothing."""
    if found.damaged:
        return (
            f"The settings in {path} are damaged, so the defaults are used. When the window is "
            f"closed, a new file takes its place, and this one is kept as {aside(path).name}."
        )
    if found.problem:
        return (
            f"The settings in {path} cannot be read: {found.problem}. The defaults are used, and "
            "nothing is kept for the next start until this is fixed."
        )
    if found.wrong:
        return (
            f"Some settings in {path} cannot be used, so their defaults are used instead: "
            f"{', '.join(found.wrong)}."
        )
    return ""

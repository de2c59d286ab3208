"""Remembers how each table was read, for the next time it is opened."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.settings.json_files import Found, locked, read_object, write_object
from engine.data.tables.options import TableOptions, from_json
from engine.errors import ParameterError

MAX_FILES = 100
# The roles of a table with 20,000 columns take half a MiB.
_MAX_BYTES = 4 * 2**20
# The limit for the options of one file.
_MAX_BYTES_OF_ONE = 2**20
# The most characters in a path; no system allows more.
_MAX_PATH = 2**15


class TableMemory:
    """The options chosen for each file, by its absolute path, newest first.

    For a file without an entry the user was never asked; one with `TableOptions()` is read with the
    detected options, as the user chose.
    """

    def __init__(self, path: Path | None = None) -> None:
        """Read what earlier windows have stored.

        Args:
            path: The file; None to store nothing. What cannot be read is ignored.
        """
        self._path = path
        found = Found({}) if path is None else read_object(path, _MAX_BYTES)
        self._is_readable = not found.problem or found.damaged
        self._known = _options(found)
        self._changed: dict[str, TableOptions] = {}

    def get(self, source: str) -> TableOptions | None:
        """Return the options chosen for a file; None if none were chosen."""
        return self._known.get(_key(source))

    def put(self, source: str, options: TableOptions) -> None:
        """Store the options chosen for a file."""
        key = _key(source)
        for kept in (self._known, self._changed):
            kept.pop(key, None)
        self._known = {key: options} | self._known
        self._changed = {key: options} | self._changed

    def save(self) -> None:
        """Write what was chosen in this window, keeping what another one has written meanwhile.

        Raises:
            DataError: The file cannot be written.
        """
        if self._path is None or not self._changed or not self._is_readable:
            return
        with locked(self._path):
            found = read_object(self._path, _MAX_BYTES)
            others = _options(found).items()
            kept = {key: options for key, options in others if key not in self._changed}
            write_object(self._path, _as_json(self._changed | kept), found)
        self._changed = {}


def _key(source: str) -> str:
    return os.path.normcase(os.path.abspath(source))


def _options(found: Found) -> dict[str, TableOptions]:
    """Return the entries that can be used."""
    options = {}
    for path, entry in found.content.items():
        if len(path) <= _MAX_PATH and isinstance(entry, dict):
            try:
                options[path] = _checked(entry)
            except ParameterError:
                continue  # damaged, or from another version
    return options


def _checked(entry: Mapping[str, Any]) -> TableOptions:
    """Return the options in an entry, after checking the type of every value.

    Raises:
        ParameterError: They cannot be used.
    """
    for name, value in entry.items():
        if name in ("missing", "roles"):
            is_right = isinstance(value, list if name == "missing" else dict)
            is_right = is_right and all(isinstance(item, str) for item in value)
        elif name == "header":
            is_right = isinstance(value, bool)
        elif name == "skip_rows":
            is_right = type(value) is int
        else:
            is_right = isinstance(value, str)
        if not is_right:
            raise ParameterError(f"{name} cannot be used.")
    return from_json(entry)


def _as_json(options: Mapping[str, TableOptions]) -> dict[str, Any]:
    """Return the newest entries, as many as fit in the file."""
    written: dict[str, Any] = {}
    room = _MAX_BYTES // 2  # the rest is for indentation
    for path, chosen in options.items():
        entry = chosen.as_json()
        size = _size(entry) + len(path)
        if size > _MAX_BYTES_OF_ONE:
            continue
        room -= size
        if room < 0 or len(written) == MAX_FILES:
            break
        written[path] = entry
    return written


def _size(entry: Mapping[str, Any]) -> int:
    """Estimate how many bytes an entry takes in the file; a character may take twelve."""
    texts = [*map(str, entry.get("missing", [])), *entry.get("roles", {})]
    return 100 + sum(30 + (len(text) if text.isascii() else 12 * len(text)) for text in texts)

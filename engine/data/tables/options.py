"""How to read a table: what the user may choose; what is not chosen is detected."""

import codecs
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from engine.errors import ParameterError

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", " ": "spaces"}
DECIMALS = {".": "point", ",": "comma"}
# No separator, and the separators between thousands.
THOUSANDS = {"": "none", ".": "point", ",": "comma", "space": "space", "'": "apostrophe"}
MAX_SKIPPED = 10_000


class Role(StrEnum):
    """What a column is for."""

    CLUSTER = "cluster"
    NAME = "name"
    CLASS = "class"
    LEAVE_OUT = "leave out"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOptions:
    """How to read a table; None for what should be detected from the file.

    Attributes:
        delimiter: The delimiter of values, one of DELIMITERS; a space stands for any run of white
            space.
        decimal: The decimal mark, one of DECIMALS.
        thousands: The thousands separator, one of THOUSANDS.
        header: Whether the first row names the columns.
        skip_rows: Lines above the header, or above the first row if there is no header.
        encoding: The encoding of the text, by a name that Python knows.
        missing: Further values that mean missing, as they are written in the file.
        roles: The roles of some columns, by name; those of the others are detected.

    Raises:
        ParameterError: A value is not one of those.
    """

    delimiter: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    header: bool | None = None
    skip_rows: int | None = None
    encoding: str | None = None
    missing: tuple[str, ...] = ()
    roles: tuple[tuple[str, Role], ...] = ()

    def __post_init__(self) -> None:
        _check_one_of("delimiter", self.delimiter, DELIMITERS)
        _check_one_of("decimal mark", self.decimal, DECIMALS)
        _check_one_of("thousands separator", self.thousands, THOUSANDS)
        if self.decimal is not None and self.decimal == self.thousands:
            raise ParameterError(
                "The decimal mark and the thousands separator are the same; choose two."
            )
        if self.skip_rows is not None and not 0 <= self.skip_rows <= MAX_SKIPPED:
            raise ParameterError(
                f"The number of lines to skip must be from 0 to {MAX_SKIPPED:,}, not "
                f"{self.skip_rows:,}."
            )
        if self.encoding is not None:
            check_encoding(self.encoding)

    def as_json(self) -> dict[str, Any]:
        """The chosen options, for a JSON file."""
        chosen = {entry.name: getattr(self, entry.name) for entry in fields(self)}
        chosen["missing"] = list(self.missing)
        chosen["roles"] = {name: role.value for name, role in self.roles}
        return {name: value for name, value in chosen.items() if value not in (None, [], {})}


def from_json(found: Mapping[str, Any]) -> TableOptions:
    """Options that `as_json` has written.

    Raises:
        ParameterError: They cannot be used.
    """
    try:
        chosen = dict(found)
        chosen["missing"] = tuple(map(str, chosen.get("missing", ())))
        roles = dict(chosen.get("roles", {}))
        chosen["roles"] = tuple((str(name), Role(role)) for name, role in roles.items())
        return TableOptions(**chosen)
    except (TypeError, ValueError) as error:
        raise ParameterError(f"These options of a table cannot be used: {error}.") from error


def check_encoding(name: str) -> None:
    """Raise an error for a text encoding that Python does not know.

    Raises:
        ParameterError: It is not known.
    """
    try:
        is_text = codecs.lookup(name)._is_text_encoding
    except (LookupError, ValueError):
        is_text = False
    if not is_text:
        raise ParameterError(
            f'"{name[:40]}" is not a text encoding; give one such as utf-8, windows-1252 or utf-16.'
        )


def _check_one_of(what: str, value: str | None, allowed: Mapping[str, str]) -> None:
    if value is not None and value not in allowed:
        raise ParameterError(f"The {what} must be {', '.join(filter(None, allowed.values()))}.")

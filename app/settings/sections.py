"""Sections of the settings: frozen dataclasses to and from JSON objects, checked by value.

A field is a bool, a number, a text, an enum, a tuple of these, or another frozen dataclass. What a
field accepts beyond its type is declared with the field (`one_of`, `between`, `accepting`), or
checked by the class itself: options of the engine refuse bad values with an `EngineError`.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, field, fields, is_dataclass, replace
from enum import Enum
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from engine.errors import EngineError

_Section = TypeVar("_Section")
# Longer texts are not read: no file name and nothing that people type is this long.
MAX_TEXT = 2**15
# Spin boxes hold 32 bits.
_INTEGERS = range(-(2**31), 2**31)
_ALLOWED, _MERGE = "allowed", "merge"


def accepting(default: Any, allowed: Callable[[Any], bool]) -> Any:
    """Declare a field with a function that says whether a value is allowed.

    For a nested dataclass the function gets the dataclass with one more of its values replaced.
    """
    return field(default=default, metadata={_ALLOWED: allowed})


def one_of(default: Any, *values: Any) -> Any:
    """Declare a field that accepts one of several values."""
    return accepting(default, frozenset(values).__contains__)


def between(default: Any, low: float, high: float) -> Any:
    """Declare a number from `low` to `high`, both included."""
    return accepting(default, lambda value: low <= value <= high)


def merged_by(default: Any, merge: Callable[[Any, Any, Any], Any]) -> Any:
    """Declare a field to which several windows contribute.

    Args:
        default: Its value if nothing was chosen.
        merge: Called with the value that a window read, the value that it would write, and the
            value that another window has written meanwhile; returns what to write.
    """
    return field(default=default, metadata={_MERGE: merge})


def read(kind: type[_Section], content: Any, name: str) -> tuple[_Section, tuple[str, ...]]:
    """Read a section.

    Args:
        kind: Its class; every field has a default.
        content: The content of the file; anything but a dictionary is ignored.
        name: The name of the section in the file.

    Returns:
        The section, with the default for each value that is missing or cannot be used; and the
        dotted names of those that cannot be used, such as `clustering.kmeans.seed`.
    """
    section, wrong = _read(kind(), content, name, lambda _: True)
    return section, tuple(wrong)


def _read(
    default: _Section, content: Any, name: str, allowed: Callable[[Any], bool]
) -> tuple[_Section, list[str]]:
    if not isinstance(content, dict):
        return default, [name]
    section, wrong = default, []
    hints = get_type_hints(type(default))
    for entry in fields(default):  # type: ignore[arg-type]
        if entry.name not in content:
            continue
        value, problems = _value(
            content[entry.name],
            getattr(default, entry.name),
            hints[entry.name],
            f"{name}.{entry.name}",
            entry.metadata.get(_ALLOWED, lambda _: True),
        )
        try:
            changed = replace(section, **{entry.name: value})  # type: ignore[type-var]
        except EngineError:
            changed = None
        if changed is not None and allowed(changed):
            section = changed
        else:
            problems = [f"{name}.{entry.name}"]
        wrong += problems
    return section, wrong


def _value(
    value: Any, default: Any, hint: Any, name: str, allowed: Callable[[Any], bool]
) -> tuple[Any, list[str]]:
    """Return the usable value of one field, and the names of unusable values."""
    if is_dataclass(default):
        return _read(default, value, name, allowed)
    if get_origin(hint) is tuple:
        items = value if isinstance(value, list) else [None]
        kept = [item for item in items if _is_valid(item, get_args(hint)[0])]
        taken = tuple(dict.fromkeys(_converted(item, get_args(hint)[0]) for item in kept))
        return taken, [] if len(kept) == len(items) else [name]
    if _is_valid(value, hint) and allowed(converted := _converted(value, hint)):
        return converted, []
    return default, [name]


def _is_valid(value: Any, hint: Any) -> bool:
    try:
        _converted(value, hint)
    except ValueError:
        return False
    return True


def _converted(value: Any, hint: Any) -> Any:
    """Convert a JSON value to the type of a field.

    Raises:
        ValueError: It cannot be converted.
    """
    if get_origin(hint) in (Union, UnionType):
        fitting = [kind for kind in get_args(hint) if _is_valid(value, kind)]
        if not fitting:
            raise ValueError(value)
        return _converted(value, fitting[0])
    if issubclass(hint, Enum):
        return hint(_plain(value, str))
    if hint is float and type(value) is int and abs(value) < 2**53:
        return float(value)
    return _plain(value, hint)


def _plain(value: Any, kind: type) -> Any:
    """Return a value that has a JSON type; raises a ValueError if it does not."""
    right = type(value) is kind
    if right and kind is float:
        right = math.isfinite(value)
    elif right and kind is int:
        right = value in _INTEGERS
    elif right and kind is str:
        right = len(value) <= MAX_TEXT and "\0" not in value
    if not right:
        raise ValueError
    return value


def merge(before: _Section, now: _Section, there: _Section) -> _Section:
    """Merge the changes of one window with what another window has written meanwhile.

    Args:
        before: The section as this window read it.
        now: The section as this window would write it.
        there: The section as it is in the file.
    """
    changes = {}
    for entry in fields(now):  # type: ignore[arg-type]
        was, value, other = (getattr(section, entry.name) for section in (before, now, there))
        if value != was:
            changes[entry.name] = entry.metadata.get(_MERGE, _merged)(was, value, other)
    try:
        return replace(there, **changes)  # type: ignore[type-var]
    except EngineError:  # each was valid alone, but not both together
        return now


def _merged(before: Any, now: Any, there: Any) -> Any:
    return merge(before, now, there) if is_dataclass(now) else now


def overlay(content: Mapping[str, Any], section: Any) -> dict[str, Any]:
    """Convert a section to a JSON object, keeping entries that another version added to it."""
    return _overlaid(content, asdict(section))


def _overlaid(old: Any, new: dict[str, Any]) -> dict[str, Any]:
    known = old if isinstance(old, dict) else {}
    written = {
        name: _overlaid(known.get(name), value) if isinstance(value, dict) else value
        for name, value in new.items()
    }
    return {**known, **written}

"""Reads and writes the JSON files in which the window keeps settings.

Several windows may write the same file. Each reads it again under a lock, merges its own changes
into what it finds, and writes the whole file.
"""

import contextlib
import json
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from filelock import FileLock, Timeout

from engine.data.output import writing
from engine.errors import DataError

# Seconds that a closing window waits for another one to finish writing.
_LOCK_SECONDS = 2.0


class Found(NamedTuple):
    """The result of reading a file.

    Attributes:
        content: The JSON object; empty if there is none.
        problem: Why nothing could be read; empty if it could, or there is no file yet.
        damaged: Whether the file could be read, but holds no JSON object.
    """

    content: dict[str, Any]
    problem: str = ""
    damaged: bool = False


def read_object(path: Path, max_bytes: int) -> Found:
    """Read a JSON object, or report why there is none; raises nothing.

    Args:
        path: The file.
        max_bytes: A larger file counts as damaged.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # reading a FIFO would block
            return Found({}, problem="it is not a file")
        with path.open("rb") as file:
            content = file.read(max_bytes + 1)
    except (FileNotFoundError, NotADirectoryError):
        return Found({})
    except OSError as error:
        return Found({}, problem=error.strerror or str(error))
    try:
        found = json.loads(content[:max_bytes].decode("utf-8"))
    except (ValueError, RecursionError):  # deeply nested lists
        found = None
    if not isinstance(found, dict):
        return Found({}, problem="it is damaged", damaged=True)
    return Found(found)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Lock a file against other windows, and create its folder.

    Raises:
        DataError: Another window is writing it, or it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{path.name}.lock"), _LOCK_SECONDS):
            yield
    except Timeout:
        raise DataError(f"{path} is being written by another window.") from None
    except OSError as error:
        raise DataError(f"{path} cannot be written: {error.strerror or error}.") from error


def write_object(path: Path, content: Mapping[str, Any], found: Found) -> None:
    """Write a JSON object; a damaged file is kept beside the new one.

    Args:
        path: The file, which must be `locked`.
        content: What is written.
        found: What `read_object` found there.

    Raises:
        DataError: The existing file cannot be read, and is not touched.
        OSError: The file cannot be written.
    """
    if found.damaged:
        os.replace(path, aside(path))
    elif found.problem:
        raise DataError(f"{path} cannot be written: {found.problem}.")
    text = json.dumps(content, indent=1)
    writing.write_whole(path, lambda file: file.write(text.encode("ascii")))


def aside(path: Path) -> Path:
    """Return the path under which a damaged file is kept."""
    return path.with_name(f"{path.name}.damaged")

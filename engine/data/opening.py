"""Opens every file that the user names, or says in one sentence why that is impossible."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO

from engine.errors import DataError

_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
# The errors that mean that there is no such file.
_NOTHING = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)
# The folders of a process's own pipes; opening these waits no longer than reading stdin does.
_OWN_PIPES = ("/dev/fd", "/proc/self/fd")


def open_file(path: str | Path, source: str | None = None, *, pipes: bool = False) -> BinaryIO:
    """Open a file for reading, after a check that it is one: opening a pipe could wait forever.

    Args:
        path: The file.
        source: The name of the file as the user gave it; None for the path.
        pipes: Whether to accept a pipe of this process, such as a shell passes for `<(...)`.

    Raises:
        DataError: It does not exist, is not a file, or may not be read.
    """
    source = str(path) if source is None else source
    check_file(path, source, pipes=pipes)
    try:
        return open(path, "rb")
    except OSError as error:
        raise unreadable(source, error) from error


def check_file(path: str | Path, source: str | None = None, *, pipes: bool = False) -> None:
    """Raise an error for anything that is not a file; arguments and errors as in `open_file`."""
    source = str(path) if source is None else source
    if not source.strip():
        raise DataError("Give the name of a file.")
    try:
        mode = os.stat(path).st_mode
    except ValueError:  # a name with a null character
        raise DataError(f"There is no file {source}.") from None
    except OSError as error:
        raise unreadable(source, error) from error
    if stat.S_ISREG(mode) or (pipes and stat.S_ISFIFO(mode) and _is_own(path)):
        return
    kind = next((name for is_kind, name in _KINDS if is_kind(mode)), "something else")
    raise DataError(f"{source} is not a file but {kind}; give the name of a file.")


def unreadable(source: str, error: OSError) -> DataError:
    """The error for a file that the system cannot read."""
    if error.errno in _NOTHING:
        return DataError(f"There is no file {source}.")
    return DataError(f"{source} cannot be read: {error.strerror or error}.")


def _is_own(path: str | Path) -> bool:
    name = os.path.abspath(path)
    return name == "/dev/stdin" or os.path.dirname(name) in _OWN_PIPES
